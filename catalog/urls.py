from django.urls import path

from catalog import views

app_name = "catalog"

urlpatterns = [
    path("", views.home, name="home"),
    path("threats/<slug:key>/", views.threat, name="threat"),
    path("controls/", views.controls, name="controls"),
    path("controls/<slug:key>/", views.control, name="control"),
]
