"""What was changed, and taking it back."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from accounts.middleware import SignedInRequest
from todos import operations
from todos.models import Change, Task
from todos.operations import Undone
from todos.views.answers import back, done, refused
from todos.views.completing import row


@require_POST
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
    if request.htmx:  # type: ignore[attr-defined]
        if len(undone) == 1 and isinstance(thing, Task) and not thing.trashed_at:
            return row(request, "todos/_task.html", thing.pk)
        done(request, words_for_all(undone))
        return HttpResponseClientRefresh()
    done(request, words_for_all(undone))
    if thing is None or len(undone) > 1:
        return back(request, "todos:today")
    return back(request, "todos:trash" if getattr(thing, "trashed_at", None) else thing)


def words_for_all(undone: list[Undone]) -> str:
    """What came of taking several changes back, with what was left as it is."""
    if not undone:
        return _("That was undone already, or it is gone.")
    if len(undone) == 1:
        return words_for(undone[0])
    put_back = [one for one in undone if not is_left(one)]
    number = len(put_back)
    words = ngettext("%(number)d change undone.", "%(number)d changes undone.", number)
    told = [words % {"number": number}]
    told += [words_for(one) for one in undone if one.kept][:MOST_TOLD]
    return " ".join(told)


MOST_TOLD = 5


def is_left(undone: Undone) -> bool:
    """Whether nothing was undone."""
    return bool(undone.kept) and set(undone.kept) >= set(undone.change.after)


def words_for(undone: Undone) -> str:
    thing = {"thing": undone.thing}
    if is_left(undone):
        return _("Nothing was undone: %(thing)s changed again since.") % thing
    if "trashed_at" in undone.kept:
        return _("Nothing was undone: %(thing)s was moved again since.") % thing
    words = _("Undone: %(thing)s") % thing
    if undone.kept:
        fields = ", ".join(name_of(undone.thing, name) for name in undone.kept)
        words += ". " + _("Left as changed later: %(fields)s.") % {"fields": fields}
    return words


def name_of(thing: object, field: str) -> str:
    """The words for a field of the journal."""
    return str(type(thing)._meta.get_field(field.removesuffix("_id")).verbose_name)  # type: ignore[attr-defined]
