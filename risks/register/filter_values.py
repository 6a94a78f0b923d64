"""What each filter may be given, one value at a time: read from the text of an address, or refused with a sentence."""

from collections.abc import Callable, Collection
from typing import Any

from catalog.reading import Catalog
from risks.register.choices import Accepted, RatingKind, RiskState, TreatmentOption, TreatmentStatus
from risks.register.rules import Scale
from risks.register.threats import told_of

NO_TREATMENT = "none"  # as a value of the filter "option"
ANY_STATE = "all"  # as a value of the filter "state"
STATES = (*RiskState.values, ANY_STATE)
REVIEW_OVERDUE = "overdue"  # the one value of the filter "review"
LONGEST_SEARCH, LONGEST_TAG = 200, 40
MOST_VALUES = 100  # of a whole filter: on a page each is a link that repeats all the others
TRUE, FALSE = ("true", "1"), ("false", "0")


def _id(value: str) -> int:
    if not is_number(value):
        raise ValueError(f"“{value[:40]}” is not a number.")
    return int(value)


def threat_key(catalog: Catalog, value: str) -> str:
    """The key of today for a threat of the catalog, by whatever key it had."""
    threat = told_of(catalog, value)
    if threat is None:
        raise ValueError(f"“{value[:40]}” is not a threat of the catalog.")
    return threat.key


def number_up_to(highest: int, value: str) -> int:
    """A level of the scale."""
    if not is_number(value) or not 1 <= int(value) <= highest:
        raise ValueError(f"“{value[:40]}” is not a number from 1 to {highest}.")
    return int(value)


def _one_of(words: Collection[str]) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in words:
            raise ValueError(f"“{value[:40]}” is none of {', '.join(words)}.")
        return value

    return read


def _review(value: str) -> str:
    if value != REVIEW_OVERDUE:
        raise ValueError(f"“{value[:40]}” is not {REVIEW_OVERDUE}.")
    return value


def _truth(value: str) -> bool:
    if value not in TRUE + FALSE:
        raise ValueError(f"“{value[:40]}” is neither true nor false.")
    return value in TRUE


def _search(value: str) -> str:
    if len(value) > LONGEST_SEARCH or "\x00" in value:
        raise ValueError(f"Search for at most {LONGEST_SEARCH} characters of text.")
    return value.strip()


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _tag(value: str) -> str:
    if len(value) > LONGEST_TAG or "\x00" in value:
        raise ValueError(f"A tag is at most {LONGEST_TAG} characters of text.")
    return value.strip()


MANY: dict[str, Callable[[str], Any]] = {
    "system": _id,
    "team": _id,
    "option": _one_of((*TreatmentOption.values, NO_TREATMENT)),
    "status": _one_of(TreatmentStatus.values),
    "owner": _id,
    "tag": _tag,
    "supplier": _id,
    "acceptance": _one_of(Accepted.values),
}
ON_THE_SCALE: dict[str, Callable[[Scale], int]] = {
    "level": lambda scale: len(scale.bands),
    "likelihood": lambda scale: len(scale.likelihood),
    "impact": lambda scale: len(scale.impact),
}
SEVERAL = {*MANY, *ON_THE_SCALE, "threat"}  # may be given more than once
ONE: dict[str, Callable[[str], Any]] = {
    "state": _one_of(STATES),
    "kind": _one_of(RatingKind.values),
    "unrated": _truth,
    "overdue": _truth,
    "look": _truth,
    "outside": _truth,
    "review": _review,
    "q": _search,
}

# What the API's description says of each.
MEANINGS = {
    "system": "Id of an AI system.",
    "team": "Id of a team.",
    "threat": "Key of a threat.",
    "state": "open (default), dismissed, archived (of systems that are), or all.",
    "kind": "Which rating level, likelihood, impact and unrated are about: inherent, current (default) or target.",
    "level": "Level number.",
    "likelihood": "Likelihood number.",
    "impact": "Impact number.",
    "unrated": "true: not rated, in addition to the levels asked for; false: only rated.",
    "option": "Treatment option, or none.",
    "status": "Status of the treatment.",
    "owner": "User id of the treatment's owner.",
    "overdue": "true: due before today and not done; false: all others.",
    "look": "true: needs another look, since the catalog has changed; false: all others.",
    "outside": "true: rated outside appetite, by the line of the team; false: rated inside.",
    "review": "overdue: the next review should have been before today, by the band of the current rating.",
    "tag": "A tag of the system, whatever its capitals.",
    "supplier": "Id of a supplier of a component that the system has.",
    "acceptance": "in_force: an acceptance holds; expiring: one holds and ends within 30 days; proposed: one waits"
    " for a decision; none: neither.",
    "q": "Text in reference, threat title, description, or the name of system, team or owner.",
}
