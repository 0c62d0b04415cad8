"""How reminders are told on pages."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.background import MAX_ATTEMPTS
from accounts.formats import formats_of
from accounts.models import User
from todos.models import Reminder

register = template.Library()

MINUTES_OF = {"week": 7 * 24 * 60, "day": 24 * 60, "hour": 60, "minute": 1}


@register.simple_tag(takes_context=True)
def reminder_words(context: template.Context, reminder: Reminder) -> str:
    """When `reminder` is to come: 23 Nov 2026, 17:00, or 2 hours before."""
    if reminder.remind_at:
        return formats_of(context["person"]).moment(reminder.remind_at)
    return before_words(reminder.minutes_before or 0)


def before_words(minutes: int) -> str:
    """How long before the task is due, in the largest unit that needs no fraction."""
    if not minutes:
        return _("When it is due")
    unit = next(name for name, length in MINUTES_OF.items() if minutes % length == 0)
    number = minutes // MINUTES_OF[unit]
    words = {
        "week": ngettext("%(number)d week before", "%(number)d weeks before", number),
        "day": ngettext("%(number)d day before", "%(number)d days before", number),
        "hour": ngettext("%(number)d hour before", "%(number)d hours before", number),
        "minute": ngettext("%(number)d minute before", "%(number)d minutes before", number),
    }
    return words[unit] % {"number": number}


@register.simple_tag(takes_context=True)
def reminder_state(context: template.Context, reminder: Reminder) -> str:
    """What became of `reminder`, or will, in a sentence."""
    return state_of(reminder, context["person"], now=context["now"])


def state_of(reminder: Reminder, person: User, *, now: datetime) -> str:
    formats = formats_of(person)
    if reminder.sent_at:
        return _("Sent on %(moment)s.") % {"moment": formats.moment(reminder.sent_at)}
    if reminder.last_error:
        return trouble_of(reminder)
    if reminder.fires_at is None:
        return _("Waits until the task is due on a day.")
    if reminder.fires_at > now and not person.reminder_mails:
        return _("Will not be sent: reminders by mail are switched off in your settings.")
    if reminder.fires_at > now and settings.MAIL_STAYS_HERE:
        words = _("Is for %(moment)s, but this server sends no mail yet.")
        return words % {"moment": formats.moment(reminder.fires_at)}
    if reminder.fires_at > now:
        return _("Will be sent on %(moment)s.") % {"moment": formats.moment(reminder.fires_at)}
    if reminder.attempts:
        return _("Is being sent.")
    return _("Its time has passed.")


def trouble_of(reminder: Reminder) -> str:
    words = {"why": reminder.last_error, "number": reminder.attempts}
    if not reminder.attempts:
        return _("Not sent: %(why)s") % words
    if reminder.attempts < MAX_ATTEMPTS:
        return _("Attempt %(number)d failed (%(why)s). It will be tried again.") % words
    return _("Not sent after %(number)d attempts (%(why)s).") % words
