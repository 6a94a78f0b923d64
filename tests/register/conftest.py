"""A filled register, for what reads many risks."""

import pytest

from tests.register.register_of_many import CLASSIFIER, fill


@pytest.fixture
def register(team, editor, owner, other_team, outsider):
    """Three systems of two teams, with all their risks."""
    return [
        fill(team, editor, owner, rated=9, treated=8),
        fill(team, editor, owner, name="Card fraud classifier", answers=CLASSIFIER),
        fill(other_team, outsider, outsider, name="Payment check"),
    ]
