"""How dates, priorities and the history of a task are told on pages."""

from __future__ import annotations

from datetime import date
from functools import cache
from html import escape
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.forms import BoundField
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts import operations
from accounts.formats import Formats, formats_of
from todos.forms import TaskForm
from todos.history import tell
from todos.models import Change, Task
from todos.recurrence import explained
from todos.rows import number_beside

register = template.Library()


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """A picture from the sprite. It says nothing to a screen reader: words stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("icons/sprite.svg"),
        name,
    )


ANY_ID = 1234567890


@cache
def address_of(name: str) -> str:
    """The address of the page or verb `name` of a thing, with %d in the place of its id."""
    return reverse(name, args=[ANY_ID]).replace(str(ANY_ID), "%d")


@register.simple_tag
def count(number: int, id: str = "", *, swap: bool = False) -> SafeString:
    """How many tasks are open, where there are any; with `swap` htmx puts it where that id is."""
    told = f'{number}<span class="visually-hidden"> {escape(_("open"))}</span>' if number else ""
    place = f' id="{id}"' if id else ""
    oob = ' hx-swap-oob="true"' if swap else ""
    return SafeString(f'<span class="count"{place}{oob}>{told}</span>')  # nosec B703


@register.simple_tag
def swaps_page(address: str) -> SafeString:
    """Attributes for a form whose answer leads back to its page: htmx puts the new page in the
    place of the old one, with what was said and the counts of the rail.
    """
    return format_html(
        'hx-post="{}" hx-target="#page" hx-select="#page" hx-swap="outerHTML"'
        ' hx-select-oob="#rail-nav,#status:innerHTML"',
        address,
    )


@register.simple_tag(takes_context=True)
def swaps_task(context: template.Context, address: str, method: str = "post") -> SafeString:
    """Attributes for a form or link of the view of a task, which its answer takes the place of;
    beside a list it leaves the title of the page alone.
    """
    return format_html(
        'hx-{}="{}" hx-target="#task-view" hx-select="#task-view" hx-swap="outerHTML{}"'
        ' hx-select-oob="#rail-nav,#status:innerHTML"',
        method,
        address,
        " ignoreTitle:true" if context.get("is_beside") else "",
    )


@register.simple_tag
def opened_with(form: TaskForm, *names: str) -> SafeString:
    """Hidden fields with what the fields of `names` hold as the form is opened."""
    return format_html_join(
        "",
        '<input type="hidden" name="initial-{}" value="{}">',
        ((name, form.opened_with(name)) for name in names),
    )


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The input of a field alone: its form sends by `opened_with` what it held."""
    return field.as_widget()


def formats_in(context: template.Context) -> Formats:
    """How the person who reads the page reads dates."""
    return formats_of(context["person"])


def name_of(day: date, today: date) -> str:
    """Yesterday, Today or Tomorrow; "" for another day."""
    near = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}
    return near.get((day - today).days, "")


def day_words(day: date, today: date, formats: Formats) -> str:
    """`day` as people say it: Today, Tomorrow, Mon 23 Nov, 23 Nov 2027."""
    same_year = day.year == today.year or abs((day - today).days) < 180
    in_words = formats.near_day if same_year else formats.full_day
    return name_of(day, today) or in_words(day)


@register.simple_tag(takes_context=True)
def day_heading(context: template.Context, day: date) -> str:
    """`day` in full, as a heading: Tomorrow, Tuesday 24 November."""
    today = context["now"].date()
    full = formats_in(context).day_as_heading(day, with_year=day.year != today.year)
    near = name_of(day, today)
    return f"{near}, {full}" if near else full


@register.simple_tag(takes_context=True)
def today_in_full(context: template.Context) -> str:
    """Today as a heading: Monday 23 November."""
    return formats_in(context).day_as_heading(context["now"].date())


@register.simple_tag(takes_context=True)
def open_in_section(context: template.Context, task: Task) -> int | None:
    """How many open tasks are beside `task` in its section, or without one; None where the page
    that asked does not show that: it is not the list, or the task is a sub-task.
    """
    here = context.get("this_page") or ""
    is_inbox = task.task_list_id == context["nav"].inbox.pk
    address = reverse("todos:inbox") if is_inbox else address_of("todos:list") % task.task_list_id
    if task.parent_id or urlsplit(here).path != address:
        return None
    return number_beside(task)


@register.simple_tag(takes_context=True)
def near_day(context: template.Context, day: date) -> str:
    """`day` as people say it, seen from today."""
    return day_words(day, context["now"].date(), formats_in(context))


@register.filter
def repetition(task: Task) -> str:
    """How `task` repeats, in words."""
    return explained(task.rule, task.repeats_from)


@register.simple_tag
def priority_words(priority: int) -> str:
    """The priority for those who do not see its ring; nothing for the ordinary one."""
    if priority == Task.Priority.NONE:
        return ""
    return _("%(priority)s priority") % {"priority": Task.Priority(priority).label}


@register.simple_tag
def sign_up_is_open() -> bool:
    """Whether pages may offer to sign up."""
    return operations.sign_up_is_open()


@register.simple_tag
def trash_days() -> int:
    """How long the trash keeps things."""
    return int(settings.TRASH_DAYS)


@register.filter
def undo_of(message: Message) -> str:
    """The id of the change that `message` offers to take back, if it does."""
    return next(
        (tag.removeprefix("undo-") for tag in message.tags.split() if tag.startswith("undo-")), ""
    )


@register.simple_tag(takes_context=True)
def history(context: template.Context, changes: list[Change]) -> list[tuple[Change, list[str]]]:
    """Each change with what it did, in sentences."""
    return tell(changes, context["person"])
