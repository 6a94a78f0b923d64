"""A small register to export, and a broker that is down."""

from collections.abc import Iterator

import pytest
from celery import Celery

from aiexchange.celery import app
from risks.register.models import Risk
from risks.register.services import confirm_threats
from tests.make import make_rating, make_treatment


@pytest.fixture
def risks(system, editor, owner) -> list[Risk]:
    """Every threat of the system as a risk; the first is rated and treated."""
    found = confirm_threats(system.pk, actor=editor)
    make_rating(found[0], actor=editor, likelihood=4, impact=5)
    make_treatment(found[0], actor=editor, owner=owner)
    return found


@pytest.fixture
def broker_down() -> Iterator[None]:
    """Messages go to a port where nobody listens."""
    Celery("nobody", broker="redis://127.0.0.1:1/0", set_as_current=True)
    yield
    app.set_current()
