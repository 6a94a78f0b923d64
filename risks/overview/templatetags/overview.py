"""What pages of the rooms below show of what looks across subjects."""

from django import template
from django.utils import timezone

from accounts.models import User
from catalog import reading
from risks.overview.system_facts import SystemFacts, facts_of
from risks.register.rules import DEFAULT_SCALE
from risks.systems.models import AISystem

register = template.Library()


@register.simple_tag
def system_facts(system: AISystem, reader: User) -> SystemFacts:
    """The figures of a system today; three queries, one of them for the edition in force."""
    return facts_of(system, reader, reading.current(), DEFAULT_SCALE, at=timezone.localdate())
