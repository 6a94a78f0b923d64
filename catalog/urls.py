from django.urls import path

from catalog.views import controls, threats

app_name = "catalog"

urlpatterns = [
    path("", threats.home, name="home"),
    path("threats/<slug:key>/", threats.threat, name="threat"),
    path("controls/", controls.controls, name="controls"),
    path("controls/<slug:key>/", controls.control, name="control"),
]
