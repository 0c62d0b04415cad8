"""Style sheets and scripts as they are served: few, small, and kept by browsers for good."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import django_htmx
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from todo_project.storage import SHEET_COMMENT, StaticStorage
from todo_project.templatetags.modules import imports_of

KB = 1024
HTMX = Path(django_htmx.__file__).parent / "static" / "django_htmx"
SOURCES = Path(settings.BASE_DIR) / "static"
# What HTTP takes besides, for a file and its answer, is not counted here.
OURS, WITH_HTMX = 25 * KB, 60 * KB


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaticStorage]:
    """The static files as `manage.py serve` collects them; of others only htmx."""
    folder = tmp_path_factory.mktemp("static")
    with override_settings(
        STATIC_ROOT=folder,
        STATICFILES_DIRS=[SOURCES, ("django_htmx", HTMX)],
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
        STORAGES={"staticfiles": {"BACKEND": "todo_project.storage.StaticStorage"}},
    ):
        unused = ["ext", "htmax*", "htmx-4*"]
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=unused)
        yield StaticStorage(location=folder)


def served(collected: StaticStorage, name: str) -> Path:
    return Path(collected.path(collected.stored_name(name)))


def compressed_size(collected: StaticStorage, name: str) -> int:
    """What a browser gets: the smallest of the forms that lie there."""
    path = served(collected, name)
    forms = [path, *path.parent.glob(f"{path.name}.*")]
    return min(form.stat().st_size for form in forms)


def test_all_sheets_are_one_file_in_the_order_of_their_imports(collected: StaticStorage) -> None:
    text = served(collected, "css/app.css").read_text()
    assert "@import" not in text
    imported = re.findall(r'@import url\("(.+)"\)', (SOURCES / "css" / "app.css").read_text())
    sheets = [SHEET_COMMENT.sub("", (SOURCES / "css" / sheet).read_text()) for sheet in imported]
    places = [text.find(sheet) for sheet in sheets if sheet.strip()]
    assert len(places) > 5
    assert -1 not in places
    assert places == sorted(places)


def test_the_one_sheet_has_another_name_when_an_imported_one_changes(tmp_path: Path) -> None:
    names = []
    for color in ("red", "blue"):
        sources, folder = tmp_path / color, tmp_path / f"static-{color}"
        (sources / "css").mkdir(parents=True)
        (sources / "css" / "app.css").write_text('@import url("base.css");\n')
        (sources / "css" / "base.css").write_text(f"a {{ color: {color} }}")
        with override_settings(
            STATIC_ROOT=folder,
            STATICFILES_DIRS=[sources],
            STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
            STORAGES={"staticfiles": {"BACKEND": "todo_project.storage.StaticStorage"}},
        ):
            # As when it is collected for a second time into the same folder.
            for _ in range(2):
                call_command("collectstatic", interactive=False, verbosity=0)
            sheet = served(StaticStorage(location=folder), "css/app.css")
        assert sheet.read_text() == f"a {{ color: {color} }}\n"
        names.append(sheet.name)
    assert names[0] != names[1]


def test_comments_are_for_those_who_read_the_sources(collected: StaticStorage) -> None:
    assert "/*" not in served(collected, "css/app.css").read_text()
    source = (SOURCES / "js" / "rows.js").read_text()
    sent = served(collected, "js/rows.js").read_text()
    assert [line for line in source.splitlines() if not line.lstrip().startswith("//")] == (
        sent.splitlines()
    )


def test_modules_import_each_other_by_names_that_are_served(collected: StaticStorage) -> None:
    scripts = list((Path(collected.location) / "js").glob("*.js"))
    imports = [
        (script.parent / name).resolve()
        for script in scripts
        for name in re.findall(r'"(\./[^"]+\.js)"', script.read_text())
    ]
    assert len(imports) > 3
    assert set(imports) <= {script.resolve() for script in scripts}
    assert all(re.search(r"\.[0-9a-f]{12}\.js$", path.name) for path in imports)


def test_every_module_below_the_first_is_named_for_preloading() -> None:
    found, level = {"js/app.js"}, {"js/app.js"}
    while level:
        texts = [(SOURCES / name).read_text() for name in level]
        names = {f"js/{name}" for text in texts for name in re.findall(r'"\./(.+\.js)";', text)}
        level = names - found
        found |= level
    preloaded = imports_of("js/app.js")
    assert sorted(preloaded) == sorted(found - {"js/app.js"})
    assert len(preloaded) == len(set(preloaded))


def test_our_style_sheets_and_scripts_are_small(collected: StaticStorage) -> None:
    scripts = ["js/app.js", *imports_of("js/app.js")]
    sizes = {name: compressed_size(collected, name) for name in ["css/app.css", *scripts]}
    ours = sum(sizes.values())
    htmx = compressed_size(collected, "django_htmx/htmx-2.min.js")
    assert ours <= OURS, sizes
    assert ours + htmx <= WITH_HTMX, sizes
