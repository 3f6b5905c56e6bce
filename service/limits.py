"""Limits kept in the process's memory: how often somebody may do something within a window."""

from __future__ import annotations

import ipaddress
import time
from functools import lru_cache

SUBJECTS = 10_000  # remembered at once; past it the oldest windows go


class Limit:
    """At most ``most`` per subject in each window of ``seconds``."""

    def __init__(self, most: int, *, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._windows: dict[str, tuple[float, int]] = {}

    def admits(self, subject: str) -> bool:
        """Counts one for ``subject``; False where it is one too many."""
        now = time.monotonic()
        began, count = self._windows.get(subject, (now, 0))
        if now - began >= self.seconds:
            began, count = now, 0
        self._windows.pop(subject, None)
        self._windows[subject] = (began, count + 1)
        if len(self._windows) > SUBJECTS:
            del self._windows[next(iter(self._windows))]
        return count < self.most


@lru_cache(SUBJECTS)
def network(address: str) -> str:
    """What counts as one network: an IPv4 address, the /64 of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    return str(parsed) if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))
