from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    verbose_name = "Hồ sơ đánh giá"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # Not above: what tells of rows imports the models, which are not there yet.
        from evaluations.trail.accounts import TELLERS
        from organisations import account_words

        account_words.TELLERS.update(TELLERS)
