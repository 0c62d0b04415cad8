"""What pages ask for about a comment."""

from __future__ import annotations

from typing import ClassVar

from django import forms

from todos.models import Comment


class CommentForm(forms.ModelForm[Comment]):
    """The text of a comment."""

    class Meta:
        model = Comment
        fields = ["text"]
        widgets: ClassVar = {"text": forms.Textarea(attrs={"rows": 8})}
