"""An index of the words of tasks, of the kind that the database has."""

from django.db import migrations

# Words have no form but the stored one: no parser and no dictionary takes part. Without the list
# of pending entries no search has to read through what was written since the last clean-up.
POSTGRESQL = [
    "CREATE INDEX search_text_words ON todos_searchtext"
    " USING gin (array_to_tsvector(string_to_array(words, ' '))) WITH (fastupdate = off)",
]
# The words stay in the table of tasks' words; the triggers keep the index in step with it.
SQLITE = [
    "CREATE VIRTUAL TABLE todos_searchtext_words USING fts5("
    "words, content='todos_searchtext', content_rowid='task_id', tokenize='ascii', detail='none')",
    "CREATE TRIGGER search_text_added AFTER INSERT ON todos_searchtext BEGIN"
    " INSERT INTO todos_searchtext_words (rowid, words) VALUES (new.task_id, new.words);"
    " END",
    "CREATE TRIGGER search_text_changed AFTER UPDATE OF words ON todos_searchtext BEGIN"
    " INSERT INTO todos_searchtext_words (todos_searchtext_words, rowid, words)"
    " VALUES ('delete', old.task_id, old.words);"
    " INSERT INTO todos_searchtext_words (rowid, words) VALUES (new.task_id, new.words);"
    " END",
    "CREATE TRIGGER search_text_removed AFTER DELETE ON todos_searchtext BEGIN"
    " INSERT INTO todos_searchtext_words (todos_searchtext_words, rowid, words)"
    " VALUES ('delete', old.task_id, old.words);"
    " END",
    "INSERT INTO todos_searchtext_words (todos_searchtext_words) VALUES ('rebuild')",
]
UNDO_POSTGRESQL = ["DROP INDEX search_text_words"]
UNDO_SQLITE = [
    "DROP TRIGGER search_text_added",
    "DROP TRIGGER search_text_changed",
    "DROP TRIGGER search_text_removed",
    "DROP TABLE todos_searchtext_words",
]


def make_index(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)


def drop_index(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in UNDO_POSTGRESQL if is_postgresql else UNDO_SQLITE:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("todos", "0012_search_text"),
    ]

    operations = [
        migrations.RunPython(make_index, drop_index),
    ]
