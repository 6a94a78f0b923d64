"""The API's site map. Every endpoint stands here; each lives with its subject."""

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.views import SpectacularAPIView

from accounts.api import TeamViewSet
from api.root import root

READ_MANY = {"get": "list"}
READ_ONE = {"get": "retrieve"}

urlpatterns: list[URLPattern | URLResolver] = [
    path("", root, name="root"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("teams/", TeamViewSet.as_view(READ_MANY), name="teams"),
    path("teams/<int:pk>/", TeamViewSet.as_view(READ_ONE), name="team"),
]
