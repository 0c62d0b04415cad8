"""Dates on pages, as the person reads them."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone

from accounts.formats import formats_of
from accounts.models import User

register = template.Library()


@register.filter
def moment(at: datetime, person: User) -> str:
    """The day and time of day of `at`."""
    return formats_of(person).moment(at)


@register.filter
def day(at: datetime, person: User) -> str:
    """The day of `at`."""
    return formats_of(person).full_day(timezone.localtime(at).date())
