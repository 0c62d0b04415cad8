"""Many tasks at once, with one Undo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actor import Actor
from accounts.errors import Conflict
from accounts.middleware import SignedInRequest
from todos import operations
from todos.forms import BulkForm, DateChoiceForm
from todos.models import Task
from todos.operations.bulk import MOST_AT_ONCE
from todos.views.answers import back, done, post_only, refused
from todos.views.selecting import back_to_ticking

Act = Callable[[], Task]
Job = tuple[Task, Act]
MOST_TOLD = 5


@post_only
def change_many(request: SignedInRequest) -> HttpResponse:
    """Do one thing to all tasks that were ticked; tell of those that it could not be done to.

    What is refused as a whole keeps its ticks and what was typed.
    """
    form = BulkForm(request.POST, owner=request.user)
    try:
        if not form.is_valid():
            raise ValidationError([words for each in form.errors.values() for words in each])
        jobs = jobs_of(request, form)
    except ValidationError as refusal:
        refused(request, refusal)
        do = {"do": form.cleaned_data["do"]} if "do" in form.cleaned_data else {}
        return back_to_ticking(request, "todos:today", keep=True, **do)
    carry_out(request, jobs)
    return back_to_ticking(request, "todos:today")


@post_only
def reschedule_overdue(request: SignedInRequest) -> HttpResponse:
    """Give what is overdue another day: the hundred that have waited longest."""
    form = DateChoiceForm(request.POST)
    now = timezone.localtime()
    try:
        if not form.is_valid():
            raise ValidationError([words for each in form.errors.values() for words in each])
        day = form.day_chosen(today=now.date(), week_start=request.user.week_start)
    except ValidationError as refusal:
        refused(request, refusal)
        return back(request, "todos:today")
    rows = Task.objects.visible_to(request.user).open().in_active_lists()
    due = rows.due_by(now.date(), zone=request.user.zone).by_due()[:MOST_AT_ONCE]
    by = request.actor
    carry_out(request, [(task, give_day(task, day, by)) for task in due if task.is_overdue(now)])
    return back(request, "todos:today")


def jobs_of(request: SignedInRequest, form: BulkForm) -> list[Job]:
    """What to do, one after the other. Raises ValidationError when something is missing."""
    ticked, data, by = form.ticked(), form.cleaned_data, request.actor
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
            today = timezone.localdate()
            day = form.day_chosen(today=today, week_start=request.user.week_start)
            acts = [give_day(task, day, by) for task in tasks]
        case "priority":
            change = partial(operations.change_task, by=by, priority=data["priority"])
            acts = [partial(change, task) for task in tasks]
        case "tag":
            acts = [partial(add_tags, task, data["tags"], by) for task in tasks]
        case _:
            acts = [partial(operations.trash_task, task, by=by) for task in tasks]
    return list(zip(tasks, acts, strict=True))


def give_day(task: Task, day: date | None, by: Actor) -> Act:
    """Another day, for this occurrence alone where the task repeats."""
    if day is None:
        return partial(operations.change_task, task, by=by, due_on=None)
    return partial(operations.postpone_task, task, day, by=by)


def add_tags(task: Task, names: list[str], by: Actor) -> Task:
    present = [tag.name for tag in task.tags.order_by("pk")]
    return operations.change_task(task, by=by, tags=[*present, *names])


def words_for(refusal: ValidationError) -> str:
    if isinstance(refusal, Conflict) and "children" in refusal.rows:
        return _("It has open sub-tasks. Tick them too, or complete it by itself.")
    return " ".join(refusal.messages)


def carry_out(request: SignedInRequest, jobs: list[Job]) -> None:
    """Do the acts of `jobs` as one batch and say what came of them, with one Undo."""
    outcomes = operations.do_all(request.user, [act for _task, act in jobs], by=request.actor)
    changed = [outcome.task for outcome in outcomes if outcome.task and outcome.task.noted]
    number = len(changed)
    words = ngettext("%(number)d task changed.", "%(number)d tasks changed.", number)
    done(request, words % {"number": number}, changed[0].noted if changed else None)
    refusals = [
        (task, outcome.refusal)
        for (task, _act), outcome in zip(jobs, outcomes, strict=True)
        if outcome.refusal
    ]
    for task, refusal in refusals[:MOST_TOLD]:
        messages.error(request, f"{task}: {words_for(refusal)}")
    if more := len(refusals[MOST_TOLD:]):
        words = ngettext("%(number)d more was left.", "%(number)d more were left.", more)
        messages.error(request, words % {"number": more})
