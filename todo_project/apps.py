from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "todo_project"

    def ready(self) -> None:
        from todo_project import checks  # noqa: F401
