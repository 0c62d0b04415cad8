"""Store the words of the tasks that there are, so that search finds them.

The rule by which texts are cut stands here as it was then: a change of search changes no history.
"""

import re
import unicodedata
from collections import defaultdict
from itertools import groupby

from django.db import migrations

AT_ONCE = 500
LONGEST_WORD, LONGEST_TEXT = 64, 250_000
LETTERS = "letters"
ASCII_WORD = re.compile(r"[a-z0-9]+|[!-/:-@\[-`{-~]")
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "\u0131": "i"}
    | {"æ": "ae", "œ": "oe"}
)
VARIATION_SELECTORS = {chr(code) for code in range(0xFE00, 0xFE10)}
SPACELESS = (
    (0x0E00, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0x20000, 0x3FFFF),
)


def store_words(apps, schema_editor):
    Task = apps.get_model("todos", "Task")
    Comment = apps.get_model("todos", "Comment")
    SearchText = apps.get_model("todos", "SearchText")
    tasks = Task.objects.filter(search_text=None).order_by("pk")
    while some := list(tasks.only("owner", "title", "description")[:AT_ONCE]):
        texts = defaultdict(list)
        for comment in Comment.objects.filter(task__in=some).order_by("-pk"):
            texts[comment.task_id].append(comment.text)
        SearchText.objects.bulk_create(
            SearchText(
                owner_id=task.owner_id,
                task_id=task.pk,
                words=stored_words(task.owner_id, task.title, [task.description, *texts[task.pk]]),
            )
            for task in some
        )


def stored_words(owner_id, title, texts):
    """Each word once, with owner and place in front."""
    in_title = cut(title)
    elsewhere = dict.fromkeys(word for text in texts for word in cut(text))
    stored = [stored_word(owner_id, "t", word) for word in in_title]
    stored += [stored_word(owner_id, "n", word) for word in elsewhere if word not in in_title]
    text = " ".join(stored)
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT].rpartition(" ")[0]


def stored_word(owner_id, place, word):
    is_sign = unicodedata.category(word[0])[0] in "PS"
    return f"{owner_id}s{ord(word):x}" if is_sign else f"{owner_id}{place}{word}"


def cut(text):
    if text.isascii():
        words = ASCII_WORD.findall(text.lower())
    else:
        runs = [(kind, "".join(run)) for kind, run in groupby(fold(text), kind_of) if kind]
        words = [run if kind == LETTERS else kind for kind, run in runs]
    return dict.fromkeys(word[:LONGEST_WORD] for word in words)


def fold(text):
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(
        letter
        for letter in text
        if not unicodedata.combining(letter) and letter not in VARIATION_SELECTORS
    ).translate(PLAIN)


def kind_of(character):
    category = unicodedata.category(character)[0]
    if category in "ZC":
        return ""
    is_spaceless = any(first <= ord(character) <= last for first, last in SPACELESS)
    return LETTERS if category in "LNM" and not is_spaceless else character


class Migration(migrations.Migration):
    """Safe to run twice: it looks for what has no words. Backwards, the table goes."""

    dependencies = [
        ("todos", "0013_index_of_words"),
    ]

    operations = [
        migrations.RunPython(store_words, migrations.RunPython.noop),
    ]
