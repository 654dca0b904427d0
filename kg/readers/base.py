"""A path or the standard input → the bytes of one source."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import SourceError

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of one source and its name: the file's name without folders, or "stdin".

    `path` is where it lies, for files that belong to it and lie beside it; None when it came another way.
    """

    name: str
    data: bytes
    path: Path | None = field(default=None, compare=False)


def open_source(path: Path | str) -> Source:
    """Read a file, or the standard input for "-"; raise SourceError with the reason when that fails."""
    if str(path) == STDIN:
        return Source("stdin", _read_stdin())
    try:
        return Source(_printable(Path(path).name), Path(path).read_bytes(), Path(path))
    except FileNotFoundError as error:
        raise SourceError(
            "there is no such file", where=str(path), hint="check the path; - reads stdin"
        ) from error
    except IsADirectoryError as error:
        hint = "name the files in it, e.g. with a pattern of the shell"
        raise SourceError("this is a folder, not a file", where=str(path), hint=hint) from error
    except PermissionError as error:
        raise SourceError(
            "the file may not be read", where=str(path), hint="check its permissions"
        ) from error
    except (OSError, ValueError) as error:
        raise SourceError(f"the file cannot be read: {error}", where=repr(str(path))) from error


def _read_stdin() -> bytes:
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise SourceError("the standard input is closed", where="stdin", hint="name a file, or pipe one in")
    return bytes(stream.read())


def _printable(name: str) -> str:
    # a name that is not UTF-8 holds lone surrogates, which no output could carry
    return name.encode("utf-8", "replace").decode("utf-8")
