"""The verbs of people: the only writers of users, teams, memberships and tokens."""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import tokens
from accounts.access import must_manage_people
from accounts.models import ApiToken, Membership, Team, User
from accounts.roles import OrganisationRole, Scope
from journal.errors import NotAllowed
from journal.recording import Actor, record
from journal.writing import create, differences, save

CREATED, CHANGED = "user.created", "user.changed"
PASSWORD_CHANGED = "user.password_changed"  # noqa: S105 the name of an event
PASSWORD_RENEWED = "user.password_renewed"  # noqa: S105
TEAM_CREATED, TEAM_RENAMED = "team.created", "team.renamed"
JOINED, ROLE_CHANGED, LEFT = "membership.added", "membership.changed", "membership.removed"
TOKEN_CREATED, TOKEN_REVOKED = "token.created", "token.revoked"

TOKEN_DAYS = 90
LONGEST_TOKEN_DAYS = 366
MOST_TOKENS = 50  # of one person at once, so that none hides behind others


@transaction.atomic
def create_user(
    *, actor: Actor, email: str, name: str, organisation_role: str = OrganisationRole.MEMBER, password: str = ""
) -> tuple[User, str]:
    """Add a person; returns them and their password (drawn at random unless given), to be shown once."""
    must_manage_people(actor)
    password = password or draw_password()
    user = User(email=email.strip(), name=name.strip(), organisation_role=organisation_role)
    user.set_password(password)
    create(user)
    record(user, CREATED, actor=actor, changes={"email": ["", user.email], "role": ["", organisation_role]})
    return user, password


@transaction.atomic
def change_user(user_id: int, *, actor: Actor, name: str, organisation_role: str, is_active: bool) -> User:
    """Change a person's name, role or whether they may sign in. The last administrator stays one."""
    must_manage_people(actor)
    user = User.objects.select_for_update().get(pk=user_id)
    changes = differences(user, name=name.strip(), organisation_role=organisation_role, is_active=is_active)
    if not changes:
        return user
    _keep_an_administrator(user, organisation_role=organisation_role, is_active=is_active)
    save(user, changes)
    record(user, CHANGED, actor=actor, changes=changes)
    return user


@transaction.atomic
def change_password(user_id: int, *, actor: Actor, password: str) -> User:
    """Set a person's own password; every other session of theirs ends, since sessions carry a hash of it."""
    user = User.objects.select_for_update().get(pk=user_id)
    if actor.pk != user.pk:
        raise NotAllowed("Only the person themselves sets their password.")
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    record(user, PASSWORD_CHANGED, actor=actor)
    return user


@transaction.atomic
def renew_password(user_id: int, *, actor: Actor) -> tuple[User, str]:
    """Draw a new password for somebody who lost theirs, to be shown once; all their sessions end."""
    must_manage_people(actor)
    user = User.objects.select_for_update().get(pk=user_id)
    if actor.pk == user.pk:
        raise NotAllowed("Your own password is changed on your account's page.")
    password = draw_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    record(user, PASSWORD_RENEWED, actor=actor)
    return user, password


@transaction.atomic
def create_team(*, actor: Actor, name: str) -> Team:
    must_manage_people(actor)
    team = create(Team(name=name.strip()))
    record(team, TEAM_CREATED, actor=actor, team_id=team.pk)
    return team


@transaction.atomic
def rename_team(team_id: int, *, actor: Actor, name: str) -> Team:
    must_manage_people(actor)
    team = Team.objects.select_for_update().get(pk=team_id)
    changes = differences(team, name=name.strip())
    if changes:
        save(team, changes)
        record(team, TEAM_RENAMED, actor=actor, changes=changes, team_id=team.pk)
    return team


@transaction.atomic
def set_membership(user_id: int, team_id: int, *, actor: Actor, role: str) -> Membership:
    """Put a person into a team with a role, or change the role they have there."""
    must_manage_people(actor)
    user, team = User.objects.get(pk=user_id), Team.objects.get(pk=team_id)
    membership = Membership.objects.select_for_update().filter(user=user, team=team).first()
    if membership is None:
        membership = create(Membership(user=user, team=team, role=role))
        record(membership, JOINED, actor=actor, changes={"role": ["", role]})
        return membership
    changes = differences(membership, role=role)
    if changes:
        save(membership, changes)
        record(membership, ROLE_CHANGED, actor=actor, changes=changes)
    return membership


@transaction.atomic
def remove_membership(membership_id: int, *, actor: Actor) -> None:
    """Take a person out of a team. What they own there stays, until someone gives it to another."""
    must_manage_people(actor)
    membership = Membership.objects.select_for_update().select_related("user", "team").get(pk=membership_id)
    record(membership, LEFT, actor=actor, changes={"role": [membership.role, ""]})
    membership.delete()


@transaction.atomic
def create_token(
    user: User, *, actor: Actor, name: str, scopes: list[str], days: int = TOKEN_DAYS, at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Make a token for `user`; returns it and its secret, which nobody can read again.

    `days` until it ends, 1 to 366. Raises ValidationError.
    """
    if actor.pk and actor.pk != user.pk:
        raise NotAllowed("Everyone makes their own tokens.")
    if not scopes or not set(scopes) <= set(Scope.values):
        raise ValidationError({"scopes": "Choose read, write or both."})
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise ValidationError({"days": f"A token lasts 1 to {LONGEST_TOKEN_DAYS} days."})
    User.objects.select_for_update().get(pk=user.pk)
    if ApiToken.objects.usable(at=at).filter(user=user).count() >= MOST_TOKENS:
        raise ValidationError(f"You have {MOST_TOKENS} tokens. Revoke one that is not needed any more.")
    secret = tokens.draw()
    token = create(
        ApiToken(
            user=user,
            name=name.strip(),
            prefix=secret.prefix,
            digest=secret.digest,
            scopes=sorted(set(scopes)),
            expires_at=(at or timezone.now()) + timedelta(days=days),
        )
    )
    record(token, TOKEN_CREATED, actor=actor, changes={"scopes": [[], token.scopes]})
    return token, secret.text


@transaction.atomic
def revoke_token(token_id: int, *, actor: User) -> ApiToken:
    """End a token at once. Doing it again changes nothing."""
    token = ApiToken.objects.visible_to(actor).select_for_update().get(pk=token_id)
    if token.revoked_at is None:
        save(token, differences(token, revoked_at=timezone.now()))
        record(token, TOKEN_REVOKED, actor=actor)
    return token


def draw_password() -> str:
    """A first password: 96 random bits, easy to copy."""
    return secrets.token_urlsafe(12)


def _keep_an_administrator(user: User, *, organisation_role: str, is_active: bool) -> None:
    """Refuse to lose the last administrator. Locks them all, so that two cannot step down at once."""
    still_one = is_active and organisation_role == OrganisationRole.ADMINISTRATOR
    if still_one:
        return
    others = User.objects.select_for_update().filter(organisation_role=OrganisationRole.ADMINISTRATOR, is_active=True)
    if not [other for other in others if other.pk != user.pk] and user.organisation_role == "administrator":
        raise ValidationError("This is the last administrator. Make someone else administrator first.")
