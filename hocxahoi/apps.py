from django.apps import AppConfig


class HocxahoiConfig(AppConfig):
    name = "hocxahoi"

    def ready(self):
        from hocxahoi import checks  # noqa: F401  registers them
