"""Folders are written whole or not at all, whatever goes wrong on the way."""

from __future__ import annotations

import hashlib
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.build.output import write_folder
from kg.errors import OutputError


def listing(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def breaking() -> Iterator[str]:
    yield "half"
    raise RuntimeError("the writer broke")


def test_all_files_are_written_with_their_checksums(tmp_path: Path) -> None:
    sums = write_folder(tmp_path / "out", {"a.txt": ["on", "e"], "b.txt": ["tµo"]})
    assert listing(tmp_path / "out") == {"a.txt": "one", "b.txt": "tµo"}
    assert sums["b.txt"] == (4, hashlib.sha256("tµo".encode()).hexdigest())


def test_a_text_can_be_made_of_what_was_written_before_it(tmp_path: Path) -> None:
    sizes = {
        "a.txt": ["one"],
        "sizes.txt": lambda written: [f"{name} {file.size}" for name, file in written.items()],
        "b.txt": ["two"],
    }
    write_folder(tmp_path / "out", sizes)
    assert listing(tmp_path / "out") == {"a.txt": "one", "b.txt": "two", "sizes.txt": "a.txt 3"}


def test_a_text_that_cannot_be_made_leaves_the_earlier_files_whole(tmp_path: Path) -> None:
    write_folder(tmp_path, {"a.txt": ["old"]})
    with pytest.raises(KeyError):
        write_folder(tmp_path, {"a.txt": ["new"], "b.txt": lambda written: [written["c.txt"].sha256]})
    assert listing(tmp_path) == {"a.txt": "old"}


def test_earlier_files_are_replaced_and_others_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old", encoding="utf-8")
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    write_folder(tmp_path, {"a.txt": ["new"]})
    assert listing(tmp_path) == {"a.txt": "new", "mine.txt": "mine"}


def test_a_writer_that_breaks_leaves_the_earlier_files_whole(tmp_path: Path) -> None:
    write_folder(tmp_path, {"a.txt": ["old"], "b.txt": ["old"]})
    with pytest.raises(RuntimeError):
        write_folder(tmp_path, {"a.txt": ["new"], "b.txt": breaking()})
    assert listing(tmp_path) == {"a.txt": "old", "b.txt": "old"}


def test_a_folder_made_in_vain_does_not_stay(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError):
        write_folder(tmp_path / "deep" / "out", {"a.txt": breaking()})
    assert not (tmp_path / "deep").exists()


def test_a_file_where_the_folder_should_be_is_a_clear_message(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError, match="out: cannot be written"):
        write_folder(tmp_path / "out", {"a.txt": ["new"]})
    assert (tmp_path / "out").read_text(encoding="utf-8") == "a file"


def test_a_folder_where_a_file_should_be_is_a_clear_message_and_nothing_changes(tmp_path: Path) -> None:
    (tmp_path / "b.txt").mkdir()
    (tmp_path / "a.txt").write_text("old", encoding="utf-8")
    with pytest.raises(OutputError, match="is a folder"):
        write_folder(tmp_path, {"a.txt": ["new"], "b.txt": ["new"]})
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "old"


def test_a_disk_that_is_full_is_a_clear_message_and_nothing_changes(tmp_path: Path) -> None:
    write_folder(tmp_path, {"a.txt": ["old"]})
    code = (
        "import sys; from pathlib import Path; from kg.build.output import write_folder; from kg.errors import KgError\n"
        "try: write_folder(Path(sys.argv[1]), {'a.txt': ['new'], 'b.txt': ['x' * 100_000]})\n"
        "except KgError as error: print(error)"
    )
    limit = (
        4096,
        4096,
    )  # bytes that one file may have: the system refuses to write more, as a full disk does
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit),
    )
    assert "cannot be written" in done.stdout
    assert listing(tmp_path) == {"a.txt": "old"}
