"""What the page of one risk shows."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.models import User
from catalog.facts import ThreatFacts
from catalog.reading import Catalog
from journal.models import Event
from risks.register.access import may_comment, may_update
from risks.register.another_look import reasons_to_look
from risks.register.choices import RatingKind, RiskState, TreatmentOption, TreatmentStatus
from risks.register.comment_parts import Talk, comments_on
from risks.register.heatmap import Row, place_of
from risks.register.history import Sentence, sentences
from risks.register.judging import areas_in_words, factors_in_words, leading
from risks.register.measure_parts import ControlLine, MeasureLine, control_lines, measures_of
from risks.register.models import Dismissal, Rating, Risk, Treatment
from risks.register.parts import party_of, ratings_of, treatment_of, treatments_of
from risks.register.rules import Scale, Step
from risks.register.threats import key_of, title_of, told_of
from risks.register.time_parts import AskedTime, asked_of
from risks.register.treatment_parts import Earlier, details_in_words, earlier_of
from risks.systems.access import may_change
from risks.systems.choices import Party

LONGEST_HISTORY = 50  # events on the page


@dataclass(frozen=True)
class Judgement:
    """One kind of rating with the one in force, if any, in the words of the scale."""

    kind: RatingKind
    rating: Rating | None
    word: str = ""
    leading: str = ""
    areas: str = ""
    factors: str = ""
    likelihood: Step | None = None
    impact: Step | None = None


@dataclass(frozen=True)
class RiskDetail:
    """A risk with all its page shows, read in one place."""

    risk: Risk
    title: str
    threat: ThreatFacts | None
    look: tuple[str, ...]
    edition: str
    judgements: dict[str, Judgement]
    treatment: Treatment | None
    treatment_details: tuple[tuple[str, str], ...]
    earlier_treatments: tuple[Earlier, ...]
    is_late: bool
    is_outside: bool
    party: Party | None
    measures: tuple[MeasureLine, ...]
    asked: tuple[AskedTime, ...]
    controls: tuple[ControlLine, ...]
    general_controls: tuple[ControlLine, ...]
    place: tuple[Row, ...]
    history: list[Sentence]
    comments: Talk
    next_review: date | None
    is_review_late: bool
    dismissal: Dismissal | None
    may_edit: bool
    may_update: bool
    may_comment: bool

    @property
    def may_judge(self) -> bool:
        """Whether the reader may rate and treat it; a dismissed one must be taken back first."""
        return self.may_edit and self.dismissal is None

    @property
    def mitigates(self) -> bool:
        return self.treatment is not None and self.treatment.option == TreatmentOption.MITIGATE

    @property
    def measures_done(self) -> int:
        return sum(each.is_done for each in self.measures)

    @property
    def may_ask_time(self) -> bool:
        """Whether the reader may ask for a later day for the treatment, or move it; not while that waits."""
        waits = any(each.row.measure_id is None for each in self.asked)
        is_done = self.treatment is not None and self.treatment.status == TreatmentStatus.DONE
        return self.may_update and not is_done and (self.may_edit or not waits)

    @property
    def may_measure(self) -> bool:
        """Whether the reader may change and drop measures."""
        return self.may_judge and self.mitigates

    @property
    def may_add_measure(self) -> bool:
        return self.may_measure and self.treatment is not None and self.treatment.status != TreatmentStatus.DONE

    @property
    def may_work(self) -> bool:
        """Whether the reader may do something about a measure."""
        return self.may_measure or any(each.may_update for each in self.measures)

    @property
    def current(self) -> Judgement:
        return self.judgements[RatingKind.CURRENT]


def detail_of(risk: Risk, reader: User, catalog: Catalog, scale: Scale, *, at: date) -> RiskDetail:
    """Everything about a risk that came from `risk_to_see`; one more query for history, and one for each of comments,
    measures, requests for more time and dismissal, where there are any.
    """
    ratings = ratings_of(risk)
    treatment = treatment_of(risk)
    now = ratings.get(RatingKind.CURRENT)
    reviewed = timezone.localtime(risk.reviewed_at).date() if risk.reviewed_at else None
    next_review = scale.next_review(now.level, reviewed) if now and reviewed else None
    links = catalog.controls_for(key_of(catalog, risk.threat_key))
    measures = measures_of(risk, treatment, reader, catalog, at=at)
    events = Event.objects.visible_to(reader).of(risk)[:LONGEST_HISTORY]
    return RiskDetail(
        risk=risk,
        title=title_of(catalog, risk.threat_key),
        threat=told_of(catalog, risk.threat_key),
        look=reasons_to_look(catalog, edition=risk.edition, threat_key=risk.threat_key),
        edition=catalog.edition,
        judgements={kind: _judgement(kind, ratings.get(kind), scale) for kind in RatingKind},
        treatment=treatment,
        treatment_details=details_in_words(treatment) if treatment else (),
        earlier_treatments=earlier_of(treatments_of(risk)),
        is_late=treatment is not None and treatment.is_late(at=at),
        is_outside=now is not None and scale.is_outside_appetite(now.likelihood, now.impact, team_id=risk.team_id),
        party=party_of(risk, catalog),
        measures=measures,
        asked=asked_of(risk, reader),
        controls=control_lines((link for link in links if not link.is_general), measures),
        general_controls=control_lines((link for link in links if link.is_general), measures),
        place=place_of(ratings, scale.for_team(risk.team_id)),
        history=sentences(events, catalog),
        comments=comments_on(risk, reader),
        next_review=next_review,
        is_review_late=next_review is not None and next_review < at and risk.state == RiskState.OPEN,
        dismissal=risk.dismissals.in_force().first() if risk.dismissed_at else None,
        may_edit=may_change(reader, risk.system),
        may_update=risk.state == RiskState.OPEN and treatment is not None and may_update(reader, treatment),
        may_comment=may_comment(reader, risk),
    )


def _judgement(kind: RatingKind, rating: Rating | None, scale: Scale) -> Judgement:
    if rating is None:
        return Judgement(kind, None)
    return Judgement(
        kind,
        rating,
        scale.word(rating.level),
        leading(rating.areas),
        areas_in_words(rating.areas),
        factors_in_words(rating.factors),
        scale.likelihood_step(rating.likelihood),
        scale.impact_step(rating.impact),
    )
