"""What a parsed table becomes in the graph, and the names that things get there."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_graph import (
    CROHN,
    CTRI,
    LESION,
    NCT,
    SAID,
    VEIN,
    amount,
    blocks_for,
    cells,
    concept,
    number,
    outcome,
    record,
    small_lexicon,
    small_table,
    table,
)

from kg import resources
from kg.errors import GraphError, VocabularyError
from kg.graph import iris, terms
from kg.graph.identity import identities
from kg.graph.iris import Minter, slug
from kg.graph.stream import merged_blocks, quad_blocks
from kg.graph.vocabulary import vocabulary_blocks
from kg.model import (
    Block,
    Finding,
    Literal,
    Mentions,
    Parsed,
    Quarantined,
    Record,
    Severity,
)
from kg.parse.tables import parse_source
from kg.readers.base import Source
from kg.version import __version__
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon
from kg.vocabulary.namespaces import DCTERMS, KINDS, PROV, RDF_TYPE, RDFS, ROOT, SCHEMA, TKG, VOCABULARY, XSD

unicode_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


def graph(*tables: Parsed) -> dict[str, Block]:
    """Return the merged blocks by the part of their IRIs after the base."""
    return {block.subject.removeprefix(ROOT): block for block in blocks_for("turtle", *tables)}


def values(block: Block, predicate: str) -> list[str]:
    nodes = [node for name, node in block.statements if name == predicate]
    return [node if isinstance(node, str) else node.lexical for node in nodes]


def only(blocks: dict[str, Block], start: str) -> Block:
    found = [block for name, block in blocks.items() if name.startswith(start)]
    assert len(found) == 1
    return found[0]


def names(blocks: dict[str, Block], kind: str) -> list[str]:
    return [name.removeprefix(f"{kind}/") for name in blocks if name.startswith(f"{kind}/")]


def triples(blocks: list[Block]) -> list[tuple[object, ...]]:
    return [(block.subject, *statement) for block in blocks for statement in block.statements]


# ---------------------------------------------------------------- the stream


def test_named_graphs_and_the_merged_graph_hold_the_same_triples() -> None:
    other = table(record(1, number("NCT02336230"), routes=Mentions((LESION,))), label="Table 8")
    named, merged = (list(blocks_for(name, small_table(), other)) for name in ("nquads", "turtle"))
    assert set(triples(named)) == set(triples(merged))


@pytest.mark.parametrize("name", ["nquads", "turtle"])
def test_each_subject_comes_once_in_each_graph_without_repeated_statements(name: str) -> None:
    other = table(record(1, number("NCT02336230"), references=("68",)), label="Table 8")
    blocks = list(blocks_for(name, small_table(), other))
    assert max(Counter((b.graph, b.subject) for b in blocks).values()) == 1
    assert all(len(set(b.statements)) == len(b.statements) for b in blocks)


def test_every_block_begins_with_a_type() -> None:
    assert all(block.statements[0][0] == RDF_TYPE for block in blocks_for("nquads"))


def test_what_the_data_speaks_of_is_in_the_data() -> None:
    blocks = list(blocks_for("turtle"))
    subjects = {block.subject for block in blocks}
    kinds = tuple(f"{ROOT}{kind}/" for kind in KINDS)
    objects = {o for b in blocks for _, o in b.statements if isinstance(o, str) and o.startswith(kinds)}
    assert objects
    assert objects <= subjects


def test_the_order_of_the_command_does_not_show_in_the_graph() -> None:
    one, other = table(record(1), source="b.csv"), table(record(1), source="a.csv", label="Table 8")
    assert list(blocks_for("nquads", one, other)) == list(blocks_for("nquads", other, one))


def test_the_same_table_twice_counts_once() -> None:
    again = table(record(1), source="copy.csv")
    assert list(blocks_for("nquads", table(record(1)), again)) == list(blocks_for("nquads", again))


def test_two_different_files_of_one_table_are_both_kept_and_in_any_order_the_same() -> None:
    one, other = (table(record(1, cells=cells(disease=d)), source=f"{d}.csv") for d in ("CD", "UC"))
    built = list(blocks_for("nquads", other, one))
    assert built == list(blocks_for("nquads", one, other))
    assert len({block.subject for block in built if block.subject.startswith(f"{ROOT}table/")}) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [("2 × 10⁶/kg", "2 × 106/kg"), ("UC‐MSC", "uc-msc"), ("1 x 10^6", "1×106"), ("a  b", "a b")],
)
def test_copies_of_a_table_that_differ_as_layouts_do_are_one_table(one: str, other: str) -> None:
    tables = [
        table(record(1, cells=cells(dose=text)), source=f"{len(text)}.csv", doi="") for text in (one, other)
    ]
    assert len({_key(copy) for copy in tables}) == 1
    assert len(graph(*tables)) == len(graph(tables[0]))


def test_a_row_number_that_stands_twice_is_refused() -> None:
    with pytest.raises(GraphError, match="row 3 stands in the table twice"):
        list(blocks_for("turtle", table(record(3), record(3))))


def test_named_graphs_are_one_for_each_table_one_for_provenance_and_one_for_the_vocabulary() -> None:
    blocks = quad_blocks([small_table()], small_lexicon(), Minter(), resources.vocabulary_files())
    found = {block.graph.removeprefix(f"{ROOT}graph/") for block in blocks}
    assert found == {_key(small_table()), "provenance", "vocabulary"}


def _key(parsed: Parsed) -> str:
    ((identity, _),) = identities([parsed])
    return Minter().table_key(parsed.table, identity)


def test_what_several_rows_speak_of_is_ordered_by_name_and_rows_by_number() -> None:
    rows = [record(n, number(f"NCT0000000{9 - n}"), patients=n, references=(str(9 - n),)) for n in (1, 2, 4)]
    rows += [record(n, number(f"NCT0000000{14 - n}"), patients=n) for n in (5, 6)]
    again = [record(n, number(f"NCT0000000{15 - n}"), patients=0) for n in (7, 8)]
    lost = Quarantined("small.csv", 3, (4, 4), "?", Finding(Severity.WARNING, "lost", "row", "why"))
    found = graph(table(*rows, *again, quarantined=[lost]))
    for kind in ("trial", "reference", "discrepancy"):
        assert len(names(found, kind)) > 1
        assert names(found, kind) == sorted(names(found, kind))
    assert [name.rsplit("-r", 1)[1] for name in names(found, "row")] == list("12345678")


# ---------------------------------------------------------------- trials and registrations


def test_a_row_with_two_numbers_reports_two_trials() -> None:
    found = graph(table(record(1, number("NCT00698191"), number("NCT01741857"))))
    report = only(found, "report/")
    assert values(report, TKG.reports) == [f"{ROOT}trial/NCT00698191", f"{ROOT}trial/NCT01741857"]


def test_a_number_that_a_cell_says_twice_is_one_trial() -> None:
    assert names(graph(table(record(1, number("NCT00698191"), number("NCT00698191")))), "trial") == [
        "NCT00698191"
    ]


def test_a_trial_holds_the_union_of_its_reports_and_its_page() -> None:
    known = number("NCT02336230")
    rows = [record(n, known, routes=Mentions((route,))) for n, route in ((1, VEIN), (2, LESION))]
    trial = graph(table(*rows))["trial/NCT02336230"]
    assert values(trial, TKG.usesRoute) == [LESION.iri, VEIN.iri]
    assert values(trial, TKG.studiesCondition) == [CROHN.iri]
    assert values(trial, DCTERMS.identifier) == ["NCT02336230"]
    assert values(trial, SCHEMA.sameAs) == ["https://www.clinicaltrials.gov/study/NCT02336230"]


def test_what_a_trial_unites_is_sorted_and_what_a_report_says_is_in_the_order_of_the_text() -> None:
    named = [concept("disease", name) for name in "hbgadfce"]
    found = graph(table(record(1, number("NCT02336230"), diseases=Mentions(tuple(named)))))
    assert values(only(found, "report/"), TKG.condition) == [c.iri for c in named]
    assert values(only(found, "trial/"), TKG.studiesCondition) == sorted(c.iri for c in named)


def test_in_named_graphs_a_trial_holds_only_what_its_table_says() -> None:
    known = number("NCT02336230")
    tables = [
        table(record(1, known, routes=Mentions((route,))), label=label)
        for label, route in (("Table 1", VEIN), ("Table 2", LESION))
    ]
    trials = [b for b in blocks_for("nquads", *tables) if b.subject.endswith("/trial/NCT02336230")]
    assert [values(trial, TKG.usesRoute) for trial in trials] == [[VEIN.iri], [LESION.iri]]


def test_a_registration_of_clinicaltrials_gov_has_its_digits_as_a_number() -> None:
    registration = graph(table(record(1, number("NCT02336230"))))["registration/NCT02336230"]
    assert (TKG.nctNumber, Literal("2336230", XSD.integer)) in registration.statements
    assert (TKG.wellFormed, Literal("true", XSD.boolean)) in registration.statements
    assert values(registration, TKG.registry) == [NCT.iri]


def test_a_malformed_number_is_kept_without_page_or_digits() -> None:
    found = graph(table(record(1, number("NCT0291768", valid=False))))
    registration = only(found, "registration/NCT0291768-")
    assert values(registration, TKG.wellFormed) == ["false"]
    assert values(registration, RDFS.label) == ["NCT0291768 (ClinicalTrials.gov, malformed)"]
    assert values(registration, DCTERMS.identifier) == ["NCT0291768"]
    assert values(registration, SCHEMA.url) == values(registration, TKG.nctNumber) == []
    assert values(only(found, "trial/NCT0291768-"), SCHEMA.sameAs) == []


def test_a_malformed_number_in_two_tables_is_two_trials_and_in_two_rows_one() -> None:
    bad = number("432/2020BO", None, valid=False)
    one = table(record(1, bad), record(2, bad), label="Table 1")
    assert len(names(graph(one), "trial")) == 1
    assert len(names(graph(one, table(record(1, bad), label="Table 2")), "trial")) == 2


def test_a_number_with_slashes_is_percent_encoded() -> None:
    assert "trial/CTRI%2F2020%2F01%2F022743" in graph(table(record(1, number("CTRI/2020/01/022743", CTRI))))


def test_a_row_without_a_number_is_a_trial_without_a_registration() -> None:
    found = graph(table(record(1)))
    assert names(found, "registration") == []
    trial = only(found, "trial/cd-")
    assert values(trial, TKG.registration) == values(trial, DCTERMS.identifier) == []
    assert values(trial, RDFS.label) == ["CD (no registration number)"]


def test_an_outcome_in_other_words_does_not_make_another_trial() -> None:
    rows = [
        record(1, cells=cells(disease="CD", dose="2 × 106", outcome=words)) for words in ("Safe.", "No harm.")
    ]
    one, other = (names(graph(table(row)), "trial") for row in rows)
    assert one == other


@pytest.mark.parametrize("column", ["disease", "dose", "reference"])
def test_any_other_cell_in_other_words_makes_another_trial(column: str) -> None:
    texts = {"disease": "CD", "dose": "2 × 106", "reference": "12"}
    rows = [record(1, cells=cells(**texts)), record(1, cells=cells(**{**texts, column: "else"}))]
    one, other = (names(graph(table(row)), "trial") for row in rows)
    assert one != other


def test_white_space_does_not_make_another_trial() -> None:
    rows = [record(1, cells=cells(disease=text)) for text in ("graft  versus\nhost", "graft versus host")]
    one, other = (names(graph(table(row)), "trial") for row in rows)
    assert one == other


# ---------------------------------------------------------------- reports and their parts


def test_a_report_says_what_its_row_says_and_comes_from_it() -> None:
    found = graph()
    report = found[f"report/{_key(small_table())}-r1"]
    assert values(report, TKG.condition) == [CROHN.iri]
    assert values(report, TKG.sourceOperator) == ["or"]
    assert values(report, TKG.participants) == ["54"]
    assert values(report, TKG.phaseLabel) == ["Ib/IIa"]
    assert values(report, PROV.wasDerivedFrom) == [f"{ROOT}row/{_key(small_table())}-r1"]
    assert values(report, RDFS.label)[0].startswith("Table 7, row 1: Crohn disease, bone marrow")


def test_no_patients_is_a_number_and_not_given_is_none() -> None:
    found = graph(table(record(1, patients=0), record(2)))
    reports = [block for name, block in found.items() if name.startswith("report/")]
    assert [values(report, TKG.participants) for report in reports] == [["0"], []]


def test_a_dose_keeps_both_ends_its_words_and_its_cell() -> None:
    row = record(1, doses=(amount("1.5e6", "2000000.50"),), cells=cells(disease="CD", dose="1.5–2 × 106"))
    dose = only(graph(table(row)), "dose/")
    assert (TKG.low, Literal("1500000", XSD.integer)) in dose.statements
    assert (TKG.high, Literal("2000000.5", XSD.decimal)) in dose.statements
    assert values(dose, TKG.basis) == [f"{VOCABULARY}basis/per-kilogram"]
    assert values(dose, PROV.wasDerivedFrom)[0].endswith("-r1-dose")


def test_a_dose_that_no_dose_cell_holds_comes_from_its_row() -> None:
    found = graph(table(record(1, doses=(amount("5"),))))
    assert values(only(found, "dose/"), PROV.wasDerivedFrom) == [only(found, "row/").subject]


def test_a_dose_from_a_column_of_several_things_comes_from_the_cell_with_its_words() -> None:
    own = [("Regimen", "once, 5 as written, i.v.")]
    found = graph(table(record(1, doses=(amount("5"),), cells=cells(own, disease="CD"))))
    origin = values(only(found, "dose/"), PROV.wasDerivedFrom)[0].removeprefix(ROOT)
    assert values(found[origin], TKG.header) == ["Regimen"]


def test_a_schedule_that_was_not_understood_keeps_its_words() -> None:
    schedule = only(graph(table(record(1, cells=cells(disease="CD", frequency="as needed")))), "schedule/")
    assert values(schedule, TKG.verbatim) == ["as needed"]
    assert {name for name, _ in schedule.statements} == {RDF_TYPE, TKG.verbatim, PROV.wasDerivedFrom}


def test_a_row_without_a_frequency_has_no_schedule() -> None:
    assert names(graph(table(record(1, cells=cells(disease="CD", frequency="")))), "schedule") == []


def test_an_outcome_keeps_its_codes_each_with_its_words_and_comes_from_its_cell() -> None:
    found = only(graph(), "outcome/")
    key = _key(small_table())
    assert values(found, TKG.verbatim) == [SAID]
    assert values(found, TKG.status) == [f"{VOCABULARY}outcome-status/reported"]
    assert values(found, TKG.statusQuote) == []
    assert values(found, TKG.efficacy) == [f"{VOCABULARY}efficacy/improved"]
    assert values(found, TKG.efficacyQuote) == ["Closed", "3 of 5"]
    assert values(found, TKG.safety) == [f"{VOCABULARY}safety/no-serious-events"]
    assert values(found, TKG.safetyQuote) == ["Safe"]
    assert values(found, TKG.claim) == [f"{ROOT}claim/{key}-r1-c{n}" for n in (1, 2)]
    assert values(found, TKG.figure) == [f"{ROOT}figure/{key}-r1-f{n}" for n in (1, 2)]
    assert values(found, PROV.wasDerivedFrom) == [f"{ROOT}cell/{key}-r1-outcome"]


def test_a_claim_says_what_was_measured_which_way_it_went_and_in_which_words() -> None:
    one, other = (block for name, block in graph().items() if name.startswith("claim/"))
    assert values(one, TKG.measure) == []
    assert values(one, TKG.measureName) == ["closure"]
    assert values(one, TKG.figure) == [f"{ROOT}figure/{_key(small_table())}-r1-f1"]
    assert values(other, RDFS.label) == ["CRP: decreased"]
    assert values(other, TKG.measure) == [f"{VOCABULARY}measure/crp"]
    assert values(other, TKG.endpointKind) == [f"{VOCABULARY}endpoint-kind/biomarker"]
    assert values(other, TKG.direction) == [f"{VOCABULARY}direction/decreased"]
    assert values(other, TKG.hedge) == [f"{VOCABULARY}cue/may"]
    said = [values(other, prop) for prop in (TKG.timepoint, TKG.comparison, TKG.pValue)]
    assert said == [["at week 8"], ["vs placebo"], ["p = 0.04"]]


def test_a_quote_is_the_stretch_of_the_cell_from_the_first_to_the_last_word() -> None:
    for name, found in graph().items():
        if name.startswith(("claim/", "figure/")):
            (quote,), (start,) = values(found, TKG.quote), values(found, TKG.quoteStart)
            assert SAID[int(start) :].startswith(quote)
    assert values(graph()[f"claim/{_key(small_table())}-r1-c2"], TKG.quote) == ["CRP may have fallen"]


def test_a_figure_is_a_count_out_of_a_whole_or_a_percentage() -> None:
    count, share = (block for name, block in graph().items() if name.startswith("figure/"))
    assert (TKG.value, Literal("3", XSD.integer)) in count.statements
    assert (TKG.outOf, Literal("5", XSD.integer)) in count.statements
    assert values(count, TKG.ofWhat) == ["Closed"]
    assert (TKG.value, Literal("60", XSD.integer)) in share.statements
    assert values(share, TKG.outOf) + values(share, TKG.ofWhat) == []


def test_a_figure_that_only_a_claim_has_is_a_figure_of_the_outcome_too() -> None:
    said = replace(outcome(), figures=outcome().figures[1:])
    found = graph(table(record(1, outcome=said)))
    assert len(names(found, "figure")) == 2
    assert len(values(only(found, "outcome/"), TKG.figure)) == 2


def test_two_tables_of_one_article_share_its_references_and_other_articles_do_not() -> None:
    row = record(1, references=("68",))
    here = [table(row, label=label) for label in ("Table 1", "Table 2")]
    assert len(names(graph(*here), "reference")) == 1
    assert len(names(graph(*here, table(row, doi="10.1000/other")), "reference")) == 2
    assert len(names(graph(*here, table(row, doi="")), "reference")) == 2


# ---------------------------------------------------------------- provenance


def test_a_quarantined_row_keeps_its_words_and_its_reason() -> None:
    row = graph()[f"row/{_key(small_table())}-r6"]
    assert values(row, TKG.state) == [f"{VOCABULARY}state/quarantined"]
    assert values(row, TKG.verbatim) == ['CD "BM"\tonce']
    assert values(row, TKG.remark) == ["row-unreadable: 11 cells where the header has 10"]
    assert values(row, TKG.firstLine) + values(row, TKG.lastLine) == ["8", "9"]


def test_a_finding_stands_with_its_cell_or_else_with_its_row() -> None:
    findings = [Finding(Severity.INFO, f"code-{c}", c, "said") for c in ("disease", "row", "absent")]
    found = graph(table(record(1, cells=cells(disease="CD"), findings=tuple(findings))))
    assert values(only(found, "cell/"), TKG.remark) == ["code-disease: said"]
    assert values(only(found, "row/"), TKG.remark) == ["code-row: said", "code-absent: said"]


def test_what_is_doubtful_about_a_table_stands_with_the_table() -> None:
    read = Finding(Severity.WARNING, "lines-skipped", "table", "two lines belong to no row")
    parsed = Finding(Severity.WARNING, "legend-unfamiliar", "table", "the legend says 'MI' is 'mitral'")
    small = small_table()
    doubtful = replace(small, table=replace(small.table, findings=(read,)), findings=(parsed,))
    remarks = values(only(graph(doubtful), "table/"), TKG.remark)
    assert remarks == [f"{finding.code}: {finding.message}" for finding in (read, parsed)]


def test_every_cell_of_a_row_has_a_node_even_an_empty_one() -> None:
    found = graph(table(record(1, cells=cells(disease="CD", phase=""))))
    assert [name.rsplit("-", 1)[1] for name in names(found, "cell")] == ["disease", "phase"]
    empty = next(block for name, block in found.items() if name.endswith("-phase"))
    assert values(empty, TKG.verbatim) == [""]
    assert values(empty, TKG.column) == [f"{VOCABULARY}column/phase"]


def test_columns_of_the_tables_own_never_share_a_cell() -> None:
    own = [("Dose %", "1"), ("Dose #", "2"), ("dose", "3"), ("Dose %", "4"), ("用量", "5")]
    found = graph(table(record(1, cells=cells(own, disease="CD", dose="5"))))
    texts = {name: values(found[f"cell/{name}"], TKG.verbatim)[0] for name in names(found, "cell")}
    assert sorted(texts.values()) == ["1", "2", "3", "4", "5", "5", "CD"]
    assert values(next(b for n, b in found.items() if n.endswith("-r1-dose")), TKG.verbatim) == ["5"]


def test_a_table_is_tied_to_its_article() -> None:
    block = only(
        graph(table(record(1), doi="10.1002/(SICI)1097<1661::X>3.0#?", caption="A caption")), "table/"
    )
    page = "https://doi.org/10.1002/(sici)1097%3C1661::x%3E3.0%23%3F"
    assert values(block, DCTERMS.source) == values(block, PROV.hadPrimarySource) == [page]
    assert values(block, TKG.caption) == ["A caption"]


# ---------------------------------------------------------------- names


def test_the_graph_of_a_table_says_what_it_comes_from_and_which_version_read_it() -> None:
    blocks = {block.subject: block for block in blocks_for("nquads")}
    named = {block.graph for block in blocks.values() if (RDF_TYPE, TKG.TrialReport) in block.statements}
    assert len(named) == 1
    about = blocks[named.pop()]
    assert (RDF_TYPE, TKG.Table) in blocks[values(about, PROV.wasDerivedFrom)[0]].statements
    software = blocks[values(about, PROV.wasAttributedTo)[0]]
    assert values(software, RDFS.label) == [f"trialkg {__version__}"]


def test_a_table_keeps_its_name_when_its_file_is_corrected_or_renamed() -> None:
    one, other = table(record(1)), table(record(1), record(2), source="new.csv", sha256="1" * 64)
    assert _key(one) == _key(other)


def test_a_label_is_the_same_label_in_other_letters_and_a_doi_in_other_case() -> None:
    assert _key(table(record(1), label="TABLE 7.", doi="10.1000/SMALL")) == _key(table(record(1)))


def test_tables_without_label_or_doi_are_told_apart_by_content() -> None:
    rows = [record(1, cells=cells(disease=name)) for name in ("CD", "UC")]
    assert len({_key(table(row, label="", doi="")) for row in rows}) == 2
    assert _key(table(rows[0], label="", source="a.csv", doi="")) == _key(table(rows[0], label="", doi=""))


def named(*records: Record, **values: str) -> set[str]:
    """Return the names of all data of a table with these records."""
    return set(graph(table(*records, **values)))


def test_a_row_at_the_end_changes_no_name() -> None:
    assert named(record(1), record(2)) < named(record(1), record(2), record(3, number("NCT02336230")))


def test_another_name_of_the_file_changes_no_name() -> None:
    assert named(record(1), source="new.txt", sha256="1" * 64) == named(record(1))


def test_a_correction_changes_only_the_name_of_a_trial_that_is_known_by_its_row_alone() -> None:
    wrong, right = (cells(disease="CD", route=route) for route in ("i.v", "i.v."))
    before = named(record(1), record(2), record(3, number("NCT02336230")))
    numbered = (record(1), record(2), record(3, number("NCT02336230"), cells=wrong))
    assert named(*numbered) - before == {"cell/" + f"{_key(table(record(1)))}-r3-route"}
    assert named(*numbered[:2], record(3, number("NCT02336230"), cells=right)) == named(*numbered)
    one, other = (named(record(1), record(2, cells=given)) for given in (wrong, right))
    assert [{name.split("/")[0] for name in change} for change in (one - other, other - one)] == [
        {"trial"}
    ] * 2


def test_an_outcome_in_other_words_changes_no_name() -> None:
    one, other = (named(record(1, cells=cells(disease="CD", outcome=said))) for said in ("Well.", "Better."))
    assert one == other


def test_a_well_formed_number_is_one_trial_in_two_tables_and_a_malformed_one_is_two() -> None:
    for valid, count in ((True, 1), (False, 2)):
        rows = (record(1, number("NCT02336230", valid=valid)),)
        both = graph(table(*rows), table(*rows, label="Table 8"))
        assert len(names(both, "trial")) == len(names(both, "registration")) == count


def test_a_table_without_an_article_is_renamed_by_every_correction() -> None:
    one, other = (named(record(1, cells=cells(disease=name)), doi="") for name in ("CD", "UC"))
    assert one & other == {"software/trialkg-" + __version__}


@settings(deadline=None, max_examples=200)
@given(unicode_text)
def test_a_slug_is_short_plain_and_settled(words: str) -> None:
    made = slug(words)
    assert len(made) <= 40
    assert not made.strip("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug(made) == made


@settings(deadline=None, max_examples=200)
@given(unicode_text.filter(bool), unicode_text.filter(bool), st.booleans(), st.booleans())
def test_two_numbers_never_share_a_name(one: str, other: str, valid: bool, also: bool) -> None:
    minter = Minter()
    keys = [minter.trial_key(number(text, valid=good), "t") for text, good in ((one, valid), (other, also))]
    assert (keys[0] == keys[1]) == ((one, valid) == (other, also))


@settings(deadline=None, max_examples=100)
@given(unicode_text, unicode_text)
def test_two_rows_without_a_number_share_a_name_only_when_they_say_the_same(one: str, other: str) -> None:
    minter = Minter()
    rows = [record(1, cells=cells(disease=" ".join(text.split()))) for text in (one, other)]
    keys = [minter.unregistered_key(row, "place") for row in rows]
    assert (keys[0] == keys[1]) == (rows[0].cells == rows[1].cells)


@settings(deadline=None, max_examples=100)
@given(st.lists(unicode_text.filter(bool), max_size=5, unique=True))
def test_references_never_share_a_name(keys: list[str]) -> None:
    minter, source = Minter(), table(record(1)).table
    assert len({minter.reference_key(source, "t", key) for key in keys}) == len(keys)


def test_two_contents_with_one_hash_are_an_error_and_not_one_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = iris.digest
    monkeypatch.setattr(iris, "digest", lambda *parts: "00000000" + whole(*parts)[8:])
    minter = Minter()
    same = [cells(disease="CD", dose=dose) for dose in ("1", "2")]
    minter.unregistered_key(record(1, cells=same[0]), "place")
    minter.unregistered_key(record(9, cells=same[0]), "place")
    with pytest.raises(GraphError, match="two different contents claim one IRI"):
        minter.unregistered_key(record(1, cells=same[1]), "place")


def test_one_number_of_two_registries_is_an_error_and_not_one_trial() -> None:
    with pytest.raises(GraphError, match="two different contents claim one IRI"):
        graph(table(record(1, number("12345"), number("12345", CTRI))))


@pytest.mark.parametrize("base", ["", "trials", "https://example.org/ a/", "https://example.org", "<x>/"])
def test_a_base_that_can_make_no_iri_is_refused(base: str) -> None:
    with pytest.raises(GraphError):
        Minter(base)


def test_another_base_moves_all_data_and_nothing_else() -> None:
    blocks = list(merged_blocks([small_table()], small_lexicon(), Minter("urn:example:kg/"), ()))
    elsewhere = {b.subject for b in blocks if not b.subject.startswith("urn:example:kg/")}
    assert elsewhere == {f"{ROOT}software/trialkg-{__version__}"}
    assert CROHN.iri in {node for block in blocks for _, node in block.statements}


# ---------------------------------------------------------------- literals


@pytest.mark.parametrize(
    ("value", "lexical", "kind"),
    [
        ("2E+6", "2000000", XSD.integer),
        ("2.0", "2", XSD.integer),
        ("0", "0", XSD.integer),
        ("-0.0", "0", XSD.integer),
        ("1.50", "1.5", XSD.decimal),
        ("5E-7", "0.0000005", XSD.decimal),
        ("-12.340", "-12.34", XSD.decimal),
    ],
)
def test_a_number_is_an_integer_where_it_is_whole_and_has_no_trailing_zeros(
    value: str, lexical: str, kind: str
) -> None:
    assert terms.number(Decimal(value)) == Literal(lexical, kind)


@settings(deadline=None, max_examples=200)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15))
def test_a_number_keeps_its_value(value: Decimal) -> None:
    assert Decimal(terms.number(value).lexical) == value


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_a_number_that_is_not_finite_is_refused(value: str) -> None:
    with pytest.raises(GraphError, match="finite"):
        terms.number(Decimal(value))


@pytest.mark.parametrize(("value", "code"), [("a\0b", r"U\+0000"), ("\ud800", r"U\+D800")])
def test_a_text_that_no_file_can_carry_is_refused_by_its_code(value: str, code: str) -> None:
    with pytest.raises(GraphError, match=code):
        graph(table(record(1, cells=cells(disease=value))))


def test_a_missing_concept_of_the_program_is_named() -> None:
    lexicon = Lexicon(small_lexicon().concepts("column"), {})
    with pytest.raises(VocabularyError, match="the vocabulary state lacks the concept mapped"):
        list(quad_blocks([table(record(1))], lexicon, Minter(), ()))


# ---------------------------------------------------------------- the vocabulary


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("<urn:a> <urn:p> [] .", "blank node"),
        ("[] <urn:p> <urn:b> .", "blank node"),
        ("<urn:a> <urn:p> 1.0e3 .", "not every store keeps such a literal"),
        ('<urn:a> <urn:p> "P1D"^^<http://www.w3.org/2001/XMLSchema#duration> .', "not every store"),
        ("<urn:a> <urn:p> .", "cannot be read"),
    ],
)
def test_a_vocabulary_file_that_could_not_be_kept_is_refused_by_name(
    tmp_path: Path, line: str, message: str
) -> None:
    path = tmp_path / "words.ttl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(GraphError, match=message) as caught:
        list(vocabulary_blocks([path], ""))
    assert caught.value.where == "words.ttl"


def test_a_subject_of_two_vocabulary_files_is_one_block(tmp_path: Path) -> None:
    for name, value in (("a", "1"), ("b", "2")):
        (tmp_path / f"{name}.ttl").write_text(f"<urn:s> <about:p> {value} ; a <urn:C> .", encoding="utf-8")
    blocks = list(vocabulary_blocks([tmp_path / "b.ttl", tmp_path / "a.ttl"], "urn:g"))
    ones = [("about:p", Literal(number, XSD.integer)) for number in "12"]
    assert blocks == [Block("urn:g", "urn:s", ((RDF_TYPE, "urn:C"), *ones))]


@pytest.mark.parametrize("words", ["a high dose", "as much as was harvested"])
def test_a_dose_cell_that_cannot_be_read_is_an_unparsed_dose_with_its_words(words: str) -> None:
    lexicon = bundled_lexicon()
    source = Source("made-up.csv", f"Disease,Dose,Patients\nGVHD,{words},9\nGVHD,N.A.,9\n".encode())
    blocks = list(merged_blocks(parse_source(source, lexicon), lexicon, Minter()))
    (dose,) = (b for b in blocks if (RDF_TYPE, TKG.Dose) in b.statements)
    (report, _) = (b for b in blocks if (RDF_TYPE, TKG.TrialReport) in b.statements)
    assert values(report, TKG.dose) == [dose.subject]
    assert values(dose, TKG.verbatim) == [words]
    assert values(dose, TKG.status) == [lexicon.named("dose-status", "unparsed").iri]
    assert not values(dose, TKG.low)
