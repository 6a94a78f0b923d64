"""The pages of suppliers."""

from django.urls import path

from risks.systems import supplier_views

app_name = "suppliers"

urlpatterns = [
    path("", supplier_views.list_suppliers, name="list"),
    path("new/", supplier_views.add, name="add"),
    path("<int:pk>/", supplier_views.detail, name="detail"),
    path("<int:pk>/edit/", supplier_views.edit, name="edit"),
]
