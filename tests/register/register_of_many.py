"""A register with something of everything: two teams, three systems, rated, treated, late and untouched risks."""

from datetime import timedelta
from itertools import cycle, islice
from typing import Any

from django.utils import timezone

from accounts.models import Team, User
from risks.register import services
from risks.register.treating import update_treatment
from risks.systems.models import AISystem
from tests.make import CHATBOT, make_profile, make_rating, make_system, make_treatment

CLASSIFIER: dict[str, Any] = {
    "model_types": ["predictive"],
    "trained_by": ["own"],
    "run_by": "own",
    "attacker_can_provide_input": "yes",
    "output_can_cause_harm": "yes",
    "classification_task": "yes",
}
PLACES = [(5, 5), (4, 3), (1, 1), (3, 4), (2, 2), (4, 3)]
STATUSES = ["open", "in_progress", "blocked", "done"]


def fill(
    team: Team,
    actor: User,
    owner: User,
    *,
    name: str = "Claims assistant",
    answers: Any = None,
    rated: int = 3,
    treated: int = 2,
) -> AISystem:
    """A system with its risks confirmed; the first ones are rated, every other one of the first treated, some late."""
    system = make_system(team, actor=actor, name=name)
    make_profile(system, actor=actor, answers=answers or CHATBOT)
    risks = services.confirm_threats(system.pk, actor=actor)
    for risk, (likelihood, impact) in zip(risks[:rated], cycle(PLACES), strict=False):
        make_rating(risk, actor=actor, likelihood=likelihood, impact=impact)
        if impact > 3:
            make_rating(risk, actor=actor, likelihood=5, impact=impact, kind="inherent")
    for number, risk in enumerate(islice(risks, 0, treated * 2, 2)):
        due = timezone.localdate() + timedelta(days=-3 if number % 3 == 0 else 10)
        option = ["mitigate", "transfer", "avoid", "accept"][number % 4]
        make_treatment(risk, actor=actor, owner=owner if number % 2 else actor, option=option, due=due)
        status = STATUSES[number // 2 % 4]
        update_treatment(risk.pk, actor=actor, status=status, note="Said so.", expected_version=None)
    return system
