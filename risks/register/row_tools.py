"""What a person can do with a row of the register: tick it to change several at once, or change it where it stands."""

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from risks.register.access import may_change_some, may_say_how_far

if TYPE_CHECKING:
    from risks.register.listing import Row


@dataclass(frozen=True)
class Tools:
    """The first and the last cell of each row, for one reader. `back` is the query string of the list."""

    reader: User
    back: str

    def first(self, row: "Row") -> str:
        """The box to tick; an empty cell where the reader can change nothing."""
        if not self._may_change(row):
            return '<td class="check fold-out"></td>'
        reference = row.risk.reference
        box = f'<input type="checkbox" name="risk" value="{row.risk.pk}" form="many" aria-label="Tick {reference}">'
        return f'<td class="check fold-out">{box}</td>'

    def last(self, row: "Row") -> str:
        """The way to change it; with htmx the row itself becomes the form."""
        if not self._may_change(row):
            return '<td class="acts fold-out"></td>'
        risk, named = row.risk, f'<span class="unseen"> {row.risk.reference}</span>'
        if row.status:
            address = reverse("register:change", args=[risk.pk]) + self._from
            link = f'<a href="{address}" hx-get="{address}" data-change>Edit{named}</a>'
        else:
            link = f'<a href="{reverse("register:treat", args=[risk.pk])}" data-change>Treat{named}</a>'
        return f'<td class="acts fold-all fold-late">{link}</td>'

    @property
    def _from(self) -> str:
        query = self.back.removeprefix("?")
        return escape(f"?{urlencode({'back': query})}") if query else ""

    def _may_change(self, row: "Row") -> bool:
        risk = row.risk
        if row.state_word:  # dismissed, or its system is archived
            return False
        return may_say_how_far(self.reader, risk.team_id, owner_id=risk.treatment_owner_id)


def tools_for(reader: User, back: str) -> Tools | None:
    """None for who changes no risk at all, so that their list has no empty columns."""
    return Tools(reader, back) if may_change_some(reader) else None
