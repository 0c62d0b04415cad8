from django.apps import AppConfig
from django.conf import settings


class ProjectConfig(AppConfig):
    name = "todo_project"

    def ready(self) -> None:
        from todo_project import checks  # noqa: F401

        if settings.METRICS_TOKEN:
            from todo_project import counting

            counting.listen()
