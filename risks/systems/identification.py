"""Which threats apply to a system, by its profile and the edition in force."""

from catalog.reading import Catalog
from risks.systems.models import AISystem, Profile
from risks.systems.rules import Identification, identify


def current_profile(system: AISystem) -> Profile | None:
    """The answers in force, None when none were given. One query."""
    profile: Profile | None = system.profiles.in_force().first()
    return profile


def identification_of(system: AISystem, catalog: Catalog) -> Identification:
    """The verdict on every threat that has a rule, with reasons, by the profile in force. One query."""
    profile = current_profile(system)
    return identify(catalog.rule_set, profile.answers if profile else {})
