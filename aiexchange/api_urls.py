"""The API's site map. Every endpoint stands here; each lives with its subject."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
