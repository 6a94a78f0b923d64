"""What is different between two editions, in both directions, and what of it makes a risk worth another look."""

from typing import Any

import pytest

from catalog.comparing import difference, meaning_changes
from catalog.reading import Catalog, catalog_of
from tests.catalog.editions import small_edition, threat


def changed(**threat_fields: Any) -> Catalog:
    """The small edition a year later, with its first threat (“variant”) changed."""
    edition = small_edition("2031-01-01")
    edition["threats"][0] |= threat_fields
    return catalog_of(edition)


def section(before: Catalog, after: Catalog, name: str = "threats") -> Any:
    return next(each for each in difference(before, after).sections if each.name == name)


BEFORE = catalog_of(small_edition())


def test_the_same_content_is_no_difference() -> None:
    found = difference(BEFORE, changed())
    assert not found
    assert meaning_changes(BEFORE, changed()) == {}


def test_a_new_key_with_the_old_one_among_its_aliases_is_a_rename() -> None:
    edition = small_edition("2031-01-01")
    edition["threats"][0] |= {"key": "form", "aliases": ["variant"]}
    edition["not_derived"] = ["form"]
    found = section(BEFORE, catalog_of(edition))
    assert [(change.old_key, change.key) for change in found.renamed] == [("variant", "form")]
    assert (found.added, found.retired, found.changed) == ((), (), ())
    back = section(catalog_of(edition), BEFORE)
    assert [(change.old_key, change.key) for change in back.renamed] == [("form", "variant")]


def test_a_new_title_is_a_rename_and_worth_a_look() -> None:
    after = changed(title="Form")
    assert [change.title for change in section(BEFORE, after).renamed] == ["Form"]
    assert meaning_changes(BEFORE, after) == {"variant": ("Changed: title.",)}


def test_added_and_retired_threats_swap_on_the_way_back() -> None:
    edition = small_edition("2031-01-01")
    edition["threats"].append(threat("promptinjection", "2.2", "threat", "inputthreats"))
    after = catalog_of(edition)
    assert [named.key for named in section(BEFORE, after).added] == ["promptinjection"]
    assert [named.key for named in section(after, BEFORE).retired] == ["promptinjection"]
    assert meaning_changes(BEFORE, after) == {}
    assert meaning_changes(after, BEFORE) == {"promptinjection": ("It is not in edition 2030-01-01.",)}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"summary": "Otherwise."}, "Changed: summary."),
        (
            {"likelihood": "Few can.", "impact": "A lot."},
            "Changed: what to consider for the likelihood, what to consider for the impact.",
        ),
        ({"impacts": []}, "Changed: impacts."),
        ({"surface": "runtime"}, "Changed: surface."),
    ],
)
def test_what_a_threat_means_is_worth_a_look(fields: dict[str, Any], said: str) -> None:
    assert meaning_changes(BEFORE, changed(**fields)) == {"variant": (said,)}


@pytest.mark.parametrize("fields", [{"number": "2.1.9"}, {"url": "https://owaspai.org/go/y/"}, {"aliases": ["more"]}])
def test_where_a_threat_stands_is_not(fields: dict[str, Any]) -> None:
    assert meaning_changes(BEFORE, changed(**fields)) == {}


def test_another_rule_is_worth_a_look() -> None:
    edition = small_edition("2031-01-01")
    edition["rules"][0]["applicable_when"] = "always"
    after = catalog_of(edition)
    assert meaning_changes(BEFORE, after) == {"evasion": ("The rule that says when it applies is another.",)}
    assert [change.key for change in section(BEFORE, after, "rules").changed] == ["evasion"]


def test_a_control_that_comes_or_goes_is_worth_a_look() -> None:
    edition = small_edition("2031-01-01")
    edition["links"] = []
    after = catalog_of(edition)
    assert meaning_changes(BEFORE, after) == {"evasion": ("Controls no longer linked: Oversight.",)}
    assert meaning_changes(after, BEFORE) == {"evasion": ("New controls: Oversight.",)}
    assert [(link.control, link.is_new) for link in difference(BEFORE, after).links] == [("oversight", False)]


def test_a_group_with_another_key_is_the_same_group() -> None:
    edition = small_edition("2031-01-01")
    edition["threats"][1] |= {"key": "evading", "aliases": ["evasion"]}
    edition["threats"][0]["parent"] = edition["rules"][0]["threat"] = edition["links"][0]["threat"] = "evading"
    assert meaning_changes(BEFORE, catalog_of(edition)) == {}
