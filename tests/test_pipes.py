"""Tables with pipes come back cell for cell, however their borders are drawn; other texts with pipes are none."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Table
from kg.readers.base import Source, open_source
from kg.readers.choose import read_tables
from kg.readers.document import Document
from kg.readers.pipes import PipesReader
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon, load_lexicon

SHARED = Path(__file__).resolve().parents[2] / "shared"

HEADER = ("Disease", "Cell source", "Route", "Dose")
ROWS = [("lupus", "BM", "i.v.", "1"), ("GVHD", "UC", "i.m.", "2")]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(vocabulary_files())


def all_of(text: str, lexicon: Lexicon) -> tuple[Table, ...]:
    return read_tables(Source("page.txt", text.encode()), lexicon)


def read(text: str, lexicon: Lexicon) -> Table:
    (table,) = all_of(text, lexicon)
    return table


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def line(row: tuple[str, ...], before: str = "", behind: str = "") -> str:
    return before + " | ".join(row) + behind


# ---------------------------------------------------------------- borders


@pytest.mark.parametrize(("before", "behind"), [("", ""), ("| ", " |"), ("", " |"), ("| ", "")])
@pytest.mark.parametrize(
    "rule", ["", "---|---|---|---", "|:--|:-:|--:|---|", "|-|-|-|-|", "| --- | --- | --- | --- |"]
)
def test_pipes_at_the_ends_and_lines_of_dashes_are_borders(
    lexicon: Lexicon, before: str, behind: str, rule: str
):
    lines = [line(HEADER, before, behind), rule, *(line(row, before, behind) for row in ROWS)]
    table = read("\n".join(filter(None, lines)) + "\n", lexicon)
    assert (table.header, cells(table)) == (HEADER, ROWS)
    assert table.layout == PipesReader().name


@pytest.mark.parametrize(
    "text",
    [
        (
            "+---------+-------------+-------+------+\n| Disease | Cell source | Route | Dose |\n"
            "+=========+=============+=======+======+\n| lupus   | BM          | i.v.  | 1    |\n"
            "+---------+-------------+-------+------+\n| GVHD    | UC          | i.m.  | 2    |\n"
            "+---------+-------------+-------+------+\n"
        ),
        (
            "┌─────────┬─────────────┬───────┬──────┐\n│ Disease │ Cell source │ Route │ Dose │\n"
            "├─────────┼─────────────┼───────┼──────┤\n│ lupus   │ BM          │ i.v.  │ 1    │\n"
            "│ GVHD    │ UC          │ i.m.  │ 2    │\n└─────────┴─────────────┴───────┴──────┘\n"
        ),
        (
            " Disease | Cell source | Route | Dose \n---------+-------------+-------+------\n"
            " lupus   | BM          | i.v.  | 1    \n GVHD    | UC          | i.m.  | 2    \n"
        ),
    ],
)
def test_drawn_borders_are_borders(lexicon: Lexicon, text: str):
    table = read(text, lexicon)
    assert (table.header, cells(table)) == (HEADER, ROWS)


def test_a_cell_inside_drawn_borders_may_stand_on_several_lines(lexicon: Lexicon):
    rule = "+-------+------+-------+------+\n"
    text = f"{rule}| Disease | Cell source | Route | Dose |\n{rule}| lupus | bone | i.v. | 1 |\n|  | marrow |  | ml |\n"
    table = read(f"{text}{rule}| GVHD | UC | i.m. | 2 |\n{rule}", lexicon)
    assert cells(table) == [("lupus", "bone marrow", "i.v.", "1 ml"), ROWS[1]]
    assert [(row.first_line, row.last_line) for row in table.rows] == [(4, 5), (7, 7)]


def test_a_plus_behind_a_cell_of_a_listing_says_that_it_goes_on(lexicon: Lexicon):
    text = " Disease | Cell source | Route | Dose \n---+---+---+---\n lupus  +| BM | i.v. | 1 \n type 2  |  |  | \n"
    assert cells(read(f"{text} GVHD | UC | i.m. | 2 \n", lexicon)) == [
        ("lupus type 2", "BM", "i.v.", "1"),
        ROWS[1],
    ]


def test_cells_of_dashes_are_cells(lexicon: Lexicon):
    text = "Disease | Route | Dose\n---|---|---\nlupus | - | -\n— | — | —\nGVHD | -- | 1\n"
    assert cells(read(text, lexicon)) == [("lupus", "-", "-"), ("—", "—", "—"), ("GVHD", "--", "1")]


def test_an_escaped_pipe_is_part_of_its_cell(lexicon: Lexicon):
    text = "| Disease | Route | Dose |\n|---|---|---|\n| a\\|b | c | d |\n| e | f | g |\n"
    assert cells(read(text, lexicon))[0] == ("a|b", "c", "d")


def test_marks_of_markdown_are_no_text(lexicon: Lexicon):
    text = (
        "| **Disease** | Route | Dose |\n|---|---|---|\n| [lupus](#l) | *i.v.*<br>slow | 2 × 10<sup>6</sup> |\n"
        "| GVHD\\* | \\[1\\] | 10^6^ |\n"
    )
    table = read(text, lexicon)
    assert table.header == ("Disease", "Route", "Dose")
    assert cells(table) == [("lupus", "i.v. slow", "2 × 10⁶"), ("GVHD*", "[1]", "10⁶")]


def test_a_blank_cell_at_an_end_stays_a_cell(lexicon: Lexicon):
    text = "Disease | Route | Dose\nlupus | i.v. | 1\nGVHD | i.v. | \nMS | i.m. | 3\n | i.v. | 4\n"
    table = read(text, lexicon)
    assert cells(table) == [
        ("lupus", "i.v.", "1"),
        ("GVHD", "i.v.", ""),
        ("MS", "i.m.", "3"),
        ("MS", "i.v.", "4"),
    ]
    assert table.rows[3].inherited == (0,)


# ---------------------------------------------------------------- broken rows, sections, notes


def test_a_row_broken_over_lines_is_put_together(lexicon: Lexicon):
    text = "Disease | Route | Dose\nlupus | i.v. | 1\nGVHD | by a\n\nvein | 2\nMS | i.m. | 3\n"
    table = read(text, lexicon)
    assert cells(table)[1:] == [("GVHD", "by a vein", "2"), ("MS", "i.m.", "3")]
    assert (table.rows[1].first_line, table.rows[1].last_line) == (3, 5)
    assert [finding.code for finding in table.findings] == ["row-joined"]


def test_the_last_cell_goes_on_below_when_the_line_begins_small(lexicon: Lexicon):
    text = "Disease | Route | Outcome\nlupus | i.v. | better in\nmost of them\nGVHD | i.v. | safe\n"
    assert cells(read(text, lexicon)) == [
        ("lupus", "i.v.", "better in most of them"),
        ("GVHD", "i.v.", "safe"),
    ]


@pytest.mark.parametrize(
    "section", ["Heart | ||||", "Heart", "| Heart |||||", "**Heart** | | | |", "Heart |"]
)
def test_a_section_row_may_have_any_number_of_pipes(lexicon: Lexicon, section: str):
    lines = [line(HEADER, "", " |"), "---|---|---|---|", section, *(line(row, "", " |") for row in ROWS)]
    table = read("\n".join(lines), lexicon)
    assert table.header == ("section", *HEADER)
    assert cells(table) == [("Heart", *row) for row in ROWS]


def test_text_above_is_caption_and_text_below_is_legend(lexicon: Lexicon):
    body = "\n".join(map(line, [HEADER, *ROWS]))
    table = read(
        f"A page\n\nTable 2 | Trials of cells\n{body}\nBM, bone marrow; UC, umbilical cord\n", lexicon
    )
    assert (table.title, table.label, table.caption) == ("A page", "Table 2", "Trials of cells")
    assert table.legend == "BM, bone marrow; UC, umbilical cord"


def test_each_table_of_a_file_has_its_own_label_head_and_legend(lexicon: Lexicon):
    body = "\n".join(map(line, [HEADER, *ROWS]))
    other = "Disease | Phase | Patients\nMS | I | 9\nMS | II | 10"
    page = f"Table 1. One\n{body}\nBM, bone marrow; UC, umbilical cord\n\nTable 2. Two\n{other}\n* Planned.\n"
    first, second = all_of(page, lexicon)
    assert (first.label, second.label, len(cells(first)), len(cells(second))) == ("Table 1", "Table 2", 2, 2)
    assert (first.legend, second.legend) == ("BM, bone marrow; UC, umbilical cord", "* Planned.")
    assert second.rows[0].first_line == 9


def test_a_heading_of_markdown_begins_another_table(lexicon: Lexicon):
    table = "| Disease | Route | Dose |\n|---|---|---|\n| a | b | c |\n| d | e | f |\n"
    glossary = "## Words\n\n| Term | Meaning |\n|---|---|\n| a | b |\n| c | d |\n"
    first, second = all_of(
        f"# Page\n\n{table}\n## More trials\n\n{table.replace('| a |', '| x |')}\n{glossary}", lexicon
    )
    assert (len(cells(first)), len(cells(second)), second.caption) == (2, 2, "More trials")
    assert [finding.code for finding in first.findings] == ["table-left-out"]


def test_a_table_that_goes_on_under_its_label_is_one_table(lexicon: Lexicon):
    body = [line(HEADER), *map(line, ROWS)]
    text = "\n".join(["Table 2. Trials", *body, "Table 2. (continued)", *body])
    table = read(text, lexicon)
    assert cells(table) == [*ROWS, *ROWS]


# ---------------------------------------------------------------- what is no table with pipes


@pytest.mark.parametrize(
    "text",
    [
        "Journal | Volume 3 | Issue 2\nThe dose, route and disease | were given.\nHome | Search | Login\n",
        "Disease\tRoute\tDose\na|b\tc|d\te|f\ng|h\ti|j\tk|l\n",
        "nct_id|phase|enrollment|overall_status|source\nNCT01234567|PHASE1|9|COMPLETED|X\nNCT01234568|PHASE1|9|X|Y\n",
        '{"disease": "a|b", "dose": "c|d"}\n{"disease": "a|b"}\n',
        "Disease Route Dose\na b c\n",
    ],
)
def test_other_texts_with_pipes_are_left_to_other_readers(lexicon: Lexicon, text: str):
    reader = PipesReader()
    tables = []
    if reader.fits(Document(Source("page", text.encode())), lexicon) and "\t" in text:
        tables = all_of(text, lexicon)
        assert tables[0].layout != reader.name
    else:
        assert not tables


def test_lists_with_pipes_in_cells_of_csv_stay_lists(lexicon: Lexicon):
    text = 'NCT Number,Conditions,Interventions,Phases\nNCT01234567,"a|b","c|d, e|f",PHASE1|PHASE2\n'
    table = read(text, lexicon)
    assert cells(table) == [("NCT01234567", "a|b", "c|d, e|f", "PHASE1|PHASE2")]


def test_commas_in_headers_between_pipes_are_text(lexicon: Lexicon):
    text = "Disease, type | Route | Dose, unit | Author, year\nlupus, a | i.v., slow | 1, 2 | Doe, 2020\n" * 1
    table = read(f"{text}MS, b | i.m. | 3 | Roe, 2021\n", lexicon)
    assert cells(table)[0] == ("lupus, a", "i.v., slow", "1, 2", "Doe, 2020")


# ---------------------------------------------------------------- one grid, any dialect

words = st.text("abcxyz ,;.µ–×⁶()/0123456789", min_size=1, max_size=9).map(
    lambda text: " ".join(text.split())
)
filled = words.filter(lambda text: any(map(str.isalnum, text)))
grids = st.lists(st.tuples(st.just("row"), filled, words, filled), min_size=1, max_size=6)


def as_csv(rows: list[tuple[str, ...]], **dialect: object) -> str:
    text = io.StringIO()
    csv.writer(text, **dialect).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()


def as_markdown(rows: list[tuple[str, ...]]) -> str:
    head, *body = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([head, "|---|:-:|---|--:|", *body])


def as_box(rows: list[tuple[str, ...]]) -> str:
    rule = "+--------+--------+-------+------+"
    return "\n".join([rule, *(part for row in rows for part in (line(row, "| ", " |"), rule))])


@given(rows=grids)
@settings(deadline=None, max_examples=60)
def test_a_grid_is_the_same_table_in_every_dialect(lexicon: Lexicon, rows: list[tuple[str, ...]]):
    whole = [HEADER, ("first", "row", "of", "many"), *rows]
    texts = [
        as_csv(whole),
        as_csv(whole, delimiter=";", quoting=csv.QUOTE_ALL),
        as_csv(whole, delimiter="\t"),
        "\n".join(map(line, whole)),
        "\n".join(line(row, "| ", " |") for row in whole),
        "\n".join(line(row, "", " |") for row in whole),
        as_markdown(whole),
        as_box(whole),
    ]
    for text in texts:
        table = read(text, lexicon)
        assert (table.header, cells(table)) == (HEADER, whole[1:]), text


@given(st.text("ab|+-=\\*\n \tDisease Route", max_size=80))
@settings(deadline=None, max_examples=60)
def test_any_text_with_pipes_is_looked_at_without_failing(lexicon: Lexicon, text: str):
    document = Document(Source("page", f"x{text}".encode()))
    assert PipesReader().fits(document, lexicon) in (True, False)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared tables are not part of the repository")
@pytest.mark.parametrize(
    ("name", "rows", "columns"),
    [
        ("01-ards-pipe.txt", 5, 10),
        ("12-cardiac-sectionrows-pipe.txt", 15, 8),
        ("33-covid-stage-pipe.txt", 10, 6),
    ],
)
def test_tables_of_articles_are_read(lexicon: Lexicon, name: str, rows: int, columns: int):
    (table,) = read_tables(open_source(SHARED / "tables" / name), lexicon)
    assert (len(cells(table)), len(table.header)) == (rows, columns)
    assert all(len(row) == columns for row in cells(table))
