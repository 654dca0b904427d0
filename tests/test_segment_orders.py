"""Rows whose cells stand in an order of their own, and doses that say how often, in tables without borders."""

from __future__ import annotations

import random
import time

import pytest

from kg.cells.read import CellReader
from kg.model import Parsed
from kg.parse.tables import parse_source
from kg.readers.base import Source
from kg.segment.habits import NO_HABITS
from kg.segment.orders import likely_orders
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon

HEADERS = {
    "reference": ("Ref.", ["[4]", "[5]", "[6]", "[7]", "[8]"]),
    "disease": (
        "Disease",
        ["Lupus nephritis", "Ischemic stroke", "Type 1 diabetes", "GVHD", "Crohn's disease"],
    ),
    "trial_number": ("NCT number", [f"NCT0{n}" for n in (1230004, 1300441, 2200103, 3318842, 4410027)]),
    "cell_source": ("Cell type", ["BM-MSC", "UC-MSC", "BM-MSC", "AD-MSC", "UC-MSC"]),
    "route": ("Route", ["IV", "Intrathecal", "IV", "IV", "Intralesional"]),
    "dose": (
        "Dose",
        [
            "2 × 10^6 cells/kg",
            "1 × 10^7 cells",
            "5 × 10^6 cells/kg",
            "3 × 10^7 cells",
            "NA",
        ],
    ),
    "patients": ("Patients", ["12", "30", "7", "41", "18"]),
    "phase": ("Phase", ["I", "I/II", "II", "Phase 1", "II"]),
}
KEYS = tuple(HEADERS)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return bundled_lexicon()


def parse(lexicon: Lexicon, header: str, *lines: str) -> Parsed:
    text = "\n".join(
        ["Table 1", "Trials of cells", "", header, *lines, "", "IV, intravenous; IT, intrathecal"]
    )
    (parsed,) = parse_source(Source("page.txt", text.encode()), lexicon)
    return parsed


def page(header: tuple[str, ...], cells: tuple[str, ...], rows: int = 5) -> tuple[str, ...]:
    lines = [" ".join(HEADERS[key][1][row] for key in cells) for row in range(rows)]
    return (" ".join(HEADERS[key][0] for key in header), *lines)


@pytest.mark.parametrize("seed", range(4))
def test_cells_in_quite_another_order_than_the_header_are_read_with_a_warning(
    seed: int, lexicon: Lexicon
) -> None:
    header, cells = list(KEYS), list(KEYS)
    random.Random(seed).shuffle(header)  # noqa: S311 - only an order
    random.Random(seed + 100).shuffle(cells)  # noqa: S311 - only an order
    parsed = parse(lexicon, *page(tuple(header), tuple(cells)))
    assert not parsed.quarantined
    assert "header-out-of-order" in [finding.code for finding in parsed.findings]
    for key in KEYS:
        assert [record.text(key) for record in parsed.records] == HEADERS[key][1]


def test_a_column_that_numbers_the_rows_stays_first_whatever_the_order_of_the_others(
    lexicon: Lexicon,
) -> None:
    cells = ("trial_number", "disease", "cell_source", "dose", "patients", "phase")
    header, *lines = page(("disease", "phase", "patients", "dose", "cell_source", "trial_number"), cells)
    parsed = parse(lexicon, f"No. {header}", *(f"{n} {line}" for n, line in enumerate(lines, 1)))
    assert [record.text("patients") for record in parsed.records] == HEADERS["patients"][1]
    assert [record.cells[0].text for record in parsed.records] == ["1", "2", "3", "4", "5"]


def test_rows_in_the_order_of_the_header_have_no_warning(lexicon: Lexicon) -> None:
    parsed = parse(lexicon, *page(KEYS, KEYS))
    assert len(parsed.records) == 5
    assert "header-out-of-order" not in [finding.code for finding in parsed.findings]


def test_lines_that_fit_no_order_are_quarantined_as_they_stand(lexicon: Lexicon) -> None:
    lines = [
        "[4] 12 13 14 lorem ipsum",
        "[5] dolor 3 sit amet 4",
        "[6] 8 8 8 8 8 8 8 8",
        "[7] elit IV IV IV IV IV",
    ]
    parsed = parse(lexicon, page(KEYS, KEYS)[0], *lines)
    assert not parsed.records
    assert " ".join(item.text for item in parsed.quarantined) == " ".join(lines)


def test_the_search_for_an_order_takes_no_longer_for_lines_without_any(lexicon: Lexicon) -> None:
    words = [cell for key in KEYS for cell in HEADERS[key][1]]
    rng = random.Random(7)  # noqa: S311 - only rows
    lines = [" ".join(rng.choices(words, k=20)) for _ in range(6)]
    start = time.perf_counter()
    keys = [*KEYS, "", "", "outcome"]
    likely_orders(lines, keys, CellReader(lexicon), NO_HABITS)
    assert time.perf_counter() - start < 10  # far above what it takes, far below what all orders would


def test_a_dose_goes_on_with_how_often_it_is_given_where_no_column_says_so(lexicon: Lexicon) -> None:
    parsed = parse(
        lexicon,
        "NCT number Cell type Route Dose Patients Phase",
        "NCT01230004 BM-MSC IV 1 × 10^6 cells/kg, monthly for 3 months 24 I/II",
        "NCT01300441 UC-MSC Intrathecal 40 million x 2 9 I",
        "NCT02200103 AD-MSC IV 2 × 10^6 cells/kg 60 II",
        "NCT03318842 UC-MSC IV 200,000 per injection, 6 injections 8 I",
    )
    assert [record.text("patients") for record in parsed.records] == ["24", "9", "60", "8"]
    assert [record.text("frequency") for record in parsed.records] == [
        "monthly for 3 months", "x 2", "", "6 injections"
    ]  # fmt: skip


def test_how_often_goes_into_the_column_that_asks_for_it_where_there_is_one(lexicon: Lexicon) -> None:
    parsed = parse(
        lexicon,
        "NCT number Cell type Dose Frequency Patients Phase",
        "NCT01230004 BM-MSC 1 × 10^6 cells/kg monthly for 3 months 24 I/II",
        "NCT01300441 UC-MSC 4 × 10^7 cells twice 9 I",
        "NCT02200103 AD-MSC 2 × 10^6 cells/kg once 60 II",
    )
    assert [record.text("dose") for record in parsed.records] == [
        "1 × 10^6 cells/kg", "4 × 10^7 cells", "2 × 10^6 cells/kg"
    ]  # fmt: skip


def test_an_order_is_found_where_every_dose_says_how_often(lexicon: Lexicon) -> None:
    parsed = parse(
        lexicon,
        "Disease Phase Patients NCT number Dose Route Cell type",
        "NCT01230004 GVHD BM-MSC 1 × 10^6 cells/kg, weekly for 3 weeks IV 24 I/II",
        "NCT01300441 Lupus nephritis UC-MSC 4 × 10^7 cells, twice Intrathecal 9 I",
        "NCT02200103 Ischemic stroke AD-MSC 2 × 10^6 cells/kg, monthly for 4 months IV 60 II",
        "NCT03318842 Crohn's disease UC-MSC 3 × 10^7 cells, two infusions IV 8 I",
    )
    assert [record.text("patients") for record in parsed.records] == ["24", "9", "60", "8"]
