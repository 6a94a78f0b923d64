from django.urls import path

from catalog.views import (
    concerns,
    controls,
    editions,
    entrance,
    frameworks,
    maps,
    own,
    questions,
    search,
    tables,
    threats,
)

app_name = "catalog"

urlpatterns = [
    path("", entrance.home, name="home"),
    path("map/", maps.threat_map, name="map"),
    path("threats/", threats.threats, name="threats"),
    path("threats/<slug:key>/", threats.threat, name="threat"),
    path("groups/<slug:key>/", controls.group, name="group"),
    path("search/", search.find, name="search"),
    path("questions/", questions.questions, name="questions"),
    path("own/", own.own, name="own"),
    path("own/threats/new/", own.add_threat, name="add_threat"),
    path("own/threats/<slug:key>/", own.threat, name="own_threat"),
    path("own/threats/<slug:key>/retired/", own.retire_threat, name="retire_threat"),
    path("own/controls/new/", own.add_control, name="add_control"),
    path("own/controls/<slug:key>/", own.control, name="own_control"),
    path("own/controls/<slug:key>/retired/", own.retire_control, name="retire_control"),
    path("editions/", editions.editions, name="editions"),
    path("editions/<slug:key>/", editions.edition, name="edition"),
    path("controls/", controls.controls, name="controls"),
    path("controls/<slug:key>/", controls.control, name="control"),
    path("frameworks/", frameworks.frameworks, name="frameworks"),
    path("frameworks/<slug:key>/", frameworks.framework, name="framework"),
    path("matrix/", tables.matrix, name="matrix"),
    path("periodic-table/", tables.periodic, name="periodic"),
    path("essentials/", tables.essentials, name="essentials"),
    path("risk-areas/", tables.risk_areas, name="risk_areas"),
    path("beside-security/", concerns.concerns, name="concerns"),
    path("beside-security/<slug:key>/", concerns.concern, name="concern"),
]
