"""Reports of one trial that disagree, and those that only say more or less."""

from __future__ import annotations

from decimal import Decimal

import pytest
from small_graph import (
    CELLS,
    COLITIS,
    CORD,
    CROHN,
    LESION,
    MARROW,
    ML,
    OWN,
    PER_KG,
    PHASES,
    VEIN,
    amount,
    blocks_for,
    number,
    record,
    small_lexicon,
    table,
)

from kg.graph.iris import Minter
from kg.graph.stream import find_disagreements
from kg.model import Block, Mentions, Parsed, Phase, Schedule
from kg.vocabulary.namespaces import RDF_TYPE, TKG


def discrepancies(*tables: Parsed) -> dict[str, Block]:
    found = [b for b in blocks_for("turtle", *tables) if (RDF_TYPE, TKG.Discrepancy) in b.statements]
    return {block.subject.removeprefix("https://w3id.org/trialkg/discrepancy/"): block for block in found}


def between(one: dict[str, object], other: dict[str, object]) -> dict[str, Block]:
    known = number("NCT02336230")
    return discrepancies(table(record(1, known, **one), record(2, known, **other)))


def values(block: Block, predicate: str) -> list[str]:
    return [o if isinstance(o, str) else o.lexical for p, o in block.statements if p == predicate]


def test_two_reports_with_different_numbers_of_patients_disagree() -> None:
    block = between({"patients": 17}, {"patients": 60})["NCT02336230-participants"]
    assert values(block, TKG.statedValue) == ["17", "60"]
    assert values(block, TKG.onProperty) == [TKG.participants]
    assert values(block, TKG.trial) == ["https://w3id.org/trialkg/trial/NCT02336230"]
    assert [iri.rsplit("-", 1)[1] for iri in values(block, TKG.between)] == ["r1", "r2"]


def test_a_report_that_states_nothing_disagrees_with_nobody() -> None:
    assert between({"patients": 17}, {"patients": None}) == {}


def test_the_same_value_is_no_discrepancy() -> None:
    assert between({"patients": 17}, {"patients": 17}) == {}


def test_zero_patients_is_a_stated_value() -> None:
    assert list(between({"patients": 0}, {"patients": 4})) == ["NCT02336230-participants"]


def test_a_single_report_of_a_trial_disagrees_with_nobody() -> None:
    assert discrepancies(table(record(1, number("NCT02336230"), patients=1))) == {}


@pytest.mark.parametrize(
    ("term", "field", "one", "other", "stated"),
    [
        ("condition", "diseases", Mentions((CROHN, COLITIS)), Mentions((CROHN,)), "Crohn disease"),
        ("product", "product", CELLS, COLITIS, "cells"),
        ("cellSource", "cell_sources", Mentions((MARROW,)), Mentions((CORD,)), "bone marrow"),
        ("donor", "donor", OWN, CELLS, "autologous"),
        ("route", "routes", Mentions((VEIN,)), Mentions((LESION, VEIN)), "intralesional, intravenous"),
        ("dose", "doses", (amount("15", unit=ML),), (amount("10", unit=ML), amount("15", unit=ML)), "15 mL"),
        ("schedule", "schedule", Schedule(1, 1), Schedule(1, 2), "administrations: 1 to 2"),
        ("phaseLabel", "phase", Phase((PHASES["II"],), "II"), Phase((PHASES["I"],), "I"), "I"),
        ("phaseLabel", "phase", Phase((PHASES["II"],), "II"), Phase((PHASES["II"],), "IIa"), "IIa"),
    ],
)
def test_every_property_of_a_report_is_compared(
    term: str, field: str, one: object, other: object, stated: str
) -> None:
    found = between({field: one}, {field: other})
    assert list(found) == [f"NCT02336230-{term}"]
    assert stated in values(found[f"NCT02336230-{term}"], TKG.statedValue)
    assert values(found[f"NCT02336230-{term}"], TKG.onProperty) == [getattr(TKG, term)]


def test_the_order_of_concepts_is_no_discrepancy() -> None:
    assert between({"routes": Mentions((VEIN, LESION))}, {"routes": Mentions((LESION, VEIN))}) == {}


def test_a_count_does_not_contradict_an_interval() -> None:
    assert between({"schedule": Schedule(3, 3)}, {"schedule": Schedule(interval="P2W")}) == {}


def test_two_intervals_contradict_each_other_whatever_the_counts() -> None:
    found = between({"schedule": Schedule(3, 3, interval="P1W")}, {"schedule": Schedule(interval="P2W")})
    stated = values(found["NCT02336230-schedule"], TKG.statedValue)
    assert stated == ["administrations: 3, every P1W", "every P2W"]


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Schedule(6, None), "administrations: at least 6"),
        (Schedule(None, 2), "administrations: at most 2"),
        (Schedule(median=Decimal("2.5")), "median 2.5"),
    ],
)
def test_a_schedule_that_is_half_known_is_shown_as_such(schedule: Schedule, words: str) -> None:
    other = Schedule(9, 9, Decimal(9))
    assert words in values(
        between({"schedule": schedule}, {"schedule": other})["NCT02336230-schedule"], TKG.statedValue
    )


def test_a_dose_without_a_unit_does_not_contradict_the_same_amount_with_one() -> None:
    one, other = amount("2e6", unit=PER_KG), amount("4e6", unit=ML)
    bare = amount("4e6", unit=None)
    assert between({"doses": (amount("2e6", unit=None),)}, {"doses": (one,)}) == {}
    assert between({"doses": (one, bare)}, {"doses": (one, other)}) == {}


def test_the_same_amount_in_another_unit_is_a_discrepancy() -> None:
    found = between({"doses": (amount("15", unit=ML),)}, {"doses": (amount("15", unit=PER_KG),)})
    assert values(found["NCT02336230-dose"], TKG.statedValue) == ["15 cells/kg", "15 mL"]


def test_an_amount_is_shown_as_a_plain_number() -> None:
    found = between({"doses": (amount("1E+6", "2E+6"),)}, {"doses": (amount("1.50"),)})
    assert values(found["NCT02336230-dose"], TKG.statedValue) == [
        "1.5 cells/kg",
        "1000000 to 2000000 cells/kg",
    ]


def test_reports_in_two_tables_of_one_trial_are_compared_in_the_provenance() -> None:
    known = number("NCT02336230")
    one = table(record(1, known, patients=3), label="Table 1")
    other = table(record(1, known, patients=4), label="Table 2")
    assert list(discrepancies(one, other)) == ["NCT02336230-participants"]
    graphs = {
        b.graph for b in blocks_for("nquads", one, other) if (RDF_TYPE, TKG.Discrepancy) in b.statements
    }
    assert graphs == {"https://w3id.org/trialkg/graph/provenance"}


def test_a_row_with_two_numbers_is_compared_under_each_of_them() -> None:
    first, second = number("NCT00000001"), number("NCT00000002")
    rows = (record(1, first, second, patients=1), record(2, first, patients=2), record(3, second, patients=1))
    assert list(discrepancies(table(*rows))) == ["NCT00000001-participants"]


def test_disagreements_can_be_had_as_plain_values_with_table_and_row() -> None:
    known = number("NCT02336230")
    rows = [record(n, known, phase=Phase((PHASES[p],), p)) for n, p in ((3, "I"), (8, "III"))]
    (found,) = find_disagreements([table(*rows)], small_lexicon(), Minter())
    assert (found.trial, found.term, found.about) == ("NCT02336230", "phaseLabel", "phase label")
    assert [(said.table, said.row, said.words) for said in found.said] == [
        ("Table 7", 3, "I"),
        ("Table 7", 8, "III"),
    ]


def test_of_three_reports_all_that_state_a_value_are_named() -> None:
    known = number("NCT02336230")
    rows = [record(n, known, patients=p) for n, p in ((1, 5), (2, 5), (3, None), (4, 7))]
    block = discrepancies(table(*rows))["NCT02336230-participants"]
    assert [iri.rsplit("-", 1)[1] for iri in values(block, TKG.between)] == ["r1", "r2", "r4"]
    assert values(block, TKG.statedValue) == ["5", "7"]
