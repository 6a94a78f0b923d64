"""Which threats apply to a system, by its profile and the edition in force."""

from catalog.reading import Catalog
from risks.systems.models import AISystem, Profile
from risks.systems.rules import Identification, identify
from risks.systems.suggestions import Part, Suggestion, suggested_answers


def current_profile(system: AISystem) -> Profile | None:
    """The answers in force, None when none were given. One query."""
    profile: Profile | None = system.profiles.in_force().first()
    return profile


def identification_of(system: AISystem, catalog: Catalog) -> Identification:
    """The verdict on every threat that has a rule, with reasons, by the profile in force. One query."""
    profile = current_profile(system)
    return identify(catalog.rule_set, profile.answers if profile else {})


def suggestions_for(system: AISystem, catalog: Catalog) -> dict[str, Suggestion]:
    """What its components suggest as answers to the profile, by question. One query."""
    parts = system.components.present().delivered().select_related("supplier")
    return suggested_answers(
        catalog.rule_set,
        [Part(each.name, each.delivery, each.hosted_by, each.supplier.name if each.supplier else "") for each in parts],
    )
