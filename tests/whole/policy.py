"""Who may use which address: the one table that the build compares with the site map and the API's schema.

An address that is missing here fails the build; so does a line whose address is gone.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from risks.register.models import Dismissal, Treatment
from risks.systems.importing import plan_import
from tests.make import CHATBOT, PASSWORD
from tests.whole import scale
from tests.whole.inventory import (
    a_component,
    a_note,
    a_removal,
    a_supplier,
    a_version,
    component_etag,
    other_contact,
    removed_etag,
    supplier_etag,
)
from tests.whole.world import A_BOM, PEOPLE, World

OK = "ok"
SIGN_IN = "sign in"

type Answers = dict[str, str | int]
type Make = Callable[[World], dict[str, Any]]


def table(default: str | int, **exceptions: str | int) -> Answers:
    """What each person gets: the default, except for those named; nobody unknown gets past the door."""
    return dict.fromkeys(PEOPLE, default) | {"anonymous": SIGN_IN, "disabled": SIGN_IN} | exceptions


PUBLIC = table(OK, anonymous=OK, disabled=OK)
EVERYONE = table(OK)
ADMINISTRATORS = table(403, admin=OK)
KEEP_CATALOG = table(403, officer=OK, admin=OK)
SEE = table(OK, stranger=404, outsider=404)
EDIT = table(OK, stranger=404, outsider=404, viewer=403, owner=403, auditor=403)
TREAT = EDIT | {"owner": OK}
KEEP_VIEW = table(403, editor=OK)
DECIDE = EDIT  # inside appetite; the owner proposed it, so must not
THEIRS = table(404, editor=OK)
SEE_SUPPLIER = table(OK, stranger=404)
KEEP_SUPPLIERS = table(403, editor=OK, outsider=OK, officer=OK, admin=OK)
KEEP_SUPPLIER = KEEP_SUPPLIERS | {"stranger": 404}
# The team or system is named in what is sent, not in the address: a foreign one is bad input, like a made-up one.
REGISTER = EDIT | {"stranger": 400, "outsider": 400}
FOREIGN_FORM: Answers = {"stranger": 422, "outsider": 422}
REGISTER_PAGE = table(403, editor=OK, outsider=OK, officer=OK, admin=OK)
REGISTER_FORM = table(403, editor=OK, outsider=422, officer=OK, admin=OK)


@dataclass(frozen=True)
class Operation:
    """One method of one address: who gets what, what to send, and which event a success leaves."""

    name: str
    method: str
    who: Answers
    ids: dict[str, str] = field(default_factory=dict)
    send: Make | None = None
    event: str = ""
    if_match: Callable[[World], str] | None = None
    query: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.name}"

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api:")

    def path(self, ids: dict[str, Any]) -> str:
        return reverse(self.name, kwargs={k: ids[name] for k, name in self.ids.items()}) + self.query.format(**ids)


def read(name: str, who: Answers, event: str = "", **ids: str) -> Operation:
    return Operation(name, "GET", who, ids, event=event)


def write(name: str, who: Answers, event: str, send: Make | None = None, **ids: str) -> Operation:
    return Operation(name, "POST", who, ids, send or nothing, event)


def nothing(world: World) -> dict[str, Any]:
    return {}


def in_a_week() -> str:
    return (timezone.localdate() + timedelta(days=7)).isoformat()


def a_system(world: World) -> dict[str, Any]:
    return {"name": "Mail sorter", "team": world.team.pk, "purpose": "Sorts incoming mail."}


class AnewEachTime(SimpleUploadedFile):
    """A file that can be sent more than once."""

    def read(self, *args: Any) -> bytes:
        self.seek(0)
        return bytes(super().read(*args))


def a_file(world: World) -> dict[str, Any]:
    return {"file": AnewEachTime("bom.json", json.dumps(A_BOM).encode()), "team": world.team.pk}


def a_draft(world: World) -> dict[str, Any]:
    plan = plan_import(json.dumps(A_BOM).encode(), actor=world.people["editor"], team_id=world.team.pk)
    return {"expected": plan.digest}


def other_words(world: World) -> dict[str, Any]:
    return {
        "name": "Claims helper",
        "purpose": "Helps clerks.",
        "owner": "",
        "expected_version": world.system_version(),
    }


def all_words(world: World) -> dict[str, Any]:
    return {"name": "Claims helper", "purpose": "Helps clerks.", "owner": None}


def a_reason(world: World) -> dict[str, Any]:
    return {"reason": "Switched off."}


def a_copy(world: World) -> dict[str, Any]:
    return {"name": "Claims assistant 2", "team": world.team.pk}


def with_system_version(make: Make) -> Make:
    return lambda world: make(world) | {"expected_version": world.system_version()}


def new_answers(world: World) -> dict[str, Any]:
    return CHATBOT | {"structured_agent_messages": "yes"}


def profile_form(world: World) -> dict[str, Any]:
    return new_answers(world) | {"expected_number": 1}


def a_rating(world: World) -> dict[str, Any]:
    return {"kind": "current", "likelihood": 2, "impact": 5, "reason": "Tested again."}


def a_treatment(world: World) -> dict[str, Any]:
    return {
        "option": "transfer",
        "plan": "Insure it.",
        "to_whom": "The insurer",
        "by_what": "Cyber policy",
        "remains": "The excess.",
        "owner": world.people["editor"].pk,
        "due": in_a_week(),
    }


def with_version(make: Make) -> Make:
    return lambda world: make(world) | {"expected_version": world.risk_version()}


def a_status(world: World) -> dict[str, Any]:
    return {"status": "blocked", "note": "Waits for the supplier."}


def a_change(world: World) -> dict[str, Any]:
    treatment = Treatment.objects.in_force().get(risk=world.risk)
    kept = {"owner": treatment.owner_id, "due": treatment.due.isoformat()}
    return a_status(world) | kept | {"expected_version": world.risk_version()}


def many(world: World) -> dict[str, Any]:
    return a_status(world) | {"risks": f"{world.risk.pk}.{world.risk_version()}", "preview": "true"}


def many_by_program(world: World) -> dict[str, Any]:
    risks = [{"id": world.risk.pk, "version": world.risk_version()}]
    return a_status(world) | {"risks": risks, "dry_run": False}


def a_measure(world: World) -> dict[str, Any]:
    return {
        "control": "continuousvalidation",
        "text": "Test it with forty letters.",
        "owner": world.people["editor"].pk,
        "due": in_a_week(),
    }


def with_first_version(make: Make) -> Make:
    """What is sent about something that nobody has changed yet."""
    return lambda world: make(world) | {"expected_version": 1}


def measure_etag(world: World) -> str:
    ids = {"pk": world.risk.pk, "measure": world.ids["measure"]}
    return str(world.programs["admin"].get(reverse("api:risk-measure", kwargs=ids))["ETag"])


def more_time(world: World) -> dict[str, Any]:
    until = timezone.localdate() + timedelta(days=60)
    return {"until": until.isoformat(), "note": "The supplier is late."}


def more_time_for_measure(world: World) -> dict[str, Any]:
    return more_time(world) | {"expected_version": 1}


def a_grant(world: World) -> dict[str, Any]:
    return {"decision": "grant", "note": "Fine."}


def time_etag(world: World) -> str:
    answer = world.programs["admin"].get(reverse("api:time-request", kwargs={"pk": world.ids["time_request"]}))
    return str(answer["ETag"])


def a_standing(world: World) -> dict[str, Any]:
    return {"reason": "Nothing has changed since."}


def a_comment(world: World) -> dict[str, Any]:
    return {"text": "The supplier **answered**."}


def a_proposal(world: World) -> dict[str, Any]:
    return {"reason": "The desk notices it.", "conditions": "A clerk reads along.", "until": in_a_week()}


def a_decision(world: World) -> dict[str, Any]:
    return {"decision": "approve", "note": "For this month."}


def acceptance_etag(world: World) -> str:
    answer = world.programs["admin"].get(reverse("api:acceptance", kwargs={"pk": world.ids["acceptance"]}))
    return str(answer["ETag"])


def a_view(world: World) -> dict[str, Any]:
    return {"name": "Late ones", "query": "overdue=true&sort=due", "is_shared": True}


def another_view(world: World) -> dict[str, Any]:
    return {"name": "High and late", "query": "level=5&overdue=true"}


def view_etag(world: World) -> str:
    return str(world.programs["admin"].get(reverse("api:saved-view", kwargs={"pk": world.ids["view"]}))["ETag"])


def a_description(world: World) -> dict[str, Any]:
    return {"description": "A letter may carry hidden text."}


def an_own_threat(world: World) -> dict[str, Any]:
    return {
        "title": "Shadow models",
        "parent_key": "runtimeconventionalsec",
        "summary": "Teams run models that nobody registered.",
        "rule": "all",
        "answer_1": "run_by=own",
        "controls": ["aiprogram"],
        "expected_version": 0,
    }


def an_own_control(world: World) -> dict[str, Any]:
    return {
        "name": "Model register",
        "parent_key": "governancecontrols",
        "purpose": "Know every model that runs.",
        "effort": "low",
        "threats": ["supplymodelpoison"],
        "expected_version": 0,
    }


def a_dismissal(world: World) -> dict[str, Any]:
    return a_reason(world) | {"threat": world.ids["dismissable"]}


def a_withdrawal(world: World) -> dict[str, Any]:
    return a_reason(world) | {"expected": Dismissal.objects.in_force().get(system=world.system).pk}


def a_review(world: World) -> dict[str, Any]:
    return {"expected_profile": 1, "expected_edition": "2026-08-22", "choice_directpromptinjection": "wait"}


def decisions(world: World) -> dict[str, Any]:
    return {"decisions": {"directpromptinjection": {"choice": "wait"}}}


def review_etag(world: World) -> str:
    answer = world.programs["admin"].get(reverse("api:system-review", kwargs={"pk": world.system.pk}))
    return str(answer["ETag"])


def dismissal_etag(world: World) -> str:
    ids = {"pk": world.system.pk, "key": world.ids["dismissed"]}
    return str(world.programs["admin"].get(reverse("api:dismissal", kwargs=ids))["ETag"])


def risk_etag(world: World) -> str:
    answer = world.programs["admin"].get(reverse("api:risk", kwargs={"pk": world.risk.pk}))
    return str(answer["ETag"])


def system_etag(world: World) -> str:
    answer = world.programs["admin"].get(reverse("api:system", kwargs={"pk": world.system.pk}))
    return str(answer["ETag"])


def archived_etag(world: World) -> str:
    answer = world.programs["admin"].get(reverse("api:system", kwargs={"pk": world.ids["archived"]}))
    return str(answer["ETag"])


def profile_etag(world: World) -> str:
    answer = world.programs["admin"].get(reverse("api:system-profile", kwargs={"pk": world.system.pk}))
    return str(answer["ETag"])


def api(name: str, method: str, who: Answers, event: str, send: Make, if_match: Any = None, **ids: str) -> Operation:
    return Operation(name, method, who, ids, send, event, if_match)


OPERATIONS: list[Operation] = [
    # Doors
    read("live", PUBLIC),
    read("ready", PUBLIC),
    read("accounts:sign_in", PUBLIC),
    Operation(
        "accounts:sign_in",
        "POST",
        PUBLIC,
        send=lambda world: {"username": "viewer@example.org", "password": PASSWORD},
        event="session.started",
    ),
    write("accounts:sign_out", EVERYONE, "session.ended"),
    # One's own account
    read("accounts:account", EVERYONE),
    read("accounts:password", EVERYONE),
    write(
        "accounts:password",
        EVERYONE,
        "user.password_changed",
        lambda world: {"old": PASSWORD, "password": "new horses every day", "again": "new horses every day"},
    ),
    write(
        "accounts:create_token",
        EVERYONE,
        "token.created",
        lambda world: {"name": "New", "scopes": ["read"], "days": 30},
    ),
    write("accounts:revoke_token", THEIRS, "token.revoked", pk="token"),
    # People and teams
    read("accounts:people", ADMINISTRATORS),
    read("accounts:add_person", ADMINISTRATORS),
    write(
        "accounts:add_person",
        ADMINISTRATORS,
        "user.created",
        lambda world: {"email": "new@example.org", "name": "New", "organisation_role": "member"},
    ),
    read("accounts:person", ADMINISTRATORS, pk="person"),
    write(
        "accounts:person",
        ADMINISTRATORS,
        "user.changed",
        lambda world: {"name": "Renamed", "organisation_role": "member", "is_active": "on"},
        pk="person",
    ),
    write(
        "accounts:join_team",
        ADMINISTRATORS,
        "membership.changed",
        lambda world: {"team": world.team.pk, "role": "editor"},
        pk="person",
    ),
    write("accounts:renew_password", ADMINISTRATORS, "user.password_renewed", pk="person"),
    write("accounts:leave_team", ADMINISTRATORS, "membership.removed", pk="membership"),
    write("accounts:add_team", ADMINISTRATORS, "team.created", lambda world: {"name": "Underwriting"}),
    read("accounts:team", ADMINISTRATORS, pk="team"),
    write("accounts:team", ADMINISTRATORS, "team.renamed", lambda world: {"name": "Claims and care"}, pk="team"),
    # Overview
    read("overview:home", EVERYONE),
    read("overview:work", EVERYONE),
    read("overview:trend", EVERYONE),
    # Notifications
    read("delivery:notifications", EVERYONE),
    write("delivery:read_all", EVERYONE, ""),
    write("delivery:read", THEIRS, "", pk="notification"),
    # Catalog
    read("catalog:home", EVERYONE),
    read("catalog:map", EVERYONE),
    read("catalog:threats", EVERYONE),
    read("catalog:frameworks", EVERYONE),
    read("catalog:matrix", EVERYONE),
    read("catalog:periodic", EVERYONE),
    read("catalog:essentials", EVERYONE),
    read("catalog:risk_areas", EVERYONE),
    read("catalog:concerns", EVERYONE),
    read("catalog:concern", EVERYONE, key="concern"),
    read("catalog:framework", EVERYONE, key="framework"),
    read("catalog:threat", EVERYONE, key="threat"),
    read("catalog:group", EVERYONE, key="group"),
    read("catalog:controls", EVERYONE),
    read("catalog:control", EVERYONE, key="control"),
    read("catalog:search", EVERYONE),
    read("catalog:questions", EVERYONE),
    read("catalog:own", EVERYONE),
    read("catalog:add_threat", KEEP_CATALOG),
    write("catalog:add_threat", KEEP_CATALOG, "ownthreat.added", an_own_threat),
    read("catalog:own_threat", KEEP_CATALOG, key="own_threat"),
    write(
        "catalog:own_threat",
        KEEP_CATALOG,
        "ownthreat.changed",
        lambda world: an_own_threat(world) | {"expected_version": 1},
        key="own_threat",
    ),
    write(
        "catalog:retire_threat",
        KEEP_CATALOG,
        "ownthreat.retired",
        lambda world: {"expected_version": 1},
        key="own_threat",
    ),
    read("catalog:add_control", KEEP_CATALOG),
    write("catalog:add_control", KEEP_CATALOG, "owncontrol.added", an_own_control),
    read("catalog:own_control", KEEP_CATALOG, key="own_control"),
    write(
        "catalog:own_control",
        KEEP_CATALOG,
        "owncontrol.changed",
        lambda world: an_own_control(world) | {"expected_version": 1},
        key="own_control",
    ),
    write(
        "catalog:retire_control",
        KEEP_CATALOG,
        "owncontrol.retired",
        lambda world: {"expected_version": 1},
        key="own_control",
    ),
    read("catalog:editions", EVERYONE),
    read("catalog:edition", EVERYONE, key="edition"),
    read("register:upgrade", EVERYONE, key="edition"),
    write(
        "register:upgrade",
        KEEP_CATALOG,
        "edition.put_in_force",
        lambda world: {"expected": "2026-08-22", "reason": "Seen."},
        key="edition",
    ),
    # Systems
    read("systems:list", EVERYONE),
    read("systems:register", REGISTER_PAGE),
    write("systems:register", REGISTER_FORM, "system.registered", a_system),
    read("systems:import", REGISTER_PAGE),
    write("systems:import", REGISTER_FORM, "", a_file),
    read("systems:import_template", EVERYONE),
    read("systems:import_draft", THEIRS, pk="draft"),
    write("systems:import_draft", THEIRS, "system.registered", a_draft, pk="draft"),
    read("systems:detail", SEE, pk="system"),
    read("systems:about", SEE, pk="system"),
    read("systems:archive", EDIT, pk="system"),
    write("systems:archive", EDIT, "system.archived", with_system_version(a_reason), pk="system"),
    read("systems:restore", EDIT, pk="archived"),
    write("systems:restore", EDIT, "system.restored", lambda world: {"expected_version": 2}, pk="archived"),
    read("systems:duplicate", EDIT, pk="system"),
    write("systems:duplicate", EDIT, "system.duplicated", with_system_version(a_copy), pk="system"),
    read("systems:edit", EDIT, pk="system"),
    write("systems:edit", EDIT, "system.changed", other_words, pk="system"),
    read("systems:profile", SEE, pk="system"),
    write("systems:profile", EDIT, "profile.answered", profile_form, pk="system"),
    write("systems:effect", EDIT, "", new_answers, pk="system"),
    read("systems:history", SEE, pk="system"),
    # Components and suppliers
    read("systems:components", SEE, pk="system"),
    read("systems:add_component", EDIT, pk="system"),
    write("systems:add_component", EDIT, "component.added", a_component, pk="system"),
    read("systems:edit_component", EDIT, pk="component"),
    write("systems:edit_component", EDIT, "component.changed", a_note, pk="component"),
    read("systems:set_version", EDIT, pk="component"),
    write("systems:set_version", EDIT, "componentversion.set", a_version, pk="component"),
    read("systems:remove_component", EDIT, pk="component"),
    write("systems:remove_component", EDIT, "component.removed", a_removal, pk="component"),
    write(
        "systems:put_back_component",
        EDIT,
        "component.put_back",
        lambda world: {"expected_version": 2},
        pk="removed",
    ),
    read("suppliers:list", EVERYONE),
    read("suppliers:add", KEEP_SUPPLIERS),
    write("suppliers:add", KEEP_SUPPLIERS, "supplier.added", a_supplier),
    read("suppliers:detail", SEE_SUPPLIER, pk="supplier"),
    read("suppliers:edit", KEEP_SUPPLIER, pk="supplier"),
    write("suppliers:edit", KEEP_SUPPLIER, "supplier.changed", other_contact, pk="supplier"),
    # Register
    read("register:risks", EVERYONE),
    read("register:heatmap", EVERYONE),
    read("register:risk", SEE, pk="risk"),
    read("register:rate", EDIT, pk="risk"),
    write("register:rate", EDIT, "risk.rated", with_version(a_rating), pk="risk"),
    read("register:treat", EDIT, pk="risk"),
    write("register:treat", EDIT, "risk.treated", with_version(a_treatment), pk="risk"),
    write(
        "register:look",
        EDIT,
        "risk.looked_at",
        lambda world: {"expected_version": world.risk_version(), "edition": "2026-08-22"},
        pk="risk",
    ),
    read("register:row", SEE, pk="risk"),
    read("register:change", TREAT, pk="risk"),
    write("register:change", TREAT, "treatment.updated", a_change, pk="risk"),
    write("register:preview_changes", SEE | FOREIGN_FORM, "", many),
    write("register:change_risks", TREAT | FOREIGN_FORM, "treatment.updated", many),
    write("register:status", TREAT, "treatment.updated", with_version(a_status), pk="risk"),
    read("register:add_measure", EDIT, pk="risk"),
    write("register:add_measure", EDIT, "measure.added", a_measure, pk="risk"),
    read("register:change_measure", EDIT, pk="risk", measure="measure"),
    write(
        "register:change_measure",
        EDIT,
        "measure.changed",
        with_first_version(a_measure),
        pk="risk",
        measure="measure",
    ),
    read("register:update_measure", TREAT, pk="risk", measure="measure"),
    write(
        "register:update_measure",
        TREAT,
        "measure.updated",
        with_first_version(a_status),
        pk="risk",
        measure="measure",
    ),
    read("register:drop_measure", EDIT, pk="risk", measure="measure"),
    write("register:drop_measure", EDIT, "measure.dropped", with_first_version(a_reason), pk="risk", measure="measure"),
    read("register:needs_time", TREAT, pk="risk"),
    write("register:needs_time", TREAT, "time.asked", with_version(more_time), pk="risk"),
    read("register:measure_needs_time", TREAT, pk="risk", measure="measure"),
    write(
        "register:measure_needs_time",
        TREAT,
        "time.asked",
        more_time_for_measure,
        pk="risk",
        measure="measure",
    ),
    read("register:decide_time", EDIT, pk="time_request"),
    write("register:decide_time", EDIT, "time.granted", a_grant, pk="time_request"),
    write("register:withdraw_time", TREAT, "time.withdrawn", pk="time_request"),
    read("register:review_risk", EDIT, pk="risk"),
    write("register:review_risk", EDIT, "risk.reviewed", with_version(a_standing), pk="risk"),
    write("register:comment", TREAT, "risk.commented", a_comment, pk="risk"),
    write("register:take_back_comment", EDIT, "comment.taken_back", pk="risk", comment="comment"),
    read("register:views", EVERYONE),
    read("register:view", EVERYONE, pk="view"),
    read("register:save_view", EVERYONE),
    write("register:save_view", EVERYONE, "view.saved", a_view),
    read("register:change_view", KEEP_VIEW, pk="view"),
    write("register:change_view", KEEP_VIEW, "view.changed", with_first_version(another_view), pk="view"),
    write("register:delete_view", KEEP_VIEW, "view.deleted", with_first_version(nothing), pk="view"),
    read("register:acceptances", EVERYONE),
    read("register:propose_acceptance", TREAT, pk="risk"),
    write("register:propose_acceptance", TREAT, "acceptance.proposed", with_version(a_proposal), pk="risk"),
    read("register:decide_acceptance", DECIDE, pk="acceptance"),
    write("register:decide_acceptance", DECIDE, "acceptance.approved", a_decision, pk="acceptance"),
    read("register:withdraw_acceptance", TREAT, pk="acceptance"),
    write("register:withdraw_acceptance", TREAT, "acceptance.withdrawn", a_reason, pk="acceptance"),
    read("register:describe", EDIT, pk="risk"),
    write("register:describe", EDIT, "risk.described", with_version(a_description), pk="risk"),
    read("register:system_risks", SEE, pk="system"),
    write("register:confirm", EDIT, "risk.registered", pk="system"),
    read("register:add", EDIT, pk="system"),
    write("register:add", EDIT, "risk.registered", lambda world: {"threat": "evasion"}, pk="system"),
    read("register:review", SEE, pk="system"),
    write("register:review", EDIT, "system.reviewed", a_review, pk="system"),
    read("register:dismiss", EDIT, pk="system", key="dismissable"),
    write("register:dismiss", EDIT, "threat.dismissed", a_reason, pk="system", key="dismissable"),
    read("register:take_back", EDIT, pk="system", key="dismissed"),
    write("register:take_back", EDIT, "dismissal.ended", a_withdrawal, pk="system", key="dismissed"),
    read("register:scale", EVERYONE),
    read("register:new_scale", KEEP_CATALOG),
    write("register:new_scale", KEEP_CATALOG, "", scale.as_form),
    write("register:preview_scale", KEEP_CATALOG, "scale.put_in_force", scale.to_put),
    read("register:appetite", KEEP_CATALOG, pk="team"),
    write("register:appetite", KEEP_CATALOG, "appetite.set", scale.a_line, pk="team"),
    # Responsibility
    read("assurance:matrix", SEE, pk="system"),
    read("assurance:set", EDIT, pk="system", key="applicable"),
    write(
        "assurance:set",
        EDIT,
        "responsibility.set",
        lambda world: {"party": "shared", "reason": "Agreed in the contract."},
        pk="system",
        key="applicable",
    ),
    # Exports
    write("reports:start", EVERYONE, "export.requested"),
    read("reports:export", THEIRS, pk="export"),
    read("reports:controls", SEE, pk="system"),
    read("reports:statement", SEE, pk="system"),
    read("reports:statement_file", SEE, pk="system"),
    read("reports:file", THEIRS, "export.downloaded", pk="export"),
    # API: reading
    read("api:root", EVERYONE),
    read("api:schema", EVERYONE),
    read("api:threats", EVERYONE),
    read("api:threat", EVERYONE, key="threat"),
    read("api:controls", EVERYONE),
    read("api:control", EVERYONE, key="control"),
    read("api:frameworks", EVERYONE),
    read("api:framework", EVERYONE, key="framework"),
    read("api:editions", EVERYONE),
    read("api:edition", EVERYONE, key="edition"),
    read("api:teams", EVERYONE),
    read("api:team", SEE, pk="team"),
    read("api:systems", EVERYONE),
    read("api:system", SEE, pk="system"),
    read("api:system-profile", SEE, pk="system"),
    read("api:system-threats", SEE, pk="system"),
    read("api:system-components", SEE, pk="system"),
    read("api:component", SEE, pk="component"),
    read("api:component-versions", SEE, pk="component"),
    read("api:suppliers", EVERYONE),
    read("api:supplier", SEE_SUPPLIER, pk="supplier"),
    read("api:system-review", SEE, pk="system"),
    read("api:dismissals", SEE, pk="system"),
    read("api:dismissal", SEE, pk="system", key="dismissed"),
    read("api:system-statement", SEE, pk="system"),
    read("api:responsibilities", SEE, pk="system"),
    read("api:responsibility", SEE, pk="system", key="applicable"),
    read("api:scale", EVERYONE),
    read("api:scale-versions", EVERYONE),
    read("api:heatmap", EVERYONE),
    read("api:risks", EVERYONE),
    read("api:risk", SEE, pk="risk"),
    read("api:risk-ratings", SEE, pk="risk"),
    read("api:risk-treatment", SEE, pk="risk"),
    read("api:risk-reviews", SEE, pk="risk"),
    read("api:risk-comments", SEE, pk="risk"),
    read("api:risk-comment", SEE, pk="risk", comment="comment"),
    read("api:risk-measures", SEE, pk="risk"),
    read("api:risk-measure", SEE, pk="risk", measure="measure"),
    read("api:saved-views", EVERYONE),
    read("api:saved-view", EVERYONE, pk="view"),
    read("api:time-requests", EVERYONE),
    read("api:time-request", SEE, pk="time_request"),
    read("api:risk-acceptances", SEE, pk="risk"),
    read("api:acceptances", EVERYONE),
    read("api:acceptance", SEE, pk="acceptance"),
    api("api:threat-identification", "POST", EVERYONE, "", lambda world: dict(CHATBOT)),
    # API: writing
    api("api:systems", "POST", REGISTER | {"stranger": 403}, "system.registered", a_system),
    Operation(
        "api:import",
        "POST",
        REGISTER | {"stranger": 403},
        send=lambda world: A_BOM,
        event="system.registered",
        query="?dry_run=false&team={team}",
    ),
    api("api:system", "PATCH", EDIT, "system.changed", lambda w: {"purpose": "Other."}, system_etag, pk="system"),
    api("api:system-archive", "POST", EDIT, "system.archived", a_reason, system_etag, pk="system"),
    api("api:system-restore", "POST", EDIT, "system.restored", nothing, archived_etag, pk="archived"),
    api("api:system-duplicate", "POST", EDIT, "system.duplicated", a_copy, system_etag, pk="system"),
    api("api:system-profile", "PUT", EDIT, "profile.answered", new_answers, profile_etag, pk="system"),
    api("api:system-components", "POST", EDIT, "component.added", a_component, pk="system"),
    api(
        "api:component",
        "PATCH",
        EDIT,
        "component.changed",
        lambda world: {"note": "The small one."},
        component_etag,
        pk="component",
    ),
    api(
        "api:component-versions",
        "POST",
        EDIT,
        "componentversion.set",
        lambda world: {"label": "2", "note": "Reads letters."},
        component_etag,
        pk="component",
    ),
    api(
        "api:component-removal",
        "PUT",
        EDIT,
        "component.removed",
        lambda world: {"reason": "The contract ended."},
        component_etag,
        pk="component",
    ),
    Operation("api:component-removal", "DELETE", EDIT, {"pk": "removed"}, None, "component.put_back", removed_etag),
    api("api:suppliers", "POST", KEEP_SUPPLIERS, "supplier.added", a_supplier),
    api(
        "api:supplier",
        "PATCH",
        KEEP_SUPPLIER,
        "supplier.changed",
        lambda world: {"contact": "Ada"},
        supplier_etag,
        pk="supplier",
    ),
    api("api:system-confirmation", "POST", EDIT, "risk.registered", nothing, pk="system"),
    api("api:system-review", "POST", EDIT, "system.reviewed", decisions, review_etag, pk="system"),
    api("api:dismissals", "POST", EDIT, "threat.dismissed", a_dismissal, pk="system"),
    api(
        "api:dismissal-withdrawal",
        "POST",
        EDIT,
        "dismissal.ended",
        a_reason,
        dismissal_etag,
        pk="system",
        key="dismissed",
    ),
    api(
        "api:responsibility",
        "PUT",
        EDIT,
        "responsibility.set",
        lambda world: {"party": "shared", "reason": "Agreed in the contract."},
        pk="system",
        key="applicable",
    ),
    api(
        "api:risks",
        "POST",
        REGISTER,
        "risk.registered",
        lambda world: {"system": world.system.pk, "threat": "evasion"},
    ),
    api("api:risk", "PATCH", EDIT, "risk.described", a_description, risk_etag, pk="risk"),
    api("api:risk-ratings", "POST", EDIT, "risk.rated", a_rating, risk_etag, pk="risk"),
    api("api:risk-reviews", "POST", EDIT, "risk.reviewed", a_standing, risk_etag, pk="risk"),
    api("api:risk-comments", "POST", TREAT, "risk.commented", a_comment, pk="risk"),
    Operation("api:risk-comment", "DELETE", EDIT, {"pk": "risk", "comment": "comment"}, event="comment.taken_back"),
    api("api:risk-treatment", "PUT", EDIT, "risk.treated", a_treatment, risk_etag, pk="risk"),
    api("api:risk-treatment", "PATCH", TREAT, "treatment.updated", a_status, risk_etag, pk="risk"),
    api("api:risk-changes", "POST", TREAT | {"stranger": 400, "outsider": 400}, "treatment.updated", many_by_program),
    api("api:risk-measures", "POST", EDIT, "measure.added", a_measure, pk="risk"),
    api(
        "api:risk-measure",
        "PATCH",
        EDIT,
        "measure.changed",
        a_measure,
        measure_etag,
        pk="risk",
        measure="measure",
    ),
    api(
        "api:risk-measure-status",
        "POST",
        TREAT,
        "measure.updated",
        a_status,
        measure_etag,
        pk="risk",
        measure="measure",
    ),
    api("api:risk-measure-drop", "POST", EDIT, "measure.dropped", a_reason, measure_etag, pk="risk", measure="measure"),
    api("api:saved-views", "POST", EVERYONE, "view.saved", a_view),
    api(
        "api:saved-view",
        "PATCH",
        KEEP_VIEW,
        "view.changed",
        lambda world: another_view(world) | {"is_shared": False},
        view_etag,
        pk="view",
    ),
    Operation("api:saved-view", "DELETE", KEEP_VIEW, {"pk": "view"}, event="view.deleted", if_match=view_etag),
    api("api:risk-time-requests", "POST", TREAT, "time.asked", more_time, risk_etag, pk="risk"),
    api("api:time-request-decision", "POST", EDIT, "time.granted", a_grant, time_etag, pk="time_request"),
    api("api:time-request-withdrawal", "POST", TREAT, "time.withdrawn", nothing, time_etag, pk="time_request"),
    api("api:risk-acceptances", "POST", TREAT, "acceptance.proposed", a_proposal, risk_etag, pk="risk"),
    api("api:acceptance-decision", "POST", DECIDE, "acceptance.approved", a_decision, acceptance_etag, pk="acceptance"),
    api("api:acceptance-withdrawal", "POST", TREAT, "acceptance.withdrawn", a_reason, acceptance_etag, pk="acceptance"),
]
