"""Background work of accounts. Arguments are ids of rows, never an address or a token."""

from django_tasks import task

from accounts import mails
from accounts.models import AuthEvent


@task()
def mail_event(event_id: int) -> None:
    """Tell a person what happened to their account; nothing when the account is gone."""
    event = AuthEvent.objects.select_related("user").filter(pk=event_id).first()
    if event is not None:
        mails.send_about(event)
