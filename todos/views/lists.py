"""Lists and tags: making, changing, putting away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.middleware import SignedInRequest
from todos import operations
from todos.forms import TagForm, TaskListForm
from todos.models import Tag, TaskList
from todos.views.answers import back, done, post_only, refused


@require_safe
def lists(request: SignedInRequest) -> HttpResponse:
    """All lists, the archived ones apart."""
    rows = list(TaskList.objects.visible_to(request.user).with_open_count())
    context = {
        "lists": [row for row in rows if not row.archived_at],
        "archived": [row for row in rows if row.archived_at],
    }
    return render(request, "todos/lists.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create_list(request: SignedInRequest) -> HttpResponse:
    form = TaskListForm(request.POST or None)
    if form.is_valid():
        task_list, _created = operations.create_list(by=request.actor, **form.cleaned_data)
        done(request, _("New list: %(list)s") % {"list": task_list})
        return redirect(task_list)
    return render(
        request, "todos/list_form.html", {"form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit_list(request: SignedInRequest, pk: int) -> HttpResponse:
    task_list = get_object_or_404(TaskList.objects.visible_to(request.user), pk=pk)
    form = TaskListForm(request.POST or None, instance=task_list)
    if form.is_valid():
        task_list = operations.change_list(task_list, by=request.actor, **form.cleaned_data)
        done(request, _("Saved: %(list)s") % {"list": task_list}, task_list.noted)
        return redirect(task_list)
    context = {"form": form, "list": TaskList.objects.get(pk=pk)}
    return render(request, "todos/list_form.html", context, status=422 if form.errors else 200)


def act(
    request: SignedInRequest,
    pk: int,
    verb: Callable[..., Any],
    words: str,
    fallback: str,
) -> HttpResponse:
    """Do `verb` to a list of the person's, say `words`, and go back."""
    task_list = get_object_or_404(TaskList.objects.filter(owner=request.user), pk=pk)
    actor: Actor = request.actor
    try:
        changed = verb(task_list, by=actor)
    except ValidationError as refusal:
        refused(request, refusal)
    else:
        done(request, words % {"list": task_list}, getattr(changed, "noted", None))
    return back(request, fallback)


@post_only
def step_list(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move a list one step up or down among the others."""
    step = partial(operations.step_list, down=request.POST.get("way") == "down")
    return act(request, pk, step, _("Moved: %(list)s"), "todos:lists")


@post_only
def archive_list(request: SignedInRequest, pk: int) -> HttpResponse:
    return act(request, pk, operations.archive_list, _("Archived: %(list)s"), "todos:lists")


@post_only
def unarchive_list(request: SignedInRequest, pk: int) -> HttpResponse:
    words = _("Out of the archive: %(list)s")
    return act(request, pk, operations.unarchive_list, words, "todos:lists")


@post_only
def trash_list(request: SignedInRequest, pk: int) -> HttpResponse:
    return act(request, pk, operations.trash_list, _("Moved to the trash: %(list)s"), "todos:lists")


@post_only
def restore_list(request: SignedInRequest, pk: int) -> HttpResponse:
    words = _("Restored: %(list)s")
    return act(request, pk, operations.restore_list, words, "todos:trash")


@post_only
def erase_list(request: SignedInRequest, pk: int) -> HttpResponse:
    words = _("Deleted for good: %(list)s")
    return act(request, pk, operations.erase_list, words, "todos:trash")


@require_safe
def tags(request: SignedInRequest) -> HttpResponse:
    rows = Tag.objects.visible_to(request.user).with_open_count()
    return render(request, "todos/tags.html", {"tags": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def edit_tag(request: SignedInRequest, pk: int) -> HttpResponse:
    tag = get_object_or_404(Tag.objects.visible_to(request.user), pk=pk)
    form = TagForm(request.POST or None, instance=tag)
    if form.is_valid():
        try:
            tag = operations.change_tag(tag, by=request.actor, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            done(request, _("Saved: %(tag)s") % {"tag": tag}, tag.noted)
            return redirect(tag)
    context = {"form": form, "tag": Tag.objects.get(pk=pk)}
    return render(request, "todos/tag_form.html", context, status=422 if form.errors else 200)


@post_only
def delete_tag(request: SignedInRequest, pk: int) -> HttpResponse:
    tag = get_object_or_404(Tag.objects.visible_to(request.user), pk=pk)
    deleted = operations.delete_tag(tag, by=request.actor)
    done(request, _("Deleted the tag: %(tag)s") % {"tag": tag}, deleted)
    return redirect("todos:tags")
