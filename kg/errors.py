"""Every error that the user can cause, with its facts; the text is made where it is shown.

KgError
├── SourceError      a source cannot be read as a table
├── VocabularyError  the files of ontology/ contradict themselves
├── QueryError       a query or one of its parameters is wrong
├── GraphError       a graph file cannot be read, or two contents claim one IRI
├── StoreError       a store refused or did not answer
└── OutputError      a result cannot be written
"""

from __future__ import annotations

import re

# what steers a terminal: controls of C0 and C1 but tab and line end, and a carriage return that overwrites a line
_STEERING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)")


class KgError(Exception):
    """Base of all errors that end the command with exit code 2 and a message, never a traceback.

    `where` names the file, row or column, `raw` the offending text, `allowed` what would have been
    accepted, and `hint` what the user can do. All but `what` may be empty.
    """

    def __init__(
        self, what: str, *, where: str = "", raw: str = "", allowed: str = "", hint: str = ""
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.raw = raw
        self.allowed = allowed
        self.hint = hint

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        found = self.raw and repr(shorten(self.raw))
        details = (("found", found), ("allowed", self.allowed), ("hint", self.hint))
        return "\n".join([head, *(f"  {name}: {text}" for name, text in details if text)])


class SourceError(KgError):
    """A source cannot be read as a table."""


class VocabularyError(KgError):
    """The files of ontology/ contradict themselves."""


class QueryError(KgError):
    """A query or one of its parameters is wrong."""


class GraphError(KgError):
    """A graph file cannot be read, or two different contents claim one IRI."""


class StoreError(KgError):
    """A store refused a request or did not answer."""


class OutputError(KgError):
    """A result cannot be written."""


def shorten(text: str, limit: int = 120) -> str:
    """Return `text` on one line, cut to `limit` characters with an ellipsis."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def printable(text: str) -> str:
    """Return `text` with U+FFFD for every character that would steer a terminal instead of being shown."""
    return _STEERING.sub("\ufffd", text)
