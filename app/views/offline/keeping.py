"""From a finished call or note to where it is filed: on this machine first, whatever the database is doing."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from app.models.errors import KnownError
from app.services.desk import Desk
from app.services.offline import Outcome, Unfiled
from app.views.kit.task_runner import TaskRunner


def keep_and_file(
    owner: QObject, desk: Desk, runner: TaskRunner, thing: Unfiled, ended: Callable[[Outcome], None]
) -> None:
    """Keep it, then file it behind all that waits. Where it cannot be kept it is filed at once or not at all."""
    actor, waiting = desk.actor, desk.waiting
    assert actor is not None

    def file() -> None:
        work = partial(waiting.file_new, desk.database, actor, thing)
        runner.write(owner, work, ended, lambda error: ended(Outcome(thing, error=error)))

    def file_unkept(unkept: KnownError) -> None:
        work = partial(waiting.file_unkept, desk.database, actor, thing, unkept)
        runner.write(owner, work, ended, lambda error: ended(Outcome(thing, error=error)))

    runner.keep(owner, partial(waiting.add, thing), lambda _none: file(), file_unkept)
