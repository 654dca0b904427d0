"""Mutated sources of every layout end in tables or in a message, never in a traceback and never in a hang."""

from __future__ import annotations

import io
import json
import random
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from layouts import LAYOUTS

from kg.errors import KgError
from kg.parse.tables import parse_source
from kg.readers.base import Source
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon

SHARED = Path(__file__).resolve().parents[2] / "shared" / "tables"
HEADER = ["Disease", "Cell source", "Route", "Dose", "Patients", "NCT number", "Phase", "Outcome"]
ROWS = [
    ["Crohn disease", "Bone marrow", "i.v.", "2 × 10⁶ cells/kg", "12", "NCT01234567", "I/II", "Safe"],
    ["COVID-19", "hUC-MSC", "Intratracheal, IV", "1–10 × 10⁷", "20 (10/10)", "NCT07654321", "2a", "Better"],
    ["Stroke", "Au BM", "IA", "0.5, 1 or 5 × 10⁶/kg", "9", "ChiCTR2000029990", "Early Phase 1", "No gain"],
]
STUDY = {
    "protocolSection": {
        "identificationModule": {"nctId": "NCT01234567", "briefTitle": "Cells for Crohn disease"},
        "conditionsModule": {"conditions": ["Crohn Disease"]},
        "designModule": {"phases": ["PHASE1", "PHASE2"], "enrollmentInfo": {"count": 12}},
        "armsInterventionsModule": {"interventions": [{"type": "BIOLOGICAL", "name": "Autologous BM-MSC"}]},
    }
}
ICTRP = """<?xml version="1.0"?><Trials_downloaded_from_ICTRP><Trial><TrialID>ChiCTR2000029990</TrialID>
<Public_title>Cells for COVID-19</Public_title><Phase>1-2</Phase><Condition>COVID-19</Condition>
<Target_size>a:60;b:60;</Target_size><Intervention>a:MSC, 1×10^6/kg;b:saline;</Intervention></Trial>
</Trials_downloaded_from_ICTRP>"""
PASTED = (
    "Table 2. Trials\n"
    + "\n".join(" ".join(row) for row in [HEADER, *ROWS])
    + "\nBM, bone marrow; IV, intravenous\n"
)
SEEDS: dict[str, bytes] = {
    **{layout: write(HEADER, ROWS) for layout, write in LAYOUTS.items()},
    "ClinicalTrials.gov JSON": json.dumps({"studies": [STUDY, STUDY]}).encode(),
    "ICTRP XML": ICTRP.encode(),
    "pasted": PASTED.encode(),
    "joined": PASTED.replace(" ", "").encode(),
}
TOKENS = [
    b"<",
    b">",
    b"&",
    b'"',
    b"'",
    b"|",
    b"\t",
    b"\n",
    b"\r",
    b",",
    b";",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\\",
    b"\x00",
]
TOKENS += [
    b"\xff",
    b"\xe2\x80",
    "⁶×–".encode(),
    b"<table>",
    b"</td>",
    b"rowspan='999999'",
    b"colspan=-1",
    b"&x;",
    b"1e999",
]
TOKENS += [
    b"9" * 400,
    b"(" * 200,
    b"NCT",
    b"10",
    b" " * 300,
    b"<!DOCTYPE a [<!ENTITY x 'y'>]>",
    b"<![CDATA[",
    b"-->",
    b"=1+1",
]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return bundled_lexicon()


def mutate(data: bytes, rng: random.Random) -> bytes:
    """Return `data` with up to eight cuts, doublings, swaps or strange bytes."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        at, length = rng.randrange(len(changed) + 1), rng.choice((1, 2, 10, 100))
        rng.choice(_CHANGES)(changed, at, length, rng)
    return bytes(changed)


def _cut(data: bytearray, at: int, length: int, _: random.Random) -> None:
    del data[at : at + length]


def _double(data: bytearray, at: int, length: int, _: random.Random) -> None:
    data[at:at] = data[at : at + length] * 3


def _insert(data: bytearray, at: int, _: int, rng: random.Random) -> None:
    data[at:at] = rng.choice(TOKENS)


def _flip(data: bytearray, at: int, _: int, rng: random.Random) -> None:
    if data:
        data[at % len(data)] = rng.randrange(256)


def _end(data: bytearray, at: int, _: int, rng: random.Random) -> None:
    if rng.random() < 0.2:
        del data[at:]


_CHANGES: list[Callable[[bytearray, int, int, random.Random], None]] = [_cut, _double, _insert, _flip, _end]


def mutate_members(data: bytes, rng: random.Random) -> bytes:
    """Return a zip archive in which one member is mutated: the bytes of the archive itself rarely survive."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as changed:
        chosen = rng.choice(archive.namelist())
        for name in archive.namelist():
            content = archive.read(name)
            changed.writestr(name, mutate(content, rng) if name == chosen else content)
    return out.getvalue()


def inputs(layout: str, count: int) -> Iterator[bytes]:
    rng = random.Random(layout)  # noqa: S311 - the same inputs on every run
    seed = SEEDS[layout]
    for number in range(count):
        zipped = seed.startswith(b"PK") and number % 2
        yield mutate_members(seed, rng) if zipped else mutate(seed, rng)


def survive(data: bytes, name: str, lexicon: Lexicon) -> None:
    """Read `data`; a message is fine, but it has to say what is wrong in words."""
    said = "read"
    try:
        parse_source(Source(name, data), lexicon)
    except KgError as error:
        said = error.what
    assert said


@pytest.mark.parametrize("layout", SEEDS)
def test_a_mutated_source_is_read_or_refused_with_a_message(layout: str, lexicon: Lexicon) -> None:
    for data in inputs(layout, 15):
        survive(data, layout, lexicon)


@pytest.mark.slow
@pytest.mark.parametrize("layout", SEEDS)
def test_many_mutated_sources_are_read_or_refused_with_a_message(layout: str, lexicon: Lexicon) -> None:
    end = time.monotonic() + 12
    for data in inputs(layout, 100_000):
        survive(data, layout, lexicon)
        if time.monotonic() > end:
            return


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the tables are not part of the project")
def test_mutated_real_tables_are_read_or_refused_with_a_message(lexicon: Lexicon) -> None:
    rng = random.Random(7)  # noqa: S311
    paths = sorted(path for path in SHARED.iterdir() if path.is_file() and ".gold" not in path.name)
    for path in paths:
        for _ in range(20):
            survive(mutate(path.read_bytes(), rng), path.name, lexicon)
