"""What the documents point to is there, and what they say of the house is what the build holds it to."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", document.read_text())
    named = re.findall(r"\((docs/[\w./-]+)\)", document.read_text())
    missing = [target for target in targets if not (document.parent / target).exists()]
    assert missing + [target for target in named if not (ROOT / target).exists()] == []


def test_the_guide_tells_the_layers_that_the_build_enforces() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    layers = [re.sub(r"risks\.|[()]", "", layer) for layer in contract["layers"]]
    line = " → ".join(f"`{layer}`" for layer in layers)
    assert f"Imports point one way: {line}." in (ROOT / "docs/development.md").read_text()
