"""The page of a task: sub-tasks, repetition, dates that are asked about, two people at once."""

import re
from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.test import Client

from accounts.actor import Actor
from accounts.models import User
from tests.todos.test_pages import form_of, post, text_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, Section, Task

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_monday() -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def test_a_task_shows_what_is_above_and_below_it(page: Client, by_alice: Actor) -> None:
    house = make_task(by_alice, "House")
    kitchen = make_task(by_alice, "Kitchen", parent=house)
    make_task(by_alice, "Tiles", parent=kitchen)
    operations.complete_task(make_task(by_alice, "Sink", parent=kitchen), by=by_alice)
    answer = page.get(f"/tasks/{kitchen.pk}")
    html, words = answer.content.decode(), text_of(answer)
    assert f'href="/tasks/{house.pk}"' in html
    assert "Sub-tasks 1/2" in words and "Tiles" in words and "Sink" in words
    assert "depth-2" in page.get(f"/tasks/{house.pk}").content.decode()
    post(page, "/tasks/add", title="Lamp", parent=str(kitchen.pk), next=f"/tasks/{kitchen.pk}")
    assert Task.objects.get(title="Lamp").parent == kitchen


def test_another_persons_task_takes_no_sub_task(page: Client, bob: User) -> None:
    theirs = make_task(Actor(bob))
    assert page.post("/tasks/add", {"title": "x", "parent": theirs.pk}).status_code == 422


def test_a_task_repeats_as_its_words_say(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice)
    post(page, f"/tasks/{task.pk}/edit", **form_of(page, task, repeats="every month on the 31st"))
    task.refresh_from_db()
    assert (task.rule, task.repeats_from) == ("FREQ=MONTHLY;BYMONTHDAY=31", "due")
    assert task.due_on == date(2026, 11, 30)
    shown = text_of(page.get(f"/tasks/{task.pk}"))
    assert "every month on the 31st" in shown and "Thu 31 Dec 2026" in shown
    post(page, f"/tasks/{task.pk}/edit", **form_of(page, task, title="Other"))
    assert sorted(Change.objects.of(task)[0].after) == ["title"]
    post(page, f"/tasks/{task.pk}/edit", **form_of(page, task, repeats=""))
    task.refresh_from_db()
    assert task.rule == ""


def test_the_day_and_the_time_that_were_given_stay(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice)
    typed = {"repeats": "every! 3 days at 9am", "due_on": "2026-12-24"}
    post(page, f"/tasks/{task.pk}/edit", **form_of(page, task, **typed))
    task.refresh_from_db()
    assert (task.due_on, task.due_time) == (date(2026, 12, 24), time(9))
    assert task.repeats_from == "completion"


def test_a_preview_shows_the_next_five_dates_and_saves_nothing(
    page: Client, by_alice: Actor
) -> None:
    task = make_task(by_alice)
    data = form_of(page, task, repeats="every monday and friday", title="Typed")
    answer = page.post(f"/tasks/{task.pk}/edit", {**data, "preview": "1"})
    words = text_of(answer)
    assert answer.status_code == 200
    assert "every week on Monday and Friday" in words
    for day in ("23 Nov", "27 Nov", "30 Nov", "4 Dec", "7 Dec"):
        assert day in words
    assert 'value="Typed"' in answer.content.decode()
    task.refresh_from_db()
    assert task.rule == "" and task.title == "Buy oat milk"
    answer = page.get("/repetition", {"repeats": "every monday and friday", "due_on": ""})
    assert "4 Dec" in answer.content.decode() and "<html" not in answer.content.decode()
    assert "Say how it repeats" in page.get("/repetition", {"repeats": "now"}).content.decode()
    assert page.get("/repetition", {"repeats": "daily", "due_zone": "Mars"}).status_code == 200
    assert page.get("/repetition").status_code == 200


def test_words_that_are_no_repetition_are_refused_beside_the_field(
    page: Client, by_alice: Actor
) -> None:
    task = make_task(by_alice)
    answer = page.post(f"/tasks/{task.pk}/edit", form_of(page, task, repeats="now and then"))
    assert answer.status_code == 422
    assert "Say how it repeats" in text_of(answer)


@pytest.fixture
def weekly(by_alice: Actor) -> Task:
    return make_task(by_alice, due_on=NOW.date(), rule="FREQ=WEEKLY;BYDAY=MO")


def test_another_day_of_a_repeating_task_asks_what_it_is_meant_for(
    page: Client, weekly: Task
) -> None:
    typed = form_of(page, weekly, due_on="2026-11-25", title="Typed")
    answer = page.post(f"/tasks/{weekly.pk}/edit", typed)
    assert answer.status_code == 422
    assert "this one alone" in text_of(answer) and 'value="Typed"' in answer.content.decode()
    weekly.refresh_from_db()
    assert weekly.title == "Buy oat milk"


def test_this_one_alone_leaves_the_rule(page: Client, weekly: Task) -> None:
    typed = form_of(page, weekly, due_on="2026-11-25", title="Typed", meant_for="one")
    post(page, f"/tasks/{weekly.pk}/edit", **typed)
    weekly.refresh_from_db()
    assert (weekly.title, weekly.due_on) == ("Typed", date(2026, 11, 25))
    assert (weekly.rule, weekly.original_on) == ("FREQ=WEEKLY;BYDAY=MO", NOW.date())


def test_all_from_now_on_changes_the_rule(page: Client, weekly: Task) -> None:
    post(
        page,
        f"/tasks/{weekly.pk}/edit",
        **form_of(page, weekly, due_on="2026-11-25", meant_for="all"),
    )
    weekly.refresh_from_db()
    assert (weekly.rule, weekly.due_on) == ("FREQ=WEEKLY;BYDAY=WE", date(2026, 11, 25))


def test_both_versions_are_shown_where_two_changed_the_same_field(
    page: Client, by_alice: Actor
) -> None:
    task = make_task(by_alice, tags=["a"])
    opened = form_of(page, task, title="Mine", tags="a, b", priority="1")
    operations.change_task(task, by=by_alice, title="Theirs", description="words", priority=1)
    answer = page.post(f"/tasks/{task.pk}/edit", opened)
    assert answer.status_code == 412
    html, words = answer.content.decode(), text_of(answer)
    assert "It is now: Theirs" in words and 'value="Mine"' in html
    assert "It is now: Urgent" not in words
    assert 'name="initial-title" value="Theirs"' in html and ">\nwords</textarea>" in html
    task.refresh_from_db()
    assert (task.title, task.tags.count()) == ("Theirs", 1)
    form = answer.context["form"]
    again = {key: form.data[key] for key in form.data}
    post(page, f"/tasks/{task.pk}/edit", **again)
    task.refresh_from_db()
    assert (task.title, task.description, task.tags.count()) == ("Mine", "words", 2)


def test_a_change_between_reading_and_writing_is_seen(
    page: Client, by_alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = make_task(by_alice)
    opened = form_of(page, task, title="Mine")
    expecting, others = operations.expecting, ["Theirs"]

    def late(task: Task, versions: list[int], *, by: Actor) -> object:
        if others:
            operations.change_task(task, by=by, title=others.pop())
        return expecting(task, versions, by=by)

    monkeypatch.setattr(operations, "expecting", late)
    answer = page.post(f"/tasks/{task.pk}/edit", opened)
    assert answer.status_code == 412 and "It is now: Theirs" in text_of(answer)


# One fact alone, as its editor sends it


def test_what_a_form_does_not_send_stands_as_it_is(page: Client, by_alice: Actor) -> None:
    task = make_task(
        by_alice, tags=["a"], due_on=NOW.date(), due_time=time(9), rule="FREQ=DAILY", priority=2
    )
    post(page, f"/tasks/{task.pk}", **{"title": "Other", "initial-title": task.title})
    assert sorted(Change.objects.of(task)[0].after) == ["title"]
    post(page, f"/tasks/{task.pk}", **{"tags": "b", "initial-tags": "a"})
    assert sorted(Change.objects.of(task)[0].after) == ["tags"]
    repeats = {"repeats": "every 2 weeks", "initial-repeats": "every day"}
    post(page, f"/tasks/{task.pk}", **repeats)
    task.refresh_from_db()
    assert (task.rule, task.due_on, task.due_time) == (
        "FREQ=WEEKLY;INTERVAL=2", NOW.date(), time(9)
    )  # fmt: skip


def test_an_editor_says_what_it_was_opened_with_so_a_clash_is_found(
    page: Client, by_alice: Actor
) -> None:
    task = make_task(by_alice)
    html = page.get(f"/tasks/{task.pk}").content.decode()
    opened = dict(re.findall(r'name="(initial-\w+)" value="([^"]*)"', html))
    fields = ["title", "description", "task_list", "tags", "priority", "repeats", "start_on"]
    assert {f"initial-{name}" for name in [*fields, "due_on", "due_time", "due_zone"]} <= {*opened}
    operations.change_task(task, by=by_alice, priority=1, title="Theirs")
    sent = {"priority": "3", "initial-priority": opened["initial-priority"]}
    answer = page.post(f"/tasks/{task.pk}", sent)
    assert answer.status_code == 412 and "It is now: Urgent" in text_of(answer)
    assert '<details class="fact" id="edit-priority" name="editor" open>' in answer.content.decode()
    again = re.search(r'name="initial-priority" value="(\d)"', answer.content.decode())
    assert again
    post(page, f"/tasks/{task.pk}", **{"priority": "3", "initial-priority": again[1]})
    task.refresh_from_db()
    assert (task.priority, task.title) == (3, "Theirs")


@pytest.mark.parametrize(("meant_for", "day"), [("one", "MO"), ("all", "WE")])
def test_a_near_day_asks_what_it_is_meant_for_and_takes_the_answer(
    page: Client, weekly: Task, meant_for: str, day: str
) -> None:
    sent = {"due_on": "2026-11-25", "initial-due_on": "2026-11-23"}
    answer = page.post(f"/tasks/{weekly.pk}", sent)
    assert answer.status_code == 422 and "Another day is meant for" in text_of(answer)
    html = answer.content.decode()
    for name, value in sent.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in html
    post(page, f"/tasks/{weekly.pk}", **sent, meant_for=meant_for)
    weekly.refresh_from_db()
    assert (weekly.rule, weekly.due_on) == (f"FREQ=WEEKLY;BYDAY={day}", date(2026, 11, 25))


# Beside a list


def in_view(task: Task, at: str) -> dict[str, str]:
    """The headers of htmx for the view of `task` on the page `at`."""
    return {
        "HX-Request": "true", "HX-Target": "task-view", "HX-Current-URL": f"http://testserver{at}"
    }  # fmt: skip


def test_beside_a_list_its_heading_is_below_that_of_the_page(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice)
    address = f"/tasks/{task.pk}"
    beside = page.get(address, headers=in_view(task, "/today"))
    html = beside.content.decode()
    assert "HX-Current-URL" in beside["Vary"]
    assert '<h2 class="task-title">' in html and "<h1" not in html
    assert "Open as a page" in html and 'name="next" value="/today"' in html
    alone = page.get(address, headers=in_view(task, address)).content.decode()
    assert '<h1 class="task-title">' in alone and "Open as a page" not in alone


def test_in_its_view_a_task_is_completed_and_asks_about_sub_tasks_there(
    page: Client, by_alice: Actor
) -> None:
    task = make_task(by_alice)
    below = make_task(by_alice, "below", parent=task)
    sent = {"done": "1", "occurrence": "", "next": f"/tasks/{task.pk}"}
    headers = in_view(task, "/today")
    answer = page.post(f"/tasks/{task.pk}/complete", sent, headers=headers)
    assert answer.status_code == 409 and 'id="task-view"' in answer.content.decode()
    assert "Complete them too" in text_of(answer)
    answer = page.post(
        f"/tasks/{task.pk}/complete", sent | {"children": "complete"}, headers=headers
    )
    assert answer.url == f"/tasks/{task.pk}"  # type: ignore[attr-defined]
    below.refresh_from_db()
    assert below.is_done


def test_a_sub_task_that_was_refused_is_shown_again_in_the_view(
    page: Client, by_alice: Actor
) -> None:
    task = make_task(by_alice)
    sent = {"title": "x" * 201, "parent": str(task.pk)}
    answer = page.post("/tasks/add", sent, headers=in_view(task, "/today"))
    html = answer.content.decode()
    assert answer.status_code == 422 and 'id="task-view"' in html and "x" * 201 in html


def test_a_section_of_the_list_is_chosen_in_the_form(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice)
    section, _ = operations.create_section(by=by_alice, task_list=task.task_list, name="Later")
    post(page, f"/tasks/{task.pk}/edit", **form_of(page, task, section=str(section.pk)))
    task.refresh_from_db()
    assert task.section == section
    home, _ = operations.create_list(by=by_alice, name="Home")
    post(page, f"/tasks/{task.pk}/edit", **form_of(page, task, task_list=str(home.pk)))
    task.refresh_from_db()
    assert task.task_list == home
    assert task.section_id is None


def test_a_start_is_kept_and_shown(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice)
    post(page, f"/tasks/{task.pk}/edit", **form_of(page, task, start_on="2026-12-01"))
    assert "from Tue 1 Dec" in text_of(page.get("/inbox"))


def test_moving_leads_to_a_list_a_section_a_parent_or_a_neighbour(
    page: Client, by_alice: Actor
) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    section, _ = operations.create_section(by=by_alice, task_list=home, name="Later")
    first, second = (make_task(by_alice, name, task_list=home) for name in ("first", "second"))
    task = make_task(by_alice)
    route = f"/tasks/{task.pk}/move?list={home.pk}"
    assert "As a sub-task of" in text_of(page.get(route))

    def place() -> tuple[object, ...]:
        task.refresh_from_db()
        return task.task_list, task.section, task.parent

    post(page, route, list=str(home.pk))
    assert place() == (home, None, None)
    post(page, route, list=str(home.pk), section=str(section.pk))
    assert place() == (home, section, None)
    post(page, route, parent=str(first.pk))
    assert place() == (home, None, first)
    post(page, route, before=str(second.pk))
    assert place() == (home, None, None)
    assert [str(row) for row in home.tasks.by_position()] == ["first", "Buy oat milk", "second"]
    post(page, f"/tasks/{task.pk}/step", way="down")
    assert [str(row) for row in home.tasks.by_position()] == ["first", "second", "Buy oat milk"]
    post(page, f"/tasks/{task.pk}/step", way="down")
    post(page, f"/tasks/{task.pk}/step", way="up")
    assert [str(row) for row in home.tasks.by_position()] == ["first", "Buy oat milk", "second"]


def test_a_move_below_itself_is_refused(page: Client, by_alice: Actor) -> None:
    top = make_task(by_alice, "top")
    below = make_task(by_alice, "below", parent=top)
    answer = page.post(f"/tasks/{top.pk}/move", {"parent": str(below.pk)})
    assert answer.status_code == 422
    assert "A task cannot be below itself." in text_of(answer)
    assert Section.objects.count() == 0


def test_no_id_stands_twice_on_the_page(page: Client, weekly: Task) -> None:
    html = page.get(f"/tasks/{weekly.pk}").content.decode()
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
