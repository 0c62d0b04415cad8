from typing import Any

import pytest

from accounts.models import User
from tests import fuzz


@pytest.fixture
def rows(alice: User) -> dict[str, Any]:
    """One thing of Alice's of each kind."""
    return fuzz.rows_of(alice)
