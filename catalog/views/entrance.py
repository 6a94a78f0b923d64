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
from catalog.views.maps import threats_at_risk
from catalog.vocabulary import Surface
from pages.http import Request
from pages.rendering import render_page

# Who can attack from where.
REACH = {
    Surface.DEVELOPMENT: ("Development", "Who can reach training data, code or the supply chain."),
    Surface.INPUT: ("Use", "Anyone who can send input or read output."),
    Surface.RUNTIME: ("Runtime", "Who can reach the running system and its stores."),
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
    """A surface, who can reach it, and its widest group; `count` are the threats of it that can be a risk."""

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
        "at_risk": len(threats_at_risk(catalog)),
        "ways": list(_ways(catalog)),
    }
    return render_page(request, "catalog/home.html", context)


def _threat_count(catalog: Catalog) -> int:
    return sum(not threat.is_group for threat in catalog.threats.values())


def _surfaces(catalog: Catalog) -> Iterator[SurfaceCount]:
    tops = {threat.surface: threat for threat in catalog.threats.values() if threat.parent is None}
    threats = threats_at_risk(catalog)
    for surface, (title, about) in REACH.items():
        count = sum(threat.surface is surface for threat in threats)
        yield SurfaceCount(title, about, count, tops.get(surface))


def _ways(catalog: Catalog) -> Iterator[Way]:
    groups = sum(threat.is_group for threat in catalog.threats.values())
    own = sum(threat.is_ours for threat in catalog.threats.values())
    own += sum(control.is_ours for control in catalog.controls.values())
    yield Way("threats", "Threats", f"What can go wrong, by surface, in {groups} groups.", _threat_count(catalog))
    yield Way("controls", "Controls", "What helps, under the headings of the Exchange.", len(catalog.controls))
    yield Way("map", "Threat map", "Each threat at the asset it attacks.", len(threats_at_risk(catalog)))
    yield Way(
        "matrix", "AI security matrix", "Which asset is hurt, how and when, by which threat.", len(catalog.matrix)
    )
    yield Way(
        "periodic", "Periodic table", "Each threat with the controls against it, side by side.", len(catalog.periodic)
    )
    yield Way(
        "essentials", "Essential categories", "Controls by what they do, from wide to narrow.", len(catalog.essentials)
    )
    yield Way(
        "risk_areas", "Risk areas", "Where to start: general areas, each with its controls.", len(catalog.risk_areas)
    )
    yield Way(
        "frameworks",
        "Frameworks",
        "Lists, standards and laws, and what they say of each entry.",
        len(catalog.frameworks),
    )
    yield Way("concerns", "Beside security", "What matters as well but is no security risk.", len(catalog.concerns))
    yield Way("questions", "Profile questions", "What decides which threats apply.", len(catalog.rule_set.questions))
    yield Way("own", "Our own", "Threats and controls that we keep beside the Exchange’s.", own)
    yield Way("editions", "Editions", "What was in force when, and what has changed.", 1 + len(catalog.others))
