"""A small Exchange in words of our own: pages that say the same as the small edition."""

from pathlib import Path
from typing import Any

from catalog.exchange.comparing import Comparison, compare
from catalog.exchange.entries import read_exchange
from catalog.exchange.values import Exchange, Page, Source
from tests.catalog.editions import small_edition

GENERAL = """---
title: 1. All
weight: 2
---
> Category: group of controls
> Permalink: https://owaspai.org/go/all/

## 1.1 Limits
> Category: group of controls
> Permalink: https://owaspai.org/go/limits/

#### #OVERSIGHT
> Category: runtime governance control
> Permalink: https://owaspai.org/go/oversight/

Somebody looks at it.
"""

INPUT = """---
title: 2. Inputthreats
---
## 2.0. Inputthreats - introduction
>Category: group of input threats
>Permalink: https://owaspai.org/go/inputthreats/

People type things.

**Controls for input**

- See [general](/go/all/)

## 2.1. Evasion
>Category: group of input threats
>Permalink: https://owaspai.org/go/evasion/

**Controls:**

- See [general](/go/all/), in particular [#OVERSIGHT](/go/oversight/)

### 2.1.1. Variant
>Category: input threat
>Permalink: https://owaspai.org/go/variant/

**Controls**
See [Evasion](/go/evasion/) for the controls.
"""

FOLDER = "content/ai_exchange/content/docs"
PAGES = {f"{FOLDER}/1_general.md": GENERAL, f"{FOLDER}/2_input.md": INPUT}


def edition(**changes: Any) -> dict[str, Any]:
    """The small edition with the links that the pages show."""
    content = small_edition()
    link = {**content["links"][0], "via": ["general"]}
    content["links"] = [{**link, "threat": threat["key"]} for threat in content["threats"]]
    return {**content, **changes}


def exchange(*texts: str, settings: str = "") -> Exchange:
    """The Exchange in pages of these texts, by default the small one."""
    pages = tuple(Page(f"{number}.md", text) for number, text in enumerate(texts or (GENERAL, INPUT), start=1))
    return read_exchange(Source(pages, (Page("firebase.json", settings),) if settings else ()))


def compared(*texts: str, content: dict[str, Any] | None = None, settings: str = "") -> Comparison:
    return compare(exchange(*texts, settings=settings), content or edition())


def write_pages(folder: Path, pages: dict[str, str] | None = None) -> Path:
    for name, text in (pages or PAGES).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
