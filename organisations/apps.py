from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "organisations"
    verbose_name = "Đơn vị và người dùng"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from organisations.collation import register_on_every_connection

        register_on_every_connection()
