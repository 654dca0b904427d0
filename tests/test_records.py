"""A record as text has exactly the agreed keys and value forms, and a spreadsheet row loses none of them."""

import csv
import io
import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outcomes import CODED, TEXT

from kg.model import (
    Cell,
    Context,
    Dose,
    Finding,
    Mentions,
    Part,
    Phase,
    Record,
    Registration,
    Schedule,
    Severity,
    Span,
    State,
)
from kg.records import CELL_KEYS, CSV_HEADER, record_json, record_row, write_csv, write_jsonl
from kg.vocabulary.lexicon import Concept
from kg.vocabulary.load import bundled_lexicon
from kg.vocabulary.namespaces import VOCABULARY

KEYS = [
    "source",
    "row",
    "lines",
    "cells",
    "diseases",
    "cell_sources",
    "source_operator",
    "donor",
    "product",
    "routes",
    "doses",
    "administrations",
    "interval",
    "patients",
    "registrations",
    "phases",
    "phase_label",
    "references",
    "outcome",
    "findings",
]


def concept(scheme: str, label: str, notation: str = "") -> Concept:
    return Concept(f"{VOCABULARY}{scheme}/{label.replace(' ', '-')}", scheme, label, notation)


def cell(column: str, text: str, header: str = "") -> Cell:
    return Cell(column, header or column.title(), text, State.MAPPED, "made.up")


def dose(low: str, high: str, unit: str | None) -> Dose:
    return Dose(
        Decimal(low), Decimal(high), concept("unit", unit) if unit else None, "exact", low, Span(0, 1)
    )


def outcome_values(record: Record) -> dict[str, Any]:
    values = record_json(record)["outcome"]
    assert isinstance(values, dict)
    return values


EMPTY = Record("page.txt", 1, (3, 3), ())
FULL = Record(
    source="page.txt",
    row=7,
    lines=(12, 14),
    cells=(
        *(cell(key, TEXT if key == "outcome" else f"the {key}  text") for key in CELL_KEYS),
        cell("Country", "Spain", "Country"),
        cell("donor", "own cells; no others", "Match: donor"),
    ),
    diseases=Mentions((concept("disease", "lupus"), concept("disease", "asthma")), "and"),
    cell_sources=Mentions((concept("cell-source", "bone marrow"), concept("cell-source", "placenta")), "or"),
    donor=concept("donor", "allogeneic"),
    product=concept("product", "cells"),
    routes=Mentions((concept("route", "intravenous"),)),
    doses=(dose("1.5E+6", "3E+6", "cells/kg"), dose("0.5", "0.5", None)),
    schedule=Schedule(minimum=6, maximum=None, interval="P2W", interval_days=Decimal(14)),
    patients=54,
    registrations=(
        Registration("NCT00000001", concept("registry", "ClinicalTrials.gov"), True, Span(0, 11)),
        Registration("432/2020", None, False, Span(12, 20)),
    ),
    phase=Phase((concept("phase", "Phase I", "I"), concept("phase", "Phase II", "II")), "Ib/IIa"),
    references=("68", "69"),
    outcome=CODED,
    findings=(
        Finding(Severity.WARNING, "made-up", "dose", "what: is; wrong", raw="x", hint="y"),
        Finding(Severity.INFO, "other", "Match: donor", "fine"),
    ),
)


# ---------------------------------------------------------------- JSON


def test_the_keys_and_their_order_are_the_contract():
    for record in (EMPTY, FULL):
        assert list(record_json(record)) == KEYS


def test_a_full_record_has_every_value_in_its_agreed_form():
    values = record_json(FULL)
    assert values | {"cells": {}} == {
        "source": "page.txt",
        "row": 7,
        "lines": [12, 14],
        "cells": {},
        "diseases": ["lupus", "asthma"],
        "cell_sources": ["bone marrow", "placenta"],
        "source_operator": "or",
        "donor": "allogeneic",
        "product": "cells",
        "routes": ["intravenous"],
        "doses": [
            {"low": 1500000, "high": 3000000, "unit": "cells/kg"},
            {"low": 0.5, "high": 0.5, "unit": None},
        ],
        "administrations": {"min": 6, "max": None},
        "interval": "P2W",
        "patients": 54,
        "registrations": [
            {"id": "NCT00000001", "registry": "ClinicalTrials.gov", "valid": True},
            {"id": "432/2020", "registry": None, "valid": False},
        ],
        "phases": ["I", "II"],
        "phase_label": "Ib/IIa",
        "references": ["68", "69"],
        "outcome": outcome_values(FULL),
        "findings": [
            {"severity": "warning", "code": "made-up", "column": "dose", "message": "what: is; wrong"},
            {"severity": "info", "code": "other", "column": "Match: donor", "message": "fine"},
        ],
    }


def test_an_outcome_has_the_agreed_codes_measures_and_percentages():
    outcome = outcome_values(FULL)
    assert list(outcome) == ["status", "efficacy", "safety", "measures", "percentages"]
    assert [outcome[code] for code in ("status", "efficacy", "safety")] == [
        "reported",
        "mixed",
        "no_serious_events",
    ]
    response, pain, walking, standing = outcome["measures"]
    assert list(response)[:2] == ["name", "direction"]
    assert response == {
        "name": "overall response",
        "direction": "reported",
        "concept": "overall response",
        "kind": "response",
        "hedges": [],
        "timepoint": "at day 28",
        "comparison": None,
        "p_value": None,
        "counts": [{"count": 3, "of": 5}],
        "percentages": [61.5],
        "quote": "Overall response in 3 of 5 and 61.5%",
        "span": [0, 36],
    }
    told = {
        key: pain[key] for key in ("direction", "hedges", "comparison", "p_value", "counts", "percentages")
    }
    assert told == {
        "direction": "decreased",
        "hedges": ["may"],
        "comparison": "than placebo",
        "p_value": "P = 0.04",
        "counts": [],
        "percentages": [],
    }
    assert (walking["concept"], standing["concept"]) == ("walking", None)
    assert outcome["percentages"] == [{"value": 61.5, "of_what": "Overall response", "span": [31, 36]}]


def test_a_span_of_an_outcome_leads_to_the_quote_in_the_text_under_cells():
    values = record_json(FULL)
    text = values["cells"]["outcome"]  # type: ignore[index]
    assert "  " in TEXT
    assert text == " ".join(TEXT.split())
    for measure in outcome_values(FULL)["measures"]:
        start, end = measure["span"]
        assert text[start:end] == measure["quote"]
    assert [text[slice(*one["span"])] for one in outcome_values(FULL)["percentages"]] == ["61.5%"]


@given(st.text("a b\n\t", max_size=12), st.integers(0, 12), st.integers(0, 12))
@settings(deadline=None)
def test_any_span_of_an_outcome_survives_the_folding_of_white_space(text: str, one: int, other: int):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    claims = (replace(CODED.claims[0], spans=(Span(start, end),), figures=()),)
    outcome = replace(CODED, verbatim=text, claims=claims, figures=())
    (measure,) = outcome_values(replace(FULL, outcome=outcome))["measures"]
    folded = " ".join(text.split())
    if text[start:end].strip():
        assert folded[slice(*measure["span"])] == measure["quote"] == " ".join(text[start:end].split())


def test_the_status_of_a_record_is_one_of_two_whatever_the_concept():
    lexicon = bundled_lexicon()
    top = {c.iri: c.notation for c in lexicon.concepts("outcome-status") if not c.broader}
    assert sorted(top.values()) == ["not_public", "reported"]
    for one in lexicon.concepts("outcome-status"):
        outcome = replace(CODED, status=replace(CODED.status, concept=one))
        roots = [top[c.iri] for c in (one, *lexicon.ancestors(one)) if c.iri in top]
        assert [outcome_values(replace(FULL, outcome=outcome))["status"]] == roots


def test_a_planned_outcome_is_reported_as_far_as_the_record_tells():
    planned = Concept(f"{VOCABULARY}outcome-status/planned", "outcome-status", "planned", "planned")
    planned = replace(planned, broader=(f"{VOCABULARY}outcome-status/not-public",))
    outcome = replace(CODED, status=replace(CODED.status, concept=planned))
    assert outcome_values(replace(FULL, outcome=outcome))["status"] == "not_public"


def test_whole_numbers_are_written_without_a_point():
    assert '"low":1500000,"high":3000000' in "".join(write_jsonl([FULL]))


def test_a_column_that_the_source_lacks_is_null():
    values = record_json(EMPTY)
    lacking = {key: value for key, value in values.items() if value is None}
    assert list(lacking) == [
        key for key in KEYS if key not in ("source", "row", "lines", "cells", "findings")
    ]
    assert values["cells"] == dict.fromkeys(CELL_KEYS)


def test_a_column_that_is_there_but_says_nothing_is_empty():
    record = replace(
        EMPTY,
        cells=tuple(cell(key, "NA") for key in CELL_KEYS),
        diseases=Mentions(),
        cell_sources=Mentions(),
        routes=Mentions(),
        doses=(),
        schedule=Schedule(),
        registrations=(),
        phase=Phase(),
        references=(),
    )
    values = record_json(record)
    empty_lists = ("diseases", "cell_sources", "routes", "doses", "registrations", "phases", "references")
    assert [values[key] for key in empty_lists] == [[]] * 7
    assert [values[key] for key in ("administrations", "interval", "phase_label", "source_operator")] == [
        None
    ] * 4
    assert values["outcome"] == {
        "status": None,
        "efficacy": None,
        "safety": None,
        "measures": [],
        "percentages": [],
    }


def test_cells_are_folded_and_further_columns_come_under_their_headers():
    cells = record_json(FULL)["cells"]
    assert isinstance(cells, dict)
    assert list(cells) == [*CELL_KEYS, "Country", "Match: donor"]
    assert cells["cell_source"] == "the cell_source text"
    assert cells["Match: donor"] == "own cells; no others"


def test_two_columns_of_one_meaning_or_name_never_replace_each_other():
    columns = (cell("dose", "1", "Dose"), cell("dose", "2", "Dose 2"), cell("Note", "3"), cell("Note", "4"))
    cells = record_json(replace(EMPTY, cells=(*columns, Cell("", "", "5", State.TEXT, "x"))))["cells"]
    assert isinstance(cells, dict)
    assert {key: text for key, text in cells.items() if text} == {
        "dose": "1",
        "Dose 2": "2",
        "Note": "3",
        "Note (2)": "4",
        "column 5": "5",
    }


def test_a_further_column_may_bear_the_name_of_a_key():
    cells = record_json(replace(EMPTY, cells=(cell("phase", "I"), cell("phase", "of the moon", "phase"))))[
        "cells"
    ]
    assert isinstance(cells, dict)
    assert (cells["phase"], cells["phase (2)"]) == ("I", "of the moon")


@pytest.mark.parametrize(
    ("schedule", "administrations"),
    [
        (Schedule(minimum=8, maximum=8), {"min": 8, "max": 8}),
        (Schedule(minimum=6), {"min": 6, "max": None}),
        (Schedule(maximum=3), {"min": None, "max": 3}),
        (Schedule(median=Decimal(4)), {"median": 4}),
        (Schedule(1, 9, Decimal("4.5")), {"min": 1, "max": 9, "median": 4.5}),
        (Schedule(interval="P1W"), None),
        (None, None),
    ],
)
def test_administrations_say_only_what_is_known(schedule: Schedule | None, administrations: object):
    assert record_json(replace(EMPTY, schedule=schedule))["administrations"] == administrations


@given(st.text(), st.text(st.characters(codec="utf-8")))
@settings(deadline=None)
def test_each_record_is_one_line_whatever_its_text(message: str, text: str):
    finding = Finding(Severity.INFO, "code", "row", message.encode("utf-8", "replace").decode())
    record = replace(FULL, cells=(cell("disease", text),), findings=(finding,))
    lines = "".join(write_jsonl([record, EMPTY])).splitlines()
    assert [json.loads(line) for line in lines] == [record_json(record), record_json(EMPTY)]


# ---------------------------------------------------------------- spreadsheet


def spreadsheet(record: Record) -> dict[str, str]:
    rows = list(csv.reader(io.StringIO("".join(write_csv([record])))))
    assert rows[1] == list(record_row(record))
    return dict(zip(rows[0], rows[1], strict=True))


def cut(text: str, joint: str, most: int = 99) -> list[str]:
    """Cut a text at each `joint` that does not stand in an escape, into `most` pieces."""
    found = [""]
    for token in re.findall(rf"\\.|{joint}|.", text, re.DOTALL):
        if token == joint and len(found) < most:
            found.append("")
        else:
            found[-1] += token
    return found if text else []


def plain(piece: str) -> str | None:
    return None if piece == "?" else re.sub(r"\\(.)", r"\1", piece, flags=re.DOTALL)


def items(text: str) -> list[str | None]:
    """Take a list of the spreadsheet apart again, as its documentation says."""
    return [plain(piece) for piece in cut(text, "; ")]


def parts(text: str, count: int) -> list[list[str | None]]:
    return [[plain(part) for part in cut(piece, ": ", count)] for piece in cut(text, "; ")]


def number(text: str | None) -> object:
    return json.loads(text) if text else None


def read_back(row: dict[str, str]) -> dict[str, object]:
    """Return the JSON object of a record from its spreadsheet row; no value and no column are both None."""
    told = {name: text[1:] if re.match(r"'+[=+@-].", text) else text for name, text in row.items()}
    further = dict(parts(told["other_text"], 2))
    doses = [items(told[f"dose_{part}"]) for part in ("low", "high", "unit")]
    registrations = [items(told[f"registration_{part}"]) for part in ("id", "registry", "valid")]
    counts = {part: number(told[f"administrations_{part}"]) for part in ("min", "max", "median")}
    findings = parts(told["findings"], 4)
    return {
        "source": told["source"],
        "row": number(told["row"]),
        "lines": [number(told["first_line"]), number(told["last_line"])],
        "cells": {key: told[f"{key}_text"] or None for key in CELL_KEYS} | further,
        "doses": [{"low": number(a), "high": number(b), "unit": c} for a, b, c in zip(*doses, strict=True)],
        "administrations": counts,
        "registrations": [
            {"id": a, "registry": b, "valid": number(c)} for a, b, c in zip(*registrations, strict=True)
        ],
        "patients": number(told["patients"]),
        "outcome": {part: told[f"outcome_{part}"] or None for part in ("status", "efficacy", "safety")}
        | {
            "measures": [
                dict(zip(("name", "direction"), m, strict=True)) for m in parts(told["outcome_measures"], 2)
            ]
        }
        | {
            "percentages": [
                {"value": number(value), "of_what": what}
                for value, what in parts(told["outcome_percentages"], 2)
            ]
        },
        "findings": [dict(zip(("severity", "code", "column", "message"), f, strict=True)) for f in findings],
        **{key: items(told[key]) for key in ("diseases", "cell_sources", "routes", "phases", "references")},
        **{
            key: told[key] or None
            for key in ("source_operator", "donor", "product", "interval", "phase_label")
        },
    }


def known(values: dict[str, object]) -> dict[str, object]:
    """Return the JSON object of a record as far as a spreadsheet holds it and can tell nothing from no column."""
    lists = ("diseases", "cell_sources", "routes", "doses", "registrations", "phases", "references")
    counts = {"min": None, "max": None, "median": None}
    outcome = record_json(replace(EMPTY, cells=(cell("outcome", ""),)))["outcome"]
    cells, told = values["cells"], values["outcome"] or outcome
    assert isinstance(cells, dict)
    assert isinstance(told, dict)
    shown = {"measures": ("name", "direction"), "percentages": ("value", "of_what")}
    return {
        **values,
        **{key: values[key] or [] for key in lists},
        "cells": {key: text or None if key in CELL_KEYS else text for key, text in cells.items()},
        "administrations": counts | (values["administrations"] or {}),  # type: ignore[operator]
        "outcome": told
        | {key: [{k: one[k] for k in names} for one in told[key]] for key, names in shown.items()},
    }


def test_a_spreadsheet_row_holds_every_field_of_the_record():
    assert read_back(spreadsheet(FULL)) == known(record_json(FULL))
    assert read_back(spreadsheet(EMPTY)) == known(record_json(EMPTY))


def test_every_key_of_the_record_has_a_column_that_is_filled():
    assert [name for name, text in spreadsheet(FULL).items() if not text] == [
        "administrations_max",
        "administrations_median",
    ]
    assert len(set(CSV_HEADER)) == len(CSV_HEADER)


def test_a_person_can_read_the_row():
    row = spreadsheet(FULL)
    assert row["diseases"] == "lupus; asthma"
    assert (row["dose_low"], row["dose_high"], row["dose_unit"]) == (
        "1500000; 0.5",
        "3000000; 0.5",
        "cells/kg; ?",
    )
    assert row["registration_valid"] == "true; false"
    assert row["other_text"] == "Country: Spain; Match\\: donor: own cells\\; no others"
    assert row["outcome_safety"] == "no_serious_events"
    assert row["outcome_measures"] == (
        "overall response: reported; pain: decreased; walking: unchanged; standing: unchanged"
    )
    assert row["outcome_percentages"] == "61.5: Overall response"
    assert row["findings"].startswith("warning: made-up: dose: what: is\\; wrong; info")


@pytest.mark.parametrize("text", ["=1+1", "+1 cell", "-2 cells", "@SUM(A1)", "'=quoted already"])
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str):
    row = spreadsheet(replace(EMPTY, cells=(cell("dose", text),)))
    assert row["dose_text"] == f"'{text}"


@pytest.mark.parametrize("text", ["-", "–", "NA", "'s-Hertogenbosch", "1 × 10⁶", "<script>", 'a "b", c'])
def test_other_texts_stay_as_they_are(text: str):
    assert spreadsheet(replace(EMPTY, cells=(cell("dose", text),)))["dose_text"] == text


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))) | st.text(
    "-;:\\' =ab", max_size=8
)


@given(
    texts=st.lists(words.filter(bool), max_size=3),
    headers=st.lists(words, min_size=3, max_size=3, unique=True),
    message=words,
)
@settings(deadline=None)
def test_any_text_comes_back_from_a_row(texts: list[str], headers: list[str], message: str):
    record = replace(
        FULL,
        references=tuple(texts),
        cells=(
            cell("dose", message),
            *(cell("x", text, head) for head, text in zip(headers, texts, strict=False)),
        ),
        findings=(Finding(Severity.INFO, "code", "a: b", message),),
    )
    assert read_back(spreadsheet(record)) == known(record_json(record))


def split(header: str, text: str, **parts: str) -> Cell:
    made = tuple(
        Part(key, words, State.MAPPED if words else State.EMPTY, "made.up") for key, words in parts.items()
    )
    return Cell(header, header, text, State.MAPPED, "made.up", parts=made)


def test_a_cell_that_holds_several_things_stands_whole_under_its_header_and_in_parts_under_their_keys() -> (
    None
):
    mixed = split("Dosage", "2 × 10⁶ cells/kg  IV", dose="2 × 10⁶ cells/kg", route="IV", frequency="")
    texts = record_json(replace(EMPTY, cells=(mixed,)))["cells"]
    assert isinstance(texts, dict)
    assert (texts["dose"], texts["route"], texts["frequency"]) == ("2 × 10⁶ cells/kg", "IV", None)
    assert texts["Dosage"] == "2 × 10⁶ cells/kg IV"


def test_a_mixed_cell_whose_header_is_a_key_keeps_the_whole_under_another_name() -> None:
    mixed = split("dose", "2 × 10⁶ cells IV", dose="2 × 10⁶ cells", route="IV")
    texts = record_json(replace(EMPTY, cells=(mixed,)))["cells"]
    assert isinstance(texts, dict)
    assert (texts["dose"], texts["dose (2)"]) == ("2 × 10⁶ cells", "2 × 10⁶ cells IV")


def test_a_value_from_the_context_has_no_cell() -> None:
    record = replace(
        EMPTY,
        diseases=Mentions((concept("disease", "lupus"),)),
        context=(Context("disease", "caption", "lupus"),),
    )
    values = record_json(record)
    assert values["diseases"] == ["lupus"]
    assert values["cells"] == dict.fromkeys(CELL_KEYS)
