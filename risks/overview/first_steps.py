"""What to do next while there is nothing to look at."""

from dataclasses import dataclass

from accounts.models import Team, User


@dataclass(frozen=True)
class FirstSteps:
    """The next step for a person, and how far the organisation is on its first road."""

    heading: str
    text: str
    url_name: str
    action: str
    done: int  # of STEPS


STEPS = (
    "Create a team and put people into it",
    "Register an AI system",
    "Answer its profile: the threats that apply follow from it",
    "Confirm the threats, rate the risks, choose treatments",
)


def first_steps_for(reader: User, *, systems: int) -> FirstSteps:
    """One query at most: whether there is a team."""
    if systems:
        text = "Answer the profile of a system, then confirm the threats that apply. They become risks."
        return FirstSteps("No risks yet", text, "systems:list", "To the systems", done=2)
    if reader.manages_people and not Team.objects.exists():
        text = "AI systems and their risks belong to a team. Begin with one."
        return FirstSteps("Welcome", text, "accounts:people", "Create a team", done=0)
    if reader.edits_all_teams or reader.edited_team_ids():
        text = "Register something with AI in it that your organisation builds or buys."
        return FirstSteps("No AI system is registered yet", text, "systems:register", "Register a system", done=1)
    if not reader.sees_all_teams and not reader.team_ids():
        return FirstSteps("You are in no team yet", "Ask an administrator to put you into one.", "", "", done=0)
    text = "The editors of a team register them. Until then there is nothing to see here."
    return FirstSteps("No AI system is registered yet", text, "", "", done=1)
