import pytest

from accounts import background


@pytest.fixture(autouse=True)
def nothing_to_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "sweeps", {})
