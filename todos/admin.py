"""Lists, tasks and tags for operators. What they change goes through the same operations."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.admin import ReadOnlyAdmin
from todos import operations
from todos.models import (
    Change,
    Comment,
    Completion,
    Reminder,
    SavedFilter,
    Section,
    Tag,
    Task,
    TaskList,
    Transfer,
)


def actor(request: HttpRequest) -> Actor:
    return Actor(request.user)  # type: ignore[arg-type]


class JournalledAdmin(admin.ModelAdmin[Any]):
    """Rows that are changed by an operation and made and deleted by their owner alone."""

    list_select_related = ["owner"]
    show_full_result_count = False
    change_operation: str

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool
    ) -> None:
        verb = getattr(operations, self.change_operation)
        fields = {name: form.cleaned_data[name] for name in form.changed_data}
        verb(type(obj).objects.get(pk=obj.pk), by=actor(request), **fields)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        """Note who changed which row, but none of its words: the owner may erase those later."""
        entry = super().log_change(request, obj, message)
        entry.object_repr = str(obj.pk)
        entry.save(update_fields=["object_repr"])
        return entry

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, or again the form with the reason why the operation refused."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            return HttpResponseRedirect(request.path)


@admin.register(TaskList)
class TaskListAdmin(JournalledAdmin):
    change_operation = "change_list"
    list_display = ["name", "owner", "is_inbox", "archived_at", "trashed_at"]
    list_filter = ["is_inbox"]
    search_fields = ["name", "owner__email"]
    fields = ["owner", "uid", "name", "color", "archived_at", "trashed_at", "created_at"]
    readonly_fields = ["owner", "uid", "archived_at", "trashed_at", "created_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: TaskList | None = None) -> Any:
        return [*self.readonly_fields, *(["name"] if obj and obj.is_inbox else [])]


@admin.register(Task)
class TaskAdmin(JournalledAdmin):
    change_operation = "change_task"
    list_display = ["title", "owner", "task_list", "due_on", "completed_at", "trashed_at"]
    list_select_related = ["owner", "task_list"]
    search_fields = ["title", "owner__email"]
    date_hierarchy = "created_at"
    actions = ["complete", "move_to_trash", "restore"]
    fields = [
        "owner",
        "task_list",
        "uid",
        "title",
        "description",
        "priority",
        "due_on",
        "due_time",
        "due_zone",
        "completed_at",
        "trashed_at",
        "version",
        "created_at",
        "updated_at",
    ]
    readonly_fields = [
        "owner",
        "task_list",
        "uid",
        "completed_at",
        "trashed_at",
        "version",
        "created_at",
        "updated_at",
    ]

    def has_change_permission(self, request: HttpRequest, obj: Task | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.trashed_at)

    @admin.action(description=_("Complete the selected tasks"), permissions=["change"])
    def complete(self, request: HttpRequest, queryset: Any) -> None:
        for task in queryset.filter(trashed_at=None):
            operations.complete_task(task, by=actor(request))

    @admin.action(description=_("Move the selected tasks to the trash"), permissions=["change"])
    def move_to_trash(self, request: HttpRequest, queryset: Any) -> None:
        for task in queryset:
            operations.trash_task(task, by=actor(request))

    @admin.action(description=_("Restore the selected tasks"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: Any) -> None:
        for task in queryset:
            operations.restore_task(task, by=actor(request))


@admin.register(Tag)
class TagAdmin(JournalledAdmin):
    change_operation = "change_tag"
    list_display = ["name", "owner", "color"]
    search_fields = ["name", "owner__email"]
    fields = ["owner", "uid", "name", "color", "created_at"]
    readonly_fields = ["owner", "uid", "created_at"]


@admin.register(Section)
class SectionAdmin(JournalledAdmin):
    change_operation = "change_section"
    list_display = ["name", "task_list", "owner"]
    list_select_related = ["owner", "task_list"]
    search_fields = ["name", "owner__email"]
    fields = ["owner", "task_list", "uid", "name", "created_at"]
    readonly_fields = ["owner", "task_list", "uid", "created_at"]


@admin.register(SavedFilter)
class SavedFilterAdmin(ReadOnlyAdmin):
    list_display = ["name", "query", "owner"]
    list_select_related = ["owner"]
    search_fields = ["name", "owner__email"]
    show_full_result_count = False


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "task", "owner", "by", "edited_at"]
    list_select_related = ["owner", "task", "by"]
    search_fields = ["owner__email", "text"]
    show_full_result_count = False


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    """Reminders, and what became of each."""

    list_display = ["fires_at", "task", "owner", "sent_at", "attempts", "last_error"]
    list_select_related = ["owner", "task"]
    list_filter = [
        ("sent_at", admin.EmptyFieldListFilter),
        ("last_error", admin.EmptyFieldListFilter),
    ]
    search_fields = ["owner__email", "uid"]
    show_full_result_count = False


@admin.register(Completion)
class CompletionAdmin(ReadOnlyAdmin):
    """What was done, occurrence by occurrence."""

    list_display = ["completed_at", "task", "occurrence", "owner", "by", "missed"]
    list_select_related = ["owner", "task", "by"]
    search_fields = ["owner__email", "uid"]
    show_full_result_count = False


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    """The journal: who did what and when."""

    list_display = ["at", "owner", "number", "kind", "object_kind", "object_id", "by", "session"]
    list_select_related = ["owner", "by"]
    list_filter = ["kind", "object_kind"]
    search_fields = ["owner__email", "uid"]
    show_full_result_count = False


@admin.register(Transfer)
class TransferAdmin(ReadOnlyAdmin):
    """Exports and imports of accounts, without what is in them."""

    list_display = ["asked_at", "kind", "owner", "state", "finished_at", "size"]
    list_select_related = ["owner"]
    list_filter = ["kind", "state"]
    search_fields = ["owner__email"]
    # What it says may have words of the person.
    exclude = ["error"]
    show_full_result_count = False
