"""Halden Mutual, the demo organisation: six teams and the people in them."""

from dataclasses import dataclass, field

from accounts.roles import OrganisationRole, TeamRole

TEAMS = {
    "claims": "Claims",
    "care": "Customer care",
    "payments": "Payments",
    "people": "People",
    "platform": "Platform",
    "underwriting": "Underwriting",
}


@dataclass(frozen=True)
class Person:
    """Somebody with a role for the whole organisation, or roles in teams (team key → role)."""

    key: str
    name: str
    email: str
    organisation_role: str = OrganisationRole.MEMBER
    teams: dict[str, str] = field(default_factory=dict)


PEOPLE = (
    Person("ada", "Ada Holm", "admin@example.org", OrganisationRole.ADMINISTRATOR),
    Person("ines", "Ines Moreau", "officer@example.org", OrganisationRole.OFFICER),
    Person("daniel", "Daniel Osei", "auditor@example.org", OrganisationRole.AUDITOR),
    Person("sara", "Sara Okafor", "editor@example.org", teams={"claims": TeamRole.EDITOR, "care": TeamRole.EDITOR}),
    Person(
        "tomas", "Tomas Berg", "owner@example.org", teams={"claims": TeamRole.RISK_OWNER, "care": TeamRole.RISK_OWNER}
    ),
    Person("lena", "Lena Fuchs", "viewer@example.org", teams={"claims": TeamRole.VIEWER, "care": TeamRole.VIEWER}),
    Person("lucia", "Lucía Romero", "lucia.romero@example.org", teams={"care": TeamRole.EDITOR}),
    Person("raj", "Raj Patel", "raj.patel@example.org", teams={"payments": TeamRole.EDITOR}),
    Person("yuki", "Yuki Tanaka", "yuki.tanaka@example.org", teams={"payments": TeamRole.RISK_OWNER}),
    Person("nora", "Nora Silva", "nora.silva@example.org", teams={"underwriting": TeamRole.EDITOR}),
    Person("emil", "Emil Novák", "emil.novak@example.org", teams={"underwriting": TeamRole.RISK_OWNER}),
    Person("maud", "Maud Keller", "maud.keller@example.org", teams={"people": TeamRole.EDITOR}),
    Person("wen", "Wen Li", "wen.li@example.org", teams={"platform": TeamRole.EDITOR}),
    Person("jon", "Jon Aalto", "jon.aalto@example.org", teams={"platform": TeamRole.RISK_OWNER}),
)
