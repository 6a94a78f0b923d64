"""What the page of a risk shows of its comments."""

from dataclasses import dataclass

from accounts.models import User
from risks.register.access import may_take_back
from risks.register.models import Comment, Risk
from risks.register.parts import rows_below

ON_THE_PAGE = 100  # comments; the API has all of them


@dataclass(frozen=True)
class Said:
    """A comment as one reader sees it."""

    comment: Comment
    may_take_back: bool


def comments_on(risk: Risk, reader: User) -> tuple[Said, ...]:
    """The latest comments on a risk that the reader may see, the oldest of them first; one query."""
    latest = rows_below(risk, "comments", lambda rows: rows.order_by("-at", "-pk")[:ON_THE_PAGE])
    is_open = risk.system.archived_at is None
    return tuple(Said(comment, is_open and may_take_back(reader, comment)) for comment in reversed(latest))
