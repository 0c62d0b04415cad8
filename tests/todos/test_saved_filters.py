"""Filters over the API and on pages: asked once, or saved under a name and opened like a list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.errors import Conflict
from accounts.models import User
from tests.conftest import browser_of, program_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import SavedFilter, Task

TODAY = datetime.now(UTC).date()


def save(by: Actor, name: str = "Soon", query: str = "today | overdue") -> SavedFilter:
    return operations.create_filter(by=by, name=name, query=query)


def titles(api: APIClient, query: str) -> list[str]:
    answer = api.get(f"/api/v1/tasks/?{query}")
    assert answer.status_code == 200, answer.json()
    return [task["title"] for task in answer.json()["items"]]


# Saving


def test_a_filter_is_saved_as_it_was_written(alice: User, by_alice: Actor) -> None:
    save(by_alice, " Soon ", " today  |  overdue ")
    saved = SavedFilter.objects.get(owner=alice)
    assert (saved.name, saved.query) == ("Soon", "today | overdue")


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"name": " ", "query": "p1"}, "name", "cannot be blank"),
        ({"name": "x" * 101, "query": "p1"}, "name", "at most 100"),
        ({"name": "x", "query": ""}, "query", "cannot be blank"),
        ({"name": "x", "query": "p1 & soonish"}, "query", "At character 6: “soonish”"),
        ({"name": "x", "query": "p1 & #Nowhere"}, "query", "At character 7: There is no list"),
        ({"name": "x", "query": "@nobody"}, "query", "At character 2: There is no tag"),
        ({"name": "x", "query": "x" * 501}, "query", "at most 500"),
    ],
)
def test_what_cannot_be_saved_is_refused_by_field(
    by_alice: Actor, fields: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        operations.create_filter(by=by_alice, **fields)
    assert list(refused.value.message_dict) == [field]
    assert words in refused.value.message_dict[field][0]
    saved = save(by_alice)
    with pytest.raises(ValidationError):
        operations.change_filter(saved, by=by_alice, **fields)
    assert SavedFilter.objects.get().query == "today | overdue"


def test_a_filter_whose_list_is_gone_can_still_be_renamed(by_alice: Actor) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    saved = save(by_alice, query="#Home")
    operations.change_list(home, by=by_alice, name="House")
    operations.change_filter(saved, by=by_alice, name="Old", query="#Home")
    assert SavedFilter.objects.get().name == "Old"
    with pytest.raises(ValidationError):
        operations.change_filter(saved, by=by_alice, query="#Home & p1")


def test_what_was_deleted_cannot_be_changed(by_alice: Actor) -> None:
    saved = save(by_alice)
    operations.delete_filter(saved, by=by_alice)
    operations.delete_filter(saved, by=by_alice)
    with pytest.raises(Conflict) as refused:
        operations.change_filter(saved, by=by_alice, name="Old")
    assert refused.value.status == 404


def test_there_is_an_end_to_filters(by_alice: Actor, bob: User) -> None:
    rows = [SavedFilter(owner=by_alice.user, name="x", query="p1") for _ in range(200)]
    SavedFilter.objects.bulk_create(rows)
    with pytest.raises(ValidationError, match="200 filters already"):
        save(by_alice)
    assert save(Actor(bob))


# The API


def test_tasks_are_filtered_over_the_api(api: APIClient, by_alice: Actor) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    make_task(by_alice, "today", due_on=TODAY, task_list=home, tags=["a", "b"])
    make_task(by_alice, "late", due_on=TODAY - timedelta(days=2), priority=1)
    make_task(by_alice, "milk", priority=1)
    operations.complete_task(make_task(by_alice, "done", priority=1), by=by_alice)
    for query, expected in (
        ("filter=today+|+overdue", ["late", "today"]),
        ("filter=(today+|+overdue)+%26+%23Home", ["today"]),
        ("filter=@a+|+@b", ["today"]),
        ("filter=p1", ["milk", "late"]),
        ("filter=p1&ordering=deadline", ["late", "milk"]),
        ("filter=p1&search=mil", ["milk"]),
        ("filter=p1&completed=true", ["done"]),
        ("filter=p1+%26+done", ["done"]),
        ("filter=all&limit=2", ["milk", "late"]),
        ("filter=", ["done", "milk", "late", "today"]),
    ):
        assert titles(api, query) == expected, query


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("soonish", "At character 1: “soonish” is no condition."),
        ("p1+%26+%23Nowhere", "At character 7: There is no list “Nowhere”."),
        ("%00", "This text has characters that cannot be kept."),
        ("x" * 501, "At character 501: A filter has 500 characters at most."),
        ("(" * 400, "At character 21: This is nested too deeply."),
    ],
)
def test_a_filter_that_is_not_understood_is_400_and_names_the_place(
    api: APIClient, query: str, words: str
) -> None:
    answer = api.get(f"/api/v1/tasks/?filter={query}")
    assert answer.status_code == 400
    assert list(answer.json()) == ["filter"]
    assert answer.json()["filter"][0].startswith(words)


def test_today_is_where_the_person_is(api: APIClient, by_alice: Actor) -> None:
    now = datetime.now(UTC)
    here, there = ("Pacific/Kiritimati", "Pacific/Pago_Pago")
    make_task(by_alice, "here", due_on=(now + timedelta(hours=14)).date())
    for zone, expected in ((here, 1), (there, 0)):
        answer = api.get("/api/v1/tasks/?filter=today", headers={"X-Timezone": zone})
        assert answer.json()["total"] == expected


def test_filters_are_kept_over_the_api(api: APIClient, bob: User) -> None:
    answer = api.post("/api/v1/filters/", {"name": "Soon", "query": "today | overdue"})
    assert answer.status_code == 201
    soon = answer.json()
    assert soon == {
        "id": soon["id"],
        "name": "Soon",
        "query": "today | overdue",
        "text": "due today or overdue",
    }
    address = f"/api/v1/filters/{soon['id']}"
    assert api.get(address).json() == soon
    api.post("/api/v1/filters/", {"name": "All", "query": "all"})
    listed = api.get("/api/v1/filters/").json()
    assert [saved["name"] for saved in listed["items"]] == ["All", "Soon"]
    assert listed["total"] == 2
    changed = api.patch(address, {"query": "p1"}).json()
    assert changed == soon | {"query": "p1", "text": "priority 1"}
    assert api.patch(address, {}).json() == changed
    assert program_of(bob).get(address).status_code == 404
    assert program_of(bob).delete(address).status_code == 404
    assert api.delete(address).status_code == 204
    answer = api.get(address)
    assert (answer.status_code, answer.json()) == (
        404,
        {"detail": f"Filter not found with id={soon['id']}"},
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"query": "p1"}, "name"),
        ({"name": "x"}, "query"),
        ({"name": "x", "query": "soonish"}, "query"),
        ({"name": "x", "query": "#Nowhere"}, "query"),
        ({"name": "x", "query": "p1", "color": "red"}, "color"),
        ({"name": "x", "query": "p1", "text": "other"}, "text"),
        ({"name": "x", "query": 5}, "query"),
        ({"name": "\u200b", "query": "p1"}, "name"),
        ({"name": "x", "query": "y" * 501}, "query"),
    ],
)
def test_a_bad_field_is_400_and_named(api: APIClient, body: dict[str, object], field: str) -> None:
    answer = api.post("/api/v1/filters/", body)
    assert (answer.status_code, list(answer.json())) == (400, [field])


# Pages


def test_a_filter_is_opened_like_a_list_and_told_in_words(page: Client, by_alice: Actor) -> None:
    parent = make_task(by_alice, "Garden", due_on=TODAY + timedelta(days=40))
    child = make_task(by_alice, "Water the <b>roses</b>", priority=1, tags=["a", "b"])
    Task.objects.filter(pk=child.pk).update(parent=parent)
    saved = save(by_alice, "Roses", "(@a | @b) & p1")
    text = page.get(f"/filters/{saved.pk}").content.decode()
    assert "With the tag a or with the tag b, and priority 1" in text
    assert "No task is like this now." not in text
    assert text.count("Water the &lt;b&gt;roses&lt;/b&gt;</a>") == 1
    assert "Garden \u203a" in text
    assert f'action="/tasks/{child.pk}/complete"' in text
    assert f'href="/tasks/{parent.pk}"' not in text


def test_a_filter_is_paged(page: Client, by_alice: Actor) -> None:
    saved = save(by_alice, query="all")
    task = make_task(by_alice, "first")
    rows = [
        Task(owner=task.owner, task_list=task.task_list, title=f"task {number}")
        for number in range(110)
    ]
    Task.objects.bulk_create(rows)
    assert "Page 1 of 2" in page.get(f"/filters/{saved.pk}").content.decode()
    assert "task 109" in page.get(f"/filters/{saved.pk}?page=2").content.decode()


def test_a_filter_whose_list_is_gone_finds_nothing_and_says_so(
    page: Client, by_alice: Actor
) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    make_task(by_alice, "Sweep", task_list=home)
    saved = save(by_alice, query="#Home")
    operations.change_list(home, by=by_alice, name="House")
    text = page.get(f"/filters/{saved.pk}").content.decode()
    assert "There is no list “Home”." in text
    assert "No task is like this now." in text
    assert "Sweep" not in text


def test_a_filter_that_cannot_be_read_any_more_says_why(page: Client, by_alice: Actor) -> None:
    saved = SavedFilter.objects.create(owner=by_alice.user, name="Odd", query="27/1 & 2030-30-30")
    text = page.get(f"/filters/{saved.pk}").content.decode()
    assert "cannot be read any more. At character 8: “2030-30-30” is no condition." in text
    assert "At character 8" in page.get("/filters").content.decode()


def test_filters_are_made_changed_and_deleted_on_pages(page: Client, alice: User) -> None:
    answer = page.post("/filters/new", {"name": "Soon", "query": "7 days"}, follow=True)
    saved = SavedFilter.objects.get(owner=alice)
    assert answer.redirect_chain == [(f"/filters/{saved.pk}", 302)]
    assert "Saved: Soon" in answer.content.decode()
    text = page.get("/filters").content.decode()
    assert "Due in the next 7 days" in text
    assert text.count(f'href="/filters/{saved.pk}"') == 2  # in the rail, too
    assert 'value="7 days"' in page.get(f"/filters/{saved.pk}/edit").content.decode()
    page.post(f"/filters/{saved.pk}/edit", {"name": "Now", "query": "today"})
    saved.refresh_from_db()
    assert (saved.name, saved.query) == ("Now", "today")
    answer = page.post(f"/filters/{saved.pk}/delete", follow=True)
    assert "Deleted the filter: Now" in answer.content.decode()
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("where", ["/filters/new", "/filters/{pk}/edit"])
def test_a_refused_filter_is_shown_again_with_the_place(
    page: Client, by_alice: Actor, where: str
) -> None:
    saved = save(by_alice)
    for query, words in (
        ("p1 &amp; soonish", "At character 6: “soonish” is no condition."),
        ("#Nowhere", "At character 2: There is no list “Nowhere”."),
    ):
        form = {"name": "x", "query": query.replace("&amp;", "&")}
        answer = page.post(where.format(pk=saved.pk), form)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert words in text
        assert f'value="{query}"' in text
        assert 'aria-invalid="true"' in text
    assert SavedFilter.objects.get().query == "today | overdue"


def test_a_filter_is_tried_before_it_is_saved(page: Client, by_alice: Actor) -> None:
    make_task(by_alice, "Buy milk", priority=1)
    answer = page.post("/filters/new", {"query": "p1", "try": "1"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Priority 1" in text
    assert "Buy milk" in text
    assert 'value="p1"' in text
    answer = page.post("/filters/new", {"query": "p1 & #Nowhere", "try": "1"})
    assert answer.status_code == 422
    assert "At character 7" in answer.content.decode()
    assert not SavedFilter.objects.exists()


def test_a_search_can_be_kept_as_a_filter(page: Client, by_alice: Actor) -> None:
    make_task(by_alice, "Salt & (pepper)")
    text = page.get("/search", {"q": "salt & (pepper)"}).content.decode()
    address = text.split('href="/filters/new?query=')[1].split('"')[0]
    form = page.get(f"/filters/new?query={address}").content.decode()
    assert r'value="search: salt \&amp; \(pepper\)"' in form
    saved = save(by_alice, query=r"search: salt \& \(pepper\)")
    assert "Salt &amp; (pepper)</a>" in page.get(f"/filters/{saved.pk}").content.decode()


def test_the_filters_of_another_are_not_there(page: Client, bob: User) -> None:
    saved = save(Actor(bob), "Bobs")
    for path in ("", "/edit"):
        assert page.get(f"/filters/{saved.pk}{path}").status_code == 404
    assert page.post(f"/filters/{saved.pk}/delete").status_code == 404
    assert "Bobs" not in page.get("/filters").content.decode()
    assert browser_of(bob).get(f"/filters/{saved.pk}").status_code == 200
