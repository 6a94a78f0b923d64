from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "risks.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"
