"""A database and an application for each drill, of the kind that the suite runs on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from tests.servers import Application


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """A database that another process can open."""
    if settings.IS_SQLITE:
        yield f"sqlite:///{tmp_path}/todo.sqlite3"
        return
    server = urlsplit(os.environ["DATABASE_URL"])._replace(path="/postgres").geturl()
    name = f"todo_drill_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def application(tmp_path: Path, database_url: str) -> Application:
    drilled = {"DATABASE_URL": database_url, "ACCESS_TOKEN_EXPIRE_MINUTES": "120"}
    application = Application(tmp_path, settings=drilled)
    application.migrate()
    return application
