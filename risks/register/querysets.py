"""Which risks a reader may see, and the adjectives of risks.

What is in force of ratings and treatment stands on the risk's row, kept by the database (ADR 10): no join, no counter.
"""

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, OuterRef, Prefetch, Q, Subquery
from django.db.models.expressions import RawSQL

from accounts.querysets import TeamScoped
from risks.register.choices import AcceptanceState, RatingKind, RiskState, TimeState, TreatmentStatus
from risks.systems.models import AISystem
from risks.systems.querysets import Dated

if TYPE_CHECKING:
    from risks.register.models import Risk

MOST_TREATMENTS = 200  # rows loaded with a risk's past: each change of status makes one

# What comes with a risk as JSON. Plain SQL, since building each anew out of expressions costs more than running it.
PARTIES = """
    (SELECT jsonb_agg(jsonb_build_object('threat_key', said.threat_key, 'party', said.party)
                      ORDER BY said.at DESC, said.id DESC)
     FROM register_responsibility AS said WHERE said.system_id = register_risk.system_id AND said.superseded_at IS NULL)
"""
PROFILE = """
    (SELECT jsonb_build_object('number', profile.number, 'answers', profile.answers)
     FROM systems_profile AS profile
     WHERE profile.system_id = register_risk.system_id AND profile.superseded_at IS NULL)
"""
BELOW = """
    jsonb_build_object(
        'comments', EXISTS (SELECT FROM register_comment WHERE risk_id = register_risk.id),
        'measures', EXISTS (SELECT FROM register_measure WHERE risk_id = register_risk.id),
        'time_requests', EXISTS (SELECT FROM register_timerequest WHERE risk_id = register_risk.id),
        'acceptances', EXISTS (SELECT FROM register_acceptance WHERE risk_id = register_risk.id))
"""


def in_state(state: str, *, path: str = "") -> Q:
    """The condition on risks in a state, or on rows that lead to them by a `path` such as "risk__"."""
    # Archived systems are few: their ids are looked up once, where a join would look up the system of every risk.
    archived = Q(**{f"{path}system_id__in": AISystem.objects.archived().order_by().values("pk")})
    dismissed_at = f"{path}dismissed_at__isnull"
    conditions = {
        RiskState.OPEN: Q(**{dismissed_at: True}) & ~archived,
        RiskState.DISMISSED: Q(**{dismissed_at: False}) & ~archived,
        RiskState.ARCHIVED: archived,
    }
    return conditions[RiskState(state)]


class RiskQuerySet(TeamScoped):
    def open(self) -> Self:
        """Those that count as work: not dismissed, and of a system that is not archived."""
        return self.filter(in_state(RiskState.OPEN))

    def with_rating(self, kind: str = RatingKind.CURRENT) -> Self:
        """Adds `rated_likelihood`, `rated_impact` and `rated_level` of the rating in force; null when not rated."""
        return self.annotate(
            rated_likelihood=F(f"{kind}_likelihood"),
            rated_impact=F(f"{kind}_impact"),
            rated_level=F(f"{kind}_level"),
        )

    def with_parts(self) -> Self:
        """Loads system, team and what is in force of ratings and treatment, as parts.py reads it; three queries."""
        treatments = self._in_force("treatments").select_related("owner")
        return (
            self.select_related("system", "team")
            .with_party()
            .prefetch_related(
                Prefetch("ratings", self._in_force("ratings"), to_attr="ratings_in_force"),
                Prefetch("treatments", treatments, to_attr="treatments_loaded"),
            )
        )

    def one_with_past(self) -> "Risk":
        """The one risk there is, with the same, its latest treatments before the one in force, and what of BELOW there
        is (parts.rows_below); three queries. Raises Risk.DoesNotExist.
        """
        risk: Any = self.select_related("system", "team").with_party().annotate(below=_as_json(BELOW)).get()
        # Not by prefetching, which for rows up to a number takes twice the time.
        risk.ratings_in_force = list(risk.ratings.in_force())
        latest = risk.treatments.select_related("owner").order_by(F("superseded_at").desc(nulls_first=True), "-pk")
        risk.treatments_loaded = list(latest[:MOST_TREATMENTS])
        found: Risk = risk
        return found

    def with_party(self) -> Self:
        """Loads what says who answers for each threat (parts.party_of), with the risks themselves."""
        return self.annotate(parties_set=_as_json(PARTIES), profile_set=_as_json(PROFILE))

    def with_acceptance(self) -> Self:
        """Adds `accepted_until`, of the acceptance in force."""
        found = self._in_force("acceptances").filter(risk=OuterRef("pk"))
        return self.annotate(accepted_until=Subquery(found.values("until")[:1]))

    def _in_force(self, *path: str) -> Any:
        return self._rows(*path).in_force()

    def _rows(self, *path: str) -> Any:
        """The rows at the end of a path of relations. Models import this module, so it cannot import them."""
        model: Any = self.model
        for name in path:
            model = model._meta.get_field(name).related_model
        return model._default_manager


def _as_json(sql: str) -> RawSQL:
    return RawSQL(sql, (), output_field=models.JSONField())  # noqa: S611  # text of this file


class TreatmentQuerySet(Dated):
    def unfinished(self) -> Self:
        return self.in_force().exclude(status=TreatmentStatus.DONE)

    def overdue(self, *, at: date) -> Self:
        """Unfinished and due before the day `at`."""
        return self.unfinished().filter(due__lt=at)

    def of_open_risks(self) -> Self:
        """Of risks that count as work."""
        return self.filter(in_state(RiskState.OPEN, path="risk__"))

    def of_owner(self, user: Any) -> Self:
        return self.filter(owner_id=user.pk)


class ScaleQuerySet(models.QuerySet[Any]):
    """Versions of the scale. It is the organisation's, so everyone reads it."""

    def visible_to(self, reader: Any) -> Self:
        """All of them for everyone."""
        return self.all()

    def in_force(self) -> Self:
        return self.filter(superseded_at=None)


class MeasureQuerySet(TeamScoped):
    def present(self) -> Self:
        """Those that were not dropped."""
        return self.filter(dropped_at=None)

    def unfinished(self) -> Self:
        return self.present().exclude(status=TreatmentStatus.DONE)


class AcceptanceQuerySet(TeamScoped):
    def waiting(self) -> Self:
        """Proposed, and not decided yet."""
        return self.filter(state=AcceptanceState.PROPOSED)

    def in_force(self) -> Self:
        """Approved, and not ended."""
        return self.filter(state=AcceptanceState.APPROVED)

    def of_open_risks(self) -> Self:
        """Of risks that count as work."""
        return self.filter(in_state(RiskState.OPEN, path="risk__"))

    def with_risk(self) -> Self:
        """Loads the risk with its system, and the people; one query."""
        return self.select_related("risk__system", "proposed_by", "decided_by")

    def standing(self) -> Self:
        """Proposed or approved: neither refused nor over."""
        return self.filter(state__in=(AcceptanceState.PROPOSED, AcceptanceState.APPROVED))


class TimeRequestQuerySet(TeamScoped):
    def waiting(self) -> Self:
        """Asked, and not decided yet."""
        return self.filter(state=TimeState.WAITING)

    def of_open_risks(self) -> Self:
        """Of risks that count as work."""
        return self.filter(in_state(RiskState.OPEN, path="risk__"))

    def with_work(self) -> Self:
        """Loads the risk with its system, the measure and the people; one query."""
        return self.select_related("risk__system", "measure", "asked_by", "decided_by")


class SavedViewQuerySet(models.QuerySet[Any]):
    def visible_to(self, reader: Any) -> Self:
        """One's own, and those that are shared."""
        return self.filter(models.Q(owner_id=reader.pk) | models.Q(is_shared=True))
