"""What an attacker tried, one test per way in. Each was open once, or would be easy to open again."""

import base64
import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import load_handler
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, Membership, User
from accounts.roles import OrganisationRole, TeamRole
from accounts.services import MOST_TOKENS, change_user, create_token, revoke_token
from catalog.loading import load_edition
from journal.errors import NotAllowed
from journal.models import Event
from journal.recording import SYSTEM
from risks.assurance.services import set_responsibility
from risks.register import services as register
from risks.register.accepting import propose_acceptance
from risks.register.asking_time import ask_time
from risks.register.measuring import update_measure
from risks.register.models import Risk
from risks.register.reviewing import dismiss_threat
from risks.register.saving_views import save_view
from risks.register.treating import update_treatment
from risks.reports.services import request_export
from risks.systems.importing import keep_draft
from risks.systems.life_cycle import archive_system
from risks.systems.models import AISystem
from tests.cast import ApiClient
from tests.catalog.editions import small_edition
from tests.make import (
    make_component,
    make_measure,
    make_own_control,
    make_own_threat,
    make_profile,
    make_rating,
    make_risk,
    make_supplier,
    make_system,
    make_team,
    make_treatment,
    make_user,
)
from tests.whole.policy import OK, OPERATIONS
from tests.whole.world import World

FEEDS = ["/api/v1/risks/", "/api/v1/systems/", "/api/v1/threats/", "/api/v1/controls/", "/api/v1/teams/"]
POSITIONS = ["abc", "\x00", "1.5", "nan", "-1", "２", "9" * 5000, "9" * 30]


@pytest.mark.parametrize("position", POSITIONS, ids=range(len(POSITIONS)))
def test_a_cursor_that_somebody_made_up_is_refused(world: World, position: str, subtests: Any) -> None:
    cursor = base64.b64encode(f"p={position}".encode()).decode()
    for path in [*FEEDS, f"/api/v1/risks/{world.risk.pk}/ratings/"]:
        with subtests.test(path=path):
            answer = world.programs["admin"].get(path, {"cursor": cursor})
            assert answer.status_code == 400
            assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("size", ["0000000019999999", "000000001" + "9" * 5000, "０1", "+1", "501", "1e2"])
def test_the_page_size_has_no_way_around_its_limit(world: World, size: str) -> None:
    assert world.programs["admin"].get("/api/v1/risks/", {"page_size": size}).status_code == 400


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/api/v1/risks/", "/nothing/"])
@pytest.mark.parametrize("value", ['"\\000aaaaaaaaaaaa"', '"\\377\\376aaaaaaaaaa"', "é" * 12, "a" * 4000])
def test_a_cookie_that_cannot_be_ours_is_none(db: None, path: str, value: str) -> None:
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        plain, odd = Client().get(path), Client().get(path, headers={"Cookie": f"{name}={value}"})
        assert odd.status_code == plain.status_code < 500


def test_a_file_that_nobody_asked_for_is_stored_nowhere(world: World) -> None:
    handlers = [type(load_handler(name, None)).__name__ for name in settings.FILE_UPLOAD_HANDLERS]
    assert handlers == ["FilesAskedFor"]
    small, large = BytesIO(b"x" * 1_000), BytesIO(b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    small.name = large.name = "risks.txt"
    good = {"username": "editor@example.org", "password": "wrong"}
    kept = Client().post("/sign-in/", good | {"file": small})
    assert kept.status_code == 422
    assert not kept.wsgi_request.FILES
    assert Client().post("/sign-in/", good | {"file": large}).status_code == 400


@pytest.mark.parametrize("role", [TeamRole.VIEWER, OrganisationRole.AUDITOR])
def test_whoever_may_no_longer_own_a_treatment_only_reads_it(world: World, role: str) -> None:
    owner, version = world.people["owner"], world.risk_version()
    if role == TeamRole.VIEWER:
        Membership.objects.filter(user=owner).update(role=role)
    else:
        Membership.objects.filter(user=owner).delete()
        User.objects.filter(pk=owner.pk).update(organisation_role=role)
    done = {"status": "done", "note": "", "expected_version": version}
    path = f"/risks/{world.risk.pk}/treatment/status/"
    assert world.browsers["owner"].post(path, done).status_code == 403
    etag = world.programs["owner"].get(f"/api/v1/risks/{world.risk.pk}/")["ETag"]
    by_program = world.programs["owner"].patch(
        f"/api/v1/risks/{world.risk.pk}/treatment/",
        {"status": "done"},
        content_type="application/json",
        headers={"If-Match": etag},
    )
    assert by_program.status_code == 403
    assert path not in world.browsers["owner"].get(f"/risks/{world.risk.pk}/").content.decode()
    assert path not in world.browsers["owner"].get("/my-work/").content.decode()
    assert world.risk_version() == version


def test_a_refusal_for_want_of_a_scope_leaves_a_witness(world: World) -> None:
    editor = world.people["editor"]
    token, secret = create_token(editor, actor=editor, name="Reads", scopes=["read"])
    body = {"name": "New", "team": world.team.pk, "purpose": "Sorts mail."}
    refused = ApiClient(headers={"Authorization": f"Bearer {secret}"}).send("post", "/api/v1/systems/", body)
    assert refused.status_code == 403
    event = Event.objects.get(request_id=refused["X-Request-ID"])
    assert (event.verb, event.actor_name, event.credential) == ("access.refused", "Editor", token.prefix)
    assert "scope" in event.reason


def test_no_live_token_hides_behind_others(editor: User, client_of: Any) -> None:
    create_token(editor, actor=editor, name="Planted", scopes=["read"], days=1)
    for number in range(MOST_TOKENS - 1):
        create_token(editor, actor=editor, name=f"Token {number}", scopes=["read"])
    for token in ApiToken.objects.filter(name__startswith="Token ")[:30]:
        revoke_token(token.pk, actor=editor)
    for number in range(30):
        create_token(editor, actor=editor, name=f"Later {number}", scopes=["read"])
    assert "Planted" in client_of(editor).get("/account/").content.decode()
    with pytest.raises(ValidationError, match="You have 50 tokens"):
        create_token(editor, actor=editor, name="One more", scopes=["read"])


@pytest.mark.parametrize("typed", ["correct horse battery staple", "hunter2!", "a@b", "me@example.org\x00"])
def test_a_password_typed_into_the_wrong_field_is_not_kept_for_ever(db: None, typed: str) -> None:
    Client().post("/sign-in/", {"username": typed, "password": "x"})
    assert Event.objects.get(verb="session.refused").actor_name == "Nobody"


def test_the_address_of_a_refused_sign_in_is_kept(db: None) -> None:
    Client().post("/sign-in/", {"username": "me@example.org", "password": "x"})
    assert Event.objects.get(verb="session.refused").actor_name == "me@example.org"


@pytest.mark.parametrize("person", ["editor", "officer", "admin"])
def test_whoever_is_switched_off_sees_and_does_nothing_at_any_depth(world: World, person: str) -> None:
    gone = User.objects.get(pk=world.people[person].pk)
    gone.is_active = False
    with pytest.raises(NotAllowed):
        register.add_risk(world.system.pk, actor=gone, threat_key="evasion")
    with pytest.raises(NotAllowed):
        change_user(world.people["viewer"].pk, actor=gone, name="X", organisation_role="member", is_active=True)
    assert not Risk.objects.visible_to(gone).exists()
    assert not AISystem.objects.visible_to(gone).exists()
    assert not Event.objects.visible_to(gone).exists()


def test_every_change_with_a_cookie_needs_the_token_of_a_form(world: World, subtests: Any) -> None:
    for operation in OPERATIONS:
        if operation.method == "GET":
            continue
        person = next(name for name in ("editor", "admin") if operation.who[name] == OK)
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(world.people[person])
        arguments: dict[str, Any] = {"data": operation.send(world)} if operation.send else {}
        if operation.is_api:
            arguments["content_type"] = "application/json"
        with subtests.test(operation=str(operation)):
            answer = getattr(browser, operation.method.lower())(operation.path(world.ids), **arguments)
            assert answer.status_code == 403


FILES = ("reports:file", "reports:statement_file", "systems:import_template")  # no page to put markup into
MARKUP = "'\"><img src=x onerror=zap()><a href=javascript:zap() hx-get=zap>{{7*7}}</title></textarea></script>`"


class Injected(HTMLParser):
    """Collects the elements and attributes that the markup above would make."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Any] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            address = name in ("href", "src", "action") or name.startswith("hx-")
            if name.startswith("on") or name == "style" or (address and re.match("javascript:|zap|x$", value or "")):
                self.found.append((tag, name, value))


def test_what_people_type_never_becomes_markup(db: None, subtests: Any) -> None:
    ids, people = marked_up_world()
    for person in people:
        browser = Client()
        browser.force_login(person)
        for operation in OPERATIONS:
            if operation.method != "GET" or operation.is_api or operation.name in FILES:
                continue
            with subtests.test(operation=operation.name, person=person.pk):
                page = browser.get(operation.path(ids), {"q": MARKUP} if "risks" in operation.name else {})
                injected = Injected()
                injected.feed(page.content.decode())
                assert injected.found == []


def marked_up_world() -> tuple[dict[str, Any], list[User]]:
    """A register in which every text that can be typed is markup; an editor and an administrator of that kind."""
    team = make_team(MARKUP)
    editor, admin = make_user("editor", in_team={team: TeamRole.EDITOR}), make_user("admin", "administrator")
    User.objects.update(name=MARKUP)
    editor, admin = User.objects.get(pk=editor.pk), User.objects.get(pk=admin.pk)
    system = make_system(team, actor=editor, name=MARKUP, purpose=MARKUP, owner_id=editor.pk)
    make_profile(system, actor=editor)
    risk = make_risk(system, actor=editor)
    make_rating(risk, actor=editor, likelihood=5, impact=5)
    make_treatment(risk, actor=editor)
    measure = make_measure(risk, actor=editor, text=MARKUP)
    update_measure(risk.pk, measure.pk, actor=editor, status="blocked", note=MARKUP, expected_version=None)
    owner = make_user("second", in_team={team: TeamRole.RISK_OWNER})
    User.objects.filter(pk=owner.pk).update(name=f"{MARKUP} too")
    theirs = make_measure(risk, actor=editor, owner=owner, text=f"{MARKUP} too")
    until = timezone.localdate() + timedelta(days=60)
    asked = ask_time(risk.pk, actor=owner, measure_id=theirs.pk, until=until, note=MARKUP, expected_version=None)
    anyhow: dict[str, Any] = {"actor": editor, "expected_version": None}
    register.describe_risk(risk.pk, description=MARKUP, **anyhow)
    register.rate_risk(risk.pk, kind="target", likelihood=1, impact=1, reason=MARKUP, **anyhow)
    update_treatment(risk.pk, status="blocked", note=MARKUP, **anyhow)
    set_responsibility(system.pk, actor=editor, threat_key=risk.threat_key, party="own", reason=MARKUP)
    said: dict[str, Any] = {"reason": MARKUP, "conditions": MARKUP, "until": timezone.localdate() + timedelta(days=30)}
    proposed = propose_acceptance(risk.pk, actor=editor, expected_version=None, **said)
    dismiss_threat(system.pk, actor=editor, threat_key="agentescape", reason=MARKUP)
    supplier = make_supplier(actor=editor, name=MARKUP, contact=MARKUP)
    component = make_component(system, actor=editor, name=MARKUP, supplier=supplier, version_label=MARKUP, note=MARKUP)
    away = make_system(team, actor=editor, name=f"{MARKUP} away", purpose=MARKUP)
    archive_system(away.pk, actor=editor, reason=MARKUP, expected_version=None)
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": {"name": MARKUP}}}
    draft = keep_draft(json.dumps(bom).encode(), actor=editor, file_name=MARKUP, team_id=team.pk)
    create_token(editor, actor=SYSTEM, name=MARKUP[:80], scopes=["read"])
    ids = {
        "system": system.pk, "risk": risk.pk, "export": request_export(actor=editor, filters={"q": [MARKUP]}).pk,
        "person": editor.pk, "team": team.pk, "threat": "evasion", "applicable": risk.threat_key,
        "control": "oversight", "group": "limitunwanted", "framework": "owasp-llm-2025", "concern": "copyright",
        "own_threat": make_own_threat(**dict.fromkeys(("title", "summary", "how", "impact"), MARKUP)).key,
        "own_control": make_own_control(name=MARKUP, purpose=MARKUP, evidence=[MARKUP], threats=["evasion"]).key,
        "archived": away.pk, "component": component.pk, "removed": component.pk, "supplier": supplier.pk,
        "draft": draft.pk, "dismissed": "agentescape", "acceptance": proposed.pk,
        "measure": measure.pk,
        "view": save_view(actor=editor, name=MARKUP[:80], query=urlencode({"q": MARKUP}), is_shared=True).pk,
        "time_request": asked.pk,
        "dismissable": "directpromptinjection",
        "edition": load_edition(marked_up_edition(), actor=SYSTEM).edition.key,
    }  # fmt: skip
    return ids, [editor, admin]


def marked_up_edition() -> dict[str, Any]:
    """An edition whose texts are markup, as a hostile data file would have them."""
    content = small_edition()
    for section in ("threats", "frameworks", "items", "concerns"):
        for entry in content[section]:
            entry["title"] = MARKUP
    return content
