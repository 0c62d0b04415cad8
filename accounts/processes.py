"""Several processes that live and die together."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from pathlib import Path

# Names the file descriptor that a parent holds open as long as it lives.
LIFELINE = "TODO_LIFELINE"
PATIENCE = 35


def end_with_parent() -> None:
    """End this process, as Ctrl-C would, when the `supervise` that started it is gone."""
    descriptor = os.environ.get(LIFELINE)
    if descriptor is None:
        return

    def watch() -> None:
        os.read(int(descriptor), 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def supervise(commands: Sequence[Sequence[str]], *, folder: Path, files: Sequence[int] = ()) -> int:
    """Run `commands` side by side until told to end; when one ends by itself, end the others.

    `files` are the descriptors they inherit. Returns an exit code: 0 when it was told to end, by
    SIGINT or SIGTERM.
    """
    lifeline, held_open = os.pipe()
    told: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: told.append(number))
    children = [
        subprocess.Popen(  # noqa: S603
            command,
            cwd=folder,
            env={**os.environ, LIFELINE: str(lifeline)},
            pass_fds=[lifeline, *files],
        )
        for command in commands
    ]
    os.close(lifeline)
    while not told and all(child.poll() is None for child in children):
        time.sleep(0.1)
    end(children)
    os.close(held_open)
    return 0 if told else 1


def end(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask `children` to end, and insist when one does not."""
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
