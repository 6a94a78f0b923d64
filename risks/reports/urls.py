"""Addresses of exports and of two tabs of a system: its controls, and its statement of applicability."""

from django.urls import path

from risks.reports import views

app_name = "reports"

urlpatterns = [
    path("exports/new/", views.start, name="start"),
    path("exports/<int:pk>/", views.export, name="export"),
    path("exports/<int:pk>/file/", views.file, name="file"),
    path("systems/<int:pk>/controls/", views.controls, name="controls"),
    path("systems/<int:pk>/statement/", views.statement, name="statement"),
    path("systems/<int:pk>/statement/file/", views.statement_file, name="statement_file"),
]
