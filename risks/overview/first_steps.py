"""What to do next while there is nothing to look at."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import Team, User
from risks.overview.unknowns import Unknowns


@dataclass(frozen=True)
class FirstSteps:
    """The next step for a person, and how far the organisation is on its first road."""

    heading: str
    text: str
    url: str
    action: str
    done: int  # of STEPS


STEPS = (
    "Create a team and put people into it",
    "Register an AI system",
    "Answer its profile: the threats that apply follow from it",
    "Confirm the threats, rate the risks, choose treatments",
)


def first_steps_for(reader: User, unknowns: Unknowns) -> FirstSteps:
    """One query at most: whether there is a team."""
    if waiting := unknowns.unregistered:
        text = f"{waiting[0].name} is described. Confirm the threats that apply to it: they become risks."
        return FirstSteps(
            "No risks yet", text, reverse("systems:detail", args=[waiting[0].system_id]), "To its threats", 3
        )
    if unknowns.total:
        text = "Answer the profile of a system, then confirm the threats that apply. They become risks."
        return FirstSteps("No risks yet", text, reverse("systems:list"), "To the systems", done=2)
    if reader.manages_people and not Team.objects.exists():
        text = "AI systems and their risks belong to a team. Begin with one."
        return FirstSteps("Welcome", text, reverse("accounts:people"), "Create a team", done=0)
    if reader.edits_all_teams or reader.edited_team_ids():
        text = "Register something with AI in it that your organisation builds or buys."
        return FirstSteps(
            "No AI system is registered yet", text, reverse("systems:register"), "Register a system", done=1
        )
    if not reader.sees_all_teams and not reader.team_ids():
        return FirstSteps("You are in no team yet", "Ask an administrator to put you into one.", "", "", done=0)
    text = "The editors of a team register them. Until then there is nothing to see here."
    return FirstSteps("No AI system is registered yet", text, "", "", done=1)
