"""What was changed, by whom and with which device; and taking it back."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from accounts.models import ApiSession, PageSession, User
from accounts.sessions import device
from accounts.templatetags.devices import device_words
from todos import operations
from todos.forms import ActivityForm, UndoSessionForm
from todos.history import tell
from todos.models import Change, ChangeQuerySet, Section, Tag, Task, TaskList
from todos.operations import Undone
from todos.views.answers import back, done, post_only, post_or, refused, show_refusal

SHOWN = 50
MOST_TOLD = 5
THINGS: dict[str, type[Model]] = {
    Change.Object.TASK: Task,
    Change.Object.LIST: TaskList,
    Change.Object.SECTION: Section,
    Change.Object.TAG: Tag,
}
# What follows from other fields, and has no name for people.
NAMELESS = {"anchor_on", "original_on", "trashed_with"}


@dataclass(frozen=True)
class Entry:
    """A change as the page tells it. `together` is how many on the page are of one batch, told
    with the first of them."""

    change: Change
    thing: Any
    name: str
    sentences: list[str]
    device: str
    is_undone: bool
    together: int

    @property
    def can_be_undone(self) -> bool:
        return not self.is_undone and self.change.kind != Change.Kind.ERASED


@require_safe
def activity(request: SignedInRequest) -> HttpResponse:
    """All that was changed, the newest first, by day: of all, of one task or by one device."""
    form = ActivityForm(request.GET)
    if not form.is_valid():
        raise Http404
    return show_activity(request, form.cleaned_data)


def show_activity(
    request: SignedInRequest, wanted: dict[str, Any], undo_form: UndoSessionForm | None = None
) -> HttpResponse:
    """The changes that are `wanted`; with an `undo_form` that was refused, that again."""
    changes = Change.objects.visible_to(request.user).filter(follows=None)
    context: dict[str, Any] = {"device": wanted.get("device")}
    if wanted.get("task"):
        task = get_object_or_404(Task.objects.visible_to(request.user), pk=wanted["task"])
        changes = changes.filter(object_kind=Change.Object.TASK, object_id=task.pk)
        context["task"] = task
    if wanted.get("device"):
        changes = changes.filter(session=wanted["device"])
        names = devices_named(request.user, {wanted["device"]})
        context["device_name"] = names.get(wanted["device"])
        context["undo_form"] = undo_form or UndoSessionForm(initial={"device": wanted["device"]})
    if wanted.get("before"):
        changes = changes.filter(number__lt=wanted["before"])
    entries = entries_of(request.user, changes)
    context["older"] = entries[SHOWN - 1].change.number if len(entries) > SHOWN else None
    context["days"] = [
        (day, list(group))
        for day, group in groupby(
            entries[:SHOWN], lambda entry: timezone.localtime(entry.change.at).date()
        )
    ]
    return render(request, "todos/activity.html", context, status=422 if undo_form else 200)


def entries_of(user: User, changes: ChangeQuerySet) -> list[Entry]:
    """The newest of `changes`, one more than a page shows. Twelve queries at most."""
    rows = changes.select_related("by").prefetch_related("undone_by").order_by("-number")
    found = tell(rows[: SHOWN + 1], user)
    things = things_of(user, [change for change, _sentences in found])
    devices = devices_named(user, {change.session for change, _sentences in found})
    together = Counter(change.batch for change, _sentences in found if change.batch)
    entries = []
    for change, sentences in found:
        thing = things.get((change.object_kind, change.object_id))
        fields = {**change.before, **change.after}
        entries.append(
            Entry(
                change=change,
                thing=thing,
                name=str(thing or fields.get("title") or fields.get("name") or ""),
                sentences=sentences,
                device=devices.get(change.session, "") if change.session else "",
                is_undone=bool(change.undone_by.all()),
                together=together.pop(change.batch, 0) if change.batch else 0,
            )
        )
    return entries


def things_of(user: User, changes: list[Change]) -> dict[tuple[str, int], Any]:
    """What the changes are about, as far as it still exists. A query for each kind of thing."""
    found: dict[tuple[str, int], Any] = {}
    for kind, model in THINGS.items():
        ids = {change.object_id for change in changes if change.object_kind == kind}
        for thing in model._default_manager.filter(owner=user, pk__in=ids):
            found[kind, thing.pk] = thing
    return found


def devices_named(user: User, ids: set[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """What the person calls the devices of these sessions, as far as we know them."""
    known = {pk for pk in ids if pk}
    programs = ApiSession.objects.filter(user=user, pk__in=known)
    pages = PageSession.objects.filter(user_session__user=user, pk__in=known)
    rows = [*programs, *pages.select_related("user_session")]
    devices = [device(row, current=None) for row in rows]
    return {each.id: each.label or device_words(each.user_agent) for each in devices}


@post_or(lambda _request: redirect("todos:activity"))
def undo_session(request: SignedInRequest) -> HttpResponse:
    """Take back all that one device did since a moment; what was refused is shown again."""
    form = UndoSessionForm(request.POST)
    if form.is_valid():
        session, since = form.cleaned_data["device"], form.cleaned_data["since"]
        try:
            undone = operations.undo_session(request.user, session, since=since, by=request.actor)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            done(request, words_for_all(undone), noted_in(undone))
            return back(request, "todos:activity")
    if "device" not in form.cleaned_data:
        raise Http404
    return show_activity(request, {"device": form.cleaned_data["device"]}, form)


def noted_in(undone: list[Undone]) -> Change | None:
    """A change that was made by undoing others."""
    return next((noted for one in undone if (noted := getattr(one.thing, "noted", None))), None)


@post_only
def undo_change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a change back, or with `together` all that was done with it, and name what was left
    because it changed again since.
    """
    change = get_object_or_404(Change.objects.visible_to(request.user), pk=pk)
    try:
        if "together" in request.POST:
            undone = operations.undo_batch(change, by=request.actor)
        else:
            undone = [operations.undo_change(change, by=request.actor)]
    except ValidationError as refusal:
        refused(request, refusal)
        return back(request, "todos:today")
    thing = undone[0].thing if undone else None
    done(request, words_for_all(undone))
    if thing is None or len(undone) > 1:
        return back(request, "todos:today")
    if not thing.pk:
        return back(request, "todos:activity")
    return back(request, "todos:trash" if getattr(thing, "trashed_at", None) else thing)


def words_for_all(undone: list[Undone]) -> str:
    """What came of taking several changes back, with what was left as it is."""
    if not undone:
        return _("That was undone already, or it is gone.")
    if len(undone) == 1:
        return words_for(undone[0])
    put_back = [one for one in undone if one.took_effect]
    number = len(put_back)
    words = ngettext("%(number)d change undone.", "%(number)d changes undone.", number)
    told = [words % {"number": number}]
    told += [words_for(one) for one in undone if one.kept][:MOST_TOLD]
    return " ".join(told)


def words_for(undone: Undone) -> str:
    thing = {"thing": undone.thing}
    if "trashed_at" in undone.kept:
        return _("Nothing was undone: %(thing)s was moved again since.") % thing
    if not undone.took_effect:
        if undone.kept:
            return _("Nothing was undone: %(thing)s changed again since.") % thing
        return _("That was undone already: %(thing)s") % thing
    words = _("Undone: %(thing)s") % thing
    if kept := [name for name in undone.kept if name not in NAMELESS]:
        fields = ", ".join(name_of(undone.thing, name) for name in kept)
        words += ". " + _("Left as changed later: %(fields)s.") % {"fields": fields}
    return words


def name_of(thing: object, field: str) -> str:
    """The words for a field of the journal."""
    return str(type(thing)._meta.get_field(field.removesuffix("_id")).verbose_name)  # type: ignore[attr-defined]
