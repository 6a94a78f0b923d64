"""Fetching a risk together with the right to it, so that neither can be forgotten."""

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.roles import OWNS_RISKS, OrganisationRole
from journal.errors import NotAllowed
from risks.register.models import Acceptance, Comment, Measure, Risk, SavedView, TimeRequest
from risks.register.parts import treatment_of
from risks.systems.access import must_be_active

if TYPE_CHECKING:
    from journal.recording import Actor
    from risks.register.models import Treatment


def risk_to_see(user: User, pk: int) -> Risk:
    """The risk with its parts, earlier treatments too; a foreign one is as missing as one that never was (Http404)."""
    try:
        return Risk.objects.visible_to(user).filter(pk=pk).one_with_past()  # type: ignore[no-any-return]
    except Risk.DoesNotExist:
        raise Http404 from None


def risk_to_change(user: User, pk: int) -> Risk:
    """The risk, to be changed. Raises Http404 when it is not to be seen, NotAllowed when only that."""
    risk = risk_to_see(user, pk)
    must_edit(user, risk.team_id)
    must_be_active(risk.system)
    return risk


def risk_to_update(user: User, pk: int) -> Risk:
    """The risk, to say how far its treatment is. Raises Http404 and NotAllowed, as risk_to_change does."""
    risk = risk_to_see(user, pk)
    treatment = treatment_of(risk)
    if treatment is None:
        must_edit(user, risk.team_id)
    else:
        must_update(user, treatment)
    must_be_active(risk.system)
    return risk


def view_to_see(user: User, pk: int) -> SavedView:
    """A view of theirs, or one that is shared; any other is as missing as one that never was (Http404)."""
    view: SavedView = get_object_or_404(SavedView.objects.visible_to(user).select_related("owner"), pk=pk)
    return view


def view_to_keep(user: User, pk: int) -> SavedView:
    """A view, to be changed. Raises Http404 when it is not to be seen, NotAllowed when only that."""
    view = view_to_see(user, pk)
    must_keep_view(user, view)
    return view


def must_keep_view(actor: User, view: SavedView) -> None:
    """Raises NotAllowed for anybody but its owner."""
    if view.owner_id != actor.pk:
        raise NotAllowed("Only the person who saved a view changes it.")


def must_edit(actor: "Actor", team_id: int) -> None:
    """Raises NotAllowed for a person who may not change the team's register."""
    if isinstance(actor, User) and not actor.may_edit(team_id):
        raise NotAllowed("Only editors of its team and security officers change a risk.")


def must_keep_scale(actor: "Actor") -> None:
    """Raises NotAllowed for a person who does not set the scale and its appetite for all."""
    if isinstance(actor, User) and not actor.edits_all_teams:
        raise NotAllowed("Only security officers and administrators change the scale and the appetite.")


def may_update(actor: "Actor", work: "Treatment | Measure") -> bool:
    """Whether this person may say how far a treatment or a measure is: editors, and its own owner as long as they may
    own it.
    """
    return not isinstance(actor, User) or may_say_how_far(actor, work.team_id, owner_id=work.owner_id)


def may_say_how_far(user: User, team_id: int, *, owner_id: int | None) -> bool:
    """The same, of work in a team that the person with this id owns."""
    return user.may_edit(team_id) or (owner_id == user.pk and user.may_own(team_id))


def may_change_some(user: User) -> bool:
    """Whether there are risks at all that this person may change something of."""
    return user.edits_all_teams or any(role in OWNS_RISKS for role in user.team_roles.values())


def must_update(actor: "Actor", work: "Treatment | Measure") -> None:
    """Raises NotAllowed for a person who may not say how far a treatment or a measure is."""
    if not may_update(actor, work):
        raise NotAllowed(f"Only the owner of a {work._meta.model_name} and editors of its team update it.")


def time_request_to_see(user: User, pk: int) -> TimeRequest:
    """A request for more time with its risk, measure and people. Raises Http404."""
    rows = TimeRequest.objects.visible_to(user).with_work()
    asked: TimeRequest = get_object_or_404(rows, pk=pk)
    return asked


def may_withdraw_time(actor: User, asked: TimeRequest) -> bool:
    """Whether this person may take a request for more time back: editors, and whoever asked as long as they may own."""
    mine = asked.asked_by_id == actor.pk and actor.may_own(asked.team_id)
    return mine or actor.may_edit(asked.team_id)


def must_withdraw_time(actor: User, asked: TimeRequest) -> None:
    """Raises NotAllowed for a person who neither asked nor may edit the team."""
    if not may_withdraw_time(actor, asked):
        raise NotAllowed("Only who asked for more time and editors of its team take that back.")


def measure_to_see(user: User, risk_id: int, pk: int) -> Measure:
    """A measure of a risk with that risk and its owner, also a dropped one. Raises Http404."""
    rows = Measure.objects.visible_to(user).filter(risk_id=risk_id).select_related("risk__system", "owner")
    measure: Measure = get_object_or_404(rows, pk=pk)
    return measure


def measure_to_change(user: User, risk_id: int, pk: int) -> Measure:
    """A measure, to be changed or dropped. Raises Http404 when it is not to be seen, NotAllowed when only that."""
    measure = measure_to_see(user, risk_id, pk)
    must_edit(user, measure.team_id)
    must_be_active(measure.risk.system)
    return measure


def measure_to_update(user: User, risk_id: int, pk: int) -> Measure:
    """A measure, to say how far it is. Raises Http404 and NotAllowed, as measure_to_change does."""
    measure = measure_to_see(user, risk_id, pk)
    must_update(user, measure)
    must_be_active(measure.risk.system)
    return measure


def may_comment(user: User, risk: Risk) -> bool:
    """Whether this person may comment on a risk: whoever has a hand in it, as long as its system is not archived."""
    return risk.system.archived_at is None and user.may_own(risk.team_id)


def must_comment(actor: "Actor", risk: Risk) -> None:
    """Raises NotAllowed for a person who may only read a risk, and for everyone while its system is archived."""
    must_be_active(risk.system)
    if isinstance(actor, User) and not may_comment(actor, risk):
        raise NotAllowed("Only editors and risk owners of its team and security officers comment on a risk.")


def may_take_back(actor: "Actor", comment: Comment) -> bool:
    """Whether this person may take a comment back: their own, and a security officer anyone's."""
    if not isinstance(actor, User) or actor.edits_all_teams:
        return True
    return comment.author_id == actor.pk and actor.may_see(comment.team_id)


def must_take_back(actor: "Actor", comment: Comment) -> None:
    """Raises NotAllowed for a person who may not take a comment back."""
    if not may_take_back(actor, comment):
        raise NotAllowed("Only its author and security officers take a comment back.")


def comment_to_see(user: User, risk_id: int, pk: int) -> Comment:
    """A comment on a risk. Raises Http404."""
    comment: Comment = get_object_or_404(Comment.objects.visible_to(user).filter(risk_id=risk_id), pk=pk)
    return comment


def comment_to_take_back(user: User, risk_id: int, pk: int) -> Comment:
    """A comment, to be taken back. Raises Http404 when it is not to be seen, NotAllowed when only that."""
    comment = comment_to_see(user, risk_id, pk)
    must_take_back(user, comment)
    return comment


def may_propose(actor: User, team_id: int) -> bool:
    """Whether this person may ask that a risk is accepted: editors, and risk owners of the team."""
    return actor.may_edit(team_id) or actor.may_own(team_id)


def must_propose(actor: User, team_id: int) -> None:
    """Raises NotAllowed for a person who may not ask that a risk is accepted."""
    if not may_propose(actor, team_id):
        raise NotAllowed("Only editors and risk owners of its team and security officers propose to accept a risk.")


def why_no_decision(actor: User, acceptance: Acceptance) -> str:
    """Why this person may not decide on a proposal, as a sentence; empty when they may.

    Nobody decides on their own. Outside appetite it takes a security officer: not even an administrator will do.
    """
    if acceptance.proposed_by_id == actor.pk:
        return "Nobody decides on their own proposal."
    if acceptance.is_outside:
        if actor.is_active and actor.organisation_role == OrganisationRole.OFFICER:
            return ""
        return "Outside appetite, a security officer decides."
    if actor.may_edit(acceptance.team_id):
        return ""
    return "Editors of its team and security officers decide."


def must_decide(actor: User, acceptance: Acceptance) -> None:
    """Raises NotAllowed for a person who may not decide on a proposal."""
    if why := why_no_decision(actor, acceptance):
        raise NotAllowed(why)


def may_withdraw(actor: User, acceptance: Acceptance) -> bool:
    """Whether this person may take an acceptance back: editors, and whoever proposed it as long as they may."""
    mine = acceptance.proposed_by_id == actor.pk and may_propose(actor, acceptance.team_id)
    return mine or actor.may_edit(acceptance.team_id)


def must_withdraw(actor: User, acceptance: Acceptance) -> None:
    """Raises NotAllowed for a person who may not take an acceptance back."""
    if not may_withdraw(actor, acceptance):
        raise NotAllowed("Only who proposed an acceptance, editors of its team and security officers withdraw it.")


def risk_to_propose(user: User, pk: int) -> Risk:
    """The risk, to ask that it is accepted. Raises Http404 and NotAllowed, as risk_to_change does."""
    risk = risk_to_see(user, pk)
    must_propose(user, risk.team_id)
    must_be_active(risk.system)
    return risk


def acceptance_to_see(user: User, pk: int) -> Acceptance:
    """The acceptance with its risk and people. Raises Http404."""
    rows = Acceptance.objects.visible_to(user).with_risk()
    acceptance: Acceptance = get_object_or_404(rows, pk=pk)
    return acceptance
