"""What the EU AI Act makes of a system's class: the article it rests on and the day its duties begin.

Both are read from an edition of the catalog, since the dates have moved before. An edition may lack the framework, the
class or the date; then only what it holds is said. Source: Regulation (EU) 2024/1689, Art. 5, 6, 50, 51 and 113.
"""

import re
from dataclasses import dataclass
from datetime import date

from catalog.facts import FrameworkFacts
from risks.systems.choices import AiActClass

FRAMEWORK = "eu-ai-act"
NOT_CLASSIFIED = "Not classified yet"

# The code of the class in the catalog, and what the scope of its date says there.
_FOUND: dict[AiActClass, tuple[str, str]] = {
    AiActClass.PROHIBITED: ("prohibited", r"Prohibited practices"),
    AiActClass.HIGH_RISK_ANNEX_III: ("high_risk", r"Annex III\b"),
    AiActClass.HIGH_RISK_ANNEX_I: ("high_risk", r"Annex I\b"),
    AiActClass.TRANSPARENCY: ("transparency", r"Art\. 50\b"),
    AiActClass.MINIMAL: ("minimal", ""),
    AiActClass.GPAI: ("gpai", r"General-purpose"),
    AiActClass.GPAI_SYSTEMIC: ("gpai_systemic", r"General-purpose"),
}


@dataclass(frozen=True)
class Standing:
    """How the Act treats a system. `article` and `since` are empty where the class or the edition has none."""

    title: str
    article: str = ""
    since: date | None = None
    edition: str = ""
    is_ban: bool = False

    def sentence(self, today: date) -> str:
        """ "High risk, by use (Annex III), Art. 6. Its duties apply from 2 December 2027 (catalog edition …)."."""
        named = f"{self.title}, {self.article}" if self.article.startswith("Art.") else self.title
        if self.since is None:
            return f"{named}."
        what, verbs = (
            ("The ban", ("applies", "has applied")) if self.is_ban else ("Its duties", ("apply", "have applied"))
        )
        when = f"{verbs[0]} from" if self.since > today else f"{verbs[1]} since"
        return f"{named}. {what} {when} {self.since.day} {self.since:%B %Y} (catalog edition {self.edition})."


def standing_of(ai_act_class: str, framework: FrameworkFacts | None, edition: str) -> Standing | None:
    """The standing of a class by the framework of an edition; None while nobody has named a class."""
    if not ai_act_class:
        return None
    named = AiActClass(ai_act_class)
    code, scope = _FOUND.get(named, ("", ""))
    return Standing(
        title=str(named.label),
        article=_article(framework, code),
        since=_since(framework, scope),
        edition=edition,
        is_ban=named is AiActClass.PROHIBITED,
    )


def _article(framework: FrameworkFacts | None, code: str) -> str:
    classes = framework.classes if framework else ()
    return next((str(each.get("basis") or "") for each in classes if each.get("code") == code), "")


def _since(framework: FrameworkFacts | None, scope: str) -> date | None:
    dates = framework.dates if framework and scope else ()
    return next((each.date for each in dates if re.search(scope, each.scope)), None)
