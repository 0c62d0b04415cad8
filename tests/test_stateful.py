"""Whatever is done over the API in whatever order: it is as a few dictionaries would have it.

`make fuzz` is the long form.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests import fuzz
from tests.conftest import make_user, program_of

API = "/api/v1"
TITLES = st.text("aé雪 %<", min_size=1, max_size=5).filter(str.strip)
PICK = st.integers(min_value=0, max_value=99)
TAGS = st.sets(st.sampled_from(["home", "shop", "Zoë"]), max_size=2)
SHOWN = ("title", "list", "parent", "completed")


class Tasks(RuleBasedStateMachine):
    """Tasks by id as they should be, outside the trash and within."""

    def __init__(self) -> None:
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.api = program_of(make_user("Alice"))
        self.lists = {row["id"]: row["name"] for row in self.get("/lists/")["items"]}
        self.inbox = next(iter(self.lists))
        self.tasks: dict[int, dict[str, Any]] = {}
        # What was thrown away as one, by the id of what was thrown away.
        self.trash: dict[int, dict[int, dict[str, Any]]] = {}
        self.trashed_lists: dict[int, tuple[str, dict[int, dict[str, Any]]]] = {}
        self.versions: dict[int, int] = {}
        self.told: dict[tuple[str, int], Any] = {}
        self.since = 0

    def teardown(self) -> None:
        self.told, self.since = {}, 0
        self.the_feed_tells_all_that_is_there()
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    # Asking

    def ask(self, method: str, path: str, body: Any = None, *, status: int) -> Any:
        answer = getattr(self.api, method)(f"{API}{path}", body)
        assert answer.status_code == status, (method, path, body, answer.content)
        return answer.json() if answer.content else None

    def get(self, path: str) -> Any:
        return self.ask("get", path, status=200)

    def pick(self, number: int) -> int | None:
        """One of the tasks that are there."""
        return sorted(self.tasks)[number % len(self.tasks)] if self.tasks else None

    def below(self, task: int) -> list[int]:
        """`task` and all that is below it."""
        children = [pk for pk, each in self.tasks.items() if each["parent"] == task]
        return [task, *(pk for child in children for pk in self.below(child))]

    def above(self, task: int | None) -> list[int]:
        return [task, *self.above(self.tasks[task]["parent"])] if task else []

    # Doing

    @rule(name=TITLES)
    def add_list(self, name: str) -> None:
        row = self.ask("post", "/lists/", {"name": name}, status=201)
        self.lists[row["id"]] = row["name"]

    @rule(title=TITLES, into=PICK, tags=TAGS)
    def add_task(self, title: str, into: int, tags: set[str]) -> None:
        task_list = sorted(self.lists)[into % len(self.lists)]
        body = {"title": title, "list": task_list, "tags": sorted(tags)}
        self.added(self.ask("post", "/tasks/", body, status=201), tags)

    @rule(title=TITLES, number=PICK)
    def add_sub_task(self, title: str, number: int) -> None:
        parent = self.pick(number)
        if parent is None or self.tasks[parent]["completed"] or len(self.above(parent)) > 3:
            return
        self.added(self.ask("post", "/tasks/", {"title": title, "parent": parent}, status=201))
        assert self.tasks[max(self.tasks)]["list"] == self.tasks[parent]["list"]

    def added(self, row: dict[str, Any], tags: set[str] = frozenset()) -> None:  # type: ignore[assignment]
        self.tasks[row["id"]] = {name: row[name] for name in SHOWN} | {"tags": set(tags)}

    @rule(number=PICK, title=TITLES)
    def rename(self, number: int, title: str) -> None:
        if task := self.pick(number):
            row = self.ask("patch", f"/tasks/{task}", {"title": title}, status=200)
            self.tasks[task]["title"] = row["title"]

    @rule(number=PICK)
    def complete(self, number: int) -> None:
        if task := self.pick(number):
            body = {"completed": True, "children": "complete"}
            self.ask("put", f"/tasks/complete/{task}", body, status=200)
            if not self.tasks[task]["completed"]:
                for each in self.below(task):
                    self.tasks[each]["completed"] = True

    @rule(number=PICK)
    def reopen(self, number: int) -> None:
        if task := self.pick(number):
            self.ask("put", f"/tasks/complete/{task}", {"completed": False}, status=200)
            if self.tasks[task]["completed"]:
                for each in self.above(task):
                    self.tasks[each]["completed"] = False

    @rule(number=PICK, into=PICK)
    def move(self, number: int, into: int) -> None:
        if task := self.pick(number):
            task_list = sorted(self.lists)[into % len(self.lists)]
            body = {"list": task_list, "parent": None}
            self.ask("post", f"/tasks/{task}/move", body, status=200)
            self.tasks[task]["parent"] = None
            for each in self.below(task):
                self.tasks[each]["list"] = task_list

    @rule(number=PICK, below=PICK)
    def move_into_its_own_sub_tree(self, number: int, below: int) -> None:
        if task := self.pick(number):
            own = self.below(task)
            body = {"parent": own[below % len(own)]}
            self.ask("post", f"/tasks/{task}/move", body, status=400)

    @rule(name=st.sampled_from(["home", "shop", "Zoë"]))
    def delete_tag(self, name: str) -> None:
        for row in self.get("/tags/")["items"]:
            if row["name"] == name:
                self.ask("delete", f"/tags/{row['id']}", status=204)
        for task in self.everywhere():
            task["tags"].discard(name)

    def everywhere(self) -> list[dict[str, Any]]:
        batches = [self.tasks, *self.trash.values()]
        batches += [tasks for _name, tasks in self.trashed_lists.values()]
        return [task for batch in batches for task in batch.values()]

    @rule(number=PICK)
    def throw_away(self, number: int) -> None:
        if task := self.pick(number):
            self.ask("delete", f"/tasks/{task}", status=204)
            self.ask("delete", f"/tasks/{task}", status=404)
            self.ask("patch", f"/tasks/{task}", {"title": "x"}, status=404)
            self.trash[task] = {each: self.tasks.pop(each) for each in self.below(task)}

    @rule(number=PICK)
    def restore(self, number: int) -> None:
        can = [pk for pk in sorted(self.trash) if self.can_return(self.trash[pk][pk])]
        if can:
            task = can[number % len(can)]
            self.ask("post", f"/tasks/{task}/restore", status=200)
            self.tasks |= self.trash.pop(task)

    def can_return(self, task: dict[str, Any]) -> bool:
        """Whether what it hung on is there and open: else it goes elsewhere, or opens that."""
        parent = self.tasks.get(task["parent"], {"completed": True})
        return task["list"] in self.lists and (task["parent"] is None or not parent["completed"])

    @rule(number=PICK)
    def erase(self, number: int) -> None:
        hung_on = {task["parent"] for batch in self.trash.values() for task in batch.values()}
        can = [
            pk
            for pk, batch in sorted(self.trash.items())
            if batch.keys().isdisjoint(hung_on - {task["parent"] for task in batch.values()})
        ]
        if can:
            task = can[number % len(can)]
            self.ask("delete", f"/trash/tasks/{task}", status=204)
            self.ask("delete", f"/trash/tasks/{task}", status=404)
            del self.trash[task]

    @rule(number=PICK)
    def throw_list_away(self, number: int) -> None:
        others = sorted(self.lists.keys() - {self.inbox})
        if others:
            pk = others[number % len(others)]
            self.ask("delete", f"/lists/{pk}", status=204)
            gone = {key: task for key, task in self.tasks.items() if task["list"] == pk}
            self.tasks = {key: task for key, task in self.tasks.items() if key not in gone}
            self.trashed_lists[pk] = self.lists.pop(pk), gone

    @rule(number=PICK)
    def restore_list(self, number: int) -> None:
        if self.trashed_lists:
            pk = sorted(self.trashed_lists)[number % len(self.trashed_lists)]
            self.ask("post", f"/lists/{pk}/restore", status=200)
            self.lists[pk], back = self.trashed_lists.pop(pk)
            self.tasks |= back

    @rule(number=PICK, what=st.sampled_from(["title", "completed", "trash"]))
    def do_and_undo(self, number: int, what: str) -> None:
        task = self.pick(number)
        if task is None or (what == "completed" and self.tasks[task]["completed"]):
            return
        before = self.get("/changes")["next"]
        if what == "title":
            self.ask("patch", f"/tasks/{task}", {"title": "undone"}, status=200)
        elif what == "completed":
            body = {"completed": True, "children": "complete"}
            self.ask("put", f"/tasks/complete/{task}", body, status=200)
        else:
            self.ask("delete", f"/tasks/{task}", status=204)
        changes = self.get(f"/changes?since={before}")["changes"]
        if changes:
            path = f"/changes/{changes[0]['change']}/undo"
            assert self.ask("post", path, {"batch": True}, status=200)["kept"] == []

    # What is always so

    @invariant()
    def what_is_listed_is_what_should_be_there(self) -> None:
        rows = self.get("/tasks/?size=100")["items"]
        listed = {
            row["id"]: {name: row[name] for name in SHOWN} | {"tags": set(row["tags"])}
            for row in rows
        }
        assert listed == self.tasks
        lists = {row["id"]: row["name"] for row in self.get("/lists/?size=100")["items"]}
        assert lists == self.lists
        thrown = {(row["object"], row["id"]) for row in self.get("/trash/?size=100")["items"]}
        assert thrown == {("task", pk) for pk in self.trash} | {
            ("list", pk) for pk in self.trashed_lists
        }
        for row in rows:
            assert row["version"] >= self.versions.get(row["id"], 0)
            self.versions[row["id"]] = row["version"]

    @invariant()
    def the_feed_tells_all_that_is_there(self) -> None:
        is_more = True
        while is_more:
            answer = self.get(f"/changes?since={self.since}&limit=100")
            for change in answer["changes"]:
                assert change["seq"] > self.since
                self.since = change["seq"]
                self.told[change["object"], change["id"]] = change["data"]
            is_more = answer["more"]
        there = {key: data for key, data in self.told.items() if data is not None}
        assert {pk for kind, pk in there if kind == "task"} == self.tasks.keys()
        for pk, task in self.tasks.items():
            data = there["task", pk]
            assert {name: data[name] for name in SHOWN} == {name: task[name] for name in SHOWN}


@pytest.mark.django_db
def test_the_api_does_as_a_simple_model_does() -> None:
    machine = seed(fuzz.SEED)(Tasks)
    run_state_machine_as_test(
        machine,
        settings=settings(
            fuzz.SETTINGS, max_examples=fuzz.EXAMPLES, stateful_step_count=25, print_blob=False
        ),
    )
