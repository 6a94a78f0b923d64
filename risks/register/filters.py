"""Which risks are wanted: one definition for the register, the heatmap, the export and the API.

Values of one filter are joined by or, filters by and. A filter that is not known is never ignored in silence: rows that
someone believes to be filtered are worse than none.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from functools import partial, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Team, User
from catalog.reading import Catalog
from risks.register.acceptances import accepted_as
from risks.register.another_look import needs_look
from risks.register.choices import RatingKind, RiskState, TreatmentStatus
from risks.register.filter_values import (
    ANY_STATE,
    MANY,
    MOST_VALUES,
    NO_TREATMENT,
    ON_THE_SCALE,
    ONE,
    SEVERAL,
    is_number,
    number_up_to,
    threat_key,
)
from risks.register.models import Risk
from risks.register.querysets import in_state
from risks.register.rules import Scale
from risks.register.scales import outside_appetite
from risks.systems.models import AISystem, Component, Supplier

if TYPE_CHECKING:
    from risks.register.querysets import RiskQuerySet

DERIVED = (
    "found_threats",
    "threat_keys",
    "looks",
    "beyond",
    "review_days",
    "accepts",
)  # of RiskFilter: not asked for, but found from what is


@dataclass(frozen=True)
class Columns:
    """Where the treatment that a filter asks about stands on the risks: by default what is in force today."""

    option: str = "treatment_option"
    status: str = "treatment_status"
    due: str = "treatment_due"
    owner: str = "treatment_owner"


TODAY = Columns()

type Params = QueryDict | Mapping[str, Collection[str]]


@dataclass(frozen=True)
class RiskFilter:
    """What is asked for; without values it lets every open risk through.

    `kind` says which rating the levels are about; `state` also takes “all”.
    """

    system: tuple[int, ...] = ()
    team: tuple[int, ...] = ()
    threat: tuple[str, ...] = ()
    state: str = RiskState.OPEN.value
    kind: str = RatingKind.CURRENT.value
    level: tuple[int, ...] = ()
    likelihood: tuple[int, ...] = ()
    impact: tuple[int, ...] = ()
    unrated: bool | None = None
    option: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    owner: tuple[int, ...] = ()
    overdue: bool | None = None
    q: str = ""
    look: bool | None = None
    outside: bool | None = None
    review: str = ""
    tag: tuple[str, ...] = ()
    supplier: tuple[int, ...] = ()
    acceptance: tuple[str, ...] = ()
    found_threats: tuple[str, ...] = ()  # keys of the threats whose title holds `q`
    threat_keys: tuple[str, ...] = ()  # `threat` with the keys it has in other editions
    looks: Q | None = field(default=None, compare=False)  # the condition behind `look`, by the editions that are loaded
    beyond: Q | None = field(default=None, compare=False)  # the condition behind `outside`, by the scale in force
    review_days: tuple[int, ...] = field(default=(), compare=False)  # what `review` counts by, from the scale in force
    accepts: Callable[[Collection[str], date], Q] | None = field(default=None, compare=False)  # behind `acceptance`

    @property
    def is_empty(self) -> bool:
        """Whether every open risk passes, whichever rating is shown."""
        return not self.params(kind=RatingKind.CURRENT.value)

    def narrow(self, risks: "RiskQuerySet", *, at: date) -> "RiskQuerySet":
        """The risks that pass, on the day `at`."""
        rating = self.level or self.likelihood or self.impact
        if rating or self.unrated is not None or self.outside is not None:
            risks = risks.with_rating(self.kind)
        return risks.filter(self.condition(at=at))

    def condition(self, *, at: date, columns: Columns = TODAY, state: Q | None = None) -> Q:
        """The same as a condition on risks that carry the rating (with_rating).

        For a day in the past (past.py) `columns` hold the treatment of then, and `state` says which risks were in the
        state asked for.
        """
        return (
            (self._in_state() if state is None else state)
            & _among("system_id", self.system)
            & _among("team_id", self.team)
            & _among("threat_key", self.threat_keys or self.threat)
            & self._looked()
            & self._beyond()
            & self._rated()
            & _among("rated_likelihood", self.likelihood)
            & _among("rated_impact", self.impact)
            & self._treated(at, columns)
            & self._to_review(at)
            & self._accepted(at)
            & self._tagged()
            & self._supplied()
            & self._found(columns)
        )

    def count(self, *, at: date) -> Count:
        """How many pass, as an aggregate over risks that carry the rating."""
        condition = self.condition(at=at)
        return Count("team_id", filter=condition)  # never null, and in the index that has all figures

    def params(self, **changes: Any) -> dict[str, list[str]]:
        """The filter as parameters of an address, with some of them changed; what says nothing is left out."""
        wanted = replace(self, **changes)
        found = {}
        for each in fields(self):
            value = getattr(wanted, each.name)
            if each.name not in DERIVED and value != each.default:
                found[each.name] = [_as_text(one) for one in (value if isinstance(value, tuple) else (value,))]
        return found

    def query(self, **changes: Any) -> str:
        """The same as a query string with its question mark; empty when there is nothing to say."""
        params = self.params(**changes)
        return f"?{urlencode(params, doseq=True)}" if params else "?"

    def register_query(self, **changes: Any) -> str:
        """The query string that opens these rows in the register."""
        return self.query(**changes)

    def without_rating_and_treatment(self) -> Self:
        """What is left for the tabs of the register, each of which asks about one of these itself."""
        unasked: dict[str, Any] = dict.fromkeys(("unrated", "overdue", "look", "outside"))
        return replace(self, level=(), likelihood=(), impact=(), owner=(), **unasked)

    def _in_state(self) -> Q:
        return Q() if self.state == ANY_STATE else in_state(self.state)

    def _looked(self) -> Q:
        if self.look is None or self.looks is None:
            return Q()
        return self.looks if self.look else ~self.looks

    def _beyond(self) -> Q:
        """What is not rated is neither inside nor outside."""
        if self.outside is None or self.beyond is None:
            return Q()
        return self.beyond if self.outside else Q(rated_level__isnull=False) & ~self.beyond

    def _rated(self) -> Q:
        if self.unrated is None:
            return _among("rated_level", self.level)
        if self.unrated:
            return Q(rated_level=None) | (Q(rated_level__in=self.level) if self.level else Q())
        return Q(rated_level__isnull=False) & _among("rated_level", self.level)

    def _treated(self, at: date, columns: Columns) -> Q:
        options = tuple(each for each in self.option if each != NO_TREATMENT)
        option = _among(columns.option, options) if options else Q()
        if NO_TREATMENT in self.option:
            option |= Q((columns.option, None))
        return (
            option & _among(columns.status, self.status) & _among(columns.owner, self.owner) & self._late(at, columns)
        )

    def _late(self, at: date, columns: Columns) -> Q:
        done = Q((columns.status, TreatmentStatus.DONE))
        if self.overdue is None:
            return Q()
        if self.overdue:
            return Q((f"{columns.due}__lt", at)) & ~done
        return Q((columns.due, None)) | Q((f"{columns.due}__gte", at)) | done

    def _to_review(self, at: date) -> Q:
        """The same days as Scale.next_review, from the columns that stand on the risk."""
        if not self.review:
            return Q()
        late = Q(pk__in=())
        for level, days in enumerate(self.review_days, 1):
            midnight = timezone.make_aware(datetime.combine(at - timedelta(days=days), time.min))
            late |= Q(current_level=level, reviewed_at__lt=midnight)
        return late

    def _accepted(self, at: date) -> Q:
        return self.accepts(self.acceptance, at) if self.acceptance and self.accepts else Q()

    def _tagged(self) -> Q:
        systems = AISystem.objects.order_by()
        return _any_of(Q(system_id__in=systems.tagged(tag).values("pk")) for tag in self.tag) if self.tag else Q()

    def _supplied(self) -> Q:
        """By the components that the system still has."""
        if not self.supplier:
            return Q()
        components = Component.objects.order_by().present().filter(supplier_id__in=self.supplier)
        return Q(system_id__in=components.values("system_id"))

    def _found(self, columns: Columns) -> Q:
        if not self.q:
            return Q()
        found = Q(description__icontains=self.q) | Q(system__name__icontains=self.q)
        found |= Q((f"{columns.owner}__name__icontains", self.q)) | Q(team__name__icontains=self.q)
        found |= Q(threat_key__in=self.found_threats) if self.found_threats else Q()
        digits = self.q.upper().removeprefix("RSK-")
        return found | Q(number=int(digits)) if is_number(digits) else found


def read_filter(
    params: Params,
    *,
    reader: User,
    catalog: Catalog,
    scale: Scale,
    known: Mapping[str, Collection[int]] | None = None,
    beside: Collection[str] = (),
) -> RiskFilter:
    """The filter in the parameters of an address or a form. Raises ValidationError with a sentence per parameter.

    `beside` names parameters that are none of ours. `known` holds ids, by filter, that need not be looked up again.
    Ids of what the reader may not see are as unknown as ids that never were.
    """
    found: dict[str, Any] = {}
    errors: dict[str, str] = {}
    asked = {name: [value for value in values_of(params, name) if value != ""] for name in params if name not in beside}
    if sum(map(len, asked.values())) > MOST_VALUES:
        most = max(asked, key=lambda name: len(asked[name]))
        raise ValidationError({most: [f"A filter holds at most {MOST_VALUES} values."]})
    for name, values in asked.items():
        if not values:
            continue
        try:
            found[name] = _read(name, values, catalog, scale)
        except ValueError as error:
            errors[name] = str(error)
    errors |= _unknown_ids(found, reader, known or {})
    if errors:
        raise ValidationError({name: [sentence] for name, sentence in errors.items()})
    return RiskFilter(
        **found,
        found_threats=_titled(catalog, found.get("q", "")),
        threat_keys=tuple(key for threat in found.get("threat", ()) for key in catalog.keys_of(threat)),
        looks=needs_look(catalog),
        beyond=outside_appetite(scale),
        review_days=scale.review_days,
        accepts=partial(accepted_as, catalog, scale),
    )


def _read(name: str, values: list[str], catalog: Catalog, scale: Scale) -> Any:
    """The value of one filter. Raises ValueError with a sentence."""
    if name in SEVERAL:
        read = _reader(name, catalog, scale)
        return tuple(dict.fromkeys(read(value) for value in values))
    if name not in ONE:
        raise ValueError(f"There is no filter “{name[:40]}”.")
    if len(values) > 1:
        raise ValueError(f"Give “{name}” once.")
    return ONE[name](values[0])


def _reader(name: str, catalog: Catalog, scale: Scale) -> Callable[[str], Any]:
    """What reads one value of a filter that may have several."""
    if name in ON_THE_SCALE:
        return partial(number_up_to, ON_THE_SCALE[name](scale))
    return partial(threat_key, catalog) if name == "threat" else MANY[name]


def values_of(params: Params, name: str) -> Collection[str]:
    """What an address gives for one name, in order."""
    if isinstance(params, QueryDict):
        return params.getlist(name)
    value = params[name]
    return [value] if isinstance(value, str) else value


NAMED: dict[str, Any] = {"system": AISystem, "team": Team, "owner": User, "supplier": Supplier}


def _unknown_ids(found: dict[str, Any], reader: User, known: Mapping[str, Collection[int]]) -> dict[str, str]:
    """A sentence per filter that names something the reader cannot see; a query only for ids not known yet."""
    errors = {}
    for name, model in NAMED.items():
        ids = set(found.get(name, ())) - set(known.get(name, ()))
        ids -= set(model.objects.visible_to(reader).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()
        if name == "owner":
            ids -= _owners_seen(ids, reader)
        if ids:
            what = "person" if name == "owner" else name
            errors[name] = f"There is no such {what}."
    return errors


def _owners_seen(ids: set[int], reader: User) -> set[int]:
    """Of these people, those that a risk names to the reader as its owner, whatever team they are in."""
    risks = Risk.objects.visible_to(reader).filter(treatment_owner__in=ids).order_by()
    return set(risks.values_list("treatment_owner", flat=True).distinct()) if ids else set()


def _titled(catalog: Catalog, text: str) -> tuple[str, ...]:
    text = text.casefold()
    told = (*catalog.threats.values(), *catalog.elsewhere_threats.values())
    found = (threat.key for threat in told if text and text in threat.title.casefold())
    return tuple(each for key in found for each in catalog.keys_of(key))


def _any_of(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions)


def _among(name: str, values: tuple[Any, ...]) -> Q:
    return Q(**{f"{name}__in": values}) if values else Q()


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
