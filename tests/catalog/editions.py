"""A small edition that is complete: the least that the loader takes."""

from typing import Any

URL = "https://owaspai.org/go/x/"
PLACE = {"asset": "Model", "property": "integrity", "surface": "Use", "lifecycle": "runtime"}


def small_edition(date: str = "2030-01-01") -> dict[str, Any]:
    """One group with a threat and its variant, one control under a heading within another, one question, one rule."""
    source = {"name": "Exchange", "url": "https://owaspai.org", "licence": "CC0-1.0", "commit": "1", "date": date}
    return {"edition": date, "source": source, **_entries(), **_references(), **_exhibits(), **_profile()}


def _entries() -> dict[str, Any]:
    """Threats, controls and their links."""
    return {
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
                "purpose": "They limit what it does.",
                "start": "Begin with oversight.",
            },
            {
                "key": "all",
                "number": "1",
                "title": "All",
                "parent": None,
                "url": URL,
                "is_threat_group": False,
                "purpose": "They help.",
                "start": "Begin anywhere.",
            },
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
                "is_delegable": False,
                "qualifier": None,
                "essentials": ["limiting"],
                "purpose": "Watch it.",
                "practice": "Look at what it does.",
                "effort": "low",
                "effort_reason": "Somebody has to look.",
                "trade_off": "It takes time.",
                "evidence": ["A log of who looked."],
                "done_by": ["own"],
                "done_by_note": "We look.",
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
    }


def _references() -> dict[str, Any]:
    """What others say of them, and what stands beside them."""
    return {
        "standards": [
            {
                "control": "oversight",
                "threat": None,
                "standard": "ISO/IEC 42001",
                "clause": "B.9.3",
                "title": "Objectives",
                "coverage": "partial",
                "qualifier": None,
                "particularity": False,
                "scope": None,
                "url": None,
            }
        ],
        "opencre": [{"control": "oversight", "threat": None, "id": "755-340", "title": "Watching", "url": URL}],
        "sections": [{"key": "about", "title": "About", "url": URL}],
        "frameworks": [framework("list-2029"), framework("list-2030")],
        "items": [item("list-2029", "L1:2029", "list-2030/L1:2030"), item("list-2030", "L1:2030")],
        "item_links": [
            {
                "framework": "list-2030",
                "item": "L1:2030",
                "target": "threat",
                "key": "evasion",
                "basis": "editorial",
                "relation": "broader",
                "reading": "weak",
                "added_late": False,
                "note": None,
            }
        ],
        "left_out": [{"framework": "list-2030", "item": "L1:2030", "key": "variant", "why": "It says something else."}],
        "concerns": [
            {
                "key": "copyright",
                "title": "Copyright",
                "url": URL,
                "lead": "Others own what it learnt from.",
                "parts": [{"title": "Output", "text": "It may repeat a work.", "checklist": ["Ask who owns it."]}],
                "threats": ["evasion"],
                "controls": [],
            }
        ],
    }


def _exhibits() -> dict[str, Any]:
    """The tables of the source."""
    return {
        "assets": [{"code": "model", "title": "Model"}],
        "essentials": [
            {"key": "limit", "title": "Limit", "parent": None},
            {"key": "limiting", "title": "Limiting", "parent": "limit"},
        ],
        "matrix": [{"id": "M-1", "title": "Evasion", "qualifier": None, "threat": "evasion", **PLACE}],
        "periodic": [
            {
                "id": "P-1",
                "title": "Evasion",
                "threat": "evasion",
                "cells": [
                    {"target": "group", "key": "limits", "party": None},
                    {"target": "control", "key": "oversight", "party": "own"},
                ],
                "label": None,
                **PLACE,
            }
        ],
        "risk_areas": [{"title": "Behaviour", "controls": ["oversight"]}],
        "contexts": [{"context": "rag", "aspect": None, "threats": ["evasion"], "controls": ["oversight"]}],
        "layers": [{"threat": "evasion", "number": 1, "title": "Oversight", "control": "oversight"}],
        "ready_made": [
            {
                "deployment": "self-hosted",
                "title": "Run by us",
                "threats": ["evasion"],
                "own_controls": ["Watching"],
                "supplier_controls": ["Training"],
            }
        ],
    }


def _profile() -> dict[str, Any]:
    """The question and the rule."""
    return {
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
        "attention": [
            {
                "id": "P1",
                "context": "rag",
                "when": {"question": "open", "is": "yes"},
                "question": "Who reaches it?",
                "why": "Few should.",
                "threats": ["evasion"],
                "controls": ["oversight"],
                "url": URL,
            }
        ],
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
        "other_names": [],
        "summary": "It is made to err.",
        "how": "By its input.",
        "hurts": "Trust.",
        "applies": "Always.",
        "likelihood": "Anyone can try.",
        "impact": "It depends.",
        "variants": [{"title": "Aimed", "text": "At one answer."}],
        "in_rag": None,
        "in_agents": "It acts on it.",
        "fits": {"genai": "yes", "predictive": None, "heuristic": "no", "rag": None, "agentic": "low"},
        "is_restricted": False,
        "assets_hurt": ["model"],
        "assets_attacked": [],
    }


def framework(key: str) -> dict[str, Any]:
    return {
        "key": key,
        "title": "List",
        "version": key.removeprefix("list-"),
        "family": "list",
        "publisher": "Listers",
        "url": URL,
        "licence": None,
        "about": "A list.",
        "notes": [],
        "roles": [],
        "dates": [{"scope": "all of it", "date": "2030-01-01"}],
        "classes": [],
    }


def item(framework: str, identity: str, replaced_by: str | None = None) -> dict[str, Any]:
    return {
        "framework": framework,
        "id": identity,
        "title": "Erring",
        "is_own_title": False,
        "url": URL,
        "parent": None,
        "kind": "risk",
        "text": None,
        "replaced_by": replaced_by,
    }
