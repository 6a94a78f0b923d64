from django.urls import path

from catalog.views import controls, editions, threats

app_name = "catalog"

urlpatterns = [
    path("", threats.home, name="home"),
    path("threats/<slug:key>/", threats.threat, name="threat"),
    path("editions/", editions.editions, name="editions"),
    path("editions/<slug:key>/", editions.edition, name="edition"),
    path("controls/", controls.controls, name="controls"),
    path("controls/<slug:key>/", controls.control, name="control"),
]
