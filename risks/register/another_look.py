"""Which risks deserve another look, because the catalog says something else than the edition they were judged by.

Nothing is marked: it is read from the edition a risk was judged by and the one in force. So a step back to the earlier
edition takes it back, and looking at a risk (looked_at, a new rating) is all that ends it.
"""

from collections.abc import Mapping

from django.db.models import Q

from catalog.comparing import meaning_changes
from catalog.reading import Catalog

NOBODY = Q(pk__in=())

type Changes = Mapping[str, Mapping[str, tuple[str, ...]]]  # by edition and threat, the reasons to look again


def reasons_to_look(catalog: Catalog, *, edition: str, threat_key: str) -> tuple[str, ...]:
    """Why a risk that was judged by an edition needs another look, as sentences; none when it stands as it is."""
    return _changes(catalog).get(edition, {}).get(threat_key, ())


def needs_look(catalog: Catalog, *, threat: str = "threat_key") -> Q:
    """The condition on risks that deserve another look, or on rows with an edition and the path to a `threat`."""
    return touched(_changes(catalog), threat=threat)


def touched(changes: Changes, *, threat: str = "threat_key") -> Q:
    """The condition on risks that were judged by an edition and a threat among these."""
    condition = NOBODY
    for edition, threats in changes.items():
        if threats:
            condition |= Q(("edition", edition), (f"{threat}__in", tuple(threats)))
    return condition


def _changes(catalog: Catalog) -> Changes:
    """By edition, what of it means something else in the one in force; remembered by catalog.comparing."""
    return {other.edition: meaning_changes(other, catalog) for other in catalog.others}
