"""Which threats apply to a system, by its profile and the edition in force."""

from catalog import reading
from risks.systems.models import AISystem, Profile
from risks.systems.rules import Identification, identify


def current_profile(system: AISystem) -> Profile | None:
    """The answers in force, None when none were given. One query."""
    profile: Profile | None = system.profiles.in_force().first()
    return profile


def identification_of(system: AISystem, profile: Profile | None = None) -> Identification:
    """The verdict on every threat that has a rule, with reasons. Without a profile, the one in force is read."""
    profile = profile or current_profile(system)
    return identify(reading.current().rule_set, profile.answers if profile else {})
