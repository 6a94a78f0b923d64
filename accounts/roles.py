"""Who may do what: a table over roles, and nothing else. docs/permissions.md is its text."""

from django.db import models


class OrganisationRole(models.TextChoices):
    """A role for the whole organisation. A member has none and gets everything from their teams."""

    MEMBER = "member", "Member"
    AUDITOR = "auditor", "Auditor"
    OFFICER = "officer", "Security officer"
    ADMINISTRATOR = "administrator", "Administrator"


class TeamRole(models.TextChoices):
    """A role in one team."""

    VIEWER = "viewer", "Viewer"
    RISK_OWNER = "risk_owner", "Risk owner"
    EDITOR = "editor", "Editor"


SEES_ALL_TEAMS = frozenset({OrganisationRole.AUDITOR, OrganisationRole.OFFICER, OrganisationRole.ADMINISTRATOR})
EDITS_ALL_TEAMS = frozenset({OrganisationRole.OFFICER, OrganisationRole.ADMINISTRATOR})
MANAGES_PEOPLE = frozenset({OrganisationRole.ADMINISTRATOR})
EDITS_TEAM = frozenset({TeamRole.EDITOR})
OWNS_RISKS = frozenset({TeamRole.EDITOR, TeamRole.RISK_OWNER})


class Scope(models.TextChoices):
    """What an API token may be used for; never more than its owner may do at that moment."""

    READ = "read", "Read"
    WRITE = "write", "Write"
