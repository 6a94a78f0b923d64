"""One write path: what a page does, the API does, to the letter of the event it leaves."""

from dataclasses import replace
from typing import Any

import pytest

from tests.whole.policy import OPERATIONS, Operation, all_words
from tests.whole.test_policy import knock
from tests.whole.world import World

PAIRS = [
    ("POST systems:register", "POST api:systems"),
    ("POST systems:import_draft", "POST api:import"),
    ("POST systems:edit", "PATCH api:system"),
    ("POST systems:archive", "POST api:system-archive"),
    ("POST systems:restore", "POST api:system-restore"),
    ("POST systems:duplicate", "POST api:system-duplicate"),
    ("POST systems:profile", "PUT api:system-profile"),
    ("POST systems:add_component", "POST api:system-components"),
    ("POST systems:edit_component", "PATCH api:component"),
    ("POST systems:set_version", "POST api:component-versions"),
    ("POST systems:remove_component", "PUT api:component-removal"),
    ("POST systems:put_back_component", "DELETE api:component-removal"),
    ("POST suppliers:add", "POST api:suppliers"),
    ("POST suppliers:edit", "PATCH api:supplier"),
    ("POST register:confirm", "POST api:system-confirmation"),
    ("POST register:add", "POST api:risks"),
    ("POST register:describe", "PATCH api:risk"),
    ("POST register:rate", "POST api:risk-ratings"),
    ("POST register:review_risk", "POST api:risk-reviews"),
    ("POST register:comment", "POST api:risk-comments"),
    ("POST register:save_view", "POST api:saved-views"),
    ("POST register:change_view", "PATCH api:saved-view"),
    ("POST register:delete_view", "DELETE api:saved-view"),
    ("POST register:take_back_comment", "DELETE api:risk-comment"),
    ("POST register:treat", "PUT api:risk-treatment"),
    ("POST register:status", "PATCH api:risk-treatment"),
    ("POST register:change", "PATCH api:risk-treatment"),
    ("POST register:change_risks", "POST api:risk-changes"),
    ("POST register:add_measure", "POST api:risk-measures"),
    ("POST register:change_measure", "PATCH api:risk-measure"),
    ("POST register:update_measure", "POST api:risk-measure-status"),
    ("POST register:drop_measure", "POST api:risk-measure-drop"),
    ("POST register:needs_time", "POST api:risk-time-requests"),
    ("POST register:decide_time", "POST api:time-request-decision"),
    ("POST register:withdraw_time", "POST api:time-request-withdrawal"),
    ("POST register:propose_acceptance", "POST api:risk-acceptances"),
    ("POST register:decide_acceptance", "POST api:acceptance-decision"),
    ("POST register:withdraw_acceptance", "POST api:acceptance-withdrawal"),
    ("POST register:review", "POST api:system-review"),
    ("POST register:dismiss", "POST api:dismissals"),
    ("POST register:take_back", "POST api:dismissal-withdrawal"),
    ("POST assurance:set", "PUT api:responsibility"),
]
# A draft is its uploader's alone: who may import is who may upload.
UPLOADS = {"POST systems:import_draft": "POST systems:import"}
BY_NAME = {str(operation): operation for operation in OPERATIONS}


def told(world: World, operation: Operation, person: str) -> list[tuple[Any, ...]]:
    """The events of one operation, without moments and ids."""
    _, events = knock(world, operation, person)
    return [
        (e.verb, e.object_type, e.object_label, e.team_id, without_moments(e.changes), e.reason, e.actor_name)
        for e in events
    ]


def without_moments(changes: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """A field that holds a moment ends in _at; that it changed must agree, not when."""
    return {name: [bool(v) for v in pair] if name.endswith("_at") else pair for name, pair in changes.items()}


@pytest.mark.parametrize(("page", "program"), PAIRS)
def test_page_and_api_do_the_same(world: World, page: str, program: str) -> None:
    by_page, by_program = BY_NAME[page], BY_NAME[program]
    if page == "POST systems:edit":
        by_program = replace(by_program, send=all_words)
    assert told(world, by_page, "editor") == told(world, by_program, "editor") != []


@pytest.mark.parametrize(("page", "program"), PAIRS)
def test_page_and_api_refuse_the_same_people(world: World, page: str, program: str) -> None:
    by_page, by_program = BY_NAME[UPLOADS.get(page, page)].who, BY_NAME[program].who
    for person in by_page:
        both = {by_page[person], by_program[person]}
        # A page has the team or system in its address or its choices, where the API reads it from what is sent.
        assert len(both) == 1 or both <= {400, 403, 404, 422}, person


def test_every_write_of_the_api_has_its_page() -> None:
    paired = {program for _, program in PAIRS}
    assert paired == {str(o) for o in OPERATIONS if o.is_api and o.method != "GET" and o.event}
