"""Many tasks at once, with one Undo."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from accounts.errors import Conflict
from accounts.middleware import SignedInRequest
from todos import operations
from todos.forms import BulkForm, DateChoiceForm
from todos.models import Task
from todos.operations.bulk import MOST_AT_ONCE
from todos.views.answers import back, done, post_only, problems_of, refused, show_refusal
from todos.views.asking import ASKS, ask_for_overdue, show_question
from todos.views.selecting import back_to_ticking

Act = Callable[[], Task]
Job = tuple[Task, Act]
MOST_TOLD = 5
WORDS = {
    "complete": (_lazy("Done: %(task)s"), _lazy("%(number)d tasks done.")),
    "date": (_lazy("New date: %(task)s"), _lazy("%(number)d tasks have a new date.")),
    "priority": (_lazy("New priority: %(task)s"), _lazy("%(number)d tasks have a new priority.")),
    "move": (_lazy("Moved: %(task)s"), _lazy("%(number)d tasks moved.")),
    "tag": (_lazy("New tags: %(task)s"), _lazy("%(number)d tasks have new tags.")),
    "trash": (_lazy("Moved to the trash: %(task)s"), _lazy("%(number)d tasks moved to the trash.")),
}


@post_only
def change_many(request: SignedInRequest) -> HttpResponse:
    """Do one thing to all tasks that were ticked; tell of those that it could not be done to.

    What was refused is asked again with what was typed, or keeps its ticks.
    """
    form = BulkForm(request.POST, owner=request.user)
    try:
        ticked = form.ticked()
    except ValidationError as refusal:
        refused(request, refusal)
        return back_to_ticking(request, "todos:today")
    try:
        jobs = jobs_of(request, form, ticked) if form.is_valid() else None
    except ValidationError as refusal:
        show_refusal(form, refusal)
        jobs = None
    if jobs is None:
        return not_so(request, form, ticked)
    carry_out(request, form.cleaned_data["do"], jobs)
    return back_to_ticking(request, "todos:today")


def not_so(request: SignedInRequest, form: BulkForm, ticked: dict[int, str | None]) -> HttpResponse:
    """Ask again what was asked; say why where nothing was."""
    asked = form.data.get("do", "")
    if asked in ASKS:
        return show_question(request, asked, ticked, form, status=422)
    refused(request, problems_of(form))
    return back_to_ticking(request, "todos:today", keep=True)


@require_http_methods(["GET", "HEAD", "POST"])
def reschedule_overdue(request: SignedInRequest) -> HttpResponse:
    """Give what is overdue another day: the hundred that have waited longest."""
    if request.method != "POST":
        return ask_for_overdue(request, DateChoiceForm(owner=request.user))
    form = DateChoiceForm(request.POST, owner=request.user)
    if form.is_valid():
        try:
            due = form.due_chosen()
        except ValidationError as refusal:
            show_refusal(form, refusal)
    if form.errors:
        return ask_for_overdue(request, form, status=422)
    now = timezone.localtime()
    rows = Task.objects.visible_to(request.user).open().in_active_lists()
    late = rows.due_by(now.date(), zone=request.user.zone).by_due()[:MOST_AT_ONCE]
    jobs = [(task, give_due(task, due, request.actor)) for task in late if task.is_overdue(now)]
    carry_out(request, "date", jobs)
    return back(request, "todos:today")


def jobs_of(request: SignedInRequest, form: BulkForm, ticked: dict[int, str | None]) -> list[Job]:
    """What to do, one after the other. Raises ValidationError by field for what is missing."""
    data, by = form.cleaned_data, request.actor
    found = Task.objects.visible_to(request.user).in_bulk(list(ticked))
    tasks = [found[pk] for pk in ticked if pk in found]
    acts: list[Act]
    match data["do"]:
        case "complete":
            # What is below another task comes after it on a page, and is to be done first.
            tasks.reverse()
            acts = [
                partial(operations.complete_task, task, by=by, occurrence=ticked[task.pk])
                for task in tasks
            ]
        case "move":
            move = partial(operations.move_task, by=by, task_list=data["task_list"])
            acts = [partial(move, task) for task in tasks]
        case "date":
            due = form.due_chosen()
            acts = [give_due(task, due, by) for task in tasks]
        case "priority":
            change = partial(operations.change_task, by=by, priority=data["priority"])
            acts = [partial(change, task) for task in tasks]
        case "tag":
            acts = [partial(retag, task, data["tags"], data["untag"], by) for task in tasks]
        case _:
            acts = [partial(operations.trash_task, task, by=by) for task in tasks]
    return list(zip(tasks, acts, strict=True))


def give_due(task: Task, due: dict[str, Any], by: Actor) -> Act:
    """Another day, for this occurrence alone where the task repeats; or all that words said."""
    if due.keys() == {"due_on"} and due["due_on"]:
        return partial(operations.postpone_task, task, due["due_on"], by=by)
    return partial(operations.change_task, task, by=by, **due)


def retag(task: Task, names: list[str], untag: list[str], by: Actor) -> Task:
    off = {name.casefold() for name in untag}
    present = [tag.name for tag in task.tags.order_by("pk") if tag.name.casefold() not in off]
    return operations.change_task(task, by=by, tags=[*present, *names])


def words_for(refusal: ValidationError) -> str:
    if isinstance(refusal, Conflict) and "children" in refusal.rows:
        return _("It has open sub-tasks. Tick them too, or complete it by itself.")
    return " ".join(refusal.messages)


def carry_out(request: SignedInRequest, do: str, jobs: list[Job]) -> None:
    """Do the acts of `jobs` as one batch and say what came of them, with one Undo."""
    outcomes = operations.do_all(request.user, [act for _task, act in jobs], by=request.actor)
    changed = [outcome.task for outcome in outcomes if outcome.task and outcome.task.noted]
    refusals = [
        (task, outcome.refusal)
        for (task, _act), outcome in zip(jobs, outcomes, strict=True)
        if outcome.refusal
    ]
    if changed or not refusals:
        done(request, outcome_words(do, changed), changed[0].noted if changed else None)
    for task, refusal in refusals[:MOST_TOLD]:
        messages.error(request, f"{task}: {words_for(refusal)}")
    if more := len(refusals[MOST_TOLD:]):
        words = ngettext("%(number)d more was left.", "%(number)d more were left.", more)
        messages.error(request, words % {"number": more})


def outcome_words(do: str, changed: list[Task]) -> str:
    """What was done, to the task by its name or to how many."""
    if not changed:
        return _("Nothing was changed.")
    one, many = WORDS[do]
    if len(changed) == 1:
        return str(one) % {"task": changed[0]}
    return str(many) % {"number": len(changed)}
