"""The entrance of the catalog: what it holds, and the ways into it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.facts import ThreatFacts
from catalog.reading import Catalog, current
from catalog.searching import LONGEST_QUERY
from catalog.vocabulary import Surface
from pages.http import Request
from pages.rendering import render_page

# Who can attack from where.
REACH = {
    Surface.DEVELOPMENT: ("Development", "Who can reach training data, code or the supply chain."),
    Surface.INPUT: ("Use", "Anyone who can send input or read output."),
    Surface.RUNTIME: ("Runtime", "Who can reach the running system and its stores."),
}

# The pages of the catalog: their names, and what is found there.
WAYS = {
    "threats": ("Threats", "What can go wrong, by surface and group."),
    "controls": ("Controls", "What helps, under the headings of the Exchange."),
    "map": ("Threat map", "Each threat at the asset it attacks."),
    "matrix": ("AI security matrix", "Which asset is hurt, how and when, by which threat."),
    "periodic": ("Periodic table", "Each threat with the controls against it, side by side."),
    "essentials": ("Essential categories", "Controls by what they do, from wide to narrow."),
    "risk_areas": ("Risk areas", "Where to start: general areas, each with its controls."),
    "frameworks": ("Frameworks", "Lists, standards and laws, and what they say of each entry."),
    "concerns": ("Beside security", "What matters as well but is no security risk."),
    "questions": ("Profile questions", "What decides which threats apply."),
    "own": ("Our own", "Threats and controls that we keep beside the Exchange’s."),
    "editions": ("Editions", "What was in force when, and what has changed."),
}


@dataclass(frozen=True)
class Way:
    """A way into the catalog: where it leads, what is found there, and how many."""

    name: str
    title: str
    about: str
    count: int

    @property
    def address(self) -> str:
        return reverse(f"catalog:{self.name}")


@dataclass(frozen=True)
class SurfaceCount:
    """A surface, who can reach it, and its widest group; `count` are the threats of it that are judged on their own."""

    title: str
    about: str
    count: int
    group: ThreatFacts | None


@require_safe
def home(request: Request) -> HttpResponse:
    """What the edition holds, where threats begin, and the ways from here."""
    catalog = current()
    context = {
        "catalog": catalog,
        "released": date.fromisoformat(catalog.edition),
        "longest": LONGEST_QUERY,
        "threat_count": _threat_count(catalog),
        "surfaces": list(_surfaces(catalog)),
        "at_risk": len(catalog.judged_threats),
        "ways": list(_ways(catalog)),
    }
    return render_page(request, "catalog/home.html", context)


def _threat_count(catalog: Catalog) -> int:
    return sum(not threat.is_group for threat in catalog.threats.values())


def _surfaces(catalog: Catalog) -> Iterator[SurfaceCount]:
    tops = {threat.surface: threat for threat in catalog.threats.values() if threat.parent is None}
    threats = catalog.judged_threats
    for surface, (title, about) in REACH.items():
        count = sum(threat.surface is surface for threat in threats)
        yield SurfaceCount(title, about, count, tops.get(surface))


def _ways(catalog: Catalog) -> Iterator[Way]:
    counts = {
        "threats": _threat_count(catalog),
        "controls": len(catalog.controls),
        "map": len(catalog.judged_threats),
        "matrix": len(catalog.matrix),
        "periodic": len(catalog.periodic),
        "essentials": len(catalog.essentials),
        "risk_areas": len(catalog.risk_areas),
        "frameworks": len(catalog.frameworks),
        "concerns": len(catalog.concerns),
        "questions": len(catalog.rule_set.questions),
        "own": _own_count(catalog),
        "editions": 1 + len(catalog.others),
    }
    return (Way(name, *WAYS[name], count) for name, count in counts.items())


def _own_count(catalog: Catalog) -> int:
    threats = sum(threat.is_ours for threat in catalog.threats.values())
    return threats + sum(control.is_ours for control in catalog.controls.values())
