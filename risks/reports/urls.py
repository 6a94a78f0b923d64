"""Addresses of exports and of the statement of applicability, which is a tab of its system."""

from django.urls import path

from risks.reports import views

app_name = "reports"

urlpatterns = [
    path("exports/new/", views.start, name="start"),
    path("exports/<int:pk>/", views.export, name="export"),
    path("exports/<int:pk>/file/", views.file, name="file"),
    path("systems/<int:pk>/statement/", views.statement, name="statement"),
    path("systems/<int:pk>/statement/file/", views.statement_file, name="statement_file"),
]
