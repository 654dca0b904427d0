"""Several sources become one graph: the same whatever their order, each table once, each report kept."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.build.run import Options, build
from kg.build.sources import read_all
from kg.graph.iris import Minter
from kg.graph.stream import find_disagreements, merged_blocks
from kg.model import Block, Parsed
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon
from kg.vocabulary.namespaces import RDF_TYPE, TKG

HEADER = ("Disease", "Cell source", "Route", "Dose", "Patients", "NCT number", "Phase")
ROWS = (
    ("Crohn's disease", "Bone marrow", "i.v.", "2 × 10⁶ cells/kg", "12", "NCT01234567", "I/II"),
    ("Lupus nephritis", "Umbilical cord", "Intravenous", "1 × 10⁶ cells/kg", "20", "NCT07654321", "II"),
)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return bundled_lexicon()


def csv(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER, lead: str = "") -> str:
    return lead + "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in (header, *rows))


def write(folder: Path, **texts: str) -> dict[str, str]:
    """Write each text under its name, "_" for the dot, and return the paths by that name."""
    paths = {name: folder / name.replace("_", ".") for name in texts}
    for name, path in paths.items():
        path.write_text(texts[name], encoding="utf-8")
    return {name: str(path) for name, path in paths.items()}


def read(paths: list[str], lexicon: Lexicon) -> tuple[Parsed, ...]:
    return read_all(paths, lexicon, lambda _: None)


def blocks(paths: list[str], lexicon: Lexicon) -> list[Block]:
    return list(merged_blocks(read(paths, lexicon), lexicon, Minter(), []))


def count(found: list[Block], of_class: str) -> int:
    return sum((RDF_TYPE, of_class) in block.statements for block in found)


def test_a_trial_of_two_tables_is_one_trial_with_both_reports(tmp_path: Path, lexicon: Lexicon) -> None:
    paths = write(tmp_path, a_csv=csv(*ROWS), b_csv=csv(ROWS[0]))
    found = blocks(list(paths.values()), lexicon)
    assert (count(found, TKG.ClinicalTrial), count(found, TKG.TrialReport)) == (2, 3)


def test_tables_that_disagree_on_a_trial_give_a_discrepancy_between_their_reports(
    tmp_path: Path, lexicon: Lexicon
) -> None:
    other = (*ROWS[0][:4], "48", *ROWS[0][5:])
    paths = write(tmp_path, a_csv=csv(ROWS[0]), b_csv=csv(other))
    (found,) = find_disagreements(read(list(paths.values()), lexicon), lexicon, Minter())
    assert (found.term, [one.words for one in found.said]) == ("participants", ["12", "48"])


def test_the_order_of_the_sources_changes_no_byte(tmp_path: Path) -> None:
    paths = write(
        tmp_path, a_csv=csv(*ROWS), b_csv=csv(ROWS[0]), c_csv=csv(ROWS[1], lead="Table 4. Trials\n")
    ).values()
    folders = []
    for number, order in enumerate(permutations(paths)):
        folders.append(tmp_path / f"out{number}")
        build(order, folders[-1], Options(), lambda _: None)
    for file in folders[0].iterdir():
        assert {(folder / file.name).read_bytes() for folder in folders} == {file.read_bytes()}, file.name


def test_a_table_given_twice_counts_once(tmp_path: Path, lexicon: Lexicon) -> None:
    path = write(tmp_path, a_csv=csv(*ROWS))["a_csv"]
    copy = tmp_path / "folder" / "a.csv"
    copy.parent.mkdir()
    copy.write_bytes(Path(path).read_bytes())
    assert blocks([path, path], lexicon) == blocks([path, str(copy)], lexicon) == blocks([path], lexicon)


def test_a_table_in_two_layouts_counts_once_and_keeps_the_copy_that_says_more(
    tmp_path: Path, lexicon: Lexicon
) -> None:
    tabs = "\n".join("\t".join(row) for row in (HEADER, *ROWS))
    paths = write(tmp_path, a_csv=csv(*ROWS), b_tsv=f"Table 4. Trials of cells\n{tabs}\n")
    (kept,) = read(list(paths.values()), lexicon)
    assert (kept.table.source, kept.table.label) == ("b.tsv", "Table 4")


def test_two_tables_that_claim_to_be_the_same_are_both_kept_with_a_warning(
    tmp_path: Path, lexicon: Lexicon
) -> None:
    lead = "doi: 10.1000/made-up\nTable 4. Trials\n"
    paths = write(tmp_path, a_csv=csv(ROWS[0], lead=lead), b_csv=csv(ROWS[1], lead=lead))
    tables = read(list(paths.values()), lexicon)
    assert [any(f.code == "table-clash" for f in parsed.findings) for parsed in tables] == [True, True]
    assert count(blocks(list(paths.values()), lexicon), TKG.Table) == 2


rows = st.lists(st.sampled_from(ROWS), min_size=1, max_size=3)


@settings(deadline=None, max_examples=20)
@given(one=rows, other=rows)
def test_the_graph_of_two_sources_has_what_each_alone_has(
    one: list[tuple[str, ...]], other: list[tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    lexicon = bundled_lexicon()
    paths = list(write(tmp_path_factory.mktemp("two"), a_csv=csv(*one), b_csv=csv(*other)).values())
    apart = {
        (block.subject, statement)
        for path in paths
        for block in blocks([path], lexicon)
        for statement in block.statements
        if "/table/" not in block.subject and "/graph/" not in block.subject
    }
    together = {(block.subject, s) for block in blocks(paths, lexicon) for s in block.statements}
    assert apart <= together
