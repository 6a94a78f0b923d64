"""The edition in force."""

import pytest

from catalog import reading
from catalog.reading import Catalog


@pytest.fixture
def catalog(db) -> Catalog:
    return reading.current()
