"""What the page says of a layout: the menu in which it is chosen, and the caption of the table."""

from functools import lru_cache

from django.template.loader import render_to_string

from risks.register.choices import RatingKind
from risks.register.columns import COLUMNS, NEEDED
from risks.register.layout import DENSITIES, Layout
from risks.register.orders import ORDERS, order_of
from risks.register.tallies import Tally

LOSS_WORDS = "Expected loss is an estimate from the anchors of the scale: events a year times the loss of one."
TIE_WORDS = "Where it says “same band”, no order is meant between a risk and the one above."


@lru_cache(maxsize=256)
def chooser(layout: Layout, kind: RatingKind) -> str:
    """The fields in which columns, order and density are chosen. Fixed words only, so that they are drawn once."""
    orders = [(key, order.words) for key, order in ORDERS.items()]
    if layout.sort not in ORDERS:
        orders.append((layout.sort, order_of(layout.sort).words))
    context = {
        "layout": layout,
        "needed": NEEDED,
        "columns": [(key, column.full_name or kind.label) for key, column in COLUMNS.items()],
        "orders": [(key, _begun(words)) for key, words in orders],
        "densities": DENSITIES.items(),
    }
    return render_to_string("register/_chooser.html", context)


def caption_of(tally: Tally, layout: Layout) -> str:
    """How many risks in which order, and what of it is not to be taken for more than it is."""
    parts = [f"{_begun(tally.words)} {'risk' if tally.number == 1 else 'risks'}, {order_of(layout.sort).words}."]
    if layout.is_by_priority:
        parts.append(TIE_WORDS)
    if layout.is_by_priority or "expected_loss" in layout.columns:
        parts.append(LOSS_WORDS)
    return " ".join(parts)


def _begun(words: str) -> str:
    """With a capital at the beginning, the rest as it is."""
    return words[:1].upper() + words[1:]
