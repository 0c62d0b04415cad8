"""What pages tell about the file of an account."""

from __future__ import annotations

from django import template

from accounts.models import User
from todos.models import Transfer

register = template.Library()


@register.simple_tag
def transfers_of(person: User) -> dict[str, Transfer]:
    """The person's last export and import, by kind. One query."""
    return {transfer.kind: transfer for transfer in Transfer.objects.filter(owner=person)}
