"""What is said about a system: what is kept of it, what is refused, and how its history tells it."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Team, User
from journal.models import Event
from risks.systems.about import LONGEST_ADDRESS, LONGEST_REASON, checked_about
from risks.systems.choices import DataCategory
from risks.systems.forms import LinksField, TagsField, link_line
from risks.systems.models import AISystem
from risks.systems.services import change_system
from tests.make import make_system
from tests.reading import text_of

LINK = {"title": "Runbook", "url": "https://wiki.example.org/run"}
ALL: dict[str, Any] = {
    "stage": "production",
    "criticality": "high",
    "ai_act_class": "transparency",
    "ai_act_reason": "Customers talk to it.",
    "data_categories": ["personal", "public"],
    "tags": ["agent", "RAG"],
    "links": [LINK],
}


def about_change(system: AISystem, *, actor: User, **about: Any) -> AISystem:
    return change_system(
        system.pk,
        actor=actor,
        expected_version=None,
        name=system.name,
        purpose=system.purpose,
        owner_id=system.owner_id,
        **about,
    )


# Rules


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"stage": "dreaming"}, "stage", "Choose one of the list."),
        ({"criticality": "huge"}, "criticality", "Choose one of the list."),
        ({"ai_act_class": "risky", "ai_act_reason": "x"}, "ai_act_class", "Choose one of the list."),
        ({"ai_act_class": "minimal"}, "ai_act_reason", "Say why the system has this class by the EU AI Act."),
        (
            {"ai_act_class": "minimal", "ai_act_reason": "  "},
            "ai_act_reason",
            "Say why the system has this class by the EU AI Act.",
        ),
        (
            {"ai_act_reason": "x" * (LONGEST_REASON + 1)},
            "ai_act_reason",
            "Keep this within 2,000 characters; it has 2,001.",
        ),
        ({"data_categories": ["gossip"]}, "data_categories", "Choose from the list."),
        ({"tags": ["x" * 41]}, "tags", "A tag has 1 to 40 characters."),
        ({"tags": [" "]}, "tags", "A tag has 1 to 40 characters."),
        ({"tags": ["a,b"]}, "tags", "A tag has no comma in it."),
        ({"tags": [str(n) for n in range(21)]}, "tags", "Keep to 20 tags; these are 21."),
        ({"links": [LINK] * 21}, "links", "Keep to 20 links; these are 21."),
        (
            {"links": [LINK, {"title": " ", "url": "https://x.org"}]},
            "links",
            "Link 2: give it a title of 1 to 120 characters.",
        ),
        (
            {"links": [{"title": "x", "url": "https://x.org/" + "x" * LONGEST_ADDRESS}]},
            "links",
            "Link 1: keep its address within 500 characters.",
        ),
        *(
            (
                {"links": [{"title": "x", "url": url}]},
                "links",
                "Link 1: give it a whole address that begins with https:// or http://.",
            )
            for url in ("javascript:alert(1)", "ftp://x.org", "x.org", "//x.org", "", "https://")
        ),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(said: dict[str, Any], field: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        checked_about(said)  # type: ignore[arg-type]
    assert refusal.value.message_dict == {field: [sentence]}


def test_every_field_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(ValidationError) as refusal:
        checked_about({"stage": "dreaming", "tags": ["x" * 41], "links": [{"title": "", "url": ""}]})
    assert set(refusal.value.message_dict) == {"stage", "tags", "links"}


def test_tags_are_kept_once_whatever_their_capitals_as_they_were_given() -> None:
    assert checked_about({"tags": [" RAG ", "agent", "rag", "two   words"]}) == {"tags": ["RAG", "agent", "two words"]}


def test_data_is_kept_in_one_order_and_public_stands_with_others() -> None:
    assert checked_about({"data_categories": ["public", "personal", "public"]}) == {
        "data_categories": ["personal", "public"]
    }


WORD = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z")), min_size=1, max_size=12)


@given(st.lists(WORD.filter(lambda word: "," not in word), max_size=20))
def test_tags_come_back_from_the_form_as_they_were_kept(tags: list[str]) -> None:
    kept = checked_about({"tags": tags})["tags"]
    field = TagsField(required=False)
    assert field.clean(field.prepare_value(kept)) == kept
    assert checked_about({"tags": kept})["tags"] == kept


@given(st.lists(WORD, min_size=1, max_size=5), st.sampled_from(["https://x.org/a?b=1|2", "http://x.org"]))
def test_links_come_back_from_the_form_as_they_were_kept(titles: list[str], url: str) -> None:
    kept = checked_about({"links": [{"title": title, "url": url} for title in titles]})["links"]
    field = LinksField(required=False)
    assert field.clean(field.prepare_value(kept)) == kept


@given(st.sets(st.sampled_from(DataCategory.values)))
def test_keeping_what_is_kept_changes_nothing(categories: set[str]) -> None:
    kept = checked_about({"data_categories": list(categories)})
    assert checked_about(kept) == kept  # type: ignore[arg-type]


# Services


def test_a_system_is_registered_with_all_that_is_said(team: Team, editor: User) -> None:
    system = AISystem.objects.get(pk=make_system(team, actor=editor, **ALL).pk)
    assert {name: getattr(system, name) for name in ALL} == ALL
    changes = Event.objects.of(system).get().changes
    assert {name: changes[name] for name in ALL} == {name: [None, value] for name, value in ALL.items()}


def test_what_is_not_said_is_empty_and_not_in_the_event(team: Team, editor: User) -> None:
    system = make_system(team, actor=editor)
    assert (system.stage, system.ai_act_class, system.tags, system.links) == ("", "", [], [])
    assert set(Event.objects.of(system).get().changes) == {"team", "name", "purpose"}


def test_a_change_leaves_alone_what_it_does_not_name(team: Team, editor: User) -> None:
    system = make_system(team, actor=editor, **ALL)
    about_change(system, actor=editor, stage="retired", tags=[])
    event = Event.objects.of(system).first()
    assert event.changes == {"stage": ["production", "retired"], "tags": [["agent", "RAG"], []]}
    system.refresh_from_db()
    assert (system.criticality, system.links) == ("high", [LINK])


def test_the_same_again_is_no_change(team: Team, editor: User) -> None:
    system = make_system(team, actor=editor, **ALL)
    assert about_change(system, actor=editor, **{**ALL, "tags": ["agent", "RAG", "AGENT"]}).version == 1


def test_a_reason_cannot_be_taken_from_under_its_class(team: Team, editor: User) -> None:
    system = make_system(team, actor=editor, **ALL)
    with pytest.raises(ValidationError) as refusal:
        about_change(system, actor=editor, ai_act_reason="")
    assert list(refusal.value.message_dict) == ["ai_act_reason"]
    assert about_change(system, actor=editor, ai_act_reason="", ai_act_class="").ai_act_class == ""


# History


def test_the_history_tells_labels_and_not_codes(team: Team, editor: User, client_of: Any) -> None:
    system = make_system(team, actor=editor, **ALL)
    about_change(system, actor=editor, stage="retired", ai_act_class="minimal", data_categories=["public"])
    browser: Client = client_of(editor)
    page = text_of(browser.get(reverse("systems:history", args=[system.pk])))
    assert "stage: Production Retired" in page
    assert "EU AI Act: Transparency duties Minimal risk" in page
    assert "data: Personal data, Public data Public data" in page
    assert "links: Runbook (https://wiki.example.org/run)" in page
    assert "ai act class" not in page


def test_a_link_reads_as_a_line() -> None:
    assert link_line(LINK) == "Runbook | https://wiki.example.org/run"
