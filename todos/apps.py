from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TodosConfig(AppConfig):
    name = "todos"
    verbose_name = _("To-do lists")

    def ready(self) -> None:
        from todos import receivers, search  # noqa: F401
