"""How the cells of a list of risks are drawn. In Python, since a page has hundreds: in a template each costs ten times.

Each function returns the markup inside a cell; whatever is text goes through `escape` (the plain one, without the
detours for lazy text). What components of templates draw too (level, status) looks alike: a test holds them together.
"""

from functools import cache
from html import escape
from typing import TYPE_CHECKING

from django.urls import reverse

from pages.templatetags.pages import away, day
from risks.register import texts
from risks.register.choices import TreatmentStatus
from risks.register.scale_content import money_in_words

if TYPE_CHECKING:
    from risks.register.listing import Row

NOT_RATED = '<span class="level" data-level="none"><span class="level__n" aria-hidden="true">–</span> Not rated</span>'
NO_TREATMENT = '<span class="quiet">No treatment</span>'
NONE = '<span class="quiet">–</span>'
TIED = ' <span class="tied">same band</span>'
LONGEST = 120  # characters of a description
ARROW = '<span aria-hidden="true">→</span>'


def level(row: "Row") -> str:
    """The level of the rating that the list is about: number and word; and that it is not ordered within its band."""
    return f"{_level(row, row.level)}{TIED}" if row.is_tied else _level(row, row.level)


def inherent(row: "Row") -> str:
    return _level(row, row.risk.inherent_level)


def target(row: "Row") -> str:
    return _level(row, row.risk.target_level)


def expected_loss(row: "Row") -> str:
    """Said as the estimate that it is; nothing where an anchor is missing."""
    loss = row.expected_loss
    return "" if loss is None else f"about {escape(money_in_words(loss, row.scale.currency))} a year"


def place(row: "Row") -> str:
    """Likelihood and impact by their numbers."""
    return escape(texts.place(row))


def reference(row: "Row") -> str:
    return f'<span class="ref">{row.risk.reference}</span>'


def title(row: "Row") -> str:
    """The threat as the link to the risk, and what is out of the ordinary about it."""
    link = f'<a class="title" href="{_address("register:risk", row.risk.pk)}">{escape(row.title)}</a>'
    state = f' <span class="tag">{row.state_word}</span>' if row.state_word else ""
    look = ' <span class="tag">another look</span>' if row.needs_look else ""
    return f"{link}{state}{look}"


def system(row: "Row") -> str:
    address = _address("register:system_risks", row.risk.system_id)
    return f'<a class="quiet" href="{address}">{escape(row.risk.system.name)}</a>'


def team(row: "Row") -> str:
    return escape(row.risk.team.name)


def description(row: "Row") -> str:
    """The beginning of what somebody wrote."""
    text = row.risk.description
    return escape(text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…")


def moves(row: "Row") -> str:
    """The three levels from inherent to target; nothing while none is rated."""
    if not any(row.moves):
        return ""
    inherent, current, target = (each or "–" for each in row.moves)
    return (
        f'<span class="moves"><span class="unseen">inherent </span>{inherent}{ARROW}'
        f'<span class="unseen">, current </span><b>{current}</b>{ARROW}'
        f'<span class="unseen">, target </span>{target}</span>'
    )


def option(row: "Row") -> str:
    return row.option


def status(row: "Row") -> str:
    if not row.status:
        return NO_TREATMENT
    shape = "progress" if row.status == TreatmentStatus.IN_PROGRESS else row.status
    return f'<span class="status" data-status="{shape}">{row.status_word}</span>'


def owner(row: "Row") -> str:
    return escape(row.owner)


def due(row: "Row") -> str:
    return f'<span class="late">{day(row.due)}, {away(row.due)}</span>' if row.is_late else day(row.due)


def accepted(row: "Row") -> str:
    return day(row.risk.accepted_until)


def party(row: "Row") -> str:
    return f'<span class="party" data-party="{row.party.value}">{row.party.label}</span>' if row.party else NONE


def next_review(row: "Row") -> str:
    last = row.next_review
    return f'<span class="late">{day(last)}</span>' if last and last < row.at else day(last)


def reviewed(row: "Row") -> str:
    return day(row.risk.reviewed_at)


def state(row: "Row") -> str:
    return texts.state(row)


def origin(row: "Row") -> str:
    return texts.origin(row)


def edition(row: "Row") -> str:
    return escape(row.risk.edition)


def created(row: "Row") -> str:
    return day(row.risk.created_at)


def updated(row: "Row") -> str:
    return day(row.risk.updated_at)


def _level(row: "Row", number: int | None) -> str:
    if not number:
        return NOT_RATED
    word = escape(row.scale.word(number))
    return f'<span class="level" data-level="{number}"><span class="level__n">{number}</span> {word}</span>'


def _address(name: str, pk: int) -> str:
    before, after = _around(name)
    return f"{before}{pk}{after}"


@cache
def _around(name: str) -> tuple[str, str]:
    """What stands around the number in an address; looked up once rather than for every row."""
    before, _, after = reverse(name, args=[0]).rpartition("0")
    return before, after
