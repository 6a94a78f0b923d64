"""What people say about a risk: comments, in Markdown, and taking one back.

A comment changes nothing that others edit, so it leaves the version of the risk alone: nobody's form goes stale because
somebody said something. Events tell that somebody commented, not what: a comment taken back is gone from sight.
"""

from dataclasses import dataclass
from itertools import accumulate

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from journal.recording import Actor, record
from journal.writing import create, lock
from risks.register.access import may_take_back, must_comment, must_take_back
from risks.register.models import Comment, Risk
from risks.register.parts import rows_below
from risks.register.services import held_risk, text_within
from risks.systems.access import must_be_active

COMMENTED, TAKEN_BACK = "risk.commented", "comment.taken_back"
LONGEST_COMMENT = 10_000  # characters
ON_THE_PAGE = 100  # comments; the API has all of them
TOGETHER = 100_000  # characters of the comments on the page: reading Markdown takes time


@dataclass(frozen=True)
class Said:
    """A comment as one reader sees it."""

    comment: Comment
    may_take_back: bool


@transaction.atomic
def comment_on_risk(risk_id: int, *, actor: User, text: str) -> Comment:
    """Say something about a risk, in Markdown. Raises ValidationError, NotAllowed."""
    risk = held_risk(risk_id)
    must_comment(actor, risk)
    text = text_within("text", text, LONGEST_COMMENT, needed="Write something first.")
    said = {"author": actor, "author_name": actor.display_name, "text": text}
    comment = create(Comment(team_id=risk.team_id, risk=risk, **said))
    record(risk, COMMENTED, actor=actor)
    return comment


@transaction.atomic
def take_back_comment(comment_id: int, *, actor: Actor) -> Comment:
    """Take a comment out of sight; its place stays. Doing it again changes nothing. Raises NotAllowed."""
    held_risk(Comment.objects.values_list("risk_id", flat=True).get(pk=comment_id))
    comment = lock(Comment, comment_id)
    must_take_back(actor, comment)
    must_be_active(comment.risk.system)
    if comment.taken_back_at is None:
        comment.taken_back_at = timezone.now()
        comment.save(update_fields=["taken_back_at"])
        record(comment.risk, TAKEN_BACK, actor=actor, changes={"author": [comment.author_name, None]})
    return comment


def comments_on(risk: Risk, reader: User) -> tuple[Said, ...]:
    """The latest comments on a risk that the reader may see, the oldest of them first, as far as a page has room for
    them; one query.
    """
    latest = rows_below(risk, "comments", lambda rows: rows.order_by("-at", "-pk")[:ON_THE_PAGE])
    lengths = accumulate(0 if each.taken_back_at else len(each.text) for each in latest)
    latest = [each for each, length in zip(latest, lengths, strict=True) if length <= TOGETHER]
    is_open = risk.system.archived_at is None
    return tuple(Said(comment, is_open and may_take_back(reader, comment)) for comment in reversed(latest))
