"""The site's settings redirect old permanent addresses: that is how the source says that a key was renamed."""

import json
from collections.abc import Sequence
from typing import Any

from catalog.exchange.text import anchor_of, fold, key_of
from catalog.exchange.values import Fault, Keys, Page


def read_redirects(settings: Sequence[Page], headings: Keys, chapters: Keys) -> tuple[dict[str, str], list[Fault]]:
    """The entry that each redirected key leads to. Addresses that lead elsewhere come with an empty key."""
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for page in settings:
        try:
            rules = _rules(json.loads(page.text))
        except json.JSONDecodeError as error:
            faults.append(Fault(page.file, error.lineno, f"This is not JSON: {error.msg}."))
            continue
        except (ValueError, RecursionError):
            faults.append(Fault(page.file, 0, "This JSON is beyond what can be read."))
            continue
        for rule in rules:
            old, leads_to = str(rule.get("source", ""))[:500], str(rule.get("destination", ""))[:500]
            if key := key_of(old):
                found[key] = _target(leads_to, headings, chapters) or found.get(key, "")
    return found, faults


def _rules(value: Any) -> list[dict[str, Any]]:
    hosting = value.get("hosting") if isinstance(value, dict) else None
    rules = hosting.get("redirects") if isinstance(hosting, dict) else None
    return [rule for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []


def _target(address: str, headings: Keys, chapters: Keys) -> str:
    if anchor := anchor_of(address):
        words = anchor.lstrip("0123456789")
        # The site's settings fall behind its headings; the number is then what is left.
        return headings.get(anchor) or headings.get(words) or headings.get(anchor.removesuffix(words), "")
    return key_of(address) or chapters.get(fold(address.strip("/").rpartition("/")[2]), "")
