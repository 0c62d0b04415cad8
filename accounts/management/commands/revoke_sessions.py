from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import sessions
from accounts.actor import Caller
from accounts.models import User


class Command(BaseCommand):
    """Signs people out everywhere, at once: after a leak, or for somebody who lost a device."""

    help = "Sign somebody, or everybody, out on every device."

    def add_arguments(self, parser: ArgumentParser) -> None:
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--user", metavar="E-MAIL", help="Sign this person out.")
        who.add_argument("--all", action="store_true", help="Sign everybody out.")

    def handle(self, *, user: str | None, **options: Any) -> None:
        people = User.objects.all()
        if user is not None:
            people = people.filter(email=user)
            if not people.exists():
                raise CommandError(f"Nobody here has the address {user}.")
        ended = sum(
            sessions.end_others(person, keep=None, caller=Caller()) for person in people.iterator()
        )
        self.stdout.write(f"Signed out {ended} devices.")
