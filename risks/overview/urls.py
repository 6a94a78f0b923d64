"""Placeholder until the pages of this subject are written; replaces itself."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

app_name = "overview"


def soon(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("soon", status=503)


urlpatterns = [
    path("", soon, name="home"),
    path("my-work/", soon, name="work"),
]
