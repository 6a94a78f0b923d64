"""Signing in, one's own account, and people and teams."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from accounts import session, views

app_name = "accounts"

urlpatterns = [
    path("sign-in/", login_not_required(session.SignIn.as_view()), name="sign_in"),
    path("sign-out/", session.sign_out, name="sign_out"),
    # One's own account
    path("account/", views.account, name="account"),
    path("account/password/", views.password, name="password"),
    path("account/tokens/", views.create_token, name="create_token"),
    path("account/tokens/<int:pk>/revocation/", views.revoke_token, name="revoke_token"),
    # People and teams, for administrators
    path("people/", views.people, name="people"),
    path("people/new/", views.add_person, name="add_person"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/password/", views.renew_password, name="renew_password"),
    path("people/<int:pk>/teams/", views.join_team, name="join_team"),
    path("people/memberships/<int:pk>/end/", views.leave_team, name="leave_team"),
    path("people/teams/new/", views.add_team, name="add_team"),
    path("people/teams/<int:pk>/", views.team, name="team"),
]
