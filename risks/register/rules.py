"""The scale: what likelihood and impact mean, and which level a cell has. Pure.

The level is read from a table, never the bare product of two ordinals (Cox 2008: products of ordinal numbers order
risks wrongly). The default table and its anchors are the project's own; an organisation's own scale comes as data.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One level of an axis: its number, word, plain definition and anchor."""

    number: int
    word: str
    anchor: str
    meaning: str


@dataclass(frozen=True)
class Scale:
    """Two axes and the table between them. `levels[likelihood - 1][impact - 1]` is a level number, 1 is the least."""

    key: str
    likelihood: tuple[Step, ...]
    impact: tuple[Step, ...]
    words: tuple[str, ...]
    levels: tuple[tuple[int, ...], ...]
    appetite: int  # the highest level that is inside appetite

    def level(self, likelihood: int, impact: int) -> int:
        """The level of a cell. Raises ValueError for a number that is not on the axis."""
        if not 1 <= likelihood <= len(self.likelihood):
            raise ValueError(f"Likelihood is a number from 1 to {len(self.likelihood)}.")
        if not 1 <= impact <= len(self.impact):
            raise ValueError(f"Impact is a number from 1 to {len(self.impact)}.")
        return self.levels[likelihood - 1][impact - 1]

    def word(self, level: int) -> str:
        return self.words[level - 1]

    def is_outside_appetite(self, level: int) -> bool:
        return level > self.appetite

    @property
    def outside(self) -> tuple[int, ...]:
        """The levels outside appetite, the least first."""
        return tuple(range(self.appetite + 1, len(self.words) + 1))

    def likelihood_step(self, number: int) -> Step:
        return self.likelihood[number - 1]

    def impact_step(self, number: int) -> Step:
        return self.impact[number - 1]

    def in_words(self, likelihood: int, impact: int) -> str:
        """A judgement as people quote it: both numbers, then the word of its level."""
        return f"{likelihood} × {impact}, {self.word(self.level(likelihood, impact))}"


DEFAULT_SCALE = Scale(
    key="default-5x5-1",
    likelihood=(
        Step(1, "Rare", "less than once in 10 years", "Nobody expects it; it would take an unusual attacker."),
        Step(2, "Unlikely", "once in 3 to 10 years", "Possible, yet hard or of little worth to an attacker."),
        Step(3, "Possible", "once in 1 to 3 years", "Known to happen to systems like this one."),
        Step(4, "Likely", "1 to 10 times a year", "Easy to try, and someone has a reason to."),
        Step(5, "Almost certain", "over 10 times a year", "It is tried all the time, or has happened here."),
    ),
    impact=(
        Step(1, "Negligible", "under €10 k", "Noticed by few, put right within a day."),
        Step(2, "Minor", "€10 k to 100 k", "A nuisance for some users or one team."),
        Step(3, "Moderate", "€100 k to 500 k", "Harms some people or a service; needs explaining."),
        Step(4, "Major", "€500 k to 5 m", "Harms many people, breaks duties, or stops a service for days."),
        Step(5, "Severe", "over €5 m", "Lasting harm to people, or the organisation itself at stake."),
    ),
    words=("Minimal", "Low", "Medium", "High", "Critical"),
    levels=(
        (1, 1, 2, 2, 3),
        (1, 2, 2, 3, 4),
        (1, 2, 3, 4, 4),
        (2, 3, 4, 4, 5),
        (2, 3, 4, 5, 5),
    ),
    appetite=3,
)
