from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "upkeep"
    verbose_name = "Bảo trì"
    default_auto_field = "django.db.models.BigAutoField"
