"""JavaScript clients as `make clients` gets them from their registry, put together for a page."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.servers import BASE_DIR

FOLDER = BASE_DIR / ".npm"
# The first is what the original client of this API was built with.
LIBRARIES = ("original", "newer")


def is_installed(libraries: str) -> bool:
    return (modules(libraries) / "axios-auth-refresh" / "package.json").is_file()


def modules(libraries: str) -> Path:
    return FOLDER / libraries / "node_modules"


def bundle(libraries: str, client: str) -> str:
    """`client` with the libraries that it imports, unchanged, in one script, as a bundler does."""
    refreshing = modules(libraries) / "axios-auth-refresh"
    main = json.loads((refreshing / "package.json").read_text())["main"]
    return "\n".join(
        [
            "const modules = {}, require = (name) => modules[name];",
            wrapped("axios", modules(libraries) / "axios" / "dist" / "axios.js"),
            wrapped("axios-auth-refresh", refreshing / main),
            re.sub(r'import (\w+) from ("[\w-]+");', r"const \1 = require(\2).default;", client),
        ]
    )


def wrapped(name: str, file: Path) -> str:
    begin = "(() => { const module = { exports: {} }, exports = module.exports;"
    return f'modules["{name}"] = {begin}\n{file.read_text()}\nreturn module.exports; }})();'
