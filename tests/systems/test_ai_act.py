"""What the EU AI Act makes of a class, read from the catalog."""

from dataclasses import replace
from datetime import date

import pytest

from catalog.reading import packaged
from risks.systems.ai_act import FRAMEWORK, standing_of
from risks.systems.choices import AiActClass

ACT = packaged().frameworks[FRAMEWORK]
TODAY = date(2026, 9, 1)


def sentence(named: str) -> str:
    standing = standing_of(named, ACT, "2026-08-22")
    assert standing is not None
    return standing.sentence(TODAY)


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (
            AiActClass.PROHIBITED,
            "Prohibited practice, Art. 5. The ban has applied since 2 February 2025 (catalog edition 2026-08-22).",
        ),
        (
            AiActClass.HIGH_RISK_ANNEX_III,
            (
                "High risk, by use (Annex III), Art. 6. Its duties apply from 2 December 2027 "
                "(catalog edition 2026-08-22)."
            ),
        ),
        (
            AiActClass.HIGH_RISK_ANNEX_I,
            (
                "High risk, in a regulated product (Annex I), Art. 6. Its duties apply from 2 August 2028 "
                "(catalog edition 2026-08-22)."
            ),
        ),
        (
            AiActClass.TRANSPARENCY,
            "Transparency duties, Art. 50. Its duties have applied since 2 August 2026 (catalog edition 2026-08-22).",
        ),
        (AiActClass.MINIMAL, "Minimal risk."),
        (
            AiActClass.GPAI,
            (
                "General-purpose AI model, Art. 51. Its duties have applied since 2 August 2025 "
                "(catalog edition 2026-08-22)."
            ),
        ),
        (
            AiActClass.GPAI_SYSTEMIC,
            (
                "General-purpose AI model with systemic risk, Art. 51. Its duties have applied since 2 August 2025 "
                "(catalog edition 2026-08-22)."
            ),
        ),
        (AiActClass.OUTSIDE, "Outside the Act."),
    ],
)
def test_a_class_says_its_article_and_from_when_its_duties_apply(named: str, expected: str) -> None:
    assert sentence(named) == expected


def test_the_day_itself_counts_as_applying() -> None:
    standing = standing_of(AiActClass.HIGH_RISK_ANNEX_III, ACT, "2026-08-22")
    assert standing is not None
    assert "have applied since 2 December 2027" in standing.sentence(date(2027, 12, 2))
    assert "apply from 2 December 2027" in standing.sentence(date(2027, 12, 1))


def test_no_class_has_no_standing() -> None:
    assert standing_of("", ACT, "2026-08-22") is None


@pytest.mark.parametrize("named", AiActClass.values)
def test_an_edition_without_the_framework_the_classes_or_the_dates_says_what_it_can(named: str) -> None:
    for act in (None, replace(ACT, dates=()), replace(ACT, classes=()), replace(ACT, classes=({},))):
        standing = standing_of(named, act, "2026-08-22")
        assert standing is not None
        assert standing.sentence(TODAY).startswith(AiActClass(named).label)
