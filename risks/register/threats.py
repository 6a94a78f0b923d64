"""The catalog's threats as the register speaks of them. A risk keeps the key; titles are read from the edition."""

from catalog.facts import ThreatFacts
from catalog.reading import Catalog


def threats_for_risks(catalog: Catalog) -> list[ThreatFacts]:
    """The threats that can be a risk, in the order of the Exchange: those judged on their own, and variants by hand."""
    judged = {threat.key for threat in catalog.judged_threats}
    return [threat for threat in catalog.threats.values() if threat.key in judged or threat.is_variant]


def threat_of(catalog: Catalog, key: str) -> ThreatFacts | None:
    """The threat behind a risk; None where the edition in force knows it no more."""
    try:
        return catalog.threat(key)
    except KeyError:
        return None


def key_of(catalog: Catalog, key: str) -> str:
    """The key of today for one of another edition; a key that is gone stays as it is."""
    threat = threat_of(catalog, key)
    return threat.key if threat else key


def told_of(catalog: Catalog, key: str) -> ThreatFacts | None:
    """What is known of a risk's threat, from another edition where the one in force has it not."""
    return threat_of(catalog, key) or catalog.elsewhere_threats.get(key)


def title_of(catalog: Catalog, key: str) -> str:
    """The title of a risk's threat, or its key."""
    threat = told_of(catalog, key)
    return threat.title if threat else key
