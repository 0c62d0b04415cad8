"""Creating and changing a task: the operation."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from accounts.actor import Actor
from accounts.errors import Conflict
from accounts.models import User
from todos import operations
from todos.models import Change, Tag, Task, TaskList


def make_task(by: Actor, title: str = "Buy oat milk", **fields: object) -> Task:
    task, _ = operations.create_task(by=by, title=title, **fields)  # type: ignore[arg-type]
    return task


def test_a_task_without_a_list_goes_to_the_inbox(by_alice: Actor, inbox: TaskList) -> None:
    assert make_task(by_alice).task_list == inbox


def test_tasks_are_added_at_the_end(by_alice: Actor, inbox: TaskList) -> None:
    for title in ("one", "two", "three"):
        make_task(by_alice, title)
    assert [str(task) for task in inbox.tasks.by_position()] == ["one", "two", "three"]


def test_an_unknown_tag_is_made_and_a_known_one_used_whatever_its_case(by_alice: Actor) -> None:
    first = make_task(by_alice, tags=["Errand", "phone", "errand"])
    second = make_task(by_alice, tags=["ERRAND"])
    assert [tag.name for tag in first.tags.order_by("pk")] == ["Errand", "phone"]
    assert second.tags.get() == first.tags.get(name="Errand")


def test_every_write_adds_one_change_numbered_in_order(by_alice: Actor) -> None:
    task = make_task(by_alice)
    operations.change_task(task, by=by_alice, title="Buy soy milk")
    operations.change_task(task, by=by_alice, title="Buy soy milk")
    operations.complete_task(task, by=by_alice)
    operations.complete_task(task, by=by_alice)
    assert list(Change.objects.of(task).values_list("number", "kind", "before", "after"))[1:] == [
        (2, "changed", {"title": "Buy oat milk"}, {"title": "Buy soy milk"}),
        (1, "created", {}, Change.objects.get(number=1).after),
    ]
    task.refresh_from_db()
    assert task.version == 3


def test_changing_tags_is_one_change_of_the_task(by_alice: Actor) -> None:
    task = make_task(by_alice, tags=["a"])
    operations.change_task(task, by=by_alice, tags=["b"])
    a, b = Tag.objects.order_by("name")
    change = Change.objects.of(task).first()
    assert change and (change.before, change.after) == ({"tags": [a.pk]}, {"tags": [b.pk]})


def test_another_day_keeps_the_time_and_its_zone(by_alice: Actor) -> None:
    task = make_task(by_alice, due_on=date(2026, 3, 28), due_time=time(9), due_zone="Europe/Berlin")
    task = operations.change_task(task, by=by_alice, due_on=date(2026, 3, 30))
    assert (task.due_time, task.due_zone) == (time(9), "Europe/Berlin")
    assert task.due_at == datetime(2026, 3, 30, 9, tzinfo=ZoneInfo("Europe/Berlin"))


def test_without_a_day_there_is_no_time(by_alice: Actor) -> None:
    task = make_task(by_alice, due_on=date(2026, 3, 28), due_time=time(9), due_zone="Asia/Tokyo")
    task = operations.change_task(task, by=by_alice, due_on=None)
    assert (task.due_on, task.due_time, task.due_zone, task.due_at) == (None, None, "", None)


def test_a_time_that_the_clocks_skip_is_as_much_later(by_alice: Actor) -> None:
    task = make_task(
        by_alice, due_on=date(2026, 3, 29), due_time=time(2, 30), due_zone="Europe/Berlin"
    )
    task.refresh_from_db()
    assert task.local_due(ZoneInfo("Europe/Berlin")) == (date(2026, 3, 29), time(3, 30))


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"title": " \u200b "}, "title", "blank"),
        ({"title": "x" * 201}, "title", "200"),
        ({"description": "x" * 10_001}, "description", "10000"),
        ({"title": "a\x00b"}, "title", "cannot be kept"),
        ({"priority": 5}, "priority", "not a valid choice"),
        ({"due_time": time(9)}, "due_time", "A time needs a day."),
        ({"due_on": date(2026, 1, 1), "due_zone": "Asia/Tokyo"}, "due_zone", "needs a time"),
        ({"due_on": date(1969, 12, 31)}, "due_on", "1970"),
        (
            {"due_on": date(2026, 1, 1), "due_time": time(9), "due_zone": "Mars/Phobos"},
            "due_zone",
            "no such time zone",
        ),
        ({"tags": ["a,b"]}, "tags", "comma"),
        ({"tags": [str(number) for number in range(51)]}, "tags", "50"),
    ],
)
def test_a_refusal_names_the_field_and_keeps_nothing(
    by_alice: Actor, fields: dict[str, object], name: str, words: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        operations.create_task(by=by_alice, **{"title": "Buy milk"} | fields)
    assert words in str(refusal.value.message_dict[name])
    assert not Task.objects.exists()
    assert not Tag.objects.exists()
    assert not Change.objects.exists()


def test_text_is_kept_as_one_normal_form_without_controls(by_alice: Actor) -> None:
    task = make_task(by_alice, "Cafe\u0301\u202e\r\n  menu\x07", description="a\r\nb\x1b")
    assert (task.title, task.description) == ("Café menu", "a\nb")


def test_a_known_uid_answers_the_task_as_it_is(by_alice: Actor, bob: User) -> None:
    task = make_task(by_alice)
    again, created = operations.create_task(by=by_alice, uid=task.uid, title="Other")
    assert (again, again.title, created) == (task, "Buy oat milk", False)
    other, created = operations.create_task(by=Actor(bob), uid=task.uid, title="Bob's")
    assert created and other.pk != task.pk
    operations.trash_task(task, by=by_alice)
    with pytest.raises(Conflict, match=f"/tasks/{task.pk}/restore"):
        operations.create_task(by=by_alice, uid=task.uid, title="Other")


def test_no_task_goes_into_an_archived_list(by_alice: Actor) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    operations.archive_list(home, by=by_alice)
    with pytest.raises(ValidationError, match="archived"):
        make_task(by_alice, task_list=home)


def test_a_task_in_the_trash_is_not_changed(by_alice: Actor) -> None:
    task = make_task(by_alice)
    operations.trash_task(task, by=by_alice)
    with pytest.raises(Conflict) as refusal:
        operations.change_task(task, by=by_alice, title="Other")
    assert refusal.value.status == 404
