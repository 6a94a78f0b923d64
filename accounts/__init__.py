"""People: users, teams, memberships, roles, sign-in and API tokens."""
