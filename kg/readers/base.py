"""A path or the standard input → the bytes of one source, read when they are asked for."""

from __future__ import annotations

import io
import os
import stat
import sys
import tempfile
import weakref
from collections.abc import Generator, Iterator
from contextlib import closing
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import IO

from kg.errors import SourceError

STDIN = "-"
EXPORT = "studies.txt"  # the file by which a folder is known to be an export of AACT
MOST_WHOLE = 64 * 2**20  # bytes of a source that is read as a whole
_CHUNK = 2**20
_IN_MEMORY = 8 * 2**20  # bytes of a stream; what is longer waits in a temporary file


class Source:
    """The bytes of one source and its name: the file's name without folders, or "stdin".

    `path` is where it lies, for files that belong to it and lie beside it; None when it came another way. The bytes
    are in memory only when they were given, or once `data` has been asked for. Two sources are equal when their
    names and bytes are.
    """

    def __init__(self, name: str, data: bytes | None = None, path: Path | None = None) -> None:
        self.name = name
        self.path = path
        self._spool: IO[bytes] | None = io.BytesIO(data) if data is not None else None
        if data is not None:
            self.__dict__["data"] = data
        self._state = _state(path) if path and data is None else None

    @classmethod
    def spooled(cls, name: str, stream: IO[bytes]) -> Source:
        """Return a source with all that `stream` gives, in a temporary file when it is much; it is read once."""
        spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        while chunk := stream.read(_CHUNK):
            spool.write(chunk)
        source = cls(name)
        source._spool = spool
        weakref.finalize(source, spool.close)  # the temporary file lives as long as the source
        return source

    @cached_property
    def size(self) -> int:
        """The number of bytes."""
        if self._spool is None:
            return self._state[0] if self._state else 0
        return self._spool.seek(0, os.SEEK_END)

    @cached_property
    def data(self) -> bytes:
        """All bytes; raises SourceError for a source above `MOST_WHOLE`, of which only `chunks` can be had."""
        if self.size > MOST_WHOLE:
            raise too_large(self.name, self.size)
        return b"".join(self.chunks())

    @cached_property
    def sha256(self) -> str:
        """The checksum of the bytes in hexadecimal digits."""
        total = sha256()
        for chunk in self.chunks():
            total.update(chunk)
        return total.hexdigest()

    def start(self, count: int) -> bytes:
        """Return the first `count` bytes, or all when there are fewer."""
        with closing(self.chunks(count)) as chunks:
            return next(chunks, b"")

    def chunks(self, size: int = _CHUNK) -> Generator[bytes]:
        """Yield the bytes in pieces of `size`, from the beginning each time this is called.

        Raises SourceError when the file cannot be read any more, or is no longer the one that was opened.
        """
        if self._spool is not None:
            yield from self._from_spool(self._spool, size)
        elif self.path is not None:
            try:
                with self.path.open("rb") as stream:
                    self._see_unchanged(os.fstat(stream.fileno()))
                    while chunk := stream.read(size):
                        yield chunk
            except OSError as error:
                raise unreadable(self.path, error) from error

    @staticmethod
    def _from_spool(spool: IO[bytes], size: int) -> Iterator[bytes]:
        at = 0
        while True:
            spool.seek(at)  # another iterator may have read in between
            chunk = spool.read(size)
            if not chunk:
                return
            at += len(chunk)
            yield chunk

    def _see_unchanged(self, now: os.stat_result) -> None:
        if self._state is not None and self._state != (now.st_size, now.st_mtime_ns):
            raise SourceError(
                "the file was changed while it was being read", where=self.name, hint="run the command again"
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source) and (self.name, self.sha256) == (other.name, other.sha256)

    def __hash__(self) -> int:
        return hash((self.name, self.sha256))

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {self.size} bytes)"


def open_source(path: Path | str) -> Source:
    """Open a file, or read the standard input for "-"; raise SourceError with the reason when that fails.

    What is no regular file, such as a pipe of the shell, is read at once, since it can be read only once.
    """
    if str(path) == STDIN:
        return Source.spooled("stdin", _stdin())
    place = Path(path)
    try:
        # a folder that is one source: files that hold a table of a database each
        if (place / EXPORT).is_file():
            return Source(_printable(place.resolve().name), path=place / EXPORT)
        with place.open("rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return Source.spooled(_printable(place.name), stream)
        return Source(_printable(place.name), path=place)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def too_large(name: str, size: int) -> SourceError:
    """Return the error for a source of `size` bytes in a layout that must be read as a whole."""
    return SourceError(
        f"the source has {size / 2**20:.0f} MB, too much for its layout",
        where=name,
        allowed=f"up to {MOST_WHOLE // 2**20} MB; comma, semicolon or tab separated values of any size",
        hint="save the table as CSV, or divide the source",
    )


def unreadable(path: Path | str, error: Exception) -> SourceError:
    """Return the error for a path that cannot be opened or read."""
    if isinstance(error, FileNotFoundError):
        return SourceError("there is no such file", where=str(path), hint="check the path; - reads stdin")
    if isinstance(error, IsADirectoryError):
        hint = "name the files in it, e.g. with a pattern of the shell"
        return SourceError("this is a folder, not a file", where=str(path), hint=hint)
    if isinstance(error, PermissionError):
        return SourceError("the file may not be read", where=str(path), hint="check its permissions")
    return SourceError(f"the file cannot be read: {error}", where=repr(str(path)))


def _stdin() -> IO[bytes]:
    stream: IO[bytes] | None = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise SourceError("the standard input is closed", where="stdin", hint="name a file, or pipe one in")
    return stream


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _printable(name: str) -> str:
    # a name that is not UTF-8 holds lone surrogates, which no output could carry
    return name.encode("utf-8", "replace").decode("utf-8")
