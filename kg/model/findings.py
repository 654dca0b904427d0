"""What every part of the program says of a text: severity, state, finding, span, reading."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Severity(StrEnum):
    """How bad a finding is: `violation` breaks the meaning, `warning` is doubtful, `info` is a remark."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


class State(StrEnum):
    """What became of a cell, as the ledger counts it."""

    MAPPED = "mapped"
    TEXT = "kept as text"
    EMPTY = "empty"
    UNRECOGNISED = "unrecognised"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Finding:
    """Anything doubtful: how bad, a stable code in kebab-case, column, what is the matter, raw text, hint.

    `column` is a column's key ("dose"), "row" for the whole row, or "table" for the whole table; `words` are those
    that no concept has.
    """

    severity: Severity
    code: str
    column: str
    message: str
    raw: str = ""
    hint: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `[start, end)` of a cell's verbatim text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What a reader of cells made of one cell text.

    `rule` names the rule that fired; `spans` are the characters that the value rests on; `unread` are the
    characters that the reader could make nothing of. A reading is complete when `unread` is empty.
    """

    value: T
    state: State
    rule: str
    spans: tuple[Span, ...] = ()
    unread: tuple[Span, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every character was understood."""
        return not self.unread and self.state is not State.UNRECOGNISED
