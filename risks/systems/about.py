"""What is said about a system beside its name, purpose and owner: its shape, and what of it cannot be taken."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from journal.texts import is_readable
from risks.systems.choices import AiActClass, Criticality, DataCategory, Stage
from risks.systems.models import MOST_LINKS, MOST_TAGS, AISystem

LONGEST_TAG, LONGEST_TITLE, LONGEST_ADDRESS, LONGEST_REASON = 40, 120, 500, 2_000  # characters

FIELDS = ("stage", "criticality", "ai_act_class", "ai_act_reason", "data_categories", "tags", "links")

CHOICES = {"stage": Stage, "criticality": Criticality, "ai_act_class": AiActClass}

_address = URLValidator(["http", "https"])


class Link(TypedDict):
    """Where more is written about a system."""

    title: str
    url: str


class About(TypedDict, total=False):
    """Empty means that nobody has said it. What is left out stays as it is."""

    stage: str
    criticality: str
    ai_act_class: str
    ai_act_reason: str
    data_categories: Sequence[str]
    tags: Sequence[str]
    links: Sequence[Link]


def about_of(system: AISystem) -> About:
    """What is said about a system now."""
    said: Any = {name: getattr(system, name) for name in FIELDS}
    return said  # type: ignore[no-any-return]


def checked_about(said: About) -> dict[str, Any]:
    """What is said, as it is kept: without space around, each tag once. Raises ValidationError with every field."""
    errors: dict[str, str] = {}
    kept: dict[str, Any] = dict(said)
    for name, choices in CHOICES.items():
        if kept.get(name) and kept[name] not in choices.values:
            errors[name] = "Choose one of the list."
    for name, check in _CHECKS.items():
        if name in kept:
            kept[name], problem = check(kept[name])
            errors |= {name: problem} if problem else {}
    if kept.get("ai_act_class") and not kept.get("ai_act_reason"):
        errors.setdefault("ai_act_reason", "Say why the system has this class by the EU AI Act.")
    if errors:
        raise ValidationError(errors)
    return kept


def _reason(reason: str) -> tuple[str, str]:
    reason = reason.strip()
    too_long = f"Keep this within {LONGEST_REASON:,} characters; it has {len(reason):,}."
    return reason, too_long if len(reason) > LONGEST_REASON else ""


def _data(categories: Iterable[str]) -> tuple[list[str], str]:
    """In the order of the choices, so that the same ticks are the same value."""
    given = set(categories)
    unknown = given - set(DataCategory.values)
    return [value for value in DataCategory.values if value in given], "Choose from the list." if unknown else ""


def _tags(tags: Iterable[str]) -> tuple[list[str], str]:
    """Each once, whatever its capitals, in the order given. A comma would make two of one on the page."""
    once: dict[str, str] = {}
    for tag in map(_in_a_line, tags):
        once.setdefault(tag.casefold(), tag)
    kept = list(once.values())
    if len(kept) > MOST_TAGS:
        return kept, f"Keep to {MOST_TAGS} tags; these are {len(kept)}."
    if any(not 1 <= len(tag) <= LONGEST_TAG for tag in kept):
        return kept, f"A tag has 1 to {LONGEST_TAG} characters."
    return kept, "A tag has no comma in it." if any("," in tag for tag in kept) else ""


def _links(links: Iterable[Link]) -> tuple[list[dict[str, str]], str]:
    kept = [{"title": _in_a_line(link.get("title", "")), "url": link.get("url", "").strip()} for link in links]
    if len(kept) > MOST_LINKS:
        return kept, f"Keep to {MOST_LINKS} links; these are {len(kept)}."
    problems = (f"Link {number}: {problem}" for number, link in enumerate(kept, 1) if (problem := _wrong(**link)))
    return kept, next(problems, "")


def _wrong(title: str, url: str) -> str:
    if not 1 <= len(title) <= LONGEST_TITLE:
        return f"give it a title of 1 to {LONGEST_TITLE} characters."
    if not is_readable(title):
        return "take the control characters out of its title."
    if len(url) > LONGEST_ADDRESS:
        return f"keep its address within {LONGEST_ADDRESS} characters."
    try:
        _address(url)
    except ValidationError:
        return "give it a whole address that begins with https:// or http://."
    return ""


def _in_a_line(text: str) -> str:
    return " ".join(text.split())


_CHECKS: dict[str, Callable[[Any], tuple[Any, str]]] = {
    "ai_act_reason": _reason,
    "data_categories": _data,
    "tags": _tags,
    "links": _links,
}
