"""Which risks are wanted: one definition for the register, the heatmap, the export and the API.

Values of one filter are joined by or, filters by and. A filter that is not known is never ignored in silence: rows that
someone believes to be filtered are worse than none.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Team, User
from catalog.reading import Catalog
from risks.register.another_look import needs_look
from risks.register.choices import RatingKind, RiskState, TreatmentOption, TreatmentStatus
from risks.register.querysets import in_state
from risks.register.rules import Scale
from risks.register.scales import outside_appetite
from risks.register.threats import told_of
from risks.systems.models import AISystem

if TYPE_CHECKING:
    from risks.register.querysets import RiskQuerySet

NO_TREATMENT = "none"  # as a value of the filter "option"
ANY_STATE = "all"  # as a value of the filter "state"
STATES = (*RiskState.values, ANY_STATE)
REVIEW_OVERDUE = "overdue"  # the one value of the filter "review"
LONGEST_SEARCH = 200
TRUE, FALSE = ("true", "1"), ("false", "0")

DERIVED = (
    "found_threats",
    "threat_keys",
    "looks",
    "beyond",
    "review_days",
)  # of RiskFilter: not asked for, but found from what is

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
    found_threats: tuple[str, ...] = ()  # keys of the threats whose title holds `q`
    threat_keys: tuple[str, ...] = ()  # `threat` with the keys it has in other editions
    looks: Q | None = field(default=None, compare=False)  # the condition behind `look`, by the editions that are loaded
    beyond: Q | None = field(default=None, compare=False)  # the condition behind `outside`, by the scale in force
    review_days: tuple[int, ...] = field(default=(), compare=False)  # what `review` counts by, from the scale in force

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

    def condition(self, *, at: date) -> Q:
        """The same as a condition on risks that carry the rating (with_rating)."""
        return (
            self._in_state()
            & _among("system_id", self.system)
            & _among("team_id", self.team)
            & _among("threat_key", self.threat_keys or self.threat)
            & self._looked()
            & self._beyond()
            & self._rated()
            & _among("rated_likelihood", self.likelihood)
            & _among("rated_impact", self.impact)
            & self._treated(at)
            & self._to_review(at)
            & self._found()
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

    def _treated(self, at: date) -> Q:
        options = tuple(each for each in self.option if each != NO_TREATMENT)
        option = Q(treatment_option__in=options) if options else Q()
        if NO_TREATMENT in self.option:
            option |= Q(treatment_option=None)
        return (
            option & _among("treatment_status", self.status) & _among("treatment_owner_id", self.owner) & self._late(at)
        )

    def _late(self, at: date) -> Q:
        done = Q(treatment_status=TreatmentStatus.DONE)
        if self.overdue is None:
            return Q()
        if self.overdue:
            return Q(treatment_due__lt=at) & ~done
        return Q(treatment_due=None) | Q(treatment_due__gte=at) | done

    def _to_review(self, at: date) -> Q:
        """The same days as Scale.next_review, from the columns that stand on the risk."""
        if not self.review:
            return Q()
        late = Q(pk__in=())
        for level, days in enumerate(self.review_days, 1):
            midnight = timezone.make_aware(datetime.combine(at - timedelta(days=days), time.min))
            late |= Q(current_level=level, reviewed_at__lt=midnight)
        return late

    def _found(self) -> Q:
        if not self.q:
            return Q()
        found = Q(description__icontains=self.q) | Q(system__name__icontains=self.q)
        found |= Q(treatment_owner__name__icontains=self.q) | Q(team__name__icontains=self.q)
        found |= Q(threat_key__in=self.found_threats) if self.found_threats else Q()
        digits = self.q.upper().removeprefix("RSK-")
        return found | Q(number=int(digits)) if _is_number(digits) else found


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
    for name in params:
        values = [value for value in values_of(params, name) if value != ""]
        if name in beside or not values:
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
    )


def _read(name: str, values: list[str], catalog: Catalog, scale: Scale) -> Any:
    """The value of one filter. Raises ValueError with a sentence."""
    if name in ON_THE_SCALE:
        highest = ON_THE_SCALE[name](scale)
        return tuple(dict.fromkeys(_number_up_to(highest, value) for value in values))
    if name in MANY:
        return tuple(dict.fromkeys(MANY[name](value, catalog) for value in values))
    if name not in ONE:
        raise ValueError(f"There is no filter “{name[:40]}”.")
    if len(values) > 1:
        raise ValueError(f"Give “{name}” once.")
    return ONE[name](values[0])


def values_of(params: Params, name: str) -> Collection[str]:
    """Whatever is given for a parameter."""
    if isinstance(params, QueryDict):
        return params.getlist(name)
    value = params[name]
    return [value] if isinstance(value, str) else value


def _id(value: str, catalog: Catalog) -> int:
    if not _is_number(value):
        raise ValueError(f"“{value[:40]}” is not a number.")
    return int(value)


def _threat(value: str, catalog: Catalog) -> str:
    threat = told_of(catalog, value)
    if threat is None:
        raise ValueError(f"“{value[:40]}” is not a threat of the catalog.")
    return threat.key


def _number_up_to(highest: int, value: str) -> int:
    if not _is_number(value) or not 1 <= int(value) <= highest:
        raise ValueError(f"“{value[:40]}” is not a number from 1 to {highest}.")
    return int(value)


def _one_of(words: Collection[str]) -> Callable[[str, Catalog], str]:
    def read(value: str, catalog: Catalog) -> str:
        if value not in words:
            raise ValueError(f"“{value[:40]}” is none of {', '.join(words)}.")
        return value

    return read


def _state(value: str) -> str:
    if value not in STATES:
        raise ValueError(f"“{value[:40]}” is none of {', '.join(STATES)}.")
    return value


def _kind(value: str) -> str:
    if value not in RatingKind.values:
        raise ValueError(f"“{value[:40]}” is none of {', '.join(RatingKind.values)}.")
    return value


def _review(value: str) -> str:
    if value != REVIEW_OVERDUE:
        raise ValueError(f"“{value[:40]}” is not {REVIEW_OVERDUE}.")
    return value


def _truth(value: str) -> bool:
    if value not in TRUE + FALSE:
        raise ValueError(f"“{value[:40]}” is neither true nor false.")
    return value in TRUE


def _search(value: str) -> str:
    if len(value) > LONGEST_SEARCH or "\x00" in value:
        raise ValueError(f"Search for at most {LONGEST_SEARCH} characters of text.")
    return value.strip()


MANY: dict[str, Callable[[str, Catalog], Any]] = {
    "system": _id,
    "team": _id,
    "threat": _threat,
    "option": _one_of((*TreatmentOption.values, NO_TREATMENT)),
    "status": _one_of(TreatmentStatus.values),
    "owner": _id,
}
ON_THE_SCALE: dict[str, Callable[[Scale], int]] = {
    "level": lambda scale: len(scale.bands),
    "likelihood": lambda scale: len(scale.likelihood),
    "impact": lambda scale: len(scale.impact),
}
ONE: dict[str, Callable[[str], Any]] = {
    "state": _state,
    "kind": _kind,
    "unrated": _truth,
    "overdue": _truth,
    "look": _truth,
    "outside": _truth,
    "review": _review,
    "q": _search,
}

# What the API's description says of each.
MEANINGS = {
    "system": "Id of an AI system.",
    "team": "Id of a team.",
    "threat": "Key of a threat.",
    "state": "open (default), dismissed, archived (of systems that are), or all.",
    "kind": "Which rating level, likelihood, impact and unrated are about: inherent, current (default) or target.",
    "level": "Level number.",
    "likelihood": "Likelihood number.",
    "impact": "Impact number.",
    "unrated": "true: not rated, in addition to the levels asked for; false: only rated.",
    "option": "Treatment option, or none.",
    "status": "Status of the treatment.",
    "owner": "User id of the treatment's owner.",
    "overdue": "true: due before today and not done; false: all others.",
    "look": "true: needs another look, since the catalog has changed; false: all others.",
    "outside": "true: rated outside appetite, by the line of the team; false: rated inside.",
    "review": "overdue: the next review should have been before today, by the band of the current rating.",
    "q": "Text in reference, threat title, description, or the name of system, team or owner.",
}


def _unknown_ids(found: dict[str, Any], reader: User, known: Mapping[str, Collection[int]]) -> dict[str, str]:
    """A sentence per filter that names something the reader cannot see; a query only for ids not known yet."""
    errors = {}
    for name, model in {"system": AISystem, "team": Team, "owner": User}.items():
        ids = set(found.get(name, ())) - set(known.get(name, ()))
        if ids and len(ids) > model.objects.visible_to(reader).filter(pk__in=ids).count():  # type: ignore[attr-defined]
            what = "person" if name == "owner" else name
            errors[name] = f"There is no such {what}."
    return errors


def _titled(catalog: Catalog, text: str) -> tuple[str, ...]:
    text = text.casefold()
    told = (*catalog.threats.values(), *catalog.elsewhere_threats.values())
    found = (threat.key for threat in told if text and text in threat.title.casefold())
    return tuple(each for key in found for each in catalog.keys_of(key))


def _among(name: str, values: tuple[Any, ...]) -> Q:
    return Q(**{f"{name}__in": values}) if values else Q()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
