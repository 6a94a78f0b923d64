"""What pages about systems need to say."""

from django import template

from accounts.models import User
from risks.systems.access import may_change
from risks.systems.models import AISystem

register = template.Library()


@register.filter
def edited_by(system: AISystem, user: User) -> bool:
    """Whether a person may change the system as it is now."""
    return may_change(user, system)
