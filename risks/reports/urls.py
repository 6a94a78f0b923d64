"""Addresses of exports."""

from django.urls import path

from risks.reports import views

app_name = "reports"

urlpatterns = [
    path("new/", views.start, name="start"),
    path("<int:pk>/", views.export, name="export"),
    path("<int:pk>/file/", views.file, name="file"),
]
