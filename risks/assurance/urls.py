"""Addresses of the responsibility matrix."""

from django.urls import path

from risks.assurance import views

app_name = "assurance"

urlpatterns = [
    path("systems/<int:pk>/responsibility/", views.matrix, name="matrix"),
    path("systems/<int:pk>/responsibility/<slug:key>/", views.setting, name="set"),
]
