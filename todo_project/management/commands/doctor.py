from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError

from todo_project.doctor import examine
from todo_project.doctor.findings import State

PATIENCE = 15


class Command(BaseCommand):
    """Prints what the doctor finds. Ends with 1 when something is a problem."""

    help = "Look whether mail, jobs, backups, secrets and the rest are well, and say what to do."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--send-mail-to", metavar="ADDRESS", help="Send a mail there, too.")

    def handle(self, *, send_mail_to: str | None, **options: Any) -> None:
        findings = examine(seconds=PATIENCE)
        for finding in findings:
            self.stdout.write(f"{finding.state:8} {finding.about}: {finding.found}")
            if finding.advice:
                self.stdout.write(f"{'':8} → {finding.advice}")
        if send_mail_to:
            self.send(send_mail_to)
        problems = sum(finding.state == State.PROBLEM for finding in findings)
        if problems:
            raise CommandError(f"{problems} problem(s); see above.")

    def send(self, address: str) -> None:
        words = f"{settings.PUBLIC_ORIGIN} can send mail."
        try:
            send_mail("A mail from Todo", words, None, [address])
        except Exception as error:
            raise CommandError(f"The mail was not sent: {type(error).__qualname__}.") from None
        self.stdout.write("The mail was sent.")
