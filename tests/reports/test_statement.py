"""The statement of applicability: every threat and control once, the same on page, in the file and in the API."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.reading import current
from risks.register.rules import DEFAULT_SCALE
from risks.register.services import assign_party, confirm_threats
from risks.register.threat_states import Status
from risks.reports.applicability import Use
from risks.reports.spreadsheet import BOM, original
from risks.reports.statement import HEADER, statement_of
from risks.systems.access import system_to_see
from risks.systems.models import AISystem
from tests.make import (
    CHATBOT,
    make_own_control,
    make_own_threat,
    make_profile,
    make_rating,
    make_risk,
    make_system,
    make_treatment,
)
from tests.reading import queries_of, text_of
from tests.register.test_threat_states import dismiss

MOST_QUERIES = 12
PAGES = ["reports:statement", "reports:statement_file", "api:system-statement"]


def statement(system, reader):
    return statement_of(system_to_see(reader, system.pk), current(), DEFAULT_SCALE, at=timezone.now())


def page_of(client, system):
    return client.get(reverse("reports:statement", args=[system.pk]))


def file_of(client, system):
    answer = client.get(reverse("reports:statement_file", args=[system.pk]))
    text = answer.content.decode()
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


def entry(system, reader, key):
    return next(line for line in statement(system, reader).threats if line.state.threat.key == key)


def use_of(system, reader, key):
    return next(state for state in statement(system, reader).all_controls if state.control.key == key)


def test_every_threat_and_control_stands_in_it_once(system, editor):
    catalog, found = current(), statement(system, editor)

    threats = [line.state.threat.key for line in found.threats]
    controls = [state.control.key for state in found.all_controls]

    assert threats == [key for key, each in catalog.threats.items() if key in threats]
    assert len(threats) == len(set(threats)) == 27
    assert sorted(controls) == sorted(catalog.controls)
    assert sum(found.threat_counts.values()) == 22
    assert sum(found.control_counts.values()) == 55


def test_variants_stand_below_their_threat(system, editor):
    keys = [line.state.threat.key for line in statement(system, editor).threats]
    start = keys.index("evasion")
    assert [entry(system, editor, key).state.judged_with.key for key in keys[start + 1 : start + 6]] == ["evasion"] * 5
    assert entry(system, editor, "transferattack").why == ("Attack variant of Evasion, judged with it.",)


def test_the_heading_counts_what_it_lists(system, editor, client_of):
    page = text_of(page_of(client_of(editor), system))
    found = statement(system, editor)
    assert found.threat_counts[Status.APPLICABLE] == 14
    applies = sum(state.use is Use.APPLICABLE for state in found.all_controls)
    assert f"14 of 22 threats apply, 1 is not known yet; {applies} of 55 controls apply, 1 is optional" in page


def test_a_threat_says_risk_level_party_and_reasons(system, risk, editor, client_of):
    make_rating(risk, actor=editor, likelihood=4, impact=4)
    assign_party(system.pk, actor=editor, threat_key=risk.threat_key, party="shared", reason="Agreed in the contract.")

    page = text_of(page_of(client_of(editor), system))

    assert "2.2.2 Indirect prompt injection Applies Shared RSK-0001 4 High It uses generative AI." in page
    assert "Editor set the responsibility to shared: Agreed in the contract." in page


def test_a_dismissed_threat_is_in_it_with_who_and_why_and_calls_for_nothing(system, risk, editor, client_of):
    make_profile(system, actor=editor, answers=CHATBOT | {"structured_agent_messages": "no"})
    assert use_of(system, editor, "inputsegregation").use is Use.APPLICABLE
    dismiss(system, risk.threat_key, risk=risk)

    page = text_of(page_of(client_of(editor), system))

    assert "Dismissed by Editor" in page
    assert "The letters are read by clerks only." in page
    assert use_of(system, editor, "inputsegregation").use is Use.NOT_APPLICABLE


def test_the_optional_control_is_optional_where_someone_else_trained_the_model(system, team, editor):
    found = use_of(system, editor, "poisonrobustmodel")
    assert found.use is Use.OPTIONAL
    assert found.reasons[0].startswith("Someone else trained the model")

    own = make_system(team, actor=editor, name="Own model")
    make_profile(own, actor=editor, answers=CHATBOT | {"trained_by": ["own"]})
    assert use_of(own, editor, "poisonrobustmodel").use is Use.APPLICABLE


def test_a_risk_by_hand_calls_for_its_controls(system, editor):
    assert use_of(system, editor, "evasioninputhandling").use is Use.NOT_APPLICABLE
    make_risk(system, actor=editor, threat="evasion")
    assert entry(system, editor, "evasion").why[-1] == "Put into the register by hand."
    assert use_of(system, editor, "evasioninputhandling").use is Use.APPLICABLE


def test_own_entries_are_in_it(system, editor):
    threat, control = make_own_threat(), make_own_control(parent_key="governancecontrols")
    other = make_own_control(name="Cold storage", parent_key="evasion", threats=[threat.key])

    assert entry(system, editor, threat.key).why == (
        "No rule says that it applies, and nobody put it into the register.",
    )
    assert use_of(system, editor, control.key).use is Use.APPLICABLE
    assert use_of(system, editor, other.key).use is Use.NOT_APPLICABLE
    make_risk(system, actor=editor, threat=threat.key)
    assert use_of(system, editor, other.key).use is Use.APPLICABLE


def test_a_system_without_a_profile_says_so(team, editor, client_of):
    system = make_system(team, actor=editor)

    page = text_of(page_of(client_of(editor), system))

    assert "3 of 22 threats apply, 19 are not known yet" in page
    assert "No profile yet" in page


def test_page_and_file_say_the_same(system, editor, client_of):
    for risk in confirm_threats(system.pk, actor=editor)[:3]:
        make_rating(risk, actor=editor)
    dismiss(system, "indirectpromptinjection")
    client = client_of(editor)

    shown, rows = page_of(client, system).context["statement"], file_of(client, system)

    assert len(rows) == len(shown.threats) + len(shown.all_controls)
    threats, controls = rows[: len(shown.threats)], rows[len(shown.threats) :]
    for line, row in zip(shown.threats, threats, strict=True):
        assert (row["Kind"], row["Key"], row["Title"]) == ("Threat", line.state.threat.key, line.state.threat.title)
        assert (row["Applies"], row["Why"]) == (line.state.status.label, " ".join(line.why))
        assert (row["Risk"], row["Current level in words"]) == (line.risk_reference, line.level_word)
        assert row["Dismissed because"] == line.dismissed_because
    for state, row in zip(shown.all_controls, controls, strict=True):
        assert (row["Kind"], row["Key"], row["Title"]) == ("Control", state.control.key, state.control.name)
        assert (row["Applies"], row["Why"]) == (state.use.label, " ".join(state.reasons))


def test_the_api_says_the_same(system, risk, editor, client_of, api_of):
    make_rating(risk, actor=editor)
    program = api_of(editor)

    answer = program.send("get", reverse("api:system-statement", args=[system.pk]))
    shown, told = page_of(client_of(editor), system).context["statement"], answer.json()

    assert (told["system"], told["edition"], told["profile"]) == (system.pk, "2026-08-22", 1)
    assert told["as_of"] == timezone.localdate().isoformat()
    assert [(each["threat"], each["status"], each["reasons"], each["level"]) for each in told["threats"]] == [
        (line.state.threat.key, line.state.status, list(line.why), line.level) for line in shown.threats
    ]
    assert [(each["control"], each["status"], each["reasons"]) for each in told["controls"]] == [
        (state.control.key, state.use, list(state.reasons)) for state in shown.all_controls
    ]
    by_key = {each["threat"]: each for each in told["threats"]}
    assert by_key["indirectpromptinjection"]["risk"] == risk.pk
    assert by_key["transferattack"]["variant_of"] == "evasion"
    assert by_key["evasion"]["risk"] is None

    again = program.send("get", reverse("api:system-statement", args=[system.pk]), if_none_match=answer["ETag"])
    assert again.status_code == 304


def test_the_api_takes_no_parameters(system, editor, api_of):
    assert api_of(editor).send("get", f"/api/v1/systems/{system.pk}/statement/?format=csv").status_code in (400, 404)


@pytest.mark.parametrize("hostile", ['=HYPERLINK("http://evil","x")', "+1", "-1", "@x", "\t=1", 'a;"=1+1"'])
def test_what_a_person_typed_is_no_formula_in_the_file(system, editor, client_of, hostile):
    threat = make_own_threat(title=f"{hostile}".strip() or "x")
    make_risk(system, actor=editor, threat=threat.key)
    made = dismiss(system, "indirectpromptinjection")
    type(made).objects.filter(pk=made.pk).update(reason=hostile)

    rows = {row["Key"]: row for row in file_of(client_of(editor), system)}

    for cell in (rows[threat.key]["Title"], rows["indirectpromptinjection"]["Dismissed because"]):
        assert cell[0] not in "=+-@\t\r"
        assert ';"=' not in cell
    assert original(rows["indirectpromptinjection"]["Dismissed because"]) == hostile


def test_the_file_is_named_after_the_system_and_the_day(system, editor, client_of):
    answer = client_of(editor).get(reverse("reports:statement_file", args=[system.pk]))
    today = timezone.localdate().isoformat()
    assert answer["Content-Disposition"] == f'attachment; filename="statement-AIS-0001-{today}.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.decode().removeprefix(BOM).splitlines()[0] == ",".join(HEADER)


@pytest.mark.parametrize("name", PAGES)
def test_a_foreign_system_is_as_missing_as_a_made_up_one(system, outsider, client_of, name):
    answers = [client_of(outsider).get(reverse(name, args=[pk])).status_code for pk in (system.pk, 999_999)]
    assert answers == [404, 404]


def test_every_reader_may_read_and_take_it(system, viewer, owner, auditor, officer, client_of):
    for person in (viewer, owner, auditor, officer):
        for name in PAGES:
            assert client_of(person).get(reverse(name, args=[system.pk])).status_code == 200


def test_an_archived_system_keeps_its_statement(system, editor, client_of):
    AISystem.objects.filter(pk=system.pk).update(archived_at=timezone.now())
    for name in PAGES:
        assert client_of(editor).get(reverse(name, args=[system.pk])).status_code == 200


def test_the_threats_tab_leads_to_it(system, editor, client_of):
    page = client_of(editor).get(system.get_absolute_url()).content.decode()
    assert page.count(f'href="{reverse("reports:statement", args=[system.pk])}"') == 2


@pytest.mark.parametrize("name", PAGES)
def test_it_costs_the_same_for_many_risks(system, editor, client_of, name):
    client, path = client_of(editor), reverse(name, args=[system.pk])
    client.get(path)
    few = queries_of(client, path)
    for risk in confirm_threats(system.pk, actor=editor):
        make_rating(risk, actor=editor)
        make_treatment(risk, actor=editor, due=timezone.localdate() - timedelta(days=1))
    assert queries_of(client, path) == few <= MOST_QUERIES
