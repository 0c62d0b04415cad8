"""Background jobs for tests alone."""

from django_tasks import task

done: list[int] = []
trouble: list[Exception] = []


@task()
def do(number: int) -> None:
    """Note `number` as done, unless there is trouble."""
    if trouble:
        raise trouble[0]
    done.append(number)
