"""Exports of registries become one table each, with the same words for the same trial whatever the export."""

import io
import json
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.model import Record, Table
from kg.parse.tables import parse_source
from kg.readers.base import Source, open_source
from kg.readers.choose import read_tables
from kg.readers.document import Document
from kg.readers.registry.aact import AactReader
from kg.readers.registry.ctgov import CtGovReader
from kg.readers.registry.study import study_values
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon, load_lexicon

SHARED = Path(__file__).resolve().parents[2] / "shared" / "tables" / "registry"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(vocabulary_files())


def table_of(data: bytes | str, lexicon: Lexicon, name: str = "export") -> Table:
    data = data.encode() if isinstance(data, str) else data
    (table,) = read_tables(Source(name, data), lexicon)
    return table


def row_of(table: Table, at: int = 0) -> dict[str, str]:
    return dict(zip(table.header, list(table.rows)[at].cells, strict=True))


def refusal(data: bytes | str, lexicon: Lexicon) -> str:
    with pytest.raises(SourceError) as caught:
        table_of(data, lexicon)
    return str(caught.value)


# ---------------------------------------------------------------- ClinicalTrials.gov, JSON


def study(number: str = "NCT00000001", **protocol: Any) -> dict[str, Any]:
    """Return a study with a value for most of the columns; `protocol` replaces modules."""
    modules: dict[str, Any] = {
        "identificationModule": {
            "nctId": number,
            "briefTitle": "Cord cells in lupus",
            "orgStudyIdInfo": {"id": "L-1"},
            "secondaryIdInfos": [{"id": "2014-000001-30", "type": "EUDRACT_NUMBER"}],
        },
        "statusModule": {"overallStatus": "COMPLETED", "startDateStruct": {"date": "2014-05", "type": "ACTUAL"}},
        "conditionsModule": {"conditions": ["Systemic Lupus Erythematosus", "Lupus Nephritis"]},
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "A Hospital", "class": "OTHER"}},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE1", "PHASE2"],
            "enrollmentInfo": {"count": 24, "type": "ACTUAL"},
            "designInfo": {"allocation": "RANDOMIZED", "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["CARE_PROVIDER"]}},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {"label": "Cells", "type": "EXPERIMENTAL", "description": "1 × 10⁶ cells/kg once, i.v.",
                 "interventionNames": ["Biological: UC-MSC"]},
                {"label": "Saline", "type": "PLACEBO_COMPARATOR"},
            ],
            "interventions": [{"type": "BIOLOGICAL", "name": "UC-MSC", "description": "from one donor"}],
        },
        "outcomesModule": {
            "primaryOutcomes": [{"measure": "SLEDAI", "timeFrame": "6 months"}, {"measure": "Adverse events"}]
        },
    }  # fmt: skip
    return {"protocolSection": modules | protocol, "hasResults": False}


def test_a_study_has_the_headers_of_the_csv_export(lexicon: Lexicon):
    table = table_of(json.dumps(study()), lexicon)
    row = row_of(table)
    assert (table.label, table.layout, table.doi) == ("ClinicalTrials.gov", "ClinicalTrials.gov JSON", "")
    assert row["NCT Number"] == "NCT00000001"
    assert row["Conditions"] == "Systemic Lupus Erythematosus|Lupus Nephritis"
    assert row["Phases"] == "PHASE1|PHASE2"
    assert row["Interventions"] == "BIOLOGICAL: UC-MSC"
    assert row["Primary Outcome Measures"] == "SLEDAI, 6 months|Adverse events"
    assert row["Study Design"] == "Allocation: RANDOMIZED|Masking: DOUBLE (CARE_PROVIDER)"
    assert row["Other IDs"] == "L-1|2014-000001-30"
    assert (row["Enrollment"], row["Start Date"], row["Study Results"]) == ("24", "2014-05", "NO")


def test_arms_and_what_interventions_are_stand_in_columns_of_their_own(lexicon: Lexicon):
    row = row_of(table_of(json.dumps(study()), lexicon))
    assert row["Arms"] == "Experimental: Cells: 1 × 10⁶ cells/kg once, i.v.|Placebo Comparator: Saline"
    assert row["Arm Interventions"] == "Cells: Biological: UC-MSC"
    assert row["Intervention Descriptions"] == "UC-MSC: from one donor"


def test_what_a_study_says_beyond_the_columns_is_named(lexicon: Lexicon):
    more = study(referencesModule={"references": []}) | {"resultsSection": {}}
    (finding,) = [f for f in table_of(json.dumps(more), lexicon).findings if f.code == "export-left-out"]
    assert "referencesModule, resultsSection" in finding.message


@pytest.mark.parametrize(
    "write",
    [
        lambda studies: json.dumps({"totalCount": 2, "studies": studies, "nextPageToken": "x"}, indent=1),
        lambda studies: json.dumps(studies),
        lambda studies: "\n".join(map(json.dumps, studies)),
        lambda studies: json.dumps([{"studies": studies[:1]}, {"studies": studies[1:]}]),
        lambda studies: "\ufeff" + json.dumps({"studies": studies}),
    ],
)
def test_pages_lists_and_lines_of_studies_read_alike(lexicon: Lexicon, write: Any):
    table = table_of(write([study("NCT00000001"), study("NCT00000002")]), lexicon)
    assert [row.cells[0] for row in table.rows] == ["NCT00000001", "NCT00000002"]


def test_a_row_names_the_lines_of_its_study(lexicon: Lexicon):
    first = '{"protocolSection": {"identificationModule":\n{"nctId": "NCT00000001"}}}'
    second = '{"protocolSection": {"identificationModule": {"nctId": "NCT00000002"}}}'
    text = f'{{"studies": [\n{first},\n\n{second}\n]}}'
    assert [(row.first_line, row.last_line) for row in table_of(text, lexicon).rows] == [(2, 3), (5, 5)]


def test_a_key_that_no_study_has_is_no_column_and_one_that_some_have_is_blank_elsewhere(lexicon: Lexicon):
    bare = {"protocolSection": {"identificationModule": {"nctId": "NCT00000002"}}}
    table = table_of(json.dumps([study(), bare]), lexicon)
    assert "Collaborators" not in table.header
    assert row_of(table, 1)["Conditions"] == ""


def test_nan_counts_as_absent_and_whole_numbers_lose_their_point(lexicon: Lexicon):
    text = json.dumps(study(designModule={"enrollmentInfo": {"count": 24.0}, "studyType": float("nan")}))
    row = row_of(table_of(text, lexicon))
    assert row["Enrollment"] == "24"
    assert "Study Type" not in row


def test_half_characters_in_escapes_become_the_mark_for_what_cannot_be_shown(lexicon: Lexicon):
    text = json.dumps(
        study(identificationModule={"nctId": "NCT00000001", "briefTitle": "a\ud800b\u0000c\n d"})
    )
    assert row_of(table_of(text, lexicon))["Study Title"] == "a\ufffdb\ufffdc d"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_values_of_any_kind_are_survived(data: st.DataObject):
    def mangled(value: Any) -> Any:
        if data.draw(st.integers(0, 9)) == 0:
            return data.draw(JSON)
        if isinstance(value, dict):
            return {key: mangled(inner) for key, inner in value.items()}
        return [mangled(inner) for inner in value] if isinstance(value, list) else value

    values = study_values({key: mangled(value) for key, value in study().items()})
    assert all(isinstance(value, str) for value in values.values())


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 400), st.text(max_size=3))
def test_json_that_is_cut_or_scratched_is_an_error_and_no_crash(at: int, scratch: str):
    text = json.dumps({"studies": [study()]}, ensure_ascii=False)
    for broken in (text[:at], text[:at] + scratch + text[at + 1 :]):
        document = Document(Source("s", broken.encode("utf-8", "replace")))
        try:
            if CtGovReader().fits(document, None):  # type: ignore[arg-type]
                CtGovReader().read(document, None)  # type: ignore[arg-type]
        except SourceError:
            pass


@pytest.mark.parametrize(
    "text",
    [
        '{"studies": ' + "[" * 100_000,
        '{"studies": ' + '[{"studies":' * 100_000,
        '{"protocolSection": ' + '{"a":' * 100_000,
        '{"protocolSection": {"a": ' + "9" * 1_000_000 + "}",
        '{"studies": [' + '{"a": 1},' * 100_000,
        '{"studies": []}',
        '{"studies": [1, "a", null]}',
        '{"studies": {}}',
    ],
)
def test_json_without_studies_or_without_end_is_refused_in_time(lexicon: Lexicon, text: str):
    start = time.perf_counter()
    assert refusal(text, lexicon).startswith("export")
    assert time.perf_counter() - start < 3


def test_broken_json_names_its_line(lexicon: Lexicon):
    assert "line 3" in refusal('{"protocolSection": {\n"a": 1,\n"b": oops}}', lexicon)


# ---------------------------------------------------------------- AACT

AACT = {
    "studies.txt": "nct_id|brief_title|overall_status|phase|enrollment|study_type|start_date\n"
    "NCT00000001|Cord cells in lupus|Completed|Phase 1/Phase 2|24|Interventional|2014-05-01\n"
    "NCT00000002|Other|COMPLETED|NA|0|OBSERVATIONAL|\n",
    "conditions.txt": "id|nct_id|name|downcase_name\n1|NCT00000001|Systemic Lupus Erythematosus|x\n"
    "2|NCT00000001|Lupus Nephritis|x\n3|NCT99999999|Asthma|asthma\n",
    "interventions.txt": "id|nct_id|intervention_type|name|description\n"
    '7|NCT00000001|Biological|"UC-MSC | fresh"|"first line\nsecond ""line"""\n',
    "design_groups.txt": "id|nct_id|group_type|title|description\n"
    "5|NCT00000001|Experimental|Cells|1 × 10⁶ cells/kg once, i.v.\n6|NCT00000001|PLACEBO_COMPARATOR|Saline|\n",
    "design_group_interventions.txt": "id|design_group_id|intervention_id\n9|5|7\n",
    "design_outcomes.txt": "id|nct_id|outcome_type|measure|time_frame|population|description\n"
    "1|NCT00000001|primary|SLEDAI|6 months||\n2|NCT00000001|Secondary|Deaths|||\n",
    "sponsors.txt": "id|nct_id|agency_class|lead_or_collaborator|name\n1|NCT00000001|Other|lead|A Hospital\n",
    "countries.txt": "id|nct_id|name|removed\n1|NCT00000001|China|\n2|NCT00000001|Japan|t\n",
    "id_information.txt": "id|nct_id|id_source|id_value\n1|NCT00000001|org_study_id|L-1\n",
}


def folder_of(tmp_path: Path, files: dict[str, str] = AACT) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def archive_of(files: dict[str, str], folder: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(folder + name, text)
    return stream.getvalue()


def test_a_folder_of_pipe_files_is_one_table(tmp_path: Path, lexicon: Lexicon):
    (table,) = read_tables(open_source(folder_of(tmp_path)), lexicon)
    row = row_of(table)
    assert (table.source, table.label, table.layout) == ("export", "AACT", "AACT pipe files")
    assert [one.cells[0] for one in table.rows] == ["NCT00000001", "NCT00000002"]
    assert [(one.first_line, one.last_line) for one in table.rows] == [(2, 2), (3, 3)]
    assert row["Conditions"] == "Systemic Lupus Erythematosus|Lupus Nephritis"
    assert row["Interventions"] == "Biological: UC-MSC | fresh"
    assert row["Intervention Descriptions"] == 'UC-MSC | fresh: first line second "line"'
    assert row["Arms"] == "Experimental: Cells: 1 × 10⁶ cells/kg once, i.v.|Placebo Comparator: Saline"
    assert row["Arm Interventions"] == "Cells: Biological: UC-MSC | fresh"
    assert (row["Primary Outcome Measures"], row["Secondary Outcome Measures"]) == (
        "SLEDAI, 6 months",
        "Deaths",
    )
    assert (row["Sponsor"], row["Locations"], row["Other IDs"]) == ("A Hospital", "China", "L-1")
    assert row_of(table, 1)["Conditions"] == ""
    assert "Results First Posted" not in table.header


def test_files_and_columns_that_are_not_read_are_named(lexicon: Lexicon):
    files = AACT | {
        "eligibilities.txt": "id|nct_id\n",
        "studies.txt": "nct_id|phase|brief_title|source\nNCT00000001|1|T|S\n",
    }
    messages = " ".join(f.message for f in table_of(archive_of(files, "x/"), lexicon).findings)
    assert "of the studies there is no column for source" in messages
    assert "of the export there is no column for eligibilities.txt" in messages


def test_the_folder_its_studies_and_its_archive_read_alike(tmp_path: Path, lexicon: Lexicon):
    folder = folder_of(tmp_path)
    (whole,) = read_tables(open_source(folder), lexicon)
    (beside,) = read_tables(open_source(folder / "studies.txt"), lexicon)
    packed = table_of(archive_of(AACT, "20200101/"), lexicon)
    for other in (beside, packed):
        assert (other.header, other.rows, other.sha256) == (whole.header, whole.rows, whole.sha256)


def test_a_sibling_stands_for_the_export_when_the_studies_lie_beside_it(tmp_path: Path, lexicon: Lexicon):
    folder = folder_of(tmp_path)
    (table,) = read_tables(open_source(folder / "conditions.txt"), lexicon)
    assert table.layout == "AACT pipe files"


def test_studies_alone_are_read_with_a_warning_of_what_is_not_there(lexicon: Lexicon):
    table = table_of(AACT["studies.txt"], lexicon)
    assert row_of(table)["Phases"] == "Phase 1/Phase 2"
    assert "files-absent" in {finding.code for finding in table.findings}


@pytest.mark.parametrize("name", [name for name in AACT if name not in ("studies.txt", "keywords.txt")])
def test_another_file_alone_is_no_table_of_trials(lexicon: Lexicon, name: str):
    assert "alone" in refusal(AACT[name], lexicon)


def test_other_files_change_the_checksum(lexicon: Lexicon):
    changed = AACT | {"conditions.txt": AACT["conditions.txt"].replace("Nephritis", "nephritis")}
    assert table_of(archive_of(AACT), lexicon).sha256 != table_of(archive_of(changed), lexicon).sha256


def test_a_row_of_another_width_names_its_file_and_line(lexicon: Lexicon):
    broken = AACT | {
        "sponsors.txt": "id|nct_id|agency_class|lead_or_collaborator|name\n1|NCT00000001|Other|lead\n"
    }
    assert "export/sponsors.txt, line 2" in refusal(archive_of(broken), lexicon)


def test_an_archive_that_would_unpack_to_too_much_is_refused_in_time(lexicon: Lexicon):
    start = time.perf_counter()
    bomb = archive_of({"studies.txt": AACT["studies.txt"], "conditions.txt": "|" * 80_000_000})
    assert "would unpack" in refusal(bomb, lexicon)
    assert time.perf_counter() - start < 5


def test_a_pipe_table_of_an_article_is_none_of_aact(lexicon: Lexicon):
    text = "Disease | Cell source | Phase | nct_id\nlupus | BM | 1 | NCT00000001\n"
    assert not AactReader().fits(Document(Source("t", text.encode())), lexicon)


def test_a_folder_without_studies_stays_a_folder(tmp_path: Path):
    with pytest.raises(SourceError, match="folder"):
        open_source(tmp_path)


# ---------------------------------------------------------------- WHO


def ictrp(*trials: str) -> str:
    return f"<Trials_downloaded_from_ICTRP>{''.join(trials)}</Trials_downloaded_from_ICTRP>"


TRIAL = (
    "<Trial>\n<Internal_Number> 1 </Internal_Number><TrialID>\n ChiCTR2000000001 \n</TrialID>"
    "<Public_title>Cells in   lupus</Public_title><Target_size>cells:20;control:10;</Target_size><Phase>1-2</Phase>"
    "<Condition>Lupus &amp;lt;SLE&amp;gt;&lt;br&gt;nephritis</Condition><Intervention>cells:MSC;control:none;</Intervention>"
    "<Primary_outcome>SLEDAI;</Primary_outcome><Secondary_Sponsor/>\n</Trial>"
)


def test_the_portals_elements_are_columns_under_their_names_with_blanks(lexicon: Lexicon):
    table = table_of(
        '<?xml version="1.0"?>\n' + ictrp(TRIAL, "<Trial><TrialID>NCT00000001</TrialID></Trial>"), lexicon
    )
    row = row_of(table)
    assert (table.label, table.layout) == ("WHO ICTRP", "WHO ICTRP XML")
    assert (row["TrialID"], row["Internal Number"], row["Target size"]) == (
        "ChiCTR2000000001",
        "1",
        "cells:20;control:10;",
    )
    assert row["Public title"] == "Cells in lupus"
    assert row["Condition"] == "Lupus <SLE> nephritis"
    assert row["Secondary Sponsor"] == ""
    assert row_of(table, 1)["Phase"] == ""
    assert [(one.first_line, one.last_line) for one in table.rows] == [(2, 6), (6, 6)]


def test_lines_beyond_65535_are_told_right(lexicon: Lexicon):
    table = table_of(ictrp("\n" * 70_000, "<Trial><TrialID>NCT00000001</TrialID></Trial>"), lexicon)
    assert table.rows[0].first_line == 70_001  # type: ignore[index]


NESTED = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE trials SYSTEM "http://registry.example/trial.dtd">
<trials><trial><main><trial_id>IRCT20200101000001N1</trial_id><public_title>Cells</public_title>
<target_size>30</target_size><phase>2</phase><hc_freetext>COVID-19</hc_freetext><i_freetext>MSC twice</i_freetext></main>
<primary_outcome><prim_outcome>death</prim_outcome><prim_outcome>oxygen</prim_outcome></primary_outcome>
<countries><country2>Iran</country2></countries></trial></trials>"""


def test_a_registrys_own_xml_is_told_in_the_portals_words(lexicon: Lexicon):
    table = table_of(NESTED, lexicon)
    row = row_of(table)
    assert (row["TrialID"], row["Target size"], row["Condition"]) == (
        "IRCT20200101000001N1",
        "30",
        "COVID-19",
    )
    assert (row["Intervention"], row["Primary outcome"], row["Countries"]) == (
        "MSC twice",
        "death; oxygen",
        "Iran",
    )
    assert table.layout == "WHO trial XML of a registry"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('<!DOCTYPE t [<!ENTITY a "ha">]>' + ictrp(TRIAL.replace("lupus", "&a;")), "declares entities"),
        (
            '<!DOCTYPE t [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + ictrp(TRIAL.replace("lupus", "&a;")),
            "declares entities",
        ),
        (ictrp(TRIAL)[:-40], "the XML is broken"),
        (ictrp(TRIAL + "<a>" * 3000 + "</a>" * 3000), "the XML is broken"),
        (ictrp("<!-- <TrialID> -->"), "no trial"),
    ],
)
def test_xml_that_is_broken_or_means_harm_is_refused(lexicon: Lexicon, text: str, what: str):
    start = time.perf_counter()
    assert what in refusal(text, lexicon)
    assert time.perf_counter() - start < 3


def test_an_encoding_that_the_xml_declares_is_believed(lexicon: Lexicon):
    text = '<?xml version="1.0" encoding="ISO-8859-1"?>' + ictrp(TRIAL.replace("lupus", "lupus à"))
    assert row_of(table_of(text.encode("latin-1"), lexicon))["Public title"] == "Cells in lupus à"


# ---------------------------------------------------------------- one trial, every export

CLASSIC = (
    '"Rank","NCT Number","Title","Acronym","Status","Study Results","Conditions","Interventions","Outcome Measures",'
    '"Sponsor/Collaborators","Gender","Age","Phases","Enrollment","Funded Bys","Study Type","Study Designs","Other IDs",'
    '"Start Date","Locations","URL"\n'
    '1,"NCT00000001","Cord cells in lupus",,"Completed","No Results Available",'
    '"Systemic Lupus Erythematosus|Lupus Nephritis","Biological: UC-MSC","SLEDAI|Adverse events","A Hospital","All",'
    '"18 Years and older   (Adult, Older Adult)","Phase 1|Phase 2","24","Other","Interventional",'
    '"Allocation: Randomized|Masking: Double","L-1","May 1, 2014","A Hospital, Wuhan, China",'
    '"https://ClinicalTrials.gov/show/NCT00000001"\n'
)
CURRENT = (
    "NCT Number,Study Title,Study URL,Acronym,Study Status,Brief Summary,Study Results,Conditions,Interventions,"
    "Primary Outcome Measures,Secondary Outcome Measures,Other Outcome Measures,Sponsor,Collaborators,Sex,Age,Phases,"
    "Enrollment,Funder Type,Study Type,Study Design,Other IDs,Start Date,Locations,Study Documents\n"
    "NCT00000001,Cord cells in lupus,https://clinicaltrials.gov/study/NCT00000001,,COMPLETED,Short.,NO,"
    'Systemic Lupus Erythematosus|Lupus Nephritis,BIOLOGICAL: UC-MSC,"SLEDAI, 6 months|Adverse events",,,A Hospital,,ALL,'
    '"ADULT, OLDER_ADULT",PHASE1|PHASE2,24,OTHER,INTERVENTIONAL,Allocation: RANDOMIZED|Masking: DOUBLE,L-1,2014-05,'
    '"A Hospital, Wuhan, China",\n'
)


def record_of(data: bytes | str, lexicon: Lexicon) -> Record:
    data = data.encode() if isinstance(data, str) else data
    (parsed,) = parse_source(Source("export", data), lexicon)
    return parsed.records[0]


def values(record: Record) -> tuple[Any, ...]:
    return (
        record.phase and record.phase.label,
        record.patients,
        record.diseases and [one.label for one in record.diseases.concepts],
        [(one.number, one.valid) for one in record.registrations or ()],
        record.outcome and record.outcome.status.concept.label,
        record.references,
    )


def test_json_both_csv_generations_their_tsv_and_pipe_files_say_the_same(lexicon: Lexicon):
    expected = values(record_of(json.dumps(study()), lexicon))
    assert expected[:2] == ("I/II", 24)
    assert expected[2]
    assert expected[3] == [("NCT00000001", True)]
    tsv = "\t".join(cell.strip('"') for cell in CLASSIC.split("\n")[0].split(",")) + "\n"
    tsv += (
        CLASSIC.split("\n")[1].replace('","', "\t").replace('",,"', "\t\t").replace('1,"', "1\t").rstrip('"')
        + "\n"
    )
    for text in (CLASSIC, CURRENT, tsv, archive_of(AACT)):
        assert values(record_of(text, lexicon)) == expected


@pytest.mark.parametrize(
    ("phases", "label"),
    [(["EARLY_PHASE1"], "I"), (["NA"], ""), (["PHASE2", "PHASE3"], "II/III"), (["PHASE4"], "IV"), ([], "")],
)
def test_the_registrys_phases_are_understood(lexicon: Lexicon, phases: list[str], label: str):
    record = record_of(json.dumps(study(designModule={"phases": phases})), lexicon)
    assert record.phase is not None
    assert record.phase.label == label


def test_columns_of_the_registry_are_not_taken_for_what_the_record_has_keys_for(lexicon: Lexicon):
    for text in (CLASSIC, CURRENT):
        cells = {cell.header: cell.column for cell in record_of(text, lexicon).cells}
        for header in (
            "Study Results",
            "Study Design",
            "Study Designs",
            "Other IDs",
            "Locations",
            "Study Type",
            "Study Title",
        ):
            assert cells.get(header, header) == header


def test_what_a_placebo_arm_gets_is_not_taken_for_the_treatment(lexicon: Lexicon):
    arms = [
        {"label": "Cells", "type": "EXPERIMENTAL", "description": "2 × 10⁶ cells/kg; intrathecal"},
        {"label": "Saline", "type": "PLACEBO_COMPARATOR", "description": "5 ml; intravenous; twice"},
    ]
    record = record_of(json.dumps(study(armsInterventionsModule={"armGroups": arms})), lexicon)
    assert record.routes is not None
    assert [one.label for one in record.routes.concepts] == ["intrathecal"]
    assert record.doses is not None
    assert [(int(one.low), one.unit and one.unit.label) for one in record.doses] == [(2_000_000, "cells/kg")]


def test_descriptions_of_interventions_are_read_too(lexicon: Lexicon):
    given = [
        {
            "type": "BIOLOGICAL",
            "name": "MSC",
            "description": "3 × 10⁸ cells, intravenous",
        }
    ]
    record = record_of(json.dumps(study(armsInterventionsModule={"interventions": given})), lexicon)
    assert record.doses is not None
    assert [int(one.low) for one in record.doses] == [300_000_000]
    assert record.routes is not None
    assert [one.label for one in record.routes.concepts] == ["intravenous"]


PORTAL = (
    "TrialID,Public title,Date registration3,Recruitment Status,Target size,Study type,Phase,Condition,Intervention,"
    "Primary outcome\nChiCTR2000000001,Cells in lupus,20200101,Recruiting,cells:20;control:10;,Interventional study,1-2,"
    "Lupus,cells:MSC;control:none;,SLEDAI;\n"
)


def test_the_portals_csv_says_what_its_xml_says(lexicon: Lexicon):
    xml = ictrp(TRIAL.replace("Lupus &amp;lt;SLE&amp;gt;&lt;br&gt;nephritis", "Lupus"))
    expected = values(record_of(xml, lexicon))
    assert expected[:2] == ("I/II", 30)
    assert values(record_of(PORTAL, lexicon)) == expected


def test_the_portals_short_list_is_read_too(lexicon: Lexicon):
    text = (
        "Main ID,Public Title,Date of Registration,Recruitment status,Phase,Condition\n"
        "NCT00000001,Cells in lupus,2020-01-01,Recruiting,2,Lupus\nNCT00000002,More cells,2020-01-02,Recruiting,3,Lupus\n"
    )
    assert values(record_of(text, lexicon))[3] == [("NCT00000001", True)]


@pytest.mark.skipif(not SHARED.exists(), reason="the real exports are not beside the repository")
def test_one_real_trial_says_the_same_in_json_and_in_both_styles_of_pipe_files(lexicon: Lexicon):
    ((as_json),) = parse_source(open_source(SHARED / "NCT02017912.json"), lexicon)
    for style in ("2020-style", "2026-style"):
        (parsed,) = parse_source(open_source(SHARED / "aact" / style), lexicon)
        assert values(parsed.records[0]) == values(as_json.records[0])
