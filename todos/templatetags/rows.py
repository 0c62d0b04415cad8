"""How the row of a task is written.

A page has up to a hundred rows, and they are most of what it costs. So they are written here, the
one place for it, with the words and addresses that they share made once for a page. What people
wrote goes through `escape`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from html import escape

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.formats import formats_of
from accounts.models import User
from todos.models import Task
from todos.recurrence import explained
from todos.templatetags.todos import address_of, day_words, icon, priority_words

register = template.Library()


@register.simple_tag(takes_context=True)
def rows(context: template.Context, tasks: Iterable[Task]) -> SafeString:
    """The rows of `tasks` (as_rows), each ticked with the forms of _tick_forms.html."""
    writer = writer_in(context)
    return SafeString("\n".join(writer.row(task) for task in tasks))  # nosec B703


@register.simple_tag(takes_context=True)
def row(context: template.Context, task: Task) -> SafeString:
    return SafeString(writer_in(context).row(task))  # nosec B703


@register.simple_tag(takes_context=True)
def row_body(context: template.Context, task: Task) -> SafeString:
    """What a row says of its task."""
    return SafeString(writer_in(context).body(task))  # nosec B703


@register.simple_tag(takes_context=True)
def due(context: template.Context, task: Task) -> SafeString:
    """When `task` is due, in the words and at the clock of the person."""
    return SafeString(writer_in(context).due(task))  # nosec B703


def writer_in(context: template.Context) -> RowWriter:
    return RowWriter(context["person"], context["now"])


@cache
def priority_span(priority: int, before: str = "") -> str:
    """The priority for those who do not see its ring; nothing for the ordinary one."""
    words = priority_words(priority)
    return f'<span class="visually-hidden">{before}{escape(words)}</span>' if words else ""


class RowWriter:
    """Writes rows as `person` reads them at `now`, which is local to them."""

    def __init__(self, person: User, now: datetime) -> None:
        self.now, self.today = now, now.date()
        formats = formats_of(person)
        self.day = cache(lambda day: escape(day_words(day, self.today, formats)))
        self.clock = cache(lambda at: escape(formats.clock(at)))
        self.complete = escape(_("Complete: %(task)s"))
        self.reopen = escape(_("Open again: %(task)s"))
        self.overdue = f'<span class="visually-hidden">{escape(_("Overdue:"))} </span>'
        self.is_below = escape(_("sub-task of “%(task)s”"))
        self.below = f'<span class="visually-hidden"> {escape(_("sub-tasks done"))}</span>'

    def row(self, task: Task) -> str:
        depth = depth_of(task)
        kind = (
            "task" + (" task-done" if task.is_done else "") + (f" depth-{depth}" if depth else "")
        )
        return f'<li id="task-{task.pk}" class="{kind}">{self.tick(task)}{self.body(task)}</li>'

    def tick(self, task: Task) -> str:
        """The round button, which completes the occurrence that the row shows or opens it again."""
        if task.is_done:
            look, form, label = "check-done", "untick", self.reopen
        else:
            look, form, label = f"priority-{task.priority}", "tick", self.complete
        address, depth = address_of("todos:complete-task") % task.pk, depth_of(task)
        return (
            f'<button class="check {look}" form="{form}" formaction="{address}"'
            f' name="occurrence" value="{task.occurrence or ""}"'
            f' hx-post="{address}{f"?depth={depth}" if depth else ""}"'
            ' hx-target="closest .task" hx-swap="outerHTML"'
            f' aria-label="{label % {"task": escape(task.title)}}" data-focus></button>'
        )

    def body(self, task: Task) -> str:
        above = ""
        if not depth_of(task) and task.parent_id:
            words = escape(task.above)  # type: ignore[attr-defined]
            above = f'<p class="task-above">{words} \u203a</p>'
        return (
            f'<div class="task-body"><div>{above}'
            f'<a class="task-title" href="{address_of("todos:task") % task.pk}">'
            f"{escape(task.title)}</a></div>"
            f'<p class="task-meta">{"".join(self.facts(task))}</p></div>'
        )

    def facts(self, task: Task) -> Iterator[str]:
        yield priority_span(task.priority)
        if depth_of(task) and task.parent_id:
            words = self.is_below % {"task": escape(task.above)}  # type: ignore[attr-defined]
            yield f'<span class="visually-hidden">{words}</span>'
        if not task.is_done:
            if task.start_on and task.start_on > self.today:
                yield f"<span>{escape(_('from %(day)s')) % {'day': self.day(task.start_on)}}</span>"
            yield self.due(task)
            if task.rule:
                words = escape(explained(task.rule, task.repeats_from))
                yield f'<span class="task-repeats">{icon("repeat")}{words}</span>'
        if number := getattr(task, "children_number", 0):
            done = f"{task.children_done}/{number}"  # type: ignore[attr-defined]
            yield f'<span class="task-progress">{icon("branch")}{done}{self.below}</span>'
        if not depth_of(task):
            dot = f'<span class="dot color-{task.list_color}"></span>'  # type: ignore[attr-defined]
            name = escape(task.list_name)  # type: ignore[attr-defined]
            yield f'<span class="task-list">{dot}{name}</span>'
        for tag in task.tag_names:
            yield f'<span class="task-tag">@{escape(tag)}</span>'

    def due(self, task: Task) -> str:
        day, at = task.local_due(self.now.tzinfo)  # type: ignore[arg-type]
        if day is None:
            return ""
        overdue, said = "", ""
        if task.is_overdue(self.now):
            overdue, said = " due-overdue", self.overdue
        elif day == self.today:
            overdue = " due-today"
        if at is None:
            look, iso, words, clock = " due-all-day", day.isoformat(), self.day(day), ""
        else:
            look, iso = "", f"{day.isoformat()}T{at.isoformat()}"
            words, clock = f"{self.day(day)}, ", self.clock(at)
        return (
            f'<span class="due{look}{overdue}">{said}<time datetime="{iso}">'
            f'<span class="due-day">{words}</span>{clock}</time></span>'
        )


def depth_of(task: Task) -> int:
    """How deep `task` is in the tree that the page shows, if it shows one."""
    return getattr(task, "depth", 0)
