"""What a dose without a unit counts: the cells that the row names, and nothing where it names something else."""

from __future__ import annotations

from functools import cache

from kg.cells.read import CellReader
from kg.model import Column, Record
from kg.parse.row import Raw, assemble
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import load_lexicon

COLUMNS = (Column("cell_source", "Source", "", 1.0), Column("dose", "Dose", "", 1.0))


@cache
def lexicon() -> Lexicon:
    return load_lexicon(vocabulary_files())


def record(source: str, dose: str) -> Record:
    return assemble(Raw("made-up", 1, (1, 1), (source, dose)), COLUMNS, CellReader(lexicon()))


def units(made: Record) -> list[str | None]:
    return [dose.unit.label if dose.unit else None for dose in made.doses or ()]


def codes(made: Record) -> set[str]:
    return {finding.code for finding in made.findings}


def test_large_amounts_without_a_unit_are_cells_where_the_row_names_cells() -> None:
    made = record("BM-MSC", "2 × 10⁷ or 5 × 10⁷")
    assert units(made) == ["cells", "cells"]
    assert "unit-from-product" in codes(made)
    assert "dose-without-unit" not in codes(made)


def test_the_unit_stays_open_for_vesicles_for_no_product_and_for_small_numbers() -> None:
    for source, dose in (("MSC-EV", "2 × 10⁷"), ("bone marrow", "2 × 10⁷"), ("BM-MSC", "20")):
        made = record(source, dose)
        assert units(made) == [None]
        assert "unit-from-product" not in codes(made)
        assert "dose-without-unit" in codes(made)


def test_a_unit_that_the_cell_gives_is_kept() -> None:
    assert units(record("BM-MSC", "2 × 10⁶/kg")) == ["cells/kg"]
    assert units(record("BM-MSC", "10 mL")) == ["mL"]
