"""A small register to export."""

import pytest

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
