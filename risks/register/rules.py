"""The scale: what likelihood and impact mean, which band a cell has, and where appetite ends. Pure.

The level is read from a table, never the bare product of two ordinals (Cox 2008: products of ordinal numbers order
risks wrongly). The anchors make a figure of money of the same judgement: events a year times loss of each. The default
table and its anchors are the project's own; an organisation puts its own in their place (scale_content, scales).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

FEWEST, MOST = 3, 7  # levels of each axis
FEWEST_BANDS, MOST_BANDS = 3, 5  # as many as people tell apart by shade
AREAS = {
    "strategic": "Strategic",
    "operational": "Operational",
    "financial": "Financial",
    "compliance": "Compliance",
    "reputation": "Reputation",
    "technology": "Technology",
    "environmental": "Environmental",
    "social": "Social",
    "governance": "Governance",
    "safety": "Safety",
}  # risk areas of an organisation, as the Exchange names them (risk analysis), and safety


@dataclass(frozen=True)
class Step:
    """One level of an axis: its number, word, plain definition and anchor.

    The anchor runs from `low` to `high` and stands for `typical` in sums: events a year for likelihood, the loss of one
    event in the scale's currency for impact. `high` is None where it is open. `areas` say for an impact what it means
    in each area.
    """

    number: int
    word: str
    anchor: str
    meaning: str
    low: float = 0
    high: float | None = None
    typical: float = 0
    areas: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_anchor(self) -> bool:
        """Whether its figures say anything: one that begins at nothing and ends nowhere does not."""
        return self.high is not None or self.low > 0


@dataclass(frozen=True)
class Band:
    """One level of risk: its word, and how many days a rating in it may stand before the next review."""

    word: str
    review_days: int


@dataclass(frozen=True)
class Scale:
    """Two axes and the table between them. `levels[likelihood - 1][impact - 1]` is a band number, 1 is the least.

    `appetite[likelihood - 1]` is the greatest impact that is inside appetite at that likelihood, 0 for none: a line in
    steps through the table. A team may have a line of its own in `team_appetite`.
    """

    key: str
    currency: str
    likelihood: tuple[Step, ...]
    impact: tuple[Step, ...]
    bands: tuple[Band, ...]
    levels: tuple[tuple[int, ...], ...]
    appetite: tuple[int, ...]
    team_appetite: Mapping[int, tuple[int, ...]] = field(default_factory=dict)

    def level(self, likelihood: int, impact: int) -> int:
        """The level of a cell. Raises ValueError for a number that is not on the axis."""
        if not 1 <= likelihood <= len(self.likelihood):
            raise ValueError(f"Likelihood is a number from 1 to {len(self.likelihood)}.")
        if not 1 <= impact <= len(self.impact):
            raise ValueError(f"Impact is a number from 1 to {len(self.impact)}.")
        return self.levels[likelihood - 1][impact - 1]

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the bands, the least first."""
        return tuple(band.word for band in self.bands)

    def word(self, level: int) -> str:
        return self.bands[level - 1].word

    @property
    def review_days(self) -> tuple[int, ...]:
        """By level, the least first: how many days a risk may stand before it is reviewed."""
        return tuple(band.review_days for band in self.bands)

    def next_review(self, level: int, reviewed: date) -> date:
        """The last day for the next review of a risk that was rated or reviewed on the day `reviewed`."""
        return reviewed + timedelta(days=self.review_days[level - 1])

    def is_outside_appetite(self, likelihood: int, impact: int, *, team_id: int | None = None) -> bool:
        """Whether a cell is beyond the line of the team, or of the organisation where the team has none."""
        return impact > self.appetite_of(team_id)[likelihood - 1]

    def appetite_of(self, team_id: int | None) -> tuple[int, ...]:
        """The line that holds for a team."""
        return self.appetite if team_id is None else self.team_appetite.get(team_id, self.appetite)

    def for_team(self, team_id: int | None) -> "Scale":
        """The scale with the team's line as its only one."""
        return replace(self, appetite=self.appetite_of(team_id), team_appetite={})

    def expected_loss(self, likelihood: int, impact: int) -> float | None:
        """What a risk costs in a typical year, in the scale's currency: events a year times the loss of one event.

        An estimate that orders risks of one band, no more: it is as good as the anchors. None where one is missing.
        """
        steps = self.likelihood_step(likelihood), self.impact_step(impact)
        return steps[0].typical * steps[1].typical if all(step.has_anchor for step in steps) else None

    def likelihood_step(self, number: int) -> Step:
        return self.likelihood[number - 1]

    def impact_step(self, number: int) -> Step:
        return self.impact[number - 1]

    def in_words(self, likelihood: int, impact: int) -> str:
        """A judgement as people quote it: both numbers, then the word of its level."""
        return f"{likelihood} × {impact}, {self.word(self.level(likelihood, impact))}"


DEFAULT_SCALE = Scale(
    key="default-5x5-1",
    currency="EUR",
    likelihood=(
        Step(
            1,
            "Rare",
            "less than once in 10 years",
            "Nobody expects it; it would take an unusual attacker.",
            0,
            0.1,
            0.05,
        ),
        Step(
            2,
            "Unlikely",
            "once in 3 to 10 years",
            "Possible, yet hard or of little worth to an attacker.",
            0.1,
            0.33,
            0.2,
        ),
        Step(3, "Possible", "once in 1 to 3 years", "Known to happen to systems like this one.", 0.33, 1, 0.6),
        Step(4, "Likely", "1 to 10 times a year", "Easy to try, and someone has a reason to.", 1, 10, 3),
        Step(
            5, "Almost certain", "over 10 times a year", "It is tried all the time, or has happened here.", 10, None, 20
        ),
    ),
    impact=(
        Step(1, "Negligible", "under €10 k", "Noticed by few, put right within a day.", 0, 10_000, 5_000),
        Step(2, "Minor", "€10 k to 100 k", "A nuisance for some users or one team.", 10_000, 100_000, 30_000),
        Step(
            3,
            "Moderate",
            "€100 k to 500 k",
            "Harms some people or a service; needs explaining.",
            100_000,
            500_000,
            220_000,
        ),
        Step(
            4,
            "Major",
            "€500 k to 5 m",
            "Harms many people, breaks duties, or stops a service for days.",
            500_000,
            5_000_000,
            1_600_000,
        ),
        Step(
            5,
            "Severe",
            "over €5 m",
            "Lasting harm to people, or the organisation itself at stake.",
            5_000_000,
            None,
            10_000_000,
        ),
    ),
    bands=(Band("Minimal", 365), Band("Low", 365), Band("Medium", 180), Band("High", 90), Band("Critical", 30)),
    levels=(
        (1, 1, 2, 2, 3),
        (1, 2, 2, 3, 4),
        (1, 2, 3, 4, 4),
        (2, 3, 4, 4, 5),
        (2, 3, 4, 5, 5),
    ),
    appetite=(5, 4, 3, 2, 2),
)
