"""The verbs of a comment."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.errors import Conflict
from accounts.fields import has_something_to_see
from todos import search
from todos.models import Comment, Task
from todos.operations.journal import Writer, writing
from todos.operations.tree import reread_outside_trash

MOST_COMMENTS = 500


def add_comment(task: Task, *, by: Actor, text: str, at: datetime | None = None) -> Comment:
    """Write a comment on `task`. Raises ValidationError for an empty one, or one too many."""
    with writing(task.owner, by=by, at=at) as writer:
        task = reread_outside_trash(writer, task)
        if Comment.objects.filter(task=task).count() >= MOST_COMMENTS:
            words = _("A task has %(most)d comments at most.")
            raise ValidationError({"text": words % {"most": MOST_COMMENTS}})
        comment = Comment(
            owner=writer.owner, task=task, by=by.user, text=text, created_at=writer.at
        )
        clean(comment)
        comment.save(force_insert=True)
        search.index(task)
        return comment


def change_comment(
    comment: Comment, *, by: Actor, text: str, at: datetime | None = None
) -> Comment:
    """Give `comment` another text. The same text changes nothing."""
    with writing(comment.owner, by=by, at=at) as writer:
        comment = reread(writer, comment)
        before, comment.text = comment.text, text
        clean(comment)
        if comment.text != before:
            comment.edited_at = writer.at
            comment.save(update_fields=["text", "edited_at"])
            search.index(comment.task)
        return comment


def delete_comment(comment: Comment, *, by: Actor, at: datetime | None = None) -> None:
    """Delete `comment` for good."""
    with writing(comment.owner, by=by, at=at) as writer:
        comment = reread(writer, comment)
        comment.delete()
        search.index(comment.task)


def reread(writer: Writer, comment: Comment) -> Comment:
    """`comment` as it is now. Raises Conflict (404) if it is gone or its task in the trash."""
    rows = Comment.objects.visible_to(writer.owner).select_related("task")
    row = rows.filter(pk=comment.pk).first()
    if row is None:
        raise comment_not_found(comment.pk)
    return row


def clean(comment: Comment) -> None:
    """Normalise and check the text. Raises ValidationError by field."""
    comment.clean_fields(exclude={field.name for field in Comment._meta.fields} - {"text"})
    if not has_something_to_see(comment.text):
        raise ValidationError({"text": _("Write something.")})


def comment_not_found(pk: int) -> Conflict:
    return Conflict(_("Comment not found with id=%(id)s") % {"id": pk}, status=404)
