"""Before anything is sent: what a store would change is refused with its place, the rest is sorted and counted."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import GraphError
from kg.load import spool
from kg.load.read import Statement, checked_graph, read_statements
from kg.load.safe import safe_text
from kg.load.sparql import in_sparql
from kg.load.spool import write_graphs

XSD = "http://www.w3.org/2001/XMLSchema#"
GRAPH = "https://x.example/g"


def typed(lexical: str, name: str) -> ox.Literal:
    return ox.Literal(lexical, datatype=ox.NamedNode(XSD + name))


def nq(tmp_path: Path, *lines: str, name: str = "file.nq") -> Path:
    file = tmp_path / name
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def refused(file: Path, graph: str = "") -> GraphError:
    with pytest.raises(GraphError) as caught:
        list(read_statements(file, graph))
    return caught.value


@pytest.mark.parametrize(
    ("lexical", "datatype"),
    [
        *(("0", "integer"), ("-12", "integer"), ("123456789012345678", "integer")),
        *(("0.05", "decimal"), ("-1.5", "decimal"), ("2", "decimal"), ("0", "decimal")),
        *(("true", "boolean"), ("2020-02-29", "date"), ("1998", "gYear"), ("2020-12", "gYearMonth")),
        *(("http://x/ä b", "anyURI"), ("", "string"), ('a "b"\n\\u0041\t\u2028', "string")),
    ],
)
def test_what_every_store_keeps_is_taken(lexical: str, datatype: str) -> None:
    literal = typed(lexical, datatype)
    (back,) = ox.parse(f"<urn:s> <urn:p> {safe_text(literal)} .", format=ox.RdfFormat.N_TRIPLES)
    assert back.object == literal


@pytest.mark.parametrize(
    ("lexical", "datatype"),
    [
        *(("01", "integer"), ("+1", "integer"), ("-0", "integer"), ("1234567890123456789", "integer")),
        *(("1.0", "decimal"), ("1.50", "decimal"), (".5", "decimal"), ("-0", "decimal"), ("1.", "decimal")),
        *(("0.0000000000000001", "decimal"), ("1", "boolean"), ("TRUE", "boolean"), ("١٢", "integer")),
        *(("2020-02-30", "date"), ("2020-02-01Z", "date"), ("0000", "gYear"), ("2020-13", "gYearMonth")),
        *(("1.0E3", "double"), ("P1Y", "duration"), ("7", "int"), ("2020-01-01T00:00:00", "dateTime")),
        ("a\x00b", "string"),
    ],
)
def test_what_some_store_rewrites_is_refused(lexical: str, datatype: str) -> None:
    with pytest.raises(GraphError):
        safe_text(typed(lexical, datatype))


def test_languages_are_taken_without_regions_and_directions() -> None:
    assert safe_text(ox.Literal("chat", language="fr")) == '"chat"@fr'
    for literal in (
        ox.Literal("colour", language="en-GB"),
        ox.Literal("x", language="ar", direction=ox.BaseDirection.RTL),
    ):
        with pytest.raises(GraphError, match="language tags"):
            safe_text(literal)


def test_a_literal_may_have_a_megabyte_and_no_more() -> None:
    safe_text(ox.Literal("ä" * 500_000))
    with pytest.raises(GraphError, match="too long"):
        safe_text(ox.Literal("ä" * 500_001))


def test_an_iri_may_have_1800_bytes_and_no_more() -> None:
    safe_text(ox.NamedNode("urn:" + "x" * 1796))
    with pytest.raises(GraphError, match="too long"):
        safe_text(ox.NamedNode("urn:" + "x" * 1797))


def test_an_error_names_file_line_text_and_what_is_allowed(tmp_path: Path) -> None:
    bad = f'<urn:a> <urn:p> "1.50"^^<{XSD}decimal> <{GRAPH}> .'
    error = refused(nq(tmp_path, "# a comment", "", f"<urn:a> <urn:p> <urn:b> <{GRAPH}> .", bad))
    assert error.where == "file.nq, line 4"
    assert error.raw == "1.50"
    assert "trailing zeros" in error.allowed


def test_a_blank_node_is_shown_with_its_line_or_its_statement(tmp_path: Path) -> None:
    line = f"<urn:a> <urn:p> _:b <{GRAPH}> ."
    error = refused(nq(tmp_path, line))
    assert (error.where, error.raw) == ("file.nq, line 1", line)
    error = refused(nq(tmp_path, "<urn:a> <urn:p> 1, [] .", name="file.ttl"), GRAPH)
    assert (error.where, error.raw) == ("file.ttl, statement 2", "<urn:a> <urn:p> []")
    assert "IRI of its own" in error.hint


@pytest.mark.parametrize(
    "line", ["<urn:a> <urn:p> <urn:b> _:g .", "<urn:a> <p> <urn:b> .", "<urn:a> <urn:p> .", "x"]
)
def test_what_is_no_statement_of_a_named_graph_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    error = refused(nq(tmp_path, f"<urn:a> <urn:p> <urn:b> <{GRAPH}> .", line), GRAPH)
    assert error.where == "file.nq, line 2"


def test_a_triple_in_no_graph_needs_one_to_go_to(tmp_path: Path) -> None:
    for name in ("file.nt", "file.ttl", "file.nq"):
        file = nq(tmp_path, "<urn:a> <urn:p> <urn:b> .", name=name)
        assert "--graph IRI" in refused(file).hint
        assert list(read_statements(file, GRAPH)) == [Statement(GRAPH, "<urn:a> <urn:p> <urn:b> .")]


def test_a_graph_of_the_file_wins_over_the_one_for_the_rest(tmp_path: Path) -> None:
    file = nq(tmp_path, "<urn:a> <urn:p> <urn:b> .", "<urn:a> <urn:p> <urn:c> <urn:other> .")
    assert [statement.graph for statement in read_statements(file, GRAPH)] == [GRAPH, "urn:other"]


@pytest.mark.parametrize("iri", ["graph", "http://x/a b", "", "urn:" + "x" * 2000])
def test_the_graph_for_the_rest_must_be_an_iri(iri: str) -> None:
    with pytest.raises(GraphError) as caught:
        checked_graph(iri)
    assert caught.value.where == "--graph"


def test_a_file_that_is_missing_empty_or_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    assert "cannot be read" in refused(tmp_path / "none.nq").what
    assert "empty" in refused(nq(tmp_path)).what
    assert "suffix" in refused(nq(tmp_path, "x", name="file.xyz")).what
    assert "folder" in refused_folder(tmp_path)


def refused_folder(tmp_path: Path) -> str:
    (tmp_path / "folder.nq").mkdir()
    return refused(tmp_path / "folder.nq").what


def test_nested_triples_do_not_end_the_process(tmp_path: Path) -> None:
    deep = "<urn:a> <urn:b> " + "<<( <urn:a> <urn:b> " * 50_000
    assert "nested" in refused(nq(tmp_path, deep)).what


def test_a_line_without_end_is_not_read_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.load.read._LONGEST_LINE", 100)
    error = refused(nq(tmp_path, "# short", "#" + "x" * 200))
    assert (error.what, error.where) == ("the line is too long", "file.nq, line 2")


def test_graphs_are_sorted_files_with_each_triple_once(tmp_path: Path) -> None:
    statements = [
        Statement(g, f"<urn:{s}> <urn:p> <urn:o> .") for g in ("urn:b", "urn:a", "urn:a-b") for s in "cabca"
    ]
    graphs = write_graphs(statements, tmp_path)
    assert [(graph.graph, graph.triples) for graph in graphs] == [("urn:a", 3), ("urn:a-b", 3), ("urn:b", 3)]
    assert graphs[0].path.read_text() == "".join(f"<urn:{s}> <urn:p> <urn:o> .\n" for s in "abc")
    assert graphs[0].longest == len("<urn:a> <urn:p> <urn:o> .\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["graph-0.nt", "graph-1.nt", "graph-2.nt"]


@given(st.lists(st.tuples(st.sampled_from(["urn:a", "urn:a/b", "urn:a-b"]), st.text("ab \n'é", max_size=3))))
@settings(deadline=None, max_examples=60)
def test_runs_on_disk_give_what_sorting_in_memory_gives(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    statements = [Statement(g, f"<urn:s> <urn:p> {safe_text(ox.Literal(text))} .") for g, text in pairs]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool, "_RUN", 60)
        graphs = write_graphs(statements, tmp_path_factory.mktemp("runs"))
    found = {graph.graph: graph.path.read_text(encoding="utf-8").splitlines() for graph in graphs}
    expected = {
        g: sorted({s.triple for s in statements if s.graph == g}) for g in {s.graph for s in statements}
    }
    assert found == expected
    assert {graph.graph: graph.triples for graph in graphs} == {g: len(t) for g, t in expected.items()}


@pytest.mark.parametrize("size", [1, 19, 20, 21, 79, 80, 81, 1000, 12_345])
def test_a_sample_is_spread_over_the_whole_graph(tmp_path: Path, size: int) -> None:
    triples = [f"<urn:{number:06}> <urn:p> <urn:o> ." for number in range(size)]
    (graph,) = write_graphs((Statement(GRAPH, triple) for triple in triples), tmp_path)
    places = [triples.index(triple) for triple in graph.sample]
    assert len(set(places)) == min(20, size)
    gaps = [b - a for a, b in zip([0, *places], [*places, size], strict=True)]
    assert max(gaps) <= size // 20 * 2 + 2


@pytest.mark.parametrize(
    "text", ["\\u0041", "\\\\u0041", "C:\\users", "\\", "\\U0001F600", "u\\", 'a"\\u"', "\n\\u"]
)
def test_backslashes_survive_sparql(text: str) -> None:
    triple = in_sparql(f"<urn:s> <urn:p> {safe_text(ox.Literal(text))} .")
    store = ox.Store()
    store.update(f"INSERT DATA {{ {triple} }}")
    assert [quad.object for quad in store] == [ox.Literal(text)]
    assert "\\u" not in triple
