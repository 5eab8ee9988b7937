"""Folders in which copies are made: held while somebody works in one, swept once its process is gone.

A folder is held by a lock on itself (flock), which the system lets go of however the process ends; a number of a process
would tell nothing where several machines or containers share a disk.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dashboard.errors import InputNotValid

if sys.platform != "win32":
    import fcntl

COPY, RESTORE = ".copy-", ".restore-"
# What is ever put into one. A folder of somebody else, whatever its name, holds other things and is left alone.
FILES = frozenset(f"{name}.sqlite3{end}" for name in ("half", "ready", "model") for end in ("", "-journal", "-wal", "-shm"))
OURS = re.compile(rf"({re.escape(COPY)}|{re.escape(RESTORE)})[a-z0-9_]{{8}}")


@contextmanager
def folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Make a folder that is gone afterwards, held until then.

    Raises:
        InputNotValid: it cannot be made there.
    """
    try:
        path, held = _held(parent, prefix)
    except OSError as error:
        raise InputNotValid(f"{parent} cannot be written: {error.strerror}") from error
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(held)


def _held(parent: Path, prefix: str) -> tuple[Path, int]:
    while True:
        path = Path(tempfile.mkdtemp(dir=parent, prefix=prefix))
        held = os.open(path, os.O_RDONLY)
        if sys.platform != "win32":
            # A file system without locks holds nothing; then nothing is ever swept there, either.
            with suppress(OSError):
                fcntl.flock(held, fcntl.LOCK_EX)
        # Somebody may have swept it before it was held.
        if path.exists():
            return path, held
        os.close(held)


def sweep(parent: Path) -> None:
    """Remove the folders that killed processes have left; one that is in use, or may be, stays."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        for path in sorted(parent.iterdir()):
            if OURS.fullmatch(path.name) and not path.is_symlink():
                with suppress(OSError):
                    _remove(path)


def _remove(path: Path) -> None:
    held = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        files = list(path.iterdir())
        if all(file.name in FILES for file in files):
            for file in files:
                file.unlink()
            path.rmdir()
    finally:
        os.close(held)
