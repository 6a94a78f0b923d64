"""The pages of systems. The tabs Risks and Responsibility belong to the subjects above."""

from django.urls import path

from risks.systems import life_cycle_views, views

app_name = "systems"

urlpatterns = [
    path("", views.list_systems, name="list"),
    path("new/", views.register, name="register"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/about/", life_cycle_views.about, name="about"),
    path("<int:pk>/archive/", life_cycle_views.archive, name="archive"),
    path("<int:pk>/restore/", life_cycle_views.restore, name="restore"),
    path("<int:pk>/duplicate/", life_cycle_views.duplicate, name="duplicate"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/profile/", views.profile, name="profile"),
    path("<int:pk>/profile/effect/", views.effect, name="effect"),
    path("<int:pk>/history/", views.history, name="history"),
]
