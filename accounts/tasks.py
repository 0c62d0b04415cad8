"""Background work of accounts. Arguments are ids of rows, never an address or a token."""

from django_tasks import task

from accounts import mails
from accounts.models import AuthEvent


@task()
def mail_reuse(event_id: int) -> None:
    """Tell a person that an old token of theirs was used; nothing when the account is gone."""
    event = AuthEvent.objects.select_related("user").filter(pk=event_id).first()
    if event is not None:
        mails.send_reuse(event)
