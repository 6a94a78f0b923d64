"""What people read first: links that lead somewhere, addresses that exist."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aiexchange import api_urls

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8"))
    targets += re.findall(r"\b(docs/[a-z0-9/-]+\.md)\b", page.read_text(encoding="utf-8"))
    here = [target for target in targets if "://" not in target]
    missing = [target for target in here if not (page.parent / target).exists() and not (ROOT / target).exists()]
    assert missing == []


def test_the_guide_to_the_api_tells_of_every_address_and_every_write_and_of_no_other() -> None:
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    named = re.findall(r"`(?:/api/v1/)?(?:([A-Z]+) )?([a-z-]+/[a-z/{}-]*)`", text)
    told = {(method or "GET", re.sub(r"{\w+}", "{}", address)) for method, address in named}
    there = set(operations_of_the_api())
    assert {address for _, address in told} == {address for _, address in there}
    assert {each for each in told if each[0] != "GET"} == {each for each in there if each[0] != "GET"}


def operations_of_the_api() -> Iterator[tuple[str, str]]:
    """Method and address of each, below /api/v1/ and without the names of what stands in it."""
    for pattern in api_urls.urlpatterns:
        view: Any = pattern.callback
        known = [name for name in view.cls.http_method_names if hasattr(view.cls, name)]
        for method in getattr(view, "actions", known):
            if str(pattern.pattern) and method not in ("options", "head"):
                yield method.upper(), re.sub(r"<\w+:\w+>", "{}", str(pattern.pattern))
