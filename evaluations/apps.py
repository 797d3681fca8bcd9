from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = "Hồ sơ đánh giá"
    default_auto_field = "django.db.models.BigAutoField"
