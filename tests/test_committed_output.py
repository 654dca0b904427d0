"""The committed output is what this code makes of the bundled table, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.cli import run

COMMITTED = Path(__file__).resolve().parents[1] / "output"


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rebuilt")
    assert run(["build", "-o", str(folder), "-q"]) == 0
    return folder


@pytest.mark.parametrize("name", ["trials.ttl", "trials.nq", "trials.csv", "ledger.csv"])
def test_the_committed_file_is_rebuilt_byte_for_byte(name: str, rebuilt: Path) -> None:
    assert (rebuilt / name).read_bytes() == (COMMITTED / name).read_bytes(), (
        f"run `kg build` and commit output/{name}"
    )
