import pytest

from accounts import background
from accounts.models import User
from tests.conftest import make_user
from tests.todos.transfers.accounts import file_of, furnish


@pytest.fixture(autouse=True)
def nothing_to_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "sweeps", {})


@pytest.fixture
def file(alice: User) -> bytes:
    """An export of an account with something of everything."""
    furnish(alice)
    return file_of(alice)


@pytest.fixture
def dora(db: None) -> User:
    """Somebody with an empty account."""
    return make_user("Dora")
