"""Turns the clinical-trial tables of review articles into a knowledge graph that traces to their cells.

`kg.similarity` is for notebooks; everything else is the command `kg`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.notebook import similarity

__all__ = ["similarity"]


def __getattr__(name: str) -> object:
    """Load `kg.similarity` when it is first asked for: the command must not wait for it."""
    if name != "similarity":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from kg.notebook import similarity

    return similarity
