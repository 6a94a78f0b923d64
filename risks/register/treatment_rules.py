"""What each of the four options of a treatment asks for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from risks.register.choices import TreatmentOption


@dataclass(frozen=True)
class Plan:
    """What the plan says under one option: a hint for who writes it, and the sentence when it is missing."""

    hint: str
    needed: str


@dataclass(frozen=True)
class Detail:
    """A text that one option asks for beside the plan. All of them are required; `longest` counts characters."""

    name: str
    option: TreatmentOption
    label: str
    longest: int
    needed: str
    hint: str = ""
    rows: int = 1  # of the field on a page

    @property
    def misplaced(self) -> str:
        """Why it is refused beside another option."""
        return f"Only {self.option.value} takes this. Leave it out, or choose {self.option.value}."


PLANS: Mapping[TreatmentOption, Plan] = {
    TreatmentOption.MITIGATE: Plan(
        "What makes it less likely or less harmful. The steps become measures, each with its control, owner and day.",
        "Say what will be done.",
    ),
    TreatmentOption.TRANSFER: Plan("What has to happen until somebody else carries it.", "Say what will be done."),
    TreatmentOption.AVOID: Plan("What changes, so that the risk is gone. Due is by when.", "Say what changes."),
    TreatmentOption.ACCEPT: Plan(
        "Why it can be lived with. Saving leads on to the acceptance, which another person approves.",
        "Say why it can be lived with.",
    ),
}
DETAILS: Mapping[str, Detail] = {
    each.name: each
    for each in (
        Detail(
            "to_whom", TreatmentOption.TRANSFER, "To whom", 200, "Say who carries it.", "The supplier or the insurer."
        ),
        Detail(
            "by_what",
            TreatmentOption.TRANSFER,
            "By what contract or insurance",
            300,
            "Name the contract or the insurance.",
            "Its name and, where it has one, the clause.",
        ),
        Detail(
            "remains",
            TreatmentOption.TRANSFER,
            "What remains with us",
            2_000,
            "Say what remains with us.",
            "The duty, the excess, the name in the news: no contract takes all of it.",
            rows=3,
        ),
        Detail(
            "decided_by",
            TreatmentOption.AVOID,
            "Who decided",
            120,
            "Say who decided.",
            "Who may stop or change it, by name or by office.",
        ),
    )
}


def details_of(option: str) -> list[Detail]:
    """What an option asks for beside the plan."""
    return [each for each in DETAILS.values() if each.option == option]
