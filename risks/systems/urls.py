"""The pages of systems. The tabs Risks and Responsibility belong to the subjects above."""

from django.urls import path

from risks.systems import views

app_name = "systems"

urlpatterns = [
    path("", views.list_systems, name="list"),
    path("new/", views.register, name="register"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/profile/", views.profile, name="profile"),
    path("<int:pk>/profile/effect/", views.effect, name="effect"),
    path("<int:pk>/history/", views.history, name="history"),
]
