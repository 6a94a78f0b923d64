"""How the cells of a list of risks are drawn. In Python, since a page has hundreds: in a template each costs ten times.

Each function returns the markup inside a cell; whatever is text goes through `escape` (the plain one, without the
detours for lazy text). What components of templates draw too (level, status) looks alike: a test holds them together.
"""

from functools import cache
from html import escape
from typing import TYPE_CHECKING

from django.urls import reverse

from pages.templatetags.pages import away, day
from risks.register.choices import TreatmentStatus

if TYPE_CHECKING:
    from risks.register.listing import Row

NOT_RATED = '<span class="level" data-level="none"><span class="level__n" aria-hidden="true">–</span> Not rated</span>'
NO_TREATMENT = '<span class="quiet">No treatment</span>'
ARROW = '<span aria-hidden="true">→</span>'


def level(row: "Row") -> str:
    """The level of the rating that the list is about: number and word."""
    if not row.level:
        return NOT_RATED
    number = f'<span class="level__n">{row.level}</span>'
    return f'<span class="level" data-level="{row.level}">{number} {escape(row.word)}</span>'


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


def _address(name: str, pk: int) -> str:
    before, after = _around(name)
    return f"{before}{pk}{after}"


@cache
def _around(name: str) -> tuple[str, str]:
    """What stands around the number in an address; looked up once rather than for every row."""
    before, _, after = reverse(name, args=[0]).rpartition("0")
    return before, after
