"""The verbs of imports: look at what a file would do, keep it meanwhile, carry it out. All of it or nothing."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts import models as accounts
from accounts.models import User
from catalog import reading
from journal.errors import Conflict
from journal.recording import Actor
from risks.systems.access import must_register
from risks.systems.imports.files import read_systems
from risks.systems.imports.plan import Known, Plan, PlannedComponent, Remark, SettledSystem, Team, settled
from risks.systems.models import AISystem, ImportDraft, Supplier
from risks.systems.services import add_component, add_supplier, answer_profile, register_system

KEPT = timedelta(hours=1)
MOST_DRAFTS = 5  # of one person; the oldest make room

NO_SUCH_TEAM = "Choose a team of yours."


class RefusedError(ValidationError):
    """The import was not carried out. `remarks` say where in the file and why."""

    def __init__(self, remarks: Collection[Remark]) -> None:
        by_place: dict[str, list[str]] = {}
        for remark in remarks:
            by_place.setdefault(remark.where or "file", []).append(remark.text)
        super().__init__(by_place)  # type: ignore[arg-type]
        self.remarks = tuple(remarks)


def plan_import(raw: bytes, *, actor: Actor, team_id: int | None = None) -> Plan:
    """What an import of this file by this actor would do now. Writes nothing.

    `team_id` is the team of what names none itself. Raises NotAllowed, and ValidationError for a team the actor does
    not edit; what is wrong with the file stands in the plan.
    """
    must_register(actor)
    teams = list(_teams(actor))
    default = next((team.name for team in teams if team.pk == team_id), "")
    if team_id is not None and not default:
        raise ValidationError({"team": NO_SUCH_TEAM})
    found = read_systems(raw, reading.current().rule_set)
    named = {(system.team or default).casefold() for system in found.systems}
    known = Known(
        teams=_known_teams([team for team in teams if team.name.casefold() in named]),
        suppliers={name.casefold(): pk for pk, name in Supplier.objects.values_list("pk", "name")},
        default_team=default,
    )
    return settled(found, known)


@transaction.atomic
def import_systems(
    raw: bytes, *, actor: Actor, team_id: int | None = None, expected: str | None = None
) -> list[AISystem]:
    """Register everything a file says, or nothing of it.

    `expected` is the digest of the plan that somebody looked at; None skips the check. Raises Conflict with the plan
    as it is now, RefusedError, ValidationError, NotAllowed.
    """
    plan = plan_import(raw, actor=actor, team_id=team_id)
    if expected is not None and plan.digest != expected:
        raise Conflict(plan)
    if not plan.may_be_imported:
        raise RefusedError(plan.errors)
    _hold_teams(plan)
    suppliers = dict(plan.suppliers)
    for new in plan.new_suppliers:
        try:
            suppliers[new.name.casefold()] = add_supplier(actor=actor, name=new.name, kind=new.kind).pk
        except ValidationError as error:
            raise RefusedError(_remarks(error, None, f"supplier “{new.name}”")) from error
    return [_import(system, actor, suppliers) for system in plan.systems]


@transaction.atomic
def keep_draft(raw: bytes, *, actor: User, file_name: str = "", team_id: int | None = None) -> ImportDraft:
    """Keep a file for its uploader to look at, and let go of those whose time is over. The register is not touched.

    Raises NotAllowed, ValidationError.
    """
    must_register(actor)
    if team_id is not None and not _teams(actor).filter(pk=team_id).exists():
        raise ValidationError({"team": NO_SUCH_TEAM})
    now = timezone.now()
    ImportDraft.objects.expired(at=now).delete()
    mine = ImportDraft.objects.visible_to(actor).order_by("-pk")
    ImportDraft.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[MOST_DRAFTS - 1 :])).delete()
    return ImportDraft.objects.create(
        uploader=actor,
        team_id=team_id,
        file_name=_readable(file_name),
        content=raw,
        created_at=now,
        expires_at=now + KEPT,
    )


@transaction.atomic
def import_draft(draft_id: int, *, actor: User, expected: str, at: datetime | None = None) -> list[AISystem] | None:
    """Import the file of a draft as it was shown; None when that was done before, so that two clicks import once.

    Raises what import_systems raises, and DoesNotExist for a draft that is not the actor's, or whose time is over.
    """
    drafts = ImportDraft.objects.visible_to(actor).select_for_update(of=("self",))
    draft: ImportDraft = drafts.exclude(expires_at__lte=at or timezone.now()).get(pk=draft_id)
    if draft.imported_at is not None:
        return None
    systems = import_systems(bytes(draft.content), actor=actor, team_id=draft.team_id, expected=expected)
    draft.imported_at, draft.content = timezone.now(), b""
    draft.save(update_fields=["imported_at", "content"])
    return systems


def _hold_teams(plan: Plan) -> None:
    """Hold all teams before anything is written, in the same order as every import: row by row, two would deadlock."""
    ids = {system.team_id for system in plan.systems}
    list(accounts.Team.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))


def _teams(actor: Actor) -> Any:
    """Those whose register the actor may change."""
    return accounts.Team.objects.editable_by(actor) if isinstance(actor, User) else accounts.Team.objects.all()


def _known_teams(teams: list[accounts.Team]) -> dict[str, Team]:
    taken: dict[int, set[str]] = {team.pk: set() for team in teams}
    for team_id, name in AISystem.objects.filter(team__in=taken).order_by().values_list("team_id", "name"):
        taken[team_id].add(name)
    return {
        team.name.casefold(): Team(
            id=team.pk,
            name=team.name,
            owners={
                email.casefold(): (pk, name)
                for email, pk, name in User.objects.able_to_own(team.pk).values_list("email", "pk", "name")
            },
            systems=frozenset(taken[team.pk]),
        )
        for team in teams
    }


def _import(system: SettledSystem, actor: Actor, suppliers: dict[str, int]) -> AISystem:
    said = system.said
    assert system.team_id is not None
    try:
        registered = register_system(
            actor=actor,
            team_id=system.team_id,
            name=said.name,
            purpose=said.purpose,
            owner_id=system.owner_id,
            **dict(said.fields),
        )
        if said.answers:
            answer_profile(registered.pk, actor=actor, answers=said.profile, expected_number=0)
        for part in said.components:
            _add(part, registered, actor, suppliers)
    except ValidationError as error:
        raise RefusedError(_remarks(error, said.row, f"“{said.name}”")) from error
    return registered


def _add(part: PlannedComponent, system: AISystem, actor: Actor, suppliers: dict[str, int]) -> None:
    add_component(
        system.pk,
        actor=actor,
        name=part.name,
        kind=part.kind,
        supplier_id=suppliers[part.supplier.casefold()] if part.supplier else None,
        hosted_by=part.hosted_by,
        version_label=part.version,
        note=part.note,
    )


def _remarks(error: ValidationError, row: int | None, name: str) -> list[Remark]:
    """What a service refuses, at the row that it was about; where there are no rows, at the name."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    return [
        Remark(sentence, row, ", ".join(filter(None, ("" if row else name, field.removeprefix("__all__")))))
        for field, sentences in by_field.items()
        for sentence in sentences
    ]


def _readable(file_name: str) -> str:
    return "".join(sign for sign in file_name if sign.isprintable())[:120]
