"""Where the demo organisation departs from the rules on who answers for a threat."""

from dataclasses import dataclass

from risks.systems.choices import Party


@dataclass(frozen=True)
class Departure:
    """A party set by a person (by key), with the reason."""

    system: str
    threat: str
    party: str
    reason: str
    by: str


DEPARTURES = (
    Departure(
        "assistant",
        "directpromptinjection",
        Party.OWN,
        "Corvus AI excludes prompt injection in its terms, section 7.",
        "sara",
    ),
    Departure(
        "assistant",
        "augmentationdataleak",
        Party.SHARED,
        "The text store moved to Stratus Cloud in August.",
        "ines",
    ),
    Departure(
        "cvs",
        "indirectpromptinjection",
        Party.SUPPLIER,
        "Meridian Talent builds and runs all of it, and says so in the contract.",
        "maud",
    ),
    Departure(
        "search",
        "datapoison",
        Party.SHARED,
        "We choose which open-weight model to run, so part of the duty is ours.",
        "lucia",
    ),
)
