"""Comments on a task: writing, changing, deleting."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import Conflict
from accounts.middleware import SignedInRequest
from todos import operations
from todos.forms import CommentForm
from todos.models import Comment, Task
from todos.views.answers import done, post_only, post_or, to_task
from todos.views.task_page import page_of_refusal


@post_or(to_task)
def add_comment(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add a comment and show it; what was refused is shown again with the reason."""
    task = get_object_or_404(Task.objects.visible_to(request.user), pk=pk)
    form = CommentForm(request.POST, auto_id="comment-%s")
    if form.is_valid():
        try:
            comment = operations.add_comment(task, by=request.actor, **form.cleaned_data)
        except Conflict:
            raise
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            done(request, _("Comment added."))
            return to_comment(comment)
    return page_of_refusal(request, pk, comment_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_comment(request: SignedInRequest, pk: int) -> HttpResponse:
    comment = shown(request, pk)
    form = CommentForm(request.POST or None, initial={"text": comment.text})
    if form.is_valid():
        try:
            comment = operations.change_comment(comment, by=request.actor, **form.cleaned_data)
        except Conflict:
            raise
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            done(request, _("Comment saved."))
            return to_comment(comment)
    context = {"task": comment.task, "comment": comment, "form": form}
    return render(request, "todos/comment.html", context, status=422 if form.errors else 200)


@post_only
def delete_comment(request: SignedInRequest, pk: int) -> HttpResponse:
    comment = shown(request, pk)
    operations.delete_comment(comment, by=request.actor)
    done(request, _("Comment deleted."))
    return HttpResponseRedirect(f"{comment.task.get_absolute_url()}#comments")


def shown(request: SignedInRequest, pk: int) -> Comment:
    rows = Comment.objects.visible_to(request.user).select_related("task")
    return get_object_or_404(rows, pk=pk)


def to_comment(comment: Comment) -> HttpResponse:
    address = comment.task.get_absolute_url()
    return HttpResponseRedirect(f"{address}#comment-{comment.pk}")
