"""The pages of systems. The tabs Risks and Responsibility belong to the subjects above."""

from django.urls import path

from risks.systems import component_views, import_views, life_cycle_views, views

app_name = "systems"

urlpatterns = [
    path("", views.list_systems, name="list"),
    path("new/", views.register, name="register"),
    path("import/", import_views.upload, name="import"),
    path("import/template.csv", import_views.import_template, name="import_template"),
    path("import/<int:pk>/", import_views.import_draft_page, name="import_draft"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/about/", life_cycle_views.about, name="about"),
    path("<int:pk>/archive/", life_cycle_views.archive, name="archive"),
    path("<int:pk>/restore/", life_cycle_views.restore, name="restore"),
    path("<int:pk>/duplicate/", life_cycle_views.duplicate, name="duplicate"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/profile/", views.profile, name="profile"),
    path("<int:pk>/profile/effect/", views.effect, name="effect"),
    path("<int:pk>/components/", component_views.components, name="components"),
    path("<int:pk>/components/new/", component_views.add_component, name="add_component"),
    path("components/<int:pk>/edit/", component_views.edit_component, name="edit_component"),
    path("components/<int:pk>/version/", component_views.set_version, name="set_version"),
    path("components/<int:pk>/remove/", component_views.remove_component, name="remove_component"),
    path("components/<int:pk>/put-back/", component_views.put_back_component, name="put_back_component"),
    path("<int:pk>/history/", views.history, name="history"),
]
