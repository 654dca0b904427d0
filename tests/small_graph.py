"""A small world for the tests of the graph: six rows of every awkward kind, and concepts that never change.

Run as a program, it writes tests/golden/ anew; look at what changed before you commit it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from kg.describe.void import describe, in_default_graph
from kg.graph.iris import Minter
from kg.graph.stream import merged_blocks, quad_blocks
from kg.model import (
    Block,
    Cell,
    Claim,
    Coded,
    Column,
    Dose,
    Figure,
    Finding,
    Mentions,
    Outcome,
    Parsed,
    Phase,
    Quarantined,
    Record,
    Registration,
    Row,
    Schedule,
    Severity,
    Span,
    State,
    Table,
)
from kg.serialise.formats import FORMATS
from kg.serialise.prefixes import prefixes_for
from kg.vocabulary.lexicon import Concept, Lexicon
from kg.vocabulary.namespaces import ROOT, TKG, VOCABULARY

GOLDEN = Path(__file__).parent / "golden"
AWKWARD = 'He said "stop" \\ <script>alert(1)</script>\nµ 😀'

_COLUMNS = {
    "disease": "Diseases",
    "cell_source": "Source",
    "route": "Route",
    "dose": "Dose",
    "frequency": "Frequency",
    "patients": "Patients",
    "trial_number": "Number",
    "phase": "Phase",
    "outcome": "Outcomes",
    "reference": "Ref",
}


def concept(scheme: str, name: str, label: str = "", notation: str = "", **notes: str) -> Concept:
    """Return a concept; `notes` are by the names of terms of the ontology."""
    by_iri = {getattr(TKG, term): (value,) for term, value in notes.items()}
    return Concept(
        f"{VOCABULARY}{scheme}/{name}", scheme, label or name.replace("-", " "), notation, notes=by_iri
    )


CROHN, COLITIS = (
    concept("disease", "crohn-disease", "Crohn disease"),
    concept("disease", "ulcerative-colitis"),
)
MARROW, CORD = concept("cell-source", "bone-marrow"), concept("cell-source", "umbilical-cord")
VEIN, LESION = concept("route", "intravenous"), concept("route", "intralesional")
CELLS, OWN = concept("product", "cells"), concept("donor", "autologous")
PER_KG = concept("unit", "cells-per-kg", "cells/kg", basis=f"{VOCABULARY}basis/per-kilogram")
ML = concept("unit", "ml", "mL", basis=f"{VOCABULARY}basis/total")
PHASES = {
    number: concept("phase", number.lower(), f"Phase {number}", number) for number in ("I", "II", "III")
}
REPORTED = concept("outcome-status", "reported")
IMPROVED, NO_EVENTS = concept("efficacy", "improved"), concept("safety", "no-serious-events")
CLINICAL, BIOMARKER = concept("endpoint-kind", "clinical"), concept("endpoint-kind", "biomarker")
FELL, WAS_REPORTED = concept("direction", "decreased"), concept("direction", "reported")
CRP, MAY = concept("measure", "crp", "C-reactive protein"), concept("cue", "may")
SAID = "Closed in 3 of 5 (60%); CRP may have fallen at week 8 vs placebo (p = 0.04). Safe."
NCT = concept(
    "registry",
    "clinicaltrials-gov",
    "ClinicalTrials.gov",
    numberStem="NCT",
    urlTemplate="https://www.clinicaltrials.gov/study/$1",
)
CTRI = concept("registry", "ctri", "CTRI", urlTemplate="https://trialsearch.who.int/Trial2.aspx?TrialID=$1")


def small_lexicon() -> Lexicon:
    """Return the lexicon of the concepts above and of those that the program itself relies on."""
    named = [CROHN, COLITIS, MARROW, CORD, VEIN, LESION, CELLS, OWN, PER_KG, ML, REPORTED, NCT, CTRI]
    named += [IMPROVED, NO_EVENTS, CLINICAL, BIOMARKER, FELL, WAS_REPORTED, CRP, MAY]
    states = ("mapped", "kept-as-text", "empty", "unrecognised", "quarantined")
    named += [concept("state", name) for name in states]
    named += [concept("dose-status", name) for name in ("exact", "restored", "ambiguous", "unparsed")]
    named += [concept("column", key.replace("_", "-"), notation=key) for key in _COLUMNS]
    return Lexicon([*named, *PHASES.values()], {})


def number(text: str, registry: Concept | None = NCT, *, valid: bool = True) -> Registration:
    """Return a registration number as a reader of cells would."""
    return Registration(text, registry, valid, Span(0, len(text)))


def amount(low: str, high: str = "", unit: Concept | None = PER_KG, status: str = "exact") -> Dose:
    """Return a dose of `low` to `high`, or of `low` alone."""
    return Dose(Decimal(low), Decimal(high or low), unit, status, f"{low} as written", Span(0, 1))


def span(words: str, text: str = SAID) -> Span:
    """Return the place of `words` in `text`."""
    return Span(text.index(words), text.index(words) + len(words))


def coded(concept: Concept, *words: str) -> Coded:
    """Return a code that rests on `words` of the text above."""
    return Coded(concept, "made.up", tuple(map(span, words)))


def outcome() -> Outcome:
    """Return the text above as a coder would: two claims, and figures of which one belongs to a claim."""
    count, share = (
        Figure(Decimal(3), 5, "Closed", span("3 of 5")),
        Figure(Decimal("60.0"), None, "", span("60%")),
    )
    fell = (span("CRP"), span("fallen"))
    return Outcome(
        SAID,
        coded(REPORTED),
        coded(IMPROVED, "Closed", "3 of 5"),
        coded(NO_EVENTS, "Safe"),
        (
            Claim("closure", None, CLINICAL, WAS_REPORTED, "made.up", (span("Closed"),), figures=(count,)),
            Claim(
                "CRP", CRP, BIOMARKER, FELL, "made.up", fell, (MAY,), "at week 8", "vs placebo", "p = 0.04"
            ),
        ),
        (count, share),
    )


def cells(own: Iterable[tuple[str, str]] = (), **texts: str) -> tuple[Cell, ...]:
    """Return the cells of a row: those of known columns, then those of columns of the table's own."""
    known = [(key, header, texts[key]) for key, header in _COLUMNS.items() if key in texts]
    found = [*known, *((header, header, text) for header, text in own)]
    return tuple(
        Cell(key, header, text, State.MAPPED if text else State.EMPTY, f"{key}.rule" if text else "")
        for key, header, text in found
    )


def record(row: int, *numbers: Registration, **values: object) -> Record:
    """Return a record of Crohn disease with the registrations `numbers`; `values` are its other fields."""
    texts = {"disease": "CD", "trial_number": " ".join(n.number for n in numbers)}
    fields: dict[str, object] = {"diseases": Mentions((CROHN,)), "cells": cells(**texts)}
    fields |= {"registrations": numbers, **values}
    return Record(source="small.csv", row=row, lines=(row + 1, row + 1), **fields)  # type: ignore[arg-type]


def table(*records: Record, quarantined: Iterable[Quarantined] = (), **values: str) -> Parsed:
    """Return a parsed table with these records; `values` are fields of the table, such as its label."""
    rows = tuple(Row(*r.lines, tuple(c.text for c in r.cells)) for r in records)
    fields = {"source": "small.csv", "sha256": "0" * 64, "label": "Table 7", "doi": "10.1000/Small", **values}
    columns = tuple(Column(key, header, "header", 1.0) for key, header in _COLUMNS.items())
    return Parsed(
        Table(header=tuple(_COLUMNS.values()), rows=rows, **fields), columns, records, tuple(quarantined)
    )


def small_table() -> Parsed:
    """Return the table of the golden files."""
    bad = Finding(Severity.WARNING, "row-unreadable", "row", "11 cells where the header has 10")
    lost = Quarantined("small.csv", 6, (8, 9), 'CD "BM"\tonce', bad)
    return table(_full(), _disagreeing(), _two_numbers(), _malformed(), _unnumbered(), quarantined=[lost])


def _full() -> Record:
    restored = Finding(Severity.INFO, "exponent-restored", "dose", "106 is read as 10⁶")
    texts = cells(disease="CD", dose="1.5–2 × 106/kg", frequency="Biweekly", outcome=SAID, phase="")
    return record(
        1,
        number("NCT02336230"),
        cells=texts,
        cell_sources=Mentions((MARROW, CORD), "or"),
        donor=OWN,
        product=CELLS,
        routes=Mentions((LESION, VEIN)),
        doses=(amount("1500000", "2000000.50", status="restored"),),
        schedule=Schedule(3, 3, interval="P2W", interval_days=Decimal(14)),
        patients=54,
        phase=Phase((PHASES["I"], PHASES["II"]), "Ib/IIa"),
        references=("68", "Leng et al., 2020"),
        outcome=outcome(),
        findings=(restored,),
    )


def _disagreeing() -> Record:
    said = {"phase": Phase((PHASES["III"],), "III"), "routes": Mentions((VEIN,)), "references": ("68",)}
    return record(2, number("NCT02336230"), patients=60, **said)


def _two_numbers() -> Record:
    return record(
        3, number("NCT00698191"), number("CTRI/2020/01/022743", CTRI), doses=(amount("15", unit=ML),)
    )


def _malformed() -> Record:
    raw = (("Notes", AWKWARD), ("Notes", "again"))
    kept = cells(raw, disease="CD", frequency="as needed", trial_number="NCT0291768")
    doubt = Finding(Severity.WARNING, "registration-malformed", "trial_number", "'NCT0291768' has 7 digits")
    return record(4, number("NCT0291768", valid=False), cells=kept, findings=(doubt,))


def _unnumbered() -> Record:
    remark = Finding(Severity.INFO, "cut-doubtful", "row", "two cuts are equally good")
    kept = cells(disease="CD and UC", cell_source="BM", dose="0.5")
    both = Mentions((CROHN, COLITIS), "and")
    doubtful = (amount("0.5", unit=None, status="ambiguous"),)
    return record(5, diseases=both, cells=kept, doses=doubtful, findings=(remark,))


def blocks_for(name: str, *tables: Parsed) -> Iterable[Block]:
    """Return the blocks that a format is fed: those of named graphs, or the merged ones."""
    stream = quad_blocks if FORMATS[name].quads else merged_blocks
    return stream(tables or (small_table(),), small_lexicon(), Minter(), ())


def whole(name: str, *tables: Parsed) -> list[Block]:
    """Return the blocks that a format is fed, with what the graph says of itself."""
    said = describe(blocks_for("nquads", *tables))
    return [*blocks_for(name, *tables), *(said if FORMATS[name].quads else in_default_graph(said))]


def written(name: str, *tables: Parsed) -> str:
    """Return the whole graph of the tables, by default the small one, in a format."""
    return "".join(FORMATS[name].write(whole(name, *tables), prefixes_for(ROOT, small_lexicon(), ())))


if __name__ == "__main__":
    if "--hash" in sys.argv:
        sys.stdout.buffer.write("".join(map(written, FORMATS)).encode())
    else:
        for name, suffix in (("turtle", "ttl"), ("nquads", "nq")):
            (GOLDEN / f"small.{suffix}").write_text(written(name), encoding="utf-8", newline="")
