"""What a row says without a column for it is found in its other cells and above the table, and is traced there."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph
import pytest

from kg.cells.prose import donor_in, product_in, routes_in, sources_in, topic
from kg.cells.read import CellReader
from kg.graph.iris import Minter
from kg.graph.stream import merged_blocks
from kg.model import Column, Parsed, Record, Row, Table
from kg.parse.arms import active_items
from kg.parse.context import TableContext
from kg.parse.row import Raw, assemble
from kg.records import record_json
from kg.serialise.oxigraph_store import to_oxigraph
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return bundled_lexicon()


def column(header: str, *keys: str) -> Column:
    if len(keys) > 1:
        return Column("", header, "made.up", 1.0, keys)
    return Column(keys[0] if keys else "", header, "made.up", 1.0)


def read(
    lexicon: Lexicon, columns: Sequence[Column], cells: Sequence[str], context: TableContext | str = ""
) -> Record:
    return assemble(Raw("made-up", 1, (1, 1), tuple(cells)), columns, CellReader(lexicon), context)


NUMBER = column("Trial", "trial_number")
TITLE = column("Study Title")
GIVEN = column("Interventions")


def labels(record: Record, key: str) -> object:
    return record_json(record)[key]


# ---------------------------------------------------------------- disease


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cell therapy for stroke: an overview", ["stroke"]),
        ("Trials in COVID-19 and ARDS", ["COVID-19", "acute respiratory distress syndrome"]),
        ("MSCs for COVID-19: lessons from ARDS and sepsis", None),
        ("MSCs in autoimmune diseases", ["autoimmune disease"]),
        ("Trials in amyotrophic lateral sclerosis (ALS)", ["amyotrophic lateral sclerosis"]),
        ("GVHD, stroke and lupus", None),
        ("Clinical trials of MSCs", None),
    ],
)
def test_a_caption_names_a_disease_only_as_its_topic(
    text: str, expected: list[str] | None, lexicon: Lexicon
) -> None:
    record = read(lexicon, [NUMBER], ["NCT01902082"], TableContext(text))
    assert labels(record, "diseases") == expected
    assert [c.place for c in record.context if c.key == "disease"] == (["caption"] if expected else [])


def test_the_caption_is_asked_before_the_articles_title(lexicon: Lexicon) -> None:
    record = read(lexicon, [NUMBER], ["NCT01902082"], TableContext("Trials in stroke", "Cells for lupus"))
    assert labels(record, "diseases") == ["stroke"]
    record = read(lexicon, [NUMBER], ["NCT01902082"], TableContext("Trials", "Cells for stroke"))
    assert [(c.place, c.text) for c in record.context if c.key == "disease"] == [("title", "stroke")]


def test_the_title_of_a_trial_wins_over_the_caption(lexicon: Lexicon) -> None:
    columns, cells = [NUMBER, TITLE], ["NCT01902082", "Cells in acute lung injury caused by influenza"]
    record = read(lexicon, columns, cells, TableContext("Trials in ARDS"))
    assert labels(record, "diseases") == ["acute lung injury", "influenza"]
    assert record.context[0].place == "Study Title"
    assert "disease-from-context" in [finding.code for finding in record.findings]
    assert record_json(record)["cells"]["disease"] is None  # type: ignore[index]


def test_the_words_of_the_patients_may_name_the_disease(lexicon: Lexicon) -> None:
    record = read(lexicon, [NUMBER, column("Patients", "patients")], ["", "7 patients with stroke"])
    assert labels(record, "diseases") == ["stroke"]


def test_a_section_says_what_no_column_says(lexicon: Lexicon) -> None:
    record = read(lexicon, [column("section"), NUMBER], ["Stroke", "NCT01902082"], "Trials in lupus")
    assert (labels(record, "diseases"), record.context[0].place) == (["stroke"], "section")


@pytest.mark.parametrize("cell", ["", "N/A", "no such illness"])
def test_an_empty_or_unknown_cell_is_not_filled_from_elsewhere(cell: str, lexicon: Lexicon) -> None:
    columns = [column("Disease", "disease"), TITLE]
    record = read(lexicon, columns, [cell, "Cells for stroke"], "Trials in stroke")
    assert labels(record, "diseases") == []
    assert [c.key for c in record.context if c.key == "disease"] == []


def test_a_part_of_a_column_is_a_column_too(lexicon: Lexicon) -> None:
    columns = [column("Dosage", "dose", "route"), TITLE]
    record = read(lexicon, columns, ["2 × 10⁶ cells/kg", "Intravenous cells for stroke"])
    assert labels(record, "routes") == []


def test_a_user_names_the_disease_of_a_table(lexicon: Lexicon) -> None:
    record = read(lexicon, [NUMBER], ["NCT01902082"], TableContext("Trials in lupus", disease="stroke"))
    assert labels(record, "diseases") == ["stroke"]


# ---------------------------------------------------------------- what is given


def test_the_arms_of_a_registry_give_source_route_and_dose(lexicon: Lexicon) -> None:
    text = (
        "Test group:IV injection of Wharton's Jelly mesenchymal stem cells (1×10^6/kg), volume of liquid: 40ml;"
        "Control group:IV 40ml saline;"
    )
    record = read(lexicon, [NUMBER, GIVEN], ["NCT01902082", text])
    assert labels(record, "cell_sources") == ["Wharton's jelly"]
    assert labels(record, "routes") == ["intravenous"]
    assert labels(record, "doses") == [{"low": 1000000, "high": 1000000, "unit": "cells/kg"}]
    assert {c.key for c in record.context} == {"cell_source", "route", "dose", "product"}
    assert {c.place for c in record.context} == {"Interventions"}


def test_a_dose_from_the_arms_brings_its_schedule(lexicon: Lexicon) -> None:
    text = "Cells: 3 doses, 4.0*10E7 cells per dose, i.v. on Day 0, Day 3, Day 6"
    record = read(lexicon, [NUMBER, column("Arms")], ["NCT01902082", text])
    assert labels(record, "administrations") == {"min": 3, "max": 3}
    assert labels(record, "interval") == "P3D"


def test_a_schedule_without_a_dose_is_not_taken(lexicon: Lexicon) -> None:
    record = read(lexicon, [NUMBER, TITLE], ["", "Three infusions of cells a week in stroke"])
    assert labels(record, "administrations") is None


def test_arms_with_different_doses_give_all_of_them(lexicon: Lexicon) -> None:
    text = "group 1:UC-MSC: 5 × 10^7 cells / time;group 2:UC-MSC: 9 × 10^7 cells / time;"
    text += "     Exosomes: intravenous, 180mg / time;control group:same volume of placebo;"
    record = read(lexicon, [NUMBER, GIVEN], ["NCT01902082", text])
    found = record_json(record)["doses"]
    assert isinstance(found, list)
    assert [(dose["low"], dose["unit"]) for dose in found] == [
        (50000000, "cells"),
        (90000000, "cells"),
        (180, "mg"),
    ]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("Biological: UC-MSCs|Drug: Placebo", ("UC-MSCs",)),
        ("Biological: UC-MSCs;Drug: Placebo", ("UC-MSCs",)),
        ("Biological: MSCs;Biological: Saline with 1% albumin", ("MSCs",)),
        ("Test group:cells;Control group:Routine treatment + placebo;", ("cells",)),
        ("Other: Standard of care", ()),
        ("Other: Standard of care plus MSCs", ("Standard of care plus MSCs",)),
        ("Procedure: Bone Marrow aspiration|Other: Sham", ("Bone Marrow aspiration",)),
        ("Control group:saline;     vitamins;Arm 2:cells", ("cells",)),
        ("HUMSCs: once a week", ("HUMSCs: once a week",)),
        ("", ()),
    ],
)
def test_placebo_and_controls_are_no_treatment(text: str, items: tuple[str, ...]) -> None:
    assert active_items(text) == items


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("adipose-derived MSCs in knee osteoarthritis", ["adipose tissue"]),
        ("stem cells from human umbilical cord blood", ["umbilical cord blood"]),
        ("UC-MSCs for stroke", ["umbilical cord"]),
        ("Bone Marrow aspiration", ["bone marrow"]),
        ("after allogeneic hematopoietic stem cell transplantation", None),
        ("complications of bone marrow transplantation", None),
        ("AT LAST, cells", None),
    ],
)
def test_prose_names_a_source_only_as_that_of_a_product(
    text: str, expected: list[str] | None, lexicon: Lexicon
) -> None:
    said = sources_in(text, lexicon)
    assert (said and [concept.label for concept in said.value.concepts]) == expected


def test_an_english_word_is_no_route(lexicon: Lexicon) -> None:
    assert routes_in("It is in the trial; im not sure", lexicon) is None
    said = routes_in("Intravenous infusion of cells", lexicon)
    assert said
    assert said.words == "Intravenous infusion"


def test_a_donor_word_must_qualify_the_cells(lexicon: Lexicon) -> None:
    said = donor_in("A study of autologous MSC-NTF cells in ALS", lexicon)
    assert said
    assert said.value.label == "autologous"
    assert donor_in("MSCs after allogeneic stem cell transplantation", lexicon) is None


@pytest.mark.parametrize(
    "text", ["Frailty, allogeneic", "a new, autologous CD19 CAR T cells", "Treated with allogeneic islets"]
)
def test_a_donor_word_may_stand_apart_or_lead_a_product(text: str, lexicon: Lexicon) -> None:
    assert donor_in(text, lexicon) is not None


def test_a_great_number_without_a_unit_counts_the_product_of_its_arm(lexicon: Lexicon) -> None:
    text = (
        "0.5 mL x 10 transendocardial injections, 40 million cells/mL, 2 x 10^8 (200 million) hMSC in total"
    )
    record = read(lexicon, [NUMBER, GIVEN], ["NCT01902082", text])
    assert labels(record, "doses") == [{"low": 200000000, "high": 200000000, "unit": "cells"}]
    record = read(lexicon, [NUMBER, GIVEN], ["NCT01902082", "Biological: 8×10^8 MPC-derived exosomes"])
    found = record_json(record)["doses"]
    assert isinstance(found, list)
    assert [dose["unit"] for dose in found] != ["cells"]


def test_a_volume_alone_stays_a_dose_and_a_concentration_is_none(lexicon: Lexicon) -> None:
    record = read(lexicon, [NUMBER, GIVEN], ["", "Drug: conditioned medium 10 mL, topical"])
    assert labels(record, "doses") == [{"low": 10, "high": 10, "unit": "mL"}]


def test_two_products_are_none(lexicon: Lexicon) -> None:
    assert product_in("MSCs and their exosomes", lexicon) is None


def test_a_caption_that_names_two_routes_gives_none(lexicon: Lexicon) -> None:
    record = read(lexicon, [NUMBER], ["NCT01902082"], "Intravenous and intrathecal cells in stroke")
    assert labels(record, "routes") is None


def test_topic_words_are_quoted_as_written(lexicon: Lexicon) -> None:
    said = topic("Cells in COVID-19 with ARDS", lexicon)
    assert said
    assert said.words == "COVID-19 with ARDS"


# ---------------------------------------------------------------- inherited cells


@pytest.mark.parametrize(
    ("header", "restored", "sure", "reason"),
    [
        ("section", (), 1.0, "section row"),
        ("Country", (), 1.0, "spans several rows"),
        ("Country", (0,), 0.9, "blank"),
    ],
)
def test_an_inherited_cell_says_where_its_words_stand(
    header: str, restored: tuple[int, ...], sure: float, reason: str, lexicon: Lexicon
) -> None:
    raw = Raw("made-up", 1, (1, 1), ("Spain",), inherited=(0,), restored=restored)
    cell = assemble(raw, [column(header)], CellReader(lexicon)).cells[0]
    assert cell.confidence == sure
    assert reason in cell.reason


# ---------------------------------------------------------------- the graph

TRACE = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX tkg: <https://w3id.org/trialkg/ontology#>
SELECT ?property ?words {
  ?report a tkg:TrialReport ; prov:wasDerivedFrom ?row ; ?property ?object .
  { ?cell tkg:row ?row ; (tkg:column|tkg:contextFor)/tkg:fills ?property ; tkg:verbatim ?words }
  UNION { ?row tkg:table ?table . ?table tkg:contextFor/tkg:fills ?property ; tkg:caption|dcterms:title ?words }
}
"""


def traced(lexicon: Lexicon, caption: str) -> dict[str, set[str]]:
    columns = (column("Dosage", "dose", "route"), GIVEN, NUMBER)
    cells = ("2 × 10⁶ cells/kg, IV", "Biological: Autologous UC-MSCs|Drug: Placebo", "NCT01902082")
    record = read(lexicon, columns, cells, caption)
    table = Table(
        "made-up", "0" * 64, tuple(c.header for c in columns), rows=(Row(1, 1, cells),), caption=caption
    )
    store = pyoxigraph.Store()
    parsed = Parsed(table, columns, (record,))
    to_oxigraph(merged_blocks([parsed], lexicon, Minter()), store)
    found: dict[str, set[str]] = {}
    for row in store.query(TRACE):  # type: ignore[union-attr]
        found.setdefault(row["property"].value.rsplit("#")[-1], set()).add(row["words"].value)
    return found


def test_every_value_traces_to_its_cell_or_to_the_caption(lexicon: Lexicon) -> None:
    found = traced(lexicon, "Trials in stroke")
    assert found["condition"] == {"Trials in stroke"}
    assert found["route"] == found["dose"] == {"2 × 10⁶ cells/kg, IV"}
    assert found["cellSource"] == {"Biological: Autologous UC-MSCs|Drug: Placebo"}
    assert "Biological: Autologous UC-MSCs|Drug: Placebo" in found["donor"]


def test_without_a_value_from_the_caption_the_caption_is_no_context(lexicon: Lexicon) -> None:
    assert "condition" not in traced(lexicon, "Trials of cells")
