"""Texts and bytes → files of one folder: all of them, or none and the folder as it was."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from kg.errors import OutputError


class Written(NamedTuple):
    """What is known of a file when it is written: how many bytes it has, and their SHA-256 in hexadecimal digits."""

    size: int
    sha256: str


Pieces = Iterable[str] | Iterable[bytes]
Text = Pieces | Callable[[Mapping[str, Written]], Pieces]
"""The pieces of a file, or what makes them of the files that were written before it."""


def write_folder(folder: Path, texts: Mapping[str, Text]) -> dict[str, Written]:
    """Write each file, text as UTF-8, under its name into `folder`, in their order, and return what was written by name.

    Everything is first written beside the old files and moved over them at the end, so that a full disk, a
    failing writer or an interrupt leaves the earlier output whole. Raises OutputError when the folder or a
    file cannot be written.
    """
    with _workshop(folder) as workshop:
        written: dict[str, Written] = {}
        for name, text in texts.items():
            written[name] = _write(workshop / name, text(dict(written)) if callable(text) else text)
        for name in texts:
            if (folder / name).is_dir():
                raise OutputError("is a folder and cannot be replaced by a file", where=str(folder / name))
        for name in texts:
            os.replace(workshop / name, folder / name)
    return written


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """Yield a fresh folder inside `folder`; remove it, and `folder` too when it was made here for nothing."""
    made: list[Path] = []
    try:
        made += [path for path in (folder, *folder.parents) if not path.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        workshop = Path(tempfile.mkdtemp(prefix=".kg-", dir=folder))
    except OSError as error:
        _remove_empty(made)
        raise _refused(folder, error) from error
    try:
        yield workshop
    except OSError as error:
        raise _refused(folder, error) from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
        _remove_empty(made)


def _remove_empty(made: Iterable[Path]) -> None:
    for path in made:
        try:
            path.rmdir()
        except OSError:
            return


def _refused(folder: Path, error: OSError) -> OutputError:
    return OutputError(
        f"cannot be written: {error.strerror or error}",
        where=str(folder),
        hint="nothing was changed there; name another folder, or make room",
    )


def _write(path: Path, pieces: Pieces) -> Written:
    size, digest = 0, hashlib.sha256()
    with path.open("wb") as file:
        for piece in pieces:
            data = piece.encode("utf-8") if isinstance(piece, str) else piece
            digest.update(data)
            size += file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return Written(size, digest.hexdigest())
