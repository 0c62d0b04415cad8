"""What happens inside a process that Django was set up in, for one of the two applications."""

from __future__ import annotations

import os
from importlib import import_module
from types import ModuleType

from bench.content import DEEP, DRIVEN, DRIVEN_TASKS, OTHERS, SEED_TASKS, DataSet, Drive

SIDES = {"todo_project.settings": "bench.ours", "bench.stock.settings": "bench.stock.people"}


def set_up(environ: dict[str, str]) -> None:
    os.environ |= environ
    import django

    django.setup()


def side() -> ModuleType:
    return import_module(SIDES[os.environ["DJANGO_SETTINGS_MODULE"]])


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill(data: DataSet) -> None:
    """Make everybody and everything that is in `data`."""
    from django.db import connection, transaction

    from bench.multiply import indexes_afterwards

    with transaction.atomic(), indexes_afterwards():
        make_people(DRIVEN, data.driven, SEED_TASKS, DRIVEN_TASKS // SEED_TASKS)
        make_people(OTHERS, data.people, data.tasks_each)
        if data.deep:
            make_people(DEEP, 1, SEED_TASKS, data.deep // SEED_TASKS)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    connection.close()


def make_people(email: str, people: int, tasks: int, copies: int = 1) -> None:
    """Make one person and their tasks, so many copies of the tasks, and copies of it all."""
    from bench.multiply import multiply, new_rows

    made = side()
    with new_rows(made.OF_PEOPLE) as theirs:
        with new_rows(made.OF_TASKS) as seed:
            made.make_person(email, tasks)
        multiply(seed, copies - 1, fresh="uid")
    multiply(theirs, people - 1)


def drive(operation: str, people: list[str]) -> Drive:
    """What is needed to drive `operation` as the people with these addresses."""
    return side().drive(people, operation)


def collect_static_files() -> None:
    side().collect_static_files()


def threads() -> int:
    from django.conf import settings

    return int(settings.WEB_THREADS)
