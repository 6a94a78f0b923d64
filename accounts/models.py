"""Users, teams, memberships and API tokens."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property

from accounts.querysets import ApiTokenQuerySet, TeamQuerySet, TeamScoped, UserManager
from accounts.roles import (
    EDITS_ALL_TEAMS,
    EDITS_TEAM,
    MANAGES_PEOPLE,
    OWNS_RISKS,
    SEES_ALL_TEAMS,
    OrganisationRole,
    Scope,
    TeamRole,
)


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address. Switched off rather than deleted."""

    email = models.EmailField(
        "E-mail", max_length=254, unique=True, error_messages={"unique": "Someone has this e-mail already."}
    )
    name = models.CharField("Name", max_length=120)
    organisation_role = models.CharField(
        "Role in the organisation",
        max_length=20,
        choices=OrganisationRole.choices,
        default=OrganisationRole.MEMBER,
    )
    is_active = models.BooleanField("May sign in", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"), name="one_user_per_email", violation_error_message="Someone has this e-mail already."
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        return self.name

    @property
    def sees_all_teams(self) -> bool:
        return self.is_active and self.organisation_role in SEES_ALL_TEAMS

    @property
    def edits_all_teams(self) -> bool:
        return self.is_active and self.organisation_role in EDITS_ALL_TEAMS

    @property
    def manages_people(self) -> bool:
        return self.is_active and self.organisation_role in MANAGES_PEOPLE

    @cached_property
    def team_roles(self) -> dict[int, str]:
        """Role by team id, none for a person who is switched off. Asked once per request, when first needed."""
        if not self.is_active:
            return {}
        return dict(self.memberships.values_list("team_id", "role"))

    def team_ids(self) -> list[int]:
        return list(self.team_roles)

    def edited_team_ids(self) -> list[int]:
        return [team for team, role in self.team_roles.items() if role in EDITS_TEAM]

    def may_see(self, team_id: int) -> bool:
        return self.sees_all_teams or team_id in self.team_roles

    def may_edit(self, team_id: int) -> bool:
        """Whether this person may change what a team registers."""
        return self.edits_all_teams or self.team_roles.get(team_id) in EDITS_TEAM

    def may_own(self, team_id: int) -> bool:
        """Whether this person may own a treatment in a team (see UserQuerySet.able_to_own)."""
        return self.edits_all_teams or self.team_roles.get(team_id) in OWNS_RISKS


class Team(models.Model):
    """A part of the organisation that registers AI systems; the boundary of who may see what."""

    name = models.CharField("Name", max_length=120, validators=[MinLengthValidator(2)])
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), name="one_team_per_name", violation_error_message="There is a team of this name already."
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What one person may do in one team."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField("Role", max_length=20, choices=TeamRole.choices)

    objects = TeamScoped.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "team"],
                name="one_membership_per_team",
                violation_error_message="This person is in the team already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class ApiToken(models.Model):
    """A key for a program. The secret is shown once; only its SHA-256 is kept (256 random bits need no slow hash)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField("Name", max_length=80)
    prefix = models.CharField(max_length=16)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope.choices))
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def allows(self, method: str) -> bool:
        """Whether the token's scopes cover an HTTP method."""
        needed = Scope.READ if method in ("GET", "HEAD", "OPTIONS") else Scope.WRITE
        return needed in self.scopes
