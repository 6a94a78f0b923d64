"""Who reads the catalog in these tests."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from catalog.reading import current


@pytest.fixture
def reader(outsider: User, client_of: Callable[[User], Client]) -> Client:
    """Someone who has nothing but the right to sign in to some team; the edition is read into the process already."""
    current()
    return client_of(outsider)
