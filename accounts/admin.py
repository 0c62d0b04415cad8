"""Accounts for operators: people, their API sessions, and what happened to both."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_tasks_db.admin import DBTaskResultAdmin
from django_tasks_db.compat import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts import background, operations, sessions
from accounts.callers import caller_of
from accounts.middleware import page_session_id
from accounts.models import ApiSession, AuthEvent, User


class NewUserForm(AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ["email"]


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    add_form = NewUserForm
    ordering = ["email"]
    list_display = ["email", "display_name", "is_active", "is_staff", "created_at", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email", "display_name"]
    readonly_fields = ["created_at", "last_login"]
    fieldsets = [
        (None, {"fields": ["email", "password", "display_name"]}),
        (_("Date and time"), {"fields": ["time_zone", "locale", "date_order", "week_start"]}),
        (_("Keys and mails"), {"fields": ["single_keys", "reminder_mails", "new_device_mails"]}),
        (
            _("Rights"),
            {"fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"]},
        ),
        (_("Dates"), {"fields": ["created_at", "last_login"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["email", "usable_password", "password1", "password2"],
            },
        ),
    ]

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Django's page, after which the person is signed out elsewhere and told by mail."""
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            user = User.objects.get(pk=id)
            operations.follow_new_password(
                user,
                keep=page_session_id(request) if user == request.user else None,
                caller=caller_of(request),
                at=timezone.now(),
            )
        return response

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What goes with the accounts; whoever may delete an account may delete all in it."""
        to_delete, counts, _not_allowed, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        operations.close_account(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            operations.close_account(user)


class ReadOnlyAdmin(admin.ModelAdmin[Any]):
    """Rows that the application writes and operators only look at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ApiSession)
class ApiSessionAdmin(ReadOnlyAdmin):
    list_display = ["user", "client", "label", "ip", "created_at", "last_used_at", "revoked_at"]
    list_filter = ["client", ("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user"]
    search_fields = ["user__email", "label", "user_agent", "ip"]
    exclude = ["password_fingerprint"]
    actions = ["revoke"]
    show_full_result_count = False

    @admin.action(description=_("Sign these devices out"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiSession]) -> None:
        caller = caller_of(request)
        ended = [
            sessions.end_session(session, reason="admin", caller=caller)
            for session in queryset.select_related("user")
        ]
        count = len([event for event in ended if event])
        sentence = ngettext("%(count)d device signed out.", "%(count)d devices signed out.", count)
        self.message_user(request, sentence % {"count": count}, messages.SUCCESS)

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.change_apisession")


@admin.register(AuthEvent)
class AuthEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "user", "kind", "count", "ip", "user_agent"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    date_hierarchy = "at"
    search_fields = ["user__email", "ip"]
    show_full_result_count = False


admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class JobAdmin(DBTaskResultAdmin):
    """Background jobs: what waits, runs, has ended, and what went wrong."""

    list_display = ["task_name", "status", "attempts", "enqueued_at", "next_run", "last_error"]
    list_filter = ["status", "task_path"]
    actions = ["start_over"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [
            *["id", "task_path", "args_kwargs", "status", "attempts", "enqueued_at", "next_run"],
            *["started_at", "finished_at", "worker_ids", "last_error", "formatted_traceback"],
        ]

    @admin.display(description=_("attempts"))
    def attempts(self, job: DBTaskResult) -> int:
        return len(job.worker_ids)

    @admin.display(description=_("next attempt"))
    def next_run(self, job: DBTaskResult) -> Any:
        return self.display_run_after(job) if job.status == TaskResultStatus.READY else None

    @admin.display(description=_("last error"))
    def last_error(self, job: DBTaskResult) -> str:
        return job.exception_class_path.rpartition(".")[2]

    def has_start_over_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("django_tasks_database.change_dbtaskresult")

    @admin.action(description=_("Start the selected failed jobs over"), permissions=["start_over"])
    def start_over(self, request: HttpRequest, jobs: QuerySet[DBTaskResult]) -> None:
        number = background.try_again(jobs, at=timezone.now())
        words = ngettext(
            "%(number)d job will run again.", "%(number)d jobs will run again.", number
        )
        self.message_user(request, words % {"number": number}, messages.SUCCESS)
