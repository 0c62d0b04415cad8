import getpass
from typing import Any

from django.contrib.auth.management.commands import changepassword
from django.utils import timezone

from accounts import operations
from accounts.actor import Caller
from accounts.models import User


class Command(changepassword.Command):
    """Django's command, after which the person is signed out everywhere and told by mail."""

    def handle(self, *args: Any, **options: Any) -> str:
        said = str(super().handle(*args, **options))
        user = User.objects.get(email=options["username"] or getpass.getuser())
        operations.follow_new_password(user, keep=None, caller=Caller(), at=timezone.now())
        return said
