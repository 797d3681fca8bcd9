from django.apps import AppConfig
from django.conf import settings


class OrganisationsConfig(AppConfig):
    name = "organisations"
    verbose_name = "Đơn vị và người dùng"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from organisations.collation import register_on_every_connection
        from organisations.roles import refuse_unknown

        register_on_every_connection()
        refuse_unknown(settings.SECOND_FACTOR_ROLES)
