"""Adding tasks as lines of text, with what was understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.formats import Formats, formats_of
from accounts.middleware import SignedInRequest
from accounts.models import User
from todos import operations
from todos.forms import AddTaskForm
from todos.models import Change, Task
from todos.operations.quick_add import Line
from todos.quickadd import Parsed, Span, literal
from todos.recurrence import Rule, explain
from todos.views.answers import back, done, fragment, post_only, refused, show_refusal, way_back
from todos.views.repeating import repetition_of
from todos.views.task_page import page_of_refusal

AS_TEXT = "line_as_text"
# The first of these that a line has tells the day.
TELLING_DAY = ("date", "recurrence", "time")


@dataclass(frozen=True)
class Chip:
    """A part of a line that was understood: what as, and the line with that part kept as text."""

    words: str
    text: str
    line: str


@require_http_methods(["GET", "HEAD", "POST"])
def add_task(request: SignedInRequest) -> HttpResponse:
    """Add a task from a line, or several from several lines, and go back.

    What was refused is shown again with the reason. A GET gives a field for many lines.
    """
    if request.method != "POST":
        form = AddTaskForm(owner=request.user, initial=request.GET.dict())
        return render(request, "todos/add_task.html", {"add_form": form, "many": True})
    form = AddTaskForm(request.POST, owner=request.user)
    if form.is_valid():
        try:
            tasks = added(request, form)
        except ValidationError as refusal:
            show_refusal(form, refusal, text="title")
        else:
            return back(request, tasks[0].task_list)
    parent = form.cleaned_data.get("parent")
    if parent and request.htmx.target == "task-view":  # type: ignore[attr-defined]
        return page_of_refusal(request, parent.pk, add_form=form)
    many = "\n" in (form.data.get("title") or "").strip()
    context = {"add_form": form, "many": many, "next": way_back(request) or reverse("todos:inbox")}
    return render(request, "todos/add_task.html", context, status=422)


def added(request: SignedInRequest, form: AddTaskForm) -> list[Task]:
    """Add what was typed, and say what was understood of it with a way to have it otherwise."""
    defaults, text, by = form.operation_fields(), form.cleaned_data["title"], request.actor
    at = timezone.now()
    lines = operations.read_lines(text, by=by, at=at, below=bool(defaults.get("parent")))
    uid = form.line_uid()
    if uid and Task.objects.filter(owner=request.user, uid=uid).exclude(trashed_at=None).exists():
        uid = None  # It was taken back, and is wanted again.
    tasks, is_new = operations.quick_add(lines, by=by, at=at, uid=uid, **defaults)
    task = tasks[0]
    if not is_new:
        task.noted = Change.objects.of(task).filter(kind=Change.Kind.CREATED).first()
    if len(lines) > 1:
        words = ngettext("%(number)d task added.", "%(number)d tasks added.", len(lines))
        done(request, words % {"number": len(lines)}, task.noted)
        return tasks
    words = _("Added: %(task)s") % {"task": task}
    chips = chips_of(lines[0], formats_of(request.user))
    if chips:
        words += f" ({' · '.join(chip.words for chip in chips)})"
    if hints := lines[0].parsed.hints:
        words += ". " + " ".join(hints)
    if chips and task.noted:
        sent = {name: value for name, value in request.POST.items() if name != "title"}
        request.session[AS_TEXT] = {"change": task.noted.pk, "title": lines[0].parsed.whole, **sent}
    done(request, words, task.noted, "as-text" if chips else "")
    return tasks


@post_only
def add_as_text(request: SignedInRequest) -> HttpResponse:
    """Take back the task that was just added, and add its whole line as the title instead."""
    sent = request.session.get(AS_TEXT, {})
    change = Change.objects.visible_to(request.user).filter(pk=sent.get("change")).first()
    form = AddTaskForm(sent, owner=request.user)
    if change is None or request.POST.get("change") != str(change.pk) or not form.is_valid():
        return redirect("todos:today")
    fields = form.operation_fields() | {"title": " ".join(form.cleaned_data["title"].split())}
    try:
        with operations.writing(request.user, by=request.actor):
            operations.undo_batch(change, by=request.actor)
            task, _is_new = operations.create_task(by=request.actor, **fields)
    except ValidationError as refusal:
        refused(request, refusal)
        return back(request, "todos:inbox")
    del request.session[AS_TEXT]
    done(request, _("Added: %(task)s") % {"task": task}, task.noted)
    return back(request, task.task_list)


@require_safe
def preview_task(request: SignedInRequest) -> HttpResponse:
    """What is understood of a line that is being typed, for htmx."""
    text, below = request.GET.get("title", ""), "below" in request.GET
    context: dict[str, Any] = {}
    if text.strip():
        try:
            at = timezone.now()
            line, *_more = operations.read_lines(text, by=request.actor, at=at, below=below)
        except ValidationError as refusal:
            context["hints"] = refusal.messages
        else:
            context["hints"] = line.parsed.hints
            context["chips"] = chips_of(line, formats_of(request.user))
            context["dates"] = next_dates(line.parsed, request.user)
    return fragment(request, "todos/_chips.html", context)


def chips_of(line: Line, formats: Formats) -> list[Chip]:
    return [
        Chip(words_of(span, line, formats), span.text, literal(line.text, span))
        for span in line.parsed.spans
    ]


def words_of(span: Span, line: Line, formats: Formats) -> str:
    """What a part of a line was understood as; one of them tells the day that will be stored."""
    parsed: Parsed = line.parsed
    kinds = {each.kind for each in parsed.spans}
    tells_day = next((kind for kind in TELLING_DAY if kind in kinds), "")
    if span.kind == "recurrence":
        words = explain(Rule.parse(parsed.rule), parsed.repeats_from)
        if tells_day == "recurrence":
            words = _("%(rule)s, first %(day)s") % {"rule": words, "day": due_of(parsed, formats)}
        return words
    if span.kind == tells_day:
        return due_of(parsed, formats)
    if span.kind == "time" and parsed.time:
        return formats.clock(parsed.time)
    if span.kind == "start" and parsed.start_on:
        return _("from %(day)s") % {"day": day_of(parsed.start_on, formats)}
    if span.kind == "priority" and parsed.priority:
        label = Task.Priority(parsed.priority).label
        return _("%(priority)s priority") % {"priority": label}
    if span.kind == "list" and line.task_list:
        return f"#{line.task_list}"
    return span.text


def due_of(parsed: Parsed, formats: Formats) -> str:
    """The day that a line says, with its time unless that is told beside it."""
    if parsed.day is None:
        return ""
    day, kinds = day_of(parsed.day, formats), {span.kind for span in parsed.spans}
    is_beside = "time" in kinds and not kinds.isdisjoint({"date", "recurrence"})
    return f"{day}, {formats.clock(parsed.time)}" if parsed.time and not is_beside else day


def day_of(day: date, formats: Formats) -> str:
    """Mon 23 Nov, or Fri 1 Jan 2027 when that is another year."""
    near = formats.near_day(day)
    return near if day.year == timezone.localdate().year else f"{near} {day.year}"


def next_dates(parsed: Parsed, person: User) -> list[str]:
    """The next dates of a line that repeats."""
    said = {"rule": parsed.rule, "repeats_from": parsed.repeats_from}
    due = {"due_on": parsed.day, "due_time": parsed.time, "due_zone": ""}
    repetition = repetition_of(Task(), said | due, person)
    return repetition.dates if repetition else []
