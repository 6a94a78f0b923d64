"""Addresses of the pages that look across subjects."""

from django.urls import path

from risks.overview import views

app_name = "overview"

urlpatterns = [
    path("", views.home, name="home"),
    path("my-work/", views.work, name="work"),
]
