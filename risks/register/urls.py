"""Placeholder until the pages of this subject are written; replaces itself."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

app_name = "register"


def soon(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return HttpResponse("soon", status=503)


urlpatterns = [
    path("risks/", soon, name="risks"),
    path("risks/heatmap/", soon, name="heatmap"),
    path("risks/<int:pk>/", soon, name="risk"),
    path("risks/<int:pk>/rating/", soon, name="rate"),
    path("risks/<int:pk>/treatment/", soon, name="treat"),
    path("risks/<int:pk>/treatment/status/", soon, name="status"),
    path("risks/<int:pk>/description/", soon, name="describe"),
    path("systems/<int:pk>/risks/", soon, name="system_risks"),
    path("systems/<int:pk>/confirm/", soon, name="confirm"),
    path("systems/<int:pk>/risks/new/", soon, name="add"),
]
