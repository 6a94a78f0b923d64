"""Acceptances that end soon, as many as the register shows when it is asked for them."""

from datetime import date

from accounts.models import User
from catalog.reading import Catalog
from risks.overview.standing import Figure
from risks.register.acceptances import ending_soon, holding
from risks.register.choices import Accepted
from risks.register.filters import RiskFilter
from risks.register.models import Acceptance
from risks.register.rules import Scale


def expiring_of(reader: User, catalog: Catalog, scale: Scale, *, at: date) -> Figure:
    """Those that hold on the day `at` and end within 30 days, of open risks: one at most for each. One query."""
    rows = Acceptance.objects.visible_to(reader).of_open_risks().order_by()
    count = ending_soon(holding(rows, catalog, scale, at=at), at=at).count()
    return Figure(count, RiskFilter(acceptance=(Accepted.EXPIRING.value,)).query())
