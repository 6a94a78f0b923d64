"""A small edition that is complete: the least that the loader takes."""

from typing import Any

URL = "https://owaspai.org/go/x/"


def small_edition(date: str = "2030-01-01") -> dict[str, Any]:
    """One group with a threat and its variant, one control under a heading within another, one question, one rule."""
    return {
        "edition": date,
        "source": {"name": "Exchange", "url": "https://owaspai.org", "licence": "CC0-1.0", "commit": "1", "date": date},
        "impacts": [{"code": "behaviour", "number": 4, "letter": "B", "title": "Behaviour", "property": "integrity"}],
        "threats": [
            threat("variant", "2.1.1", "threat", "evasion"),
            threat("evasion", "2.1", "group", "inputthreats"),
            threat("inputthreats", "2", "group", None),
        ],
        "control_groups": [
            {
                "key": "limits",
                "number": "1.1",
                "title": "Limits",
                "parent": "all",
                "url": URL,
                "is_threat_group": False,
            },
            {"key": "all", "number": "1", "title": "All", "parent": None, "url": URL, "is_threat_group": False},
        ],
        "controls": [
            {
                "key": "oversight",
                "name": "Oversight",
                "source_name": "OVERSIGHT",
                "group": "limit_unwanted_behaviour",
                "parent_key": "limits",
                "types": ["governance"],
                "lifecycle": ["runtime"],
                "url": URL,
                "aliases": ["watching"],
                "purpose": "Watch it.",
                "practice": "Look at what it does.",
            }
        ],
        "links": [
            {
                "threat": "evasion",
                "control": "oversight",
                "via": ["parent:inputthreats", "matrix"],
                "strength": "named",
                "party": ["own"],
                "condition": None,
                "excluded": False,
                "note": None,
            }
        ],
        "question_groups": [{"key": "what", "title": "What it is"}],
        "questions": [
            {
                "key": "open",
                "kind": "yes_no",
                "values": ["yes", "no", "unknown"],
                "asked_if": None,
                "group": "what",
                "text": "Can anyone reach it?",
                "hint": "Think of the network.",
                "labels": {"yes": "Yes", "no": "No", "unknown": "I don't know yet"},
                "sentences": {
                    "yes": {
                        "true": "Anyone can reach it.",
                        "false": "Few can reach it.",
                        "unknown": "It is not known yet.",
                    }
                },
            }
        ],
        "rules": [
            {
                "threat": "evasion",
                "applicable_when": {"question": "open", "is": "yes"},
                "responsibility": [{"party": "own"}],
            }
        ],
        "modifiers": [],
        "not_derived": ["variant"],
    }


def threat(key: str, number: str, kind: str, parent: str | None) -> dict[str, Any]:
    return {
        "key": key,
        "number": number,
        "title": key.capitalize(),
        "kind": kind,
        "parent": parent,
        "surface": "input",
        "lifecycle": "runtime",
        "impacts": ["behaviour"],
        "aliases": [f"old{key}"],
        "url": URL,
        "summary": "It is made to err.",
        "how": "By its input.",
    }
