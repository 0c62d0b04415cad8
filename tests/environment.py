"""A pytest plugin, loaded before Django: the settings that tests run with.

DATABASE_URL and CACHE_URL are taken from the environment, so that the same suite runs on SQLite
and on PostgreSQL with Redis.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DATA_DIR = Path(tempfile.mkdtemp(prefix="todo-tests-"))
(DATA_DIR / "static").mkdir()
atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)

# Each worker of pytest-xdist empties its cache between tests, so each has a Redis database.
if "CACHE_URL" in os.environ and "PYTEST_XDIST_WORKER" in os.environ:
    number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw")) + 1
    os.environ["CACHE_URL"] = os.environ["CACHE_URL"].rpartition("/")[0] + f"/{number}"

os.environ |= {
    "DATA_DIR": str(DATA_DIR),
    "DEBUG": "false",
    "HOST": "localhost",
    "PUBLIC_URL": "http://testserver",
    "SIGN_UP": "open",
    "SECURITY_CONTACT": "",
    "SECRET_KEY": "a secret for tests alone, not for a server",
    "REFRESH_SECRET_KEY": "another secret for tests alone, not for a server",
    "REQUIRE_CONFIRMED_EMAIL": "false",
    "EMAIL_URL": "memorymail://",
    "ACCESS_TOKEN_EXPIRE_MINUTES": "5",
    "REFRESH_TOKEN_EXPIRE_MINUTES": "43200",
    "REFRESH_TOKEN_IDLE_MINUTES": "20160",
    "ALGORITHM": "HS256",
    # Tests ask faster than any program.
    "LIMIT_REQUESTS": "1000000/m",
    "LIMIT_REQUESTS_OF_ADDRESS": "1000000/m",
}
