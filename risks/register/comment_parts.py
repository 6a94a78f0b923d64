"""What the page of a risk shows of its comments."""

from dataclasses import dataclass
from itertools import accumulate

from accounts.models import User
from risks.register.access import may_take_back
from risks.register.models import Comment, Risk
from risks.register.parts import rows_below

ON_THE_PAGE = 100  # comments; the API has all of them
TOGETHER = 100_000  # characters of the comments on the page: reading Markdown takes time


@dataclass(frozen=True)
class Said:
    """A comment as one reader sees it."""

    comment: Comment
    may_take_back: bool


@dataclass(frozen=True)
class Talk:
    """The latest comments, the oldest of them first; `is_cut` when there are earlier ones."""

    said: tuple[Said, ...]
    is_cut: bool


def comments_on(risk: Risk, reader: User) -> Talk:
    """What the reader may see of it, as far as a page has room; one query."""
    latest = rows_below(risk, "comments", lambda rows: rows.order_by("-at", "-pk")[: ON_THE_PAGE + 1])
    lengths = accumulate(0 if each.taken_back_at else len(each.text) for each in latest)
    fit = [each for each, length in zip(latest, lengths, strict=True) if length <= TOGETHER][:ON_THE_PAGE]
    is_open = risk.system.archived_at is None
    said = tuple(Said(comment, is_open and may_take_back(reader, comment)) for comment in reversed(fit))
    return Talk(said, is_cut=len(fit) < len(latest))
