"""Addresses of the pages that look across subjects."""

from django.urls import path

from risks.overview import trend_views, views

app_name = "overview"

urlpatterns = [
    path("", views.home, name="home"),
    path("trend/", trend_views.trend, name="trend"),
    path("my-work/", views.work, name="work"),
]
