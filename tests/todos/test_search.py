"""Finding tasks by words: in titles, descriptions and comments, the best match first."""

from __future__ import annotations

import importlib
import unicodedata
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.actor import Actor
from accounts.models import User
from accounts.operations import close_account
from tests.conftest import browser_of
from tests.todos.test_tasks import make_task
from todos import operations, search, sweeps
from todos.models import Comment, SearchText, Task


def find(user: User, text: str) -> list[str]:
    """The titles of what is found, in order."""
    tasks = Task.objects.visible_to(user)
    return [task.title for task in search.best_first(tasks, search.words_of(text), owner=user)]


def comment_on(task: Task, text: str) -> Comment:
    return operations.add_comment(task, by=Actor(task.owner), text=text)


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Buy milk", "milk"),
        ("Buy milk", "MIL"),
        ("Buy milk", "milk buy"),
        ("École", "ecole"),
        ("ecole", "ÉCOLE"),
        ("Cafe\u0301 bill", "café"),
        ("Straße fegen", "strasse"),
        ("STRASSE", "straße"),
        ("Smørrebrød", "smorrebrod"),
        ("Łódź", "lodz"),
        ("\u0130stanbul", "istanbul"),
        ("D\u0131yarbak\u0131r", "diyarbakir"),
        ("ΣΟΦΟΣ", "σοφός"),
        ("Ёлка", "елка"),
        ("\uff34\uff4f\uff44\uff4f", "todo"),
        ("買い物リスト", "リスト"),
        ("हिन्दी पाठ", "हिन्दी"),
        ("Water the 🌱 plants", "🌱"),
        ("I \u2764\ufe0f tea", "\u2764"),
        ("Milk 100%", "100%"),
        ("Milk 100%", "%"),
        ("foo_bar", "bar"),
        ("foo_bar", "foo_bar"),
        ("C:\\temp", "c:\\temp"),
        ("Don't panic", "don't"),
        ("Call Bob.", "bob,"),
        ("Call Bob.", "(call)"),
        ("12t3", "12t3"),
        ("x" * 200, "x" * 150),
        ("-- ;", ";"),
    ],
)
def test_a_word_is_found(alice: User, by_alice: Actor, title: str, asked: str) -> None:
    make_task(by_alice, title)
    make_task(by_alice, "Other")
    assert find(alice, asked) == [unicodedata.normalize("NFC", title)]


@pytest.mark.parametrize(
    "asked",
    [
        *("ilk", "milky", "milk tea", "buy\u4e00", "🌱", "t", "n", "s"),
        *("%", "_", "m_lk", "mi%", "\\", "{{7*7}}", "' OR 1=1 --"),
        *("*", "mil*", '"', '"milk" OR', "^milk", "NEAR(milk)", "words:milk -"),
        *("milk:*", "milk & !tea", "milk' | 'tea"),
    ],
)
def test_what_is_no_beginning_of_a_word_finds_nothing(
    alice: User, by_alice: Actor, asked: str
) -> None:
    make_task(by_alice, "Buy milk")
    assert find(alice, asked) == []


def test_every_word_must_be_there_be_it_in_title_description_or_comment(
    alice: User, by_alice: Actor
) -> None:
    task = make_task(by_alice, "Party", description="Ask **Zoë**\nabout the cake")
    comment_on(task, "She wants a lemon one")
    for asked in ("lemon", "party zoe lem", "cake party"):
        assert find(alice, asked) == ["Party"]
    assert find(alice, "party lime") == []


def test_the_best_match_comes_first(alice: User, by_alice: Actor) -> None:
    for title, description in (
        ("Teapot", ""),
        ("Shopping", "tea"),
        ("Drink tea", ""),
        ("Green Tea", ""),
        ("Old tea", ""),
    ):
        make_task(by_alice, title, description=description)
    operations.complete_task(Task.objects.get(title="Old tea"), by=by_alice)
    assert find(alice, "tea") == ["Green Tea", "Drink tea", "Old tea", "Teapot", "Shopping"]


def test_a_word_in_the_title_and_in_the_notes_counts_as_in_the_title(
    alice: User, by_alice: Actor
) -> None:
    make_task(by_alice, "tea", description="tea")
    make_task(by_alice, "coffee", description="tea")
    assert find(alice, "tea") == ["tea", "coffee"]
    assert SearchText.objects.get(task__title="tea").words == f"{alice.pk}ttea"


def test_what_is_changed_is_found_by_its_new_words(alice: User, by_alice: Actor) -> None:
    task = make_task(by_alice, "Buy milk", description="oats")
    comment = comment_on(task, "lemon")
    task = operations.change_task(task, by=by_alice, title="Buy bread", description="rye")
    assert [find(alice, word) for word in ("milk", "oats", "bread", "rye", "lemon")] == [
        [], [], ["Buy bread"], ["Buy bread"], ["Buy bread"],
    ]  # fmt: skip
    assert task.noted is not None
    operations.undo_change(task.noted, by=by_alice)
    assert [find(alice, word) for word in ("milk", "oats", "bread")] == [
        ["Buy milk"], ["Buy milk"], [],
    ]  # fmt: skip
    comment = operations.change_comment(comment, by=by_alice, text="lime")
    assert [find(alice, word) for word in ("lemon", "lime")] == [[], ["Buy milk"]]
    operations.delete_comment(comment, by=by_alice)
    assert find(alice, "lime") == []


def test_the_trash_is_not_searched_and_what_is_erased_leaves_no_word(
    alice: User, by_alice: Actor
) -> None:
    task = make_task(by_alice, "Secret plan")
    operations.trash_task(task, by=by_alice)
    assert find(alice, "secret") == []
    operations.restore_task(task, by=by_alice)
    assert find(alice, "secret") == ["Secret plan"]
    operations.trash_task(task, by=by_alice)
    operations.erase_task(task, by=by_alice)
    assert not SearchText.objects.exists()
    assert indexed_rows("secret", alice) == []


def indexed_rows(word: str, owner: User) -> list[int]:
    """What the index itself gives, whatever tasks there are."""
    found = search.Found(words=[word], owner_id=owner.pk)
    sql = search.POSTGRESQL_TASKS if connection.vendor == "postgresql" else search.SQLITE_TASKS
    forms = (
        {"whole": "'%s'", "prefix": "'%s':*", "either": " | ", "both": " & "}
        if connection.vendor == "postgresql"
        else {"whole": '"%s"', "prefix": '"%s" *', "either": " OR ", "both": " AND "}
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [found.question(**forms)])
        return [row[0] for row in cursor.fetchall()]


def test_the_index_of_sqlite_holds_no_erased_word_after_the_sweep(
    alice: User, by_alice: Actor
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's vacuum does it.")
    make_task(by_alice, "Buy milk")
    task = make_task(by_alice, "Xylophone")
    operations.trash_task(task, by=by_alice)
    operations.erase_task(task, by=by_alice)

    def is_there() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT block FROM todos_searchtext_words_data")
            return any(b"xylophone" in block for (block,) in cursor.fetchall())

    assert is_there()
    sweeps.forget_erased_words(timezone.now())
    assert not is_there()
    assert find(alice, "milk") == ["Buy milk"]


def test_closing_the_account_takes_the_words_along(alice: User, by_alice: Actor) -> None:
    comment_on(make_task(by_alice, "Secret plan"), "hush")
    assert indexed_rows("hush", alice)
    close_account(alice)
    assert not SearchText.objects.exists()
    assert indexed_rows("hush", alice) == indexed_rows("secret", alice) == []


def test_nobody_finds_the_tasks_of_another(alice: User, bob: User) -> None:
    make_task(Actor(alice), "Secret plan")
    assert find(bob, "secret") == []
    assert indexed_rows("secret", bob) == []
    found = search.found(Task.objects.visible_to(bob), ["secret"], owner=alice)
    assert not found.exists()


def test_a_task_with_very_much_text_is_kept_and_found(alice: User, by_alice: Actor) -> None:
    task = make_task(by_alice, "Everything")
    for number in range(45):
        text = " ".join(f"é{number}x{word:028x}" for word in range(270))
        Comment.objects.create(owner=alice, task=task, by=alice, text=text)
    comment_on(task, "latest")
    assert len(SearchText.objects.get().words) <= search.LONGEST_TEXT
    assert find(alice, "latest everything") == ["Everything"]


def test_the_words_of_tasks_that_had_none_are_stored(alice: User, by_alice: Actor) -> None:
    with_comment = make_task(by_alice, "Buy milk")
    comment_on(with_comment, "lemon")
    make_task(by_alice, "Call Bob", description="about the cake")
    before = dict(SearchText.objects.values_list("task", "words"))
    SearchText.objects.all().delete()
    assert find(alice, "lemon") == []
    migration: Any = importlib.import_module("todos.migrations.0014_words_of_tasks")
    for _twice in range(2):
        migration.store_words(apps, None)
    assert dict(SearchText.objects.values_list("task", "words")) == before
    assert find(alice, "lemon") == ["Buy milk"]


class Editor:
    """As much of a schema editor as the migration uses."""

    connection = connection

    def execute(self, sql: str, params: None) -> None:
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute(sql)


def test_the_index_can_be_dropped_and_made_anew(alice: User, by_alice: Actor) -> None:
    task = make_task(by_alice, "Buy milk")
    migration: Any = importlib.import_module("todos.migrations.0013_index_of_words")
    migration.drop_index(apps, Editor())
    operations.change_task(task, by=by_alice, title="Buy bread")
    migration.make_index(apps, Editor())
    assert find(alice, "bread") == ["Buy bread"]
    operations.change_task(task, by=by_alice, title="Buy rice")
    assert (find(alice, "bread"), find(alice, "rice")) == ([], ["Buy rice"])


@given(st.text(st.characters(max_codepoint=127), max_size=100))
def test_plain_text_is_cut_by_the_same_rule_as_any_other(text: str) -> None:
    assert search.cut(text) == search.cut(f"{text}\u4e00")[:-1]


@pytest.mark.parametrize("text", ["x " * 21, "x" * 201, "word " * 10_000, "a\x00b", "\ud800"])
def test_a_search_that_is_too_long_or_no_text_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        search.words_of(text)


def test_a_search_of_nothing_is_no_search(alice: User, by_alice: Actor) -> None:
    make_task(by_alice, "Buy milk")
    assert search.words_of(" ") == []
    assert find(alice, "") == ["Buy milk"]


def test_the_page_finds_by_a_comment_the_best_match_first(
    page: Client, charlie: User, by_alice: Actor
) -> None:
    comment_on(make_task(by_alice, "Party"), "A lemon cake, à la Zoë")
    make_task(by_alice, "Lemonade")
    text = page.get("/search", {"q": "LEMON"}).content.decode()
    assert 0 < text.index("Lemonade") < text.index("Party")
    assert "2 tasks found" in text
    assert "Party" in page.get("/search", {"q": "zoe"}).content.decode()
    assert "Party" not in browser_of(charlie).get("/search", {"q": "zoe"}).content.decode()


def test_the_api_finds_the_best_match_first_unless_an_order_is_asked_for(
    api: APIClient, by_alice: Actor
) -> None:
    comment_on(make_task(by_alice, "Zebra"), "tea")
    make_task(by_alice, "Tea")
    make_task(by_alice, "Apple", description="tea")

    def titles(query: str) -> list[str]:
        answer = api.get(f"/api/v1/tasks/?search=tea&{query}")
        return [task["title"] for task in answer.json()["items"]]

    assert titles("") == ["Tea", "Apple", "Zebra"]
    assert titles("ordering=") == ["Tea", "Apple", "Zebra"]
    assert titles("ordering=-title") == ["Zebra", "Tea", "Apple"]
    assert titles("size=2&page=2") == ["Zebra"]
    answer = api.get("/api/v1/tasks/?search=" + "+".join(["word"] * 10_000))
    assert answer.status_code == 400
    assert list(answer.json()) == ["search"]


def test_postgresql_uses_the_index_however_few_tasks_there_are(
    alice: User, by_alice: Actor
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("The plan of PostgreSQL.")
    make_task(by_alice, "Buy milk")
    found = search.best_first(Task.objects.visible_to(alice), ["milk"], owner=alice)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "search_text_words" in found.explain()
