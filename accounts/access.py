"""Fetching a person or a membership together with the right to it, so that neither can be forgotten."""

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Membership, User
from journal.errors import NotAllowed
from journal.recording import Actor

# One text for what is missing and what is not theirs, so that an id tells nothing.
NO_SUCH_OWNER = "Choose an editor or risk owner of the team, or a security officer."


def owner_in(team_id: int, pk: int | None) -> User:
    """The person who is to own something of a team. Raises ValidationError for anyone who may not."""
    owner: User | None = User.objects.able_to_own(team_id).filter(pk=pk).first()
    if owner is None:
        raise ValidationError({"owner": NO_SUCH_OWNER})
    return owner


def must_manage_people(actor: Actor) -> None:
    """Raises NotAllowed for a person who is no administrator."""
    if isinstance(actor, User) and not actor.manages_people:
        raise NotAllowed("Only an administrator manages people and teams.")


def person_to_change(user: User, pk: int) -> User:
    must_manage_people(user)
    person: User = get_object_or_404(User.objects.visible_to(user), pk=pk)
    return person


def membership_to_change(user: User, pk: int) -> Membership:
    must_manage_people(user)
    membership = Membership.objects.visible_to(user).filter(pk=pk).first()
    if membership is None:
        raise Http404
    return membership
