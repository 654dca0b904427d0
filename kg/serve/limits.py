"""What one request may cost, and how many workers there are: plain numbers, each with an option of `kg serve`."""

from __future__ import annotations

import os
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost the server; what goes beyond is stopped and told which limit it met."""

    seconds: float = 30
    """Time of one query, from its start in a worker."""
    rows: int = 1_000_000
    """Rows or triples of one answer."""
    bytes: int = 64 * 2**20
    """Body of one answer."""
    memory: int = 2**30
    """Memory in bytes that one query may take beyond the loaded graph."""
    waiting: int = 256
    """Requests that may wait for a worker."""
    request: int = 2**20
    """Body of one request in bytes."""


def _twice_the_cores() -> int:
    return 2 * (os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Lanes:
    """How many queries run at once: `fast` ones, and `slow` ones that have worked for more than `grace` seconds."""

    fast: int = field(default_factory=_twice_the_cores)
    slow: int = field(default_factory=_twice_the_cores)
    grace: float = 0.1
