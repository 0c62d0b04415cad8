"""The pages of the to-do list, as a browser without JavaScript uses them."""

import re
from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from tests.conftest import browser_of
from tests.todos.test_tasks import make_task
from todos import operations
from todos.models import Change, Tag, Task, TaskList

# 21:30 on Monday in London, 10:30 on Tuesday in Auckland.
NOW = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)


def text_of(answer: object) -> str:
    """The words of a page's main part, without its tags."""
    html = answer.content.decode()  # type: ignore[attr-defined]
    main = html[html.index("<main") :]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def post(page: Client, route: str, **data: str) -> str:
    """The words of the page that a form leads to."""
    answer = page.post(route, data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_visitor_sees_what_this_is_and_a_person_their_day(page: Client, db: None) -> None:
    visit = browser_of().get("/")
    assert visit.status_code == 200
    assert b"/accounts/signup/" in visit.content
    assert page.get("/").url == "/today"  # type: ignore[attr-defined]


def test_pages_ask_a_visitor_to_log_in(db: None) -> None:
    answer = browser_of().get("/today")
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/today")  # type: ignore[attr-defined]


def test_adding_takes_one_field_and_leads_back(page: Client, inbox: TaskList) -> None:
    html = post(page, "/tasks/add", title="Buy oat milk", next="/inbox")
    assert "Added: Buy oat milk" in html
    assert Task.objects.get().task_list == inbox


def test_a_page_adds_its_own_list_day_or_tag(page: Client, by_alice: Actor, alice: User) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    make_task(by_alice, "tagged", tags=["errand"])
    tag = Tag.objects.get()
    for route in (f"/lists/{home.pk}", "/today", f"/tags/{tag.pk}"):
        html = page.get(route).content.decode()
        hidden = dict(
            re.findall(r'type="hidden" name="(task_list|due_on|tags)"[^>]*?value="([^"]+)"', html)
        )
        assert hidden, route
        post(page, "/tasks/add", title=route, **hidden)
    assert Task.objects.get(title=f"/lists/{home.pk}").task_list == home
    assert Task.objects.get(title="/today").due_on == datetime.now(UTC).date()
    assert Task.objects.get(title=f"/tags/{tag.pk}").tags.get() == tag


def test_a_refused_line_is_kept_with_the_reason(page: Client) -> None:
    answer = page.post("/tasks/add", {"title": "x" * 201})
    assert answer.status_code == 422
    assert "x" * 201 in answer.content.decode()
    assert "200" in text_of(answer)
    assert page.post("/tasks/add", {"title": "  "}).status_code == 422


def test_another_persons_list_takes_no_task(page: Client, bob: User) -> None:
    theirs = TaskList.objects.get(owner=bob)
    answer = page.post("/tasks/add", {"title": "x", "task_list": theirs.pk})
    assert answer.status_code == 422
    assert not Task.objects.exists()


def test_the_way_back_never_leaves_the_site(page: Client) -> None:
    for foreign in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = page.post("/tasks/add", {"title": "x", "next": foreign})
        assert answer.url == "/inbox"  # type: ignore[attr-defined]


def test_completing_says_what_it_wants_so_a_repeat_changes_nothing(
    page: Client, by_alice: Actor
) -> None:
    task = make_task(by_alice)
    for _number in range(2):
        html = post(page, f"/tasks/{task.pk}/complete", done="1")
        assert "Done: Buy oat milk" in html
    assert Change.objects.of(task).count() == 2
    post(page, f"/tasks/{task.pk}/complete", done="0")
    task.refresh_from_db()
    assert not task.is_done
    assert page.post(f"/tasks/{task.pk}/complete").status_code == 400


def test_htmx_gets_the_row_alone_with_an_undo(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice)
    headers = {"HX-Request": "true", "HX-Target": f"task-{task.pk}"}
    answer = page.post(f"/tasks/{task.pk}/complete", {"done": "1"}, headers=headers)
    html = answer.content.decode()
    change = Change.objects.of(task)[0]
    assert "<html" not in html
    assert f'id="task-{task.pk}"' in html
    row, _status, notices = html.partition('<div id="status"')
    assert "/undo" not in row and 'hx-swap-oob="innerHTML"' in notices
    assert "Done: Buy oat milk" in notices and f"/changes/{change.pk}/undo" in notices
    assert "HX-Request" in answer["Vary"]
    html = post(page, f"/changes/{change.pk}/undo", next="/inbox")
    assert f'id="task-{task.pk}"' in html and "Undone: Buy oat milk" in html
    task.refresh_from_db()
    assert not task.is_done


def test_the_message_after_an_action_offers_undo(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice)
    html = post(page, f"/tasks/{task.pk}/trash")
    change = Change.objects.of(task)[0]
    assert f'action="/changes/{change.pk}/undo"' in html
    assert "Undone: Buy oat milk" in post(page, f"/changes/{change.pk}/undo")
    task.refresh_from_db()
    assert task.trashed_at is None


def form_of(page: Client, task: Task, **changed: str) -> dict[str, str]:
    """What a browser sends for the form of `task` as it opened it, with `changed` typed over it."""
    answer = page.get(f"/tasks/{task.pk}/edit")
    html, data = answer.content.decode(), {}
    for field in answer.context["form"]:
        if not field.field.show_hidden_initial:
            continue
        assert f'name="{field.html_initial_name}"' in html
        value = field.value()
        text = ", ".join(value) if isinstance(value, list) else str("" if value is None else value)
        data[field.html_name] = data[field.html_initial_name] = text
    return data | changed


def test_editing_changes_what_was_typed_and_nothing_else(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice, tags=["b", "a"], due_on=date(2026, 11, 24), due_time=time(9))
    html = post(page, f"/tasks/{task.pk}/edit", **form_of(page, task, title="Other", tags="a, @c"))
    assert "Saved: Other" in html
    change = Change.objects.of(task)[0]
    assert sorted(change.after) == ["tags", "title"]
    post(page, f"/tasks/{task.pk}/edit", **form_of(page, task, title="Other", tags="c, a"))
    assert Change.objects.of(task).count() == 2


def test_clearing_the_day_clears_its_time_and_zone(page: Client, by_alice: Actor) -> None:
    task = make_task(
        by_alice, due_on=date(2026, 11, 24), due_time=time(9), due_zone="Europe/Berlin"
    )
    post(page, f"/tasks/{task.pk}/edit", **form_of(page, task, due_on=""))
    task.refresh_from_db()
    assert (task.due_on, task.due_time, task.due_zone) == (None, None, "")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": ""}, "This field is required."),
        ({"due_time": "09:00"}, "A time needs a day."),
        ({"due_on": "2300-01-01"}, "1970 to 2200"),
        ({"due_zone": "Mars/Phobos"}, "not one of the available choices"),
        ({"priority": "9"}, "not one of the available choices"),
        ({"task_list": "999999"}, "not one of the available choices"),
        ({"tags": "x" * 51}, "50"),
    ],
)
def test_a_bad_edit_is_shown_again_with_the_reason(
    page: Client, by_alice: Actor, changed: dict[str, str], words: str
) -> None:
    task = make_task(by_alice)
    answer = page.post(
        f"/tasks/{task.pk}/edit", form_of(page, task, description="typed words", **changed)
    )
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "typed words" in answer.content.decode()
    assert Change.objects.of(task).count() == 1


def test_a_task_shows_its_history(page: Client, by_alice: Actor) -> None:
    task = operations.change_task(make_task(by_alice), by=by_alice, title="Other", priority=1)
    words = text_of(page.get(f"/tasks/{task.pk}"))
    assert "Buy oat milk" in words
    assert "Created" in words


@time_machine.travel(NOW, tick=False)
def test_today_is_the_persons_own(page: Client, alice: User, by_alice: Actor) -> None:
    make_task(by_alice, "on Monday", due_on=date(2026, 11, 23))
    make_task(by_alice, "on Tuesday", due_on=date(2026, 11, 24))
    make_task(by_alice, "any day")
    words = text_of(page.get("/today"))
    assert "on Monday" in words and "on Tuesday" not in words and "Overdue" not in words
    assert "on Tuesday" in text_of(page.get("/upcoming"))
    alice.time_zone = "Pacific/Auckland"
    alice.save()
    words = text_of(page.get("/today"))
    overdue, due = words.index("Overdue"), words.index("on Tuesday")
    assert overdue < words.index("on Monday") < due
    assert "on Tuesday" not in text_of(page.get("/upcoming"))


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("zone", "due", "place"),
    [
        ("UTC", {"due_time": time(21, 30)}, "overdue"),
        ("UTC", {"due_time": time(21, 31)}, "today"),
        ("Europe/Berlin", {"due_time": time(22, 31)}, "today"),
        ("Europe/Berlin", {"due_time": time(22, 30)}, "overdue"),
        ("UTC", {"due_time": time(22, 31), "due_zone": "Europe/Berlin"}, "today"),
        ("UTC", {"due_time": time(22, 30), "due_zone": "Europe/Berlin"}, "overdue"),
        ("UTC", {"due_time": time(23), "due_zone": "America/New_York"}, "upcoming"),
        ("America/New_York", {"due_time": time(23), "due_zone": "America/New_York"}, "today"),
    ],
)
def test_a_time_is_overdue_from_its_minute_and_a_zone_is_its_own(
    page: Client, alice: User, by_alice: Actor, zone: str, due: dict[str, object], place: str
) -> None:
    alice.time_zone = zone
    alice.save()
    make_task(by_alice, "the task", due_on=date(2026, 11, 23), **due)
    today = text_of(page.get("/today"))
    found = "overdue" if "Overdue" in today else "today" if "the task" in today else "upcoming"
    assert found == place
    assert ("the task" in text_of(page.get("/upcoming"))) == (place == "upcoming")


def test_a_list_that_is_archived_is_out_of_the_way(page: Client, by_alice: Actor) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    make_task(by_alice, "put away", task_list=home, due_on=date(2026, 11, 1))
    assert "put away" in text_of(page.get("/today"))
    post(page, f"/lists/{home.pk}/archive")
    assert "put away" not in text_of(page.get("/today"))
    assert "put away" in text_of(page.get(f"/lists/{home.pk}"))
    post(page, f"/lists/{home.pk}/unarchive")
    assert "put away" in text_of(page.get("/today"))


def test_a_list_is_made_changed_and_trashed_and_comes_back(page: Client, alice: User) -> None:
    assert page.post("/lists/new", {"name": " ", "color": "teal"}).status_code == 422
    assert "New list: Home" in post(page, "/lists/new", name="Home", color="teal")
    home = TaskList.objects.get(owner=alice, is_inbox=False)
    assert "Saved: House" in post(page, f"/lists/{home.pk}/edit", name="House", color="red")
    post(page, "/tasks/add", title="in the house", task_list=str(home.pk))
    post(page, f"/lists/{home.pk}/trash")
    assert page.get(f"/lists/{home.pk}").status_code == 404
    trash = text_of(page.get("/trash"))
    assert "House" in trash and "in the house" not in trash
    post(page, f"/lists/{home.pk}/restore")
    assert "in the house" in text_of(page.get(f"/lists/{home.pk}"))


def test_the_inbox_is_not_trashed(page: Client, inbox: TaskList) -> None:
    assert "The inbox stays" in post(page, f"/lists/{inbox.pk}/trash")
    assert TaskList.objects.get(pk=inbox.pk).trashed_at is None


def test_a_tag_is_renamed_and_deleted(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice, tags=["one", "two"])
    one = Tag.objects.get(name="one")
    answer = page.post(f"/tags/{one.pk}/edit", {"name": "TWO", "color": "red"})
    assert answer.status_code == 422
    assert "You have a tag with this name already." in text_of(answer)
    assert "Saved: three" in post(page, f"/tags/{one.pk}/edit", name="three", color="red")
    post(page, f"/tags/{one.pk}/delete")
    assert [tag.name for tag in task.tags.all()] == ["two"]


def test_the_trash_restores_erases_and_is_emptied(page: Client, by_alice: Actor) -> None:
    first, second, third = (make_task(by_alice, name) for name in ("first", "second", "third"))
    for task in (first, second, third):
        post(page, f"/tasks/{task.pk}/trash")
    assert "Restored: first" in post(page, f"/tasks/{first.pk}/restore")
    assert "Deleted for good: second" in post(page, f"/tasks/{second.pk}/erase", next="/trash")
    assert "1 thing deleted for good." in post(page, "/trash/empty")
    assert [task.title for task in Task.objects.all()] == ["first"]
    assert "The trash was empty." in post(page, "/trash/empty")


def test_a_task_outside_the_trash_is_not_erased(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice)
    assert "Move this task to the trash first." in post(page, f"/tasks/{task.pk}/erase")
    assert Task.objects.exists()


def test_search_finds_words_and_takes_signs_as_they_are(page: Client, by_alice: Actor) -> None:
    make_task(by_alice, "Milk 100%", description="from the <b>shop</b>")
    operations.complete_task(make_task(by_alice, "Old milk"), by=by_alice)
    words = text_of(page.get("/search", {"q": "milk"}))
    assert words.index("Milk 100%") < words.index("Old milk")
    assert "Old milk" not in text_of(page.get("/search", {"q": "milk %"}))
    assert "Milk 100%" in text_of(page.get("/search", {"q": "shop milk"}))
    assert "{{7*7}}" in page.get("/search", {"q": "{{7*7}}"}).content.decode()
    assert page.get("/search", {"q": "x " * 21}).status_code == 200
    assert "20 words and 200 characters at most" in text_of(page.get("/search", {"q": "x " * 21}))


def test_what_was_done_is_told_by_day(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice)
    operations.complete_task(task, by=by_alice, at=datetime(2026, 11, 20, 12, tzinfo=UTC))
    assert "20 November" in text_of(page.get("/done"))


def test_text_is_shown_as_text(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice, "<script>alert(1)</script>", description="javascript:alert(1)")
    for route in ("/inbox", "/tasks", f"/tasks/{task.pk}"):
        assert "<script>alert" not in page.get(route).content.decode()


def test_long_lists_come_in_pages(page: Client, by_alice: Actor) -> None:
    for number in range(51):
        make_task(by_alice, f"task {number}")
    assert "task 0 " not in text_of(page.get("/tasks")) + " "
    assert "task 0" in text_of(page.get("/tasks?page=2"))
    assert page.get("/tasks?page=nonsense").status_code == 200


def test_the_zone_of_a_task_is_chosen_in_its_form(page: Client, by_alice: Actor) -> None:
    task = make_task(
        by_alice, due_on=date(2026, 11, 24), due_time=time(9), due_zone="Europe/Berlin"
    )
    html = page.get(f"/tasks/{task.pk}/edit").content.decode()
    select = html[html.index('name="due_zone"') :].partition("</select>")[0]
    assert re.findall(r'value="([^"]*)" selected', select) == ["Europe/Berlin"]
    assert select.count("<option") > 400


def test_two_tabs_lose_nothing_of_each_other(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice)
    opened_before = form_of(page, task, tags="phone")
    post(page, f"/tasks/{task.pk}/edit", **form_of(page, task, title="Other", description="words"))
    post(page, f"/tasks/{task.pk}/edit", **opened_before)
    task.refresh_from_db()
    assert (task.title, task.description, task.tags.count()) == ("Other", "words", 1)


def test_saving_without_a_change_offers_no_undo(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice)
    html = post(page, f"/tasks/{task.pk}/edit", **form_of(page, task))
    message = html[html.index("Saved: Buy oat milk") :].partition("</main>")[0]
    status = html[: html.index("<main")] + message[:200]
    assert status.count("/undo") == 0


def test_a_row_of_before_offers_no_undo_of_another_change(page: Client, by_alice: Actor) -> None:
    task = operations.complete_task(make_task(by_alice), by=by_alice)
    operations.change_task(task, by=by_alice, title="Renamed")
    headers = {"HX-Request": "true", "HX-Target": f"task-{task.pk}"}
    answer = page.post(f"/tasks/{task.pk}/complete", {"done": "1"}, headers=headers)
    assert answer.status_code == 200
    assert b"/undo" not in answer.content


def test_a_task_in_the_trash_has_to_be_restored_first(page: Client, by_alice: Actor) -> None:
    task = operations.trash_task(make_task(by_alice), by=by_alice)
    answer = page.get(f"/tasks/{task.pk}", follow=True)
    assert answer.redirect_chain == [("/trash", 302)]
    assert "Restore it first" in answer.content.decode()


def test_what_is_gone_by_the_time_is_404(
    page: Client, by_alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = make_task(by_alice, tags=["a"])
    tag = Tag.objects.get()
    delete_tag = operations.delete_tag

    def delete_twice(tag: Tag, *, by: Actor) -> None:
        delete_tag(tag, by=by)
        delete_tag(tag, by=by)

    monkeypatch.setattr(operations, "delete_tag", delete_twice)
    assert page.post(f"/tags/{tag.pk}/delete").status_code == 404
    assert task.tags.count() == 0


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(by_alice: Actor) -> None:
    task = make_task(by_alice)
    visitor, here = browser_of(), "http://testserver/today"
    route = f"/tasks/{task.pk}/complete"
    answer = visitor.post(route, {"done": "1"}, headers={"Referer": here})
    assert answer.url == "/accounts/login/?next=/today"
    assert "this was not done" in visitor.get(answer.url).content.decode()
    answer = visitor.post(route, {"done": "1"}, headers={"Referer": "https://evil.example/x"})
    assert answer.url == "/accounts/login/?next=/today"
    headers = {"Referer": here, "HX-Request": "true"}
    answer = visitor.post(route, {"done": "1"}, headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/accounts/login/?next=/today")


def test_a_refused_line_remembers_its_page(page: Client) -> None:
    answer = page.post("/tasks/add", {"title": " ", "next": "/today#add-title"})
    assert b'name="next" value="/today#add-title"' in answer.content


def test_search_ignores_case_and_normal_form_of_any_letter(page: Client, by_alice: Actor) -> None:
    make_task(by_alice, "\u00c9cole 50%_x")
    for words in ("\u00e9cole", "E\u0301COLE", "50%", "%_x"):
        assert "cole 50" in text_of(page.get("/search", {"q": words}))
    assert "cole 50" not in text_of(page.get("/search", {"q": "5%0"}))


def test_tags_leave_out_what_is_archived(page: Client, by_alice: Actor) -> None:
    home, _ = operations.create_list(by=by_alice, name="Home")
    make_task(by_alice, "put away", task_list=home, tags=["a"])
    operations.archive_list(home, by=by_alice)
    assert "put away" not in text_of(page.get(f"/tags/{Tag.objects.get().pk}"))


@pytest.mark.parametrize("verb", ["comments", "complete", "postpone", "reminders"])
def test_an_address_that_shows_refused_forms_leads_to_the_task(
    page: Client, by_alice: Actor, bob: User, verb: str
) -> None:
    task, theirs = make_task(by_alice), make_task(Actor(bob))
    assert page.get(f"/tasks/{task.pk}/{verb}").url == f"/tasks/{task.pk}"
    assert page.get(f"/tasks/{theirs.pk}/{verb}").status_code == 404


@pytest.mark.parametrize("verb", ["skip", "trash", "step"])
def test_an_address_for_forms_alone_says_so(page: Client, by_alice: Actor, verb: str) -> None:
    answer = page.get(f"/tasks/{make_task(by_alice).pk}/{verb}")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "There is no page here" in text_of(answer)


def test_what_repeats_counts_as_done_today_too(page: Client, by_alice: Actor) -> None:
    task = make_task(by_alice, rule="FREQ=DAILY", due_on=timezone.localdate())
    operations.complete_task(task, by=by_alice)
    assert "1 task done today" in page.get("/today").content.decode()
