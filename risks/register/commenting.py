"""The verbs of comments: saying something about a risk, in Markdown, and taking it back.

A comment changes nothing that others edit, so it leaves the version of the risk alone: nobody's form goes stale because
somebody said something. Events tell that somebody commented, not what: a comment taken back is gone from sight.
"""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from journal.recording import Actor, record
from journal.writing import create, lock
from risks.register.access import must_comment, must_take_back
from risks.register.models import Comment
from risks.register.services import held_risk, text_within
from risks.systems.access import must_be_active

COMMENTED, TAKEN_BACK = "risk.commented", "comment.taken_back"
LONGEST_COMMENT = 10_000  # characters


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
