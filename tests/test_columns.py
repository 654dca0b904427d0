"""What a column means, by its header and its cells, and how a header that lost its borders is cut."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.cells.read import CellReader
from kg.columns.assign import assign
from kg.columns.cuts import header_cuts
from kg.columns.kinds import fits_kind, own_kind
from kg.columns.names import name_header
from kg.columns.understand import Understood, is_numbering, understand, understand_cells
from kg.errors import SourceError
from kg.model import Choice, Table
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon

LINE = "Diseases Cell source Route Dose Frequency Patients (treated) Clinical Trials number Study phase Outcomes Ref"
NUMBERS = ("NCT04313322", "NCT04252118", "NCT04288102", "NCT02097641")
DOSES = ("1 × 10^6 cells/kg", "2 × 10^6 cells/kg", "5 × 10^7 cells", "1-3 × 10^6 cells/kg")
SOURCES = ("BM-MSC", "UC-MSC", "adipose tissue", "Wharton's jelly")
DISEASES = ("COVID-19", "GVHD", "ALS", "Crohn's disease")
ROUTES = ("IV", "intrathecal", "intravenous", "intracoronary")


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return bundled_lexicon()


def understood(columns: Mapping[str, Sequence[str]], lexicon: Lexicon, *choices: Choice) -> Understood:
    """Return what the columns of a table mean that has these cells under these headers."""
    rows = list(zip(*columns.values(), strict=True))
    table = Table("made-up.csv", "0" * 64, header=tuple(columns), label="Table 1")
    return understand_cells(table, rows, CellReader(lexicon), choices)


def keys(columns: Mapping[str, Sequence[str]], lexicon: Lexicon) -> list[str]:
    """Return what each column means: its key, its parts joined, or "-" when it is kept as text."""
    return ["+".join(column.keys) or "-" for column in understood(columns, lexicon).columns]


def codes(found: Understood) -> list[str]:
    return [finding.code for finding in found.findings]


# ---------------------------------------------------------------- the header alone


def test_a_known_header_gives_its_key_with_full_confidence(lexicon: Lexicon) -> None:
    (column,) = understand(["Clinical Trials number"], lexicon)
    assert (column.key, column.confidence) == ("trial_number", 1.0)


def test_a_header_with_further_words_is_understood_with_less_confidence(lexicon: Lexicon) -> None:
    (column,) = understand(["Patients of the second cohort"], lexicon)
    assert column.key == "patients"
    assert 0 < column.confidence < 1


def test_an_unknown_header_keeps_its_own_name(lexicon: Lexicon) -> None:
    (column,) = understand(["Weather"], lexicon)
    assert (column.key, column.name) == ("", "Weather")


def test_two_headers_for_one_thing_do_not_share_its_key(lexicon: Lexicon) -> None:
    columns = understand(["Dose", "Dose"], lexicon)
    assert [column.key for column in columns] == ["dose", ""]
    assert len({column.name for column in columns}) == 2


def test_columns_without_a_header_stay_apart(lexicon: Lexicon) -> None:
    names = [column.name for column in understand(["", "", "Disease"], lexicon)]
    assert len(set(names)) == 3


def test_a_column_of_its_own_never_bears_the_name_of_a_key(lexicon: Lexicon) -> None:
    columns = understand(["Dose", "dose", "route / frequency"], lexicon)
    names = [column.name for column in columns]
    assert len(set(names)) == 3
    assert set(names) & {"dose", "route", "frequency"} == {"dose"}


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("Stem Cell Type", "cell_source"),
        ("Source (Allogenic- Autologous)", "donor"),
        ("Number of cells", "dose"),
        ("Cells/DOSE", "dose"),
        ("Number of doses", "frequency"),
        ("Infusion frequency", "frequency"),
        ("Dose of the infusion", "dose"),
        ("Injection", "route"),
        ("Intervention group Dose (M)", "dose"),
        ("Patients Treated", "patients"),
        ("Plannedparticipants", "patients"),
        ("Target_size", "patients"),
        ("TrialID", "trial_number"),
        ("EudraCT / NCT No.", "trial_number"),
        ("Cell dose (× 106)*", "dose"),
        ("MSCs (×10⁶/kg)", "dose"),
        ("MSCs", "cell_source"),
        ("Phase / status", "phase"),
        ("MSC source, donor", "cell_source"),
        ("Donor (source)", "cell_source"),
        ("Cell source/product", "cell_source"),
        ("Trial [ref]", "reference"),
        ("Author (year) [ref]", "reference"),
        ("ClinicalTrials.gov number", "trial_number"),
        ("Cell no.", "dose"),
        ("CR/ORR", "outcome"),
        ("Combined remission", "outcome"),
        ("Graft survival", "outcome"),
        ("Type of defect", "disease"),
    ],
)
def test_a_header_is_understood_by_the_word_that_is_meant(header: str, key: str, lexicon: Lexicon) -> None:
    assert name_header(header, lexicon).key == key


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        ("Dosage and delivery route", {"dose", "route"}),
        ("Dose/Frequency", {"dose", "frequency"}),
        ("NCT number/reference", {"trial_number", "reference"}),
        ("Reference or NCT numbers#", {"trial_number", "reference"}),
        ("Trial name, Phase [Ref]", {"phase", "reference"}),
        ("Disease (n)", {"disease", "patients"}),
        ("Identifier/phase", {"trial_number", "phase"}),
        ("Phase; NCT number", {"trial_number", "phase"}),
        ("Indication & number of cells", {"disease", "dose"}),
        ("Cell source, donor, dose", {"cell_source", "dose"}),
    ],
)
def test_a_header_that_names_several_things_has_parts(header: str, parts: set[str], lexicon: Lexicon) -> None:
    named = name_header(header, lexicon)
    assert (named.key, set(named.parts)) == ("", parts)


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Year", "year"),
        ("Disease Stage", "disease-stage"),
        ("Study type (interventional, observational)", "study-type"),
        ("Follow up (months)", "follow-up"),
        ("Sponsor/Collaborators", "sponsor"),
        ("Control group n", "control"),
        ("Patients Controls", "control"),
        ("Secondary endpoint", "secondary-outcome"),
        ("Conditioning regimen", "co-treatment"),
        ("Payload", "construct"),
        ("Particle size", "preparation"),
        ("Target organ", "disease-stage"),
        ("Study Results", "posted-results"),
        ("Recruitment_Status", "status"),
    ],
)
def test_kinds_of_columns_that_the_record_has_no_key_for_are_known(
    header: str, kind: str, lexicon: Lexicon
) -> None:
    named = name_header(header, lexicon)
    assert (named.key, named.parts, named.kind) == ("", (), kind)


def test_own_kinds_are_known_by_header_and_by_cell(lexicon: Lexicon) -> None:
    assert own_kind("Follow-up period", lexicon) == "follow-up"
    assert own_kind("Dose", lexicon) == ""
    for kind, text in [
        ("year", "2015"),
        ("follow-up", "6-12 months"),
        ("status", "Not yet recruiting"),
        ("country", "Spain, Italy"),
        ("start-date", "March 13, 2019"),
        ("sex", "All"),
    ]:
        assert fits_kind(kind, text, lexicon), (kind, text)
        assert not fits_kind(kind, "2 × 10^6 cells/kg", lexicon), kind


# ---------------------------------------------------------------- header and cells


def test_source_is_the_donor_where_the_cells_say_so(lexicon: Lexicon) -> None:
    columns = {"Stem Cell Type": SOURCES, "Source": ("Allogenic", "N/A", "Autologous", "Allogenic")}
    assert keys(columns, lexicon) == ["cell_source", "donor"]


def test_stem_cell_source_is_the_donor_where_the_cells_say_so(lexicon: Lexicon) -> None:
    columns = {"Stem cell source": ("Autologous", "Allogeneic", "Autologous"), "Cell type": SOURCES[:3]}
    found = understood(columns, lexicon)
    assert [column.key for column in found.columns] == ["donor", "cell_source"]
    assert codes(found) == ["column-contradicts-header"]
    assert found.findings[0].severity == "warning"


@pytest.mark.parametrize(
    ("header", "cells", "meaning"),
    [
        ("Type of study", ("Phase 1", "Phase 2", "Phase 1/2"), "phase"),
        ("Type of study", ("RCT", "Open label", "Case series"), "-"),
        ("Study", ("Chen et al. 53", "Zheng et al.9", "Qayyum et al. (2017)"), "reference"),
        ("Study", ("Cells for a sick heart", "Breathing again", "Safety of cell infusions"), "-"),
        ("Study", NUMBERS[:3], "trial_number"),
        ("Trial", NUMBERS[:3], "trial_number"),
        ("Trial", ("START", "POSEIDON", "CONCERT-HF"), "-"),
        ("Intervention", SOURCES[:3], "cell_source"),
        ("Interventions", ("Biological: UC-MSC|Drug: Saline", "Biological: BM-MSC", "Drug: X|Other: Y"), "-"),
        ("No.", ("1", "2", "3"), "-"),
        ("No.", ("12", "30", "9"), "patients"),
        ("Number", NUMBERS[:3], "trial_number"),
        ("Product", ("BM-MSC", "Autologous UC-MSC", "adipose tissue"), "cell_source"),
        ("Cells", SOURCES[:3], "cell_source"),
        ("Year", ("2012", "2015", "2018"), "-"),
        ("Study type", ("Phase I", "Phase II", "Phase III"), "phase"),
    ],
)
def test_a_general_header_means_what_its_cells_are(
    header: str, cells: Sequence[str], meaning: str, lexicon: Lexicon
) -> None:
    columns = {"Disease": DISEASES[:3], header: cells, "Route": ROUTES[:3]}
    assert keys(columns, lexicon) == ["disease", meaning, "route"]


@pytest.mark.parametrize(
    ("cells", "meaning"),
    [
        (NUMBERS, "trial_number"),
        (DOSES, "dose"),
        (ROUTES, "route"),
        (DISEASES, "disease"),
        (("Phase I", "Phase II", "I/II", "Phase 3"), "phase"),
        (("sunny", "rainy", "cloudy", "foggy"), "-"),
        (("12", "30", "7", "9"), "-"),
    ],
)
def test_cells_tell_what_a_header_does_not(cells: Sequence[str], meaning: str, lexicon: Lexicon) -> None:
    found = understood({"Whatever": cells, "Patients": ("3", "12", "40", "9")}, lexicon)
    assert "+".join(found.columns[0].keys) == meaning.replace("-", "")
    assert ("column-from-cells" in codes(found)) == (meaning != "-")


def test_a_good_header_is_not_doubted_for_a_few_cells_or_for_marks_and_free_text(lexicon: Lexicon) -> None:
    assert keys({"Disease": ("IV", "N/A"), "Patients": ("3", "4")}, lexicon)[0] == "disease"
    assert keys({"Route": ("N/A", "-", "NR", "n.a."), "Patients": "3579"}, lexicon)[0] == "route"
    words = ("by the bedside", "under the stars", "as they like", "slowly")
    assert keys({"Route": words, "Patients": "3579"}, lexicon)[0] == "route"


def test_cells_that_clearly_are_something_else_overrule_a_good_header_with_a_warning(
    lexicon: Lexicon,
) -> None:
    found = understood({"Delivery route": DOSES, "Patients": ("3", "12", "40", "9")}, lexicon)
    assert found.columns[0].key == "dose"
    assert codes(found) == ["column-contradicts-header"]
    assert "'Delivery route'" in found.findings[0].message


def test_a_header_that_stands_in_another_order_than_the_cells_is_put_right(lexicon: Lexicon) -> None:
    columns = {
        "Identifier": DISEASES,
        "Conditions": NUMBERS,
        "Cell type": ("Completed", "Recruiting", "Unknown", "Completed"),
        "Route": ("Phase 1", "Phase 2", "Phase 1/2", "Phase 1"),
        "Dose": ("320", "6", "16", "21"),
        "Enrollment": SOURCES,
        "Phase": DOSES,
        "Status": ROUTES,
    }
    found = understood(columns, lexicon)
    assert [column.name for column in found.columns] == [
        *("disease", "trial_number", "Status", "phase", "patients", "cell_source", "dose", "route")
    ]
    assert codes(found) == ["header-order"]
    assert found.columns[0].header == "Conditions"


def test_two_columns_that_changed_places_are_put_right(lexicon: Lexicon) -> None:
    columns = {"Disease": DISEASES, "Dose": ("3", "12", "40", "9"), "Patients": DOSES}
    found = understood(columns, lexicon)
    assert [column.key for column in found.columns] == ["disease", "patients", "dose"]
    assert codes(found) == ["header-order"]


def test_of_two_columns_for_one_thing_the_one_whose_cells_fit_gets_it(lexicon: Lexicon) -> None:
    columns = {"Trial": ("START", "TAC", "ELPIS", "RENEW"), "NCT": NUMBERS}
    assert keys(columns, lexicon) == ["-", "trial_number"]
    columns = {"Inclusion criteria": ("(omitted)",) * 4, "Condition": DISEASES}
    assert keys(columns, lexicon) == ["-", "disease"]


def test_a_general_header_gives_way_to_the_one_that_is_plain(lexicon: Lexicon) -> None:
    columns = {"Phase": ("1", "2", "1/2"), "Stage": ("II", "III", "IV"), "Disease": DISEASES[:3]}
    assert keys(columns, lexicon) == ["phase", "-", "disease"]


def test_confidence_falls_with_the_cells_that_cannot_be_read(lexicon: Lexicon) -> None:
    good = understood({"Disease": DISEASES}, lexicon).columns[0]
    poor = understood({"Disease": (*DISEASES[:2], "grumbling", "sighing")}, lexicon).columns[0]
    assert good.confidence == 1.0
    assert 0.5 < poor.confidence < 1.0
    assert poor.evidence == ("header 'Disease' names disease", "2 of 4 different cells read as disease")


# ---------------------------------------------------------------- sections and several things


@pytest.mark.parametrize(
    ("sections", "others", "meaning"),
    [
        (("Myocardial infarction", "ALS"), {"Cell source": SOURCES[:2]}, "disease"),
        (("Bone marrow", "Umbilical cord"), {"Disease": DISEASES[:2]}, "cell_source"),
        (("AKI", "CKD"), {"Recipients": ("Acute kidney injury", "Chronic kidney disease")}, "-"),
        (("In China", "Elsewhere"), {"Cell source": SOURCES[:2]}, "-"),
    ],
)
def test_section_rows_fill_a_key_that_no_column_has(
    sections: Sequence[str], others: Mapping[str, Sequence[str]], meaning: str, lexicon: Lexicon
) -> None:
    assert keys({"section": sections, **others, "Patients": ("3", "9")}, lexicon)[0] == meaning


def test_cells_show_that_a_dose_column_holds_routes_and_frequencies_too(lexicon: Lexicon) -> None:
    cells = ("Single dose of 1 × 10^6 cells per kg, IV", "3 × 10^7 cells IV on day 1, 4 and 7")
    found = understood({"Cell type": SOURCES[:2], "Dosage": cells}, lexicon)
    assert found.columns[1].key == ""
    assert set(found.columns[1].parts) == {"dose", "route", "frequency"}
    assert found.columns[1].name == "Dosage"


def test_what_the_cells_are_and_from_whom_they_come_is_one_thing(lexicon: Lexicon) -> None:
    table = {
        "NCT number": NUMBERS,
        "MSC source, donor": ("BM, third-party", "UC, unrelated donor", "BM", "AT"),
    }
    assert keys(table, lexicon) == ["trial_number", "cell_source"]


def test_names_of_trials_with_their_citations_are_references_as_a_whole(lexicon: Lexicon) -> None:
    names = ("HEART-A [12]", "HEART-B [13]", "OPEN 1 [14]", "OPEN 2 [15]")
    for header in ("Trial [ref]", "Trial/reference", "Trial name [ref]", "Characteristic"):
        (column,) = understood({header: names}, lexicon).columns
        assert (header, column.key, column.parts) == (header, "reference", ())


def test_a_mixed_column_that_shows_the_numbers_of_trials_has_them_as_a_part(lexicon: Lexicon) -> None:
    cells = [f"OPEN-{n} ({number}), Phase 2 [{n}]" for n, number in enumerate(NUMBERS, 41)]
    mixed = {"Disease": DISEASES, "Trial name, Phase [Ref]": cells}
    assert [set(key.split("+")) for key in keys(mixed, lexicon)] == [
        {"disease"},
        {"phase", "reference", "trial_number"},
    ]
    found = [set(key.split("+")) for key in keys({**mixed, "NCT number": NUMBERS}, lexicon)]
    assert found == [{"disease"}, {"phase", "reference"}, {"trial_number"}]


def test_numbers_of_trials_are_found_beside_diseases_and_in_columns_that_nothing_names(
    lexicon: Lexicon,
) -> None:
    diseases = [f"{disease} ({number})" for disease, number in zip(DISEASES, NUMBERS, strict=True)]
    assert keys({"Disease": diseases, "Phase": ("I", "II", "I", "II")}, lexicon)[0] == "disease+trial_number"
    notes = [f"open, {number}" for number in NUMBERS]
    assert keys({"Disease": DISEASES, "Notes": notes}, lexicon)[1] == "trial_number"


def test_counts_and_rates_under_a_header_for_results_are_the_outcome(lexicon: Lexicon) -> None:
    table = {"NCT number": NUMBERS, "N": ("38", "21", "11", "14")}
    for header, cells in (
        ("Responses (CR/PR)", ("14/9", "8/5", "3/6", "7/0")),
        ("Closure", ("56.3% vs 38.6%", "40–80%", "7/10 closed", "3/6")),
        ("Visual acuity", ("stable", "+5 letters", "improved in 3 of 8", "improved")),
    ):
        assert keys({**table, header: cells}, lexicon) == ["trial_number", "patients", "outcome"]


def test_what_reads_as_results_in_the_last_column_is_taken_for_the_outcome_with_doubt(
    lexicon: Lexicon,
) -> None:
    table = {"NCT number": NUMBERS, "Disease": DISEASES}
    found = understood({**table, "Twelve months later": ("improved", "7/10 closed", "safe", "3/6")}, lexicon)
    assert (found.columns[-1].key, codes(found)) == ("outcome", ["column-from-cells"])
    assert found.columns[-1].confidence < 0.7
    for header, cells in (
        ("Female", ("40%", "33%", "90%", "3/6")),
        ("Origin of name", ("A", "B", "C", "improved")),
    ):
        assert keys({**table, header: cells}, lexicon)[-1] == "-"
    worse = {"Twelve months later": ("improved", "worse", "safe", "3/6")}
    assert keys({**worse, **table}, lexicon)[0] == "-"
    assert keys({**table, "Outcome": ("x", "y", "z", "w"), **worse}, lexicon)[-1] == "-"


def test_most_cells_with_diseases_make_an_unknown_column_one_of_diseases(lexicon: Lexicon) -> None:
    some = ("GVHD", "Crohn's disease", "diverse", "ALS")
    found = understood({"NCT number": NUMBERS, "Kind": some}, lexicon)
    assert (found.columns[1].key, found.columns[1].confidence < 0.7) == ("disease", True)
    adults = ("Adults with GVHD", "Crohn's disease, children", "severe COVID-19", "ALS")
    assert keys({"NCT number": NUMBERS, "Population": adults}, lexicon)[1] == "disease"
    assert keys({"Disease": DISEASES, "Population": adults, "Kind": some}, lexicon) == ["disease", "-", "-"]
    assert keys({"NCT number": NUMBERS, "Target": DISEASES}, lexicon)[1] == "disease"
    assert keys({"NCT number": NUMBERS, "Organ": ("Liver", "Kidney", "Brain", "Heart")}, lexicon)[1] == "-"


def test_the_rate_of_one_result_gives_way_to_the_column_of_outcomes(lexicon: Lexicon) -> None:
    table = {
        "ORR (%)": ("73%", "50%", "61%", "NR"),
        "Results": ("Safe", "Two relapses", "Well tolerated", "Safe"),
    }
    assert keys(table, lexicon) == ["-", "outcome"]


def test_a_column_of_its_own_wins_over_a_part(lexicon: Lexicon) -> None:
    cells = ("1 × 10^6 cells per kg, IV", "3 × 10^7 cells IV")
    assert keys({"Dosage": cells, "Route": ("IV", "i.v.")}, lexicon) == ["dose", "route"]
    parts = {"NCT number/reference": NUMBERS, "Ref": ("[1]", "[2]", "[3]", "[4]")}
    assert keys(parts, lexicon) == ["trial_number", "reference"]


def test_a_part_is_never_taken_by_two_columns(lexicon: Lexicon) -> None:
    columns = {
        "Dose/Frequency": ("1 × 10^6 cells/kg, once",) * 2,
        "Route/frequency": ("IV, twice", "IV, once"),
    }
    given_keys = [key for column in understood(columns, lexicon).columns for key in column.keys]
    assert len(given_keys) == len(set(given_keys))


def test_phases_among_other_words_are_a_part_so_that_the_whole_stays_readable(lexicon: Lexicon) -> None:
    cells = ("Phase 2; recruiting", "Phase 1 only in men", "Complete")
    (column,) = understood({"Stage of study": cells}, lexicon).columns
    assert (column.key, column.parts, column.name) == ("", ("phase",), "Stage of study")


def test_numbers_in_the_column_of_titles_are_found(lexicon: Lexicon) -> None:
    cells = ("A study of cells (NCT04313322)", "Cells again (NCT04252118)", "No number")
    assert keys({"Title": cells, "Dose": DOSES[:3]}, lexicon) == ["trial_number", "dose"]


# ---------------------------------------------------------------- what the user says


def test_the_user_is_believed_before_all_evidence(lexicon: Lexicon) -> None:
    columns = {"Cell mass": SOURCES, "Dose": DOSES}
    found = understood(columns, lexicon, Choice("cell mass", ("dose", "route")), Choice("2", ()))
    assert [(c.key, c.parts, c.rule, c.confidence) for c in found.columns] == [
        ("", ("dose", "route"), "user.choice", 1.0),
        ("", (), "user.choice", 1.0),
    ]


def test_a_choice_for_another_table_is_passed_over(lexicon: Lexicon) -> None:
    found = understood({"Dose": DOSES}, lexicon, Choice("1", ("route",), "Table 9"))
    assert found.columns[0].key == "dose"


def test_one_key_for_two_columns_is_refused(lexicon: Lexicon) -> None:
    with pytest.raises(SourceError, match="dose is given to 2 columns"):
        understood({"A": DOSES, "B": DOSES}, lexicon, Choice("1", ("dose",)), Choice("2", ("dose",)))


def test_the_command_line_takes_a_key_from_what_the_file_says(lexicon: Lexicon) -> None:
    choices = (Choice("1", ("dose",), origin="--column"), Choice("2", ("dose",), origin="a.toml, line 2"))
    found = understood({"A": DOSES, "B": SOURCES}, lexicon, *choices)
    assert [column.key for column in found.columns] == ["dose", "cell_source"]


# ---------------------------------------------------------------- the assignment

SCORES = st.lists(
    st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9), max_size=4), min_size=1, max_size=5
)


@settings(deadline=None, max_examples=60)
@given(SCORES)
def test_the_assignment_is_the_best_of_all(scores: list[dict[str, int]]) -> None:
    found = assign(scores, "abcd")
    assert len(set(found.values())) == len(found)
    assert all(key in scores[at] for at, key in found.items())
    ways = itertools.product((None, *"abcd"), repeat=len(scores))
    best = max(
        sum(scores[at][key] for at, key in enumerate(way) if key)
        for way in ways
        if len({key for key in way if key}) == sum(key is not None for key in way)
        and all(key is None or key in scores[at] for at, key in enumerate(way))
    )
    assert sum(scores[at][key] for at, key in found.items()) == best


# ---------------------------------------------------------------- a header line without borders


def test_one_way_to_cut_a_header_line_is_the_true_one(lexicon: Lexicon) -> None:
    expected = (
        "Diseases",
        "Cell source",
        "Route",
        "Dose",
        "Frequency",
        "Patients (treated)",
        "Clinical Trials number",
        "Study phase",
        "Outcomes",
        "Ref",
    )
    assert expected in header_cuts(LINE, lexicon)


def test_every_way_to_cut_a_header_line_keeps_all_its_words(lexicon: Lexicon) -> None:
    for cut in header_cuts(LINE + " Weather forecast", lexicon):
        assert " ".join(cut) == LINE + " Weather forecast"


def test_unknown_words_between_known_headers_are_a_header_of_their_own(lexicon: Lexicon) -> None:
    assert ("Disease", "Weather forecast", "Route") in header_cuts("Disease Weather forecast Route", lexicon)


def test_an_open_bracket_does_not_end_the_world(lexicon: Lexicon) -> None:
    cuts = header_cuts("Disease Patients (n Route", lexicon)
    assert {"".join(cut).replace(" ", "") for cut in cuts} == {"DiseasePatients(nRoute"}


@pytest.mark.parametrize(
    "header",
    [
        ("Disease", "Clinical trial", "Stage of study", "Outcomes"),
        ("Disease", "Dose", "Patients (n)", "Ref no.", "Outcome(s)"),
        ("Clinical trial identifier", "Trial drugs (dose)", "Delivery"),
        ("Publication", "Dosing", "Schedule", "Phase (I/II/III)"),
    ],
)
def test_a_header_is_cut_so_that_all_its_words_are_known(header: tuple[str, ...], lexicon: Lexicon) -> None:
    assert header in header_cuts(" ".join(header), lexicon)


def test_a_header_of_very_many_words_has_few_ways_to_be_cut(lexicon: Lexicon) -> None:
    assert 0 < len(header_cuts("Dose Frequency Study Phase " * 30, lexicon)) <= 16


def test_a_column_that_numbers_the_rows_is_no_number_of_patients(lexicon: Lexicon) -> None:
    columns = understand(["No.", "Disease", "Patients"], lexicon, numbered=True)
    assert [column.key for column in columns] == ["", "disease", "patients"]
    assert [column.key for column in understand(["No.", "Disease"], lexicon)] == ["patients", "disease"]


@pytest.mark.parametrize(
    ("firsts", "expected"),
    [
        (["1", "2", "3", "4"], True),
        (["1.", "2.", "so", "3."], True),
        (["3", "1", "2"], False),
        (["1"], False),
    ],
)
def test_rows_are_numbered_when_they_count_from_one(firsts: list[str], expected: bool) -> None:
    assert is_numbering(firsts) is expected


# ---------------------------------------------------------------- any table at all

CELL = st.sampled_from(
    (*NUMBERS, *DOSES, *SOURCES, *DISEASES, *ROUTES, "N/A", "", "1", "2", "3", "Phase I", "once")
)
HEADER = st.sampled_from(
    (
        "Disease",
        "Source",
        "Study",
        "Dose",
        "Dose/route",
        "No.",
        "Trial",
        "",
        "Weather",
        "section",
        "Product",
        "Phase",
    )
)
WORDS = st.text(alphabet="aé1(/[|;:,.× \t¹", max_size=12)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_every_table_has_one_column_for_each_header_and_no_key_twice(data: st.DataObject) -> None:
    lexicon = bundled_lexicon_once()
    header = data.draw(st.lists(HEADER | WORDS, min_size=1, max_size=6))
    rows = data.draw(st.lists(st.tuples(*[CELL | WORDS] * len(header)), max_size=8))
    table = Table("made-up.csv", "0" * 64, header=tuple(header))
    columns = understand_cells(table, rows, CellReader(lexicon)).columns
    given_keys = [key for column in columns for key in column.keys]
    assert len(columns) == len(header)
    assert len(given_keys) == len(set(given_keys))
    assert len({column.name for column in columns}) == len(columns)
    assert all(0 <= column.confidence <= 1 for column in columns)
    assert understand_cells(table, rows, CellReader(lexicon)).columns == columns


@cache
def bundled_lexicon_once() -> Lexicon:
    """Return the lexicon, read once: hypothesis runs a test many times."""
    return bundled_lexicon()


@pytest.mark.parametrize(
    ("header", "cells", "keys"),
    [
        ("Trial ID/phase", ["NCT01234567/II", "NCT07654321/I", "NCT07654322/–"], ("trial_number", "phase")),
        ("Patients (n)/design", ["18/open-label", "30 (15/15)/RCT", "12/phase I–II"], ("patients", "phase")),
        ("Infants (n)", ["9", "12", "20"], ("patients",)),
        (
            "Intervention regimen",
            [
                f"{s}, {n} × 10^6 cells/kg, IV, once"
                for n, s in enumerate(["BM-MSCs", "UC-MSCs", "AD-MSCs"], 1)
            ],
            ("cell_source", "dose", "route", "frequency"),
        ),
        ("K-L grade", ["II–III", "III–IV", "II"], ()),
        ("Time from stroke onset", ["2 weeks", "24–48 h", "6 months"], ()),
    ],
)
def test_a_header_and_its_cells_together_say_what_a_column_holds(
    header: str, cells: list[str], keys: tuple[str, ...], lexicon: Lexicon
) -> None:
    table = Table("t.csv", "0" * 64, header=("Disease", header, "Outcome"))
    sample = [("Stroke", cell, "Safe") for cell in cells]
    found = understand_cells(table, sample, CellReader(lexicon))
    assert set(found.columns[1].keys) == set(keys)
