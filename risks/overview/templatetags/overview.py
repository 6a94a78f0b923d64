"""What pages of the rooms below show of what looks across subjects."""

from typing import Any

from django import template
from django.utils import timezone

from accounts.models import User
from catalog import reading
from risks.overview.system_facts import SystemFacts, facts_of
from risks.register.in_force import in_force_for
from risks.register.scales import scale_for
from risks.systems.models import AISystem

register = template.Library()


@register.simple_tag(takes_context=True)
def system_facts(context: Any, system: AISystem, reader: User) -> SystemFacts:
    """The figures of a system today; what the page has read already is not read again."""
    catalog = reading.for_request(context.request)
    in_force = in_force_for(context.request, system, catalog)
    return facts_of(system, reader, catalog, scale_for(context.request), at=timezone.localdate(), in_force=in_force)
