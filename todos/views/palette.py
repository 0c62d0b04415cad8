"""Everything there is to go to, on one page, from which the palette takes it; and the keys."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from todos.forms import SearchForm
from todos.models import Task
from todos.rail import filters_of, tags_of
from todos.search import best_first

MOST_OF_A_KIND = 300
MOST_TASKS = 7

# The address by its name, a picture, words, and the keys that go there.
PAGES = [
    ("todos:inbox", "inbox", _("Inbox"), "g i"),
    ("todos:today", "today", _("Today"), "g t"),
    ("todos:upcoming", "upcoming", _("Upcoming"), "g u"),
    ("todos:calendar", "calendar", _("Calendar"), "g c"),
    ("todos:lists", "list", _("Lists"), "g l"),
    ("todos:filters", "filter", _("Filters"), ""),
    ("todos:tags", "tag", _("Tags"), ""),
    ("todos:tasks", "tasks", _("All tasks"), ""),
    ("todos:search", "search", _("Search"), "/"),
    ("todos:done", "done", _("Done"), "g d"),
    ("todos:activity", "undo", _("Activity"), ""),
    ("todos:trash", "trash", _("Trash"), ""),
]
NEW = [
    ("todos:add-task", "tasks", _("Add several tasks"), ""),
    ("todos:create-list", "add", _("New list"), ""),
    ("todos:create-filter", "add", _("New filter"), ""),
]
ACCOUNT = [
    ("accounts:settings", "settings", _("Settings"), "g s"),
    ("accounts:dates", "today", _("Dates and time zone"), ""),
    ("accounts:appearance", "settings", _("Appearance"), ""),
    ("accounts:notifications", "mail", _("Notifications"), ""),
    ("account_email", "mail", _("E-mail address"), ""),
    ("accounts:security", "lock", _("Password, two-step login, passkeys"), ""),
    ("accounts:devices", "devices", _("Devices"), ""),
    ("accounts:security-log", "lock", _("Security log"), ""),
    ("todos:report-file", "download", _("Download all tasks as a table"), ""),
    ("todos:keys", "keyboard", _("Keys"), "?"),
    ("account_logout", "leave", _("Log out"), ""),
]
DATES = [
    ("today", _("Today"), "t"),
    ("tomorrow", _("Tomorrow"), "m"),
    ("week", _("Next week"), "w"),
    ("none", _("No date"), "n"),
]
# Groups of what keys do: each key, or keys of which either does it.
KEYS = [
    (
        _("Everywhere"),
        [
            (["Ctrl K", "⌘ K"], _("Go to anything, do anything")),
            (["q"], _("Add a task")),
            (["/"], _("Search")),
            (["z"], _("Undo")),
            (["?"], _("Show the keys")),
            (["Esc"], _("Close, or end selecting")),
        ],
    ),
    (
        _("Go to"),
        [([key], words) for _url, _picture, words, key in [*PAGES, *ACCOUNT] if key[:2] == "g "],
    ),
    (
        _("From task to task"),
        [
            (["j", "↓"], _("The next one")),
            (["k", "↑"], _("The one before")),
            (["Enter"], _("Open it")),
            (["x"], _("Select it")),
            (["Shift x"], _("Select all up to it")),
            (["Alt ↑", "Alt ↓"], _("Move it up or down")),
        ],
    ),
    (
        _("With the task, or those that are selected"),
        [
            (["c"], _("Complete it, or open it again")),
            (["e"], _("Edit its title")),
            (["t"], _("Give it a date")),
            *[([f"t {key}"], words) for _when, words, key in DATES],
            (["1", "2", "3", "4"], _("Priority: urgent, high, medium, none")),
            (["l"], _("Tags")),
            (["v"], _("Move it to another list")),
            (["s"], _("Add a sub-task")),
            (["Delete"], _("Move it to the trash")),
        ],
    ),
    (
        _("While you edit a title"),
        [
            (["Enter"], _("Save")),
            (["Esc"], _("Cancel")),
            (["Tab", "Shift Tab"], _("Move it below the task above, or out")),
        ],
    ),
]


@require_safe
def palette(request: SignedInRequest) -> HttpResponse:
    """All pages, lists, filters and tags, and the tasks that have the words of `?q=`."""
    form = SearchForm(request.GET)
    context = {
        "form": form,
        "found": found(request, form),
        "filters": filters_of(request.user, most=MOST_OF_A_KIND),
        "tags": tags_of(request.user, most=MOST_OF_A_KIND),
        "most": f":{MOST_OF_A_KIND}",
        "pages": PAGES,
        "new": NEW,
        "account": ACCOUNT,
        "dates": DATES,
        "priorities": Task.Priority.choices,
    }
    return render(request, "todos/palette.html", context)


def found(request: SignedInRequest, form: SearchForm) -> list[Task]:
    """The best few tasks for what was typed. Two queries at most."""
    if not form.is_valid() or not form.cleaned_data["q"]:
        return []
    tasks = Task.objects.visible_to(request.user).select_related("task_list")
    return list(best_first(tasks, form.cleaned_data["q"], owner=request.user)[:MOST_TASKS])


@login_not_required
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    return render(request, "todos/keys.html", {"groups": KEYS})
