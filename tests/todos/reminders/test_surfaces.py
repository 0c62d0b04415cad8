"""Reminders over the API and on the page."""

from __future__ import annotations

import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.models import User
from tests.conftest import browser_of, program_of
from tests.todos.reminders.helpers import (
    remind,
    remind_at,
    utc,
)
from tests.todos.test_pages import text_of
from tests.todos.test_tasks import make_task
from todos.models import Reminder, Task

# The API


def test_the_api_adds_lists_and_deletes(api: APIClient, task: Task) -> None:
    address = f"/api/v1/tasks/{task.pk}/reminders/"
    answer = api.post(address, {"minutes_before": 30})
    relative = answer.json()
    assert answer.status_code == 201
    assert relative == {
        "id": relative["id"], "at": None, "minutes_before": 30,
        "fires_at": "2026-11-24T08:30:00Z", "sent_at": None, "attempts": 0, "last_error": "",
    }  # fmt: skip
    again = api.post(address, {"minutes_before": 30})
    assert (again.status_code, again.json()) == (200, relative)
    absolute = api.post(address, {"at": "2026-11-24T08:00:00+01:00"}).json()
    assert (absolute["at"], absolute["minutes_before"]) == ("2026-11-24T07:00:00Z", None)
    assert api.get(address).json()["items"] == [absolute, relative]
    assert api.delete(f"{address}{relative['id']}").status_code == 204
    assert api.delete(f"{address}{relative['id']}").json() == {
        "detail": f"Reminder not found with id={relative['id']}"
    }
    assert DBTaskResult.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "detail"),
        ({"at": None}, "detail"),
        ({"at": "2026-12-01T00:00:00Z", "minutes_before": 5}, "detail"),
        ({"at": "2026-11-23T12:00:00Z"}, "at"),
        ({"at": "2026-12-01T00:00:00"}, "at"),
        ({"at": "2026-12-01"}, "at"),
        ({"at": "2026-02-30T00:00:00Z"}, "at"),
        ({"at": "2026-12-01T24:00:00Z"}, "at"),
        ({"at": "2026-12-01T23:00:60Z"}, "at"),
        ({"at": "2026-12-01T23:00:00+99:99"}, "at"),
        ({"at": "9999-12-31T23:00:00-12:00"}, "at"),
        ({"at": "2201-01-01T00:00:00Z"}, "at"),
        ({"at": 5}, "at"),
        ({"minutes_before": -1}, "minutes_before"),
        ({"minutes_before": 366 * 24 * 60 + 1}, "minutes_before"),
        ({"minutes_before": 2**62}, "minutes_before"),
        ({"minutes_before": "30"}, "minutes_before"),
        ({"minutes_before": True}, "minutes_before"),
        ({"minutes_before": 5, "sent_at": "2026-11-23T12:00:00Z"}, "sent_at"),
    ],
)
def test_the_api_names_what_it_refuses(
    api: APIClient, task: Task, body: dict[str, object], field: str
) -> None:
    answer = api.post(f"/api/v1/tasks/{task.pk}/reminders/", body)
    assert (answer.status_code, list(answer.json())) == (400, [field])
    assert not Reminder.objects.exists()


def test_those_that_wait_for_a_day_come_last_by_page_and_by_cursor(
    api: APIClient, by_alice: Actor
) -> None:
    task = make_task(by_alice)
    waiting = remind(task)
    later, sooner = (remind_at(task, utc(2026, 12, day)) for day in (2, 1))
    expected = [sooner.pk, later.pk, waiting.pk]
    address = f"/api/v1/tasks/{task.pk}/reminders/"
    assert [item["id"] for item in api.get(address).json()["items"]] == expected
    found: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = api.get(address, {"limit": 1, "cursor": cursor}).json()
        found += [item["id"] for item in answer["items"]]
        cursor = answer["next"]
    assert found == expected


def test_another_person_has_no_say(task: Task, charlie: User) -> None:
    reminder = remind(task)
    mine = make_task(Actor(charlie))
    stranger = program_of(charlie)
    for address in (f"{task.pk}/reminders/{reminder.pk}", f"{mine.pk}/reminders/{reminder.pk}"):
        assert stranger.delete(f"/api/v1/tasks/{address}").status_code == 404
    assert browser_of(charlie).post(f"/reminders/{reminder.pk}/delete").status_code == 404
    assert Reminder.objects.exists()


# The page


def test_the_page_adds_shows_and_removes(
    page: Client, task: Task, alice: User, settings: Settings
) -> None:
    settings.MAIL_STAYS_HERE = False
    User.objects.update(time_zone="Europe/Berlin")
    address = f"/tasks/{task.pk}"
    page.post(f"{address}/reminders", {"minutes_before": "60"})
    page.post(f"{address}/reminders", {"remind_at": "2026-11-23T18:00"})
    moments = Reminder.objects.order_by("fires_at").values_list("fires_at", flat=True)
    assert list(moments) == [utc(2026, 11, 23, 17), utc(2026, 11, 24, 7)]
    words = text_of(page.get(address))
    assert "1 hour before Will be sent on 24 Nov 2026, 08:00." in words
    assert "23 Nov 2026, 18:00 Will be sent on" in words
    assert words.count("1 hour before Will be sent") == 1
    settings.MAIL_STAYS_HERE = True
    words = text_of(page.get(address))
    assert "Will be sent" not in words
    assert "Is for 24 Nov 2026, 08:00, but this server sends no mail yet." in words
    for reminder in Reminder.objects.all():
        page.post(f"/reminders/{reminder.pk}/delete")
    assert not Reminder.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Say when, or how many minutes before"),
        ({"remind_at": "2026-11-01T10:00"}, "still to come"),
        ({"remind_at": "tomorrow"}, "Enter a day and a time."),
        ({"remind_at": "2026-02-30T10:00"}, "Enter a day and a time."),
        ({"remind_at": "0001-01-01T00:00"}, "still to come"),
        ({"remind_at": "9999-12-31T23:59"}, "1970 to 2200"),
        ({"minutes_before": "7"}, "not one of the available choices"),
    ],
)
def test_the_page_says_why_not(page: Client, task: Task, data: dict[str, str], words: str) -> None:
    User.objects.update(time_zone="America/New_York")
    answer = page.post(f"/tasks/{task.pk}/reminders", data, follow=True)
    html = answer.content.decode()
    assert answer.status_code == 422 and words in html
    assert f'value="{data["remind_at"]}"' in html if "remind_at" in data else True
    assert f'name="next" value="/tasks/{task.pk}#sub-title"' in html
    assert not Reminder.objects.exists()


def test_a_time_that_the_clock_change_skips_is_after_it(page: Client, task: Task) -> None:
    User.objects.update(time_zone="Europe/London")
    page.post(f"/tasks/{task.pk}/reminders", {"remind_at": "2027-03-28T01:30"})
    assert Reminder.objects.get().fires_at == utc(2027, 3, 28, 1, 30)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "When it is due"), (1, "1 minute before"), (90, "90 minutes before"),
     (120, "2 hours before"), (1440, "1 day before"), (20160, "2 weeks before")],
)  # fmt: skip
def test_so_long_before_is_told_as_people_say_it(
    page: Client, task: Task, minutes: int, words: str
) -> None:
    remind(task, minutes)
    assert words in text_of(page.get(f"/tasks/{task.pk}"))
