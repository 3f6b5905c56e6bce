"""Locks between processes and tasks by a file; the kernel frees them when a process dies."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

PAUSE = 0.01  # seconds


@asynccontextmanager
async def file_lock(file: Path) -> AsyncIterator[None]:
    """Waits for the exclusive lock of ``file``, which is made where it lacks.

    It asks again and again instead of waiting in a thread: waiting threads would use up the pool that the holder needs.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while not _taken(descriptor):  # noqa: ASYNC110 (the other holder is another process)
            await asyncio.sleep(PAUSE)
        yield
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
