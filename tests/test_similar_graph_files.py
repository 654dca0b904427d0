"""A network's files are valid, open elsewhere with nothing lost, and are the same bytes each time."""

from __future__ import annotations

import json
import re
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from kg.errors import GraphError, KgError, OutputError
from kg.similar.network.files.formats import FORMATS, check_suffix, write_graph
from kg.similar.network.files.plain import columns, plain

GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
GEXF = "{http://www.gexf.net/1.2draft}"
CYJS_OWN = {"id", "value", "source", "target", "interaction"}


def small() -> nx.Graph:
    """Two trials and a concept, with every type of value."""
    graph = nx.Graph()
    graph.add_node(
        "https://example.org/t/1",
        kind="trial",
        name="NCT1",
        label='a "b" & <c> ’é😀',
        community=1,
        strength=0.75,
    )
    graph.add_node(
        "https://example.org/t/2", kind="trial", name="NCT2", label="two", community=2, strength=1.0
    )
    graph.add_node("measures:walk%20test", kind="measures", name="walk test", label="walk test")
    graph.add_edge("https://example.org/t/1", "measures:walk%20test", kind="states", facet="measures")
    graph.add_edge(
        "https://example.org/t/1",
        "https://example.org/t/2",
        kind="similar",
        weight=0.250001,
        disease=1e-06,
        dose=0.25,
    )
    return graph


def read(path: Path) -> nx.Graph:
    """Read a file with networkx's own reader, without what a format has for itself."""
    if path.suffix == ".graphml":
        return nx.read_graphml(path)
    if path.suffix == ".gexf":
        graph = nx.read_gexf(path)
        for *_, attributes in graph.edges(data=True):
            del attributes["id"]
        return graph
    graph = nx.cytoscape_graph(json.loads(path.read_text(encoding="utf-8")))
    for _, attributes in graph.nodes(data=True):
        for name in CYJS_OWN & set(attributes):
            del attributes[name]
    for *_, attributes in graph.edges(data=True):
        for name in (CYJS_OWN | {"name"}) & set(attributes):
            del attributes[name]
    return graph


def content(graph: nx.Graph) -> tuple[list[object], list[object]]:
    return list(graph.nodes(data=True)), [(*sorted(ends), a) for *ends, a in graph.edges(data=True)]


def xml(path: Path) -> etree._Element:
    return etree.parse(path).getroot()


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_networkx_reads_back_is_equal_in_content_types_and_order(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"network{suffix}"
    write_graph(small(), path)
    assert content(read(path)) == content(small())


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_empty_graph_is_a_whole_file_too(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"network{suffix}"
    write_graph(nx.Graph(), path)
    assert len(read(path)) == 0


texts = st.text(st.characters(), max_size=12)


@settings(deadline=None, max_examples=60)
@given(labels=st.lists(texts, min_size=1, max_size=4), number=st.floats(0, 1))
@pytest.mark.parametrize("suffix", FORMATS)
def test_any_text_can_stand_in_a_file(
    suffix: str, labels: list[str], number: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / f"network{suffix}"
    graph = nx.Graph()
    for at, label in enumerate(labels):
        graph.add_node(f"n{at}", kind="k", name="x", label=label or "x", strength=number)
    write_graph(graph, path)
    # networkx leaves out what is empty in GraphML
    expected = [(name, {"label": "", **row}) for name, row in plain(graph).nodes]
    assert [(name, {"label": "", **row}) for name, row in read(path).nodes(data=True)] == expected


def test_characters_that_xml_forbids_become_marks_and_lines_are_joined() -> None:
    graph = nx.Graph()
    graph.add_node("a\x00b", label="one\ntwo\t\x1b[31m\ufffe \ud800.\r\n")
    assert plain(graph).nodes == (("a\ufffdb", {"label": "one two \ufffd[31m\ufffd \ufffd."}),)


def test_two_nodes_that_a_file_cannot_tell_apart_are_refused(tmp_path: Path) -> None:
    graph = nx.Graph()
    graph.add_nodes_from(["a\x00", "a\x01"])
    with pytest.raises(GraphError):
        write_graph(graph, tmp_path / "network.gexf")
    assert list(tmp_path.iterdir()) == []


def test_a_value_that_no_format_knows_is_refused_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "network.graphml"
    path.write_text("old")
    graph = nx.Graph()
    graph.add_node("a", areas=["one", "two"])
    with pytest.raises(GraphError, match=r"areas"):
        write_graph(graph, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_file_that_cannot_be_written_changes_nothing(suffix: str, tmp_path: Path) -> None:
    (tmp_path / f"network{suffix}").mkdir()
    with pytest.raises(OutputError):
        write_graph(small(), tmp_path / f"network{suffix}")
    assert [path.name for path in tmp_path.iterdir()] == [f"network{suffix}"]


@pytest.mark.parametrize("name", ["network.gml", "network", "network.graphml.gz", ".gexf"])
def test_an_unknown_suffix_is_an_error_that_names_the_known(name: str, tmp_path: Path) -> None:
    with pytest.raises(KgError) as caught:
        write_graph(small(), tmp_path / "deep" / name)
    assert caught.value.allowed == ".graphml, .gexf, .cyjs"
    assert not (tmp_path / "deep").exists()


def test_a_suffix_may_be_in_capitals() -> None:
    assert check_suffix(Path("N.GraphML")) == ".graphml"


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_graph_makes_the_same_bytes_and_no_clock_shows(suffix: str, tmp_path: Path) -> None:
    first, second = (write_graph(small(), tmp_path / f"{name}{suffix}") for name in "ab")
    data = (tmp_path / f"a{suffix}").read_bytes()
    assert first == second
    assert data == (tmp_path / f"b{suffix}").read_bytes()
    assert not re.search(rb"lastmodified|20\d\d-\d\d-\d\d", data)


def test_numbers_of_a_column_are_of_one_type() -> None:
    rows = [{"a": 1, "b": 1, "c": True, "d": 1}, {"a": 0.5, "b": 2, "c": False, "d": "x"}]
    assert columns(rows) == {"a": "double", "b": "long", "c": "boolean", "d": "string"}


# ---- GraphML


def test_the_keys_of_graphml_are_declared_once_and_before_the_graph(tmp_path: Path) -> None:
    write_graph(small(), tmp_path / "n.graphml")
    root = xml(tmp_path / "n.graphml")
    ids = [key.get("id", "") for key in root.iter(f"{GRAPHML}key")]
    assert [child.tag for child in root] == [f"{GRAPHML}key"] * len(ids) + [f"{GRAPHML}graph"]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[\w.:-]+", one) for one in ids), "an id is an NMTOKEN"
    assert {data.get("key") for data in root.iter(f"{GRAPHML}data")} == set(ids)
    assert {key.get("attr.type") for key in root.iter(f"{GRAPHML}key")} == {"string", "long", "double"}


def test_no_key_of_graphml_is_one_that_gephi_takes_for_a_label(tmp_path: Path) -> None:
    write_graph(small(), tmp_path / "n.graphml")
    keys = list(xml(tmp_path / "n.graphml").iter(f"{GRAPHML}key"))
    assert [key.get("id") for key in keys if re.fullmatch(r"d\d+", key.get("id", ""))] == []
    assert [
        (key.get("for"), key.get("attr.name")) for key in keys if key.get("attr.name") in ("label", "weight")
    ] == [
        ("node", "label"),
        ("edge", "weight"),
    ]


# ---- GEXF


def test_gexf_keeps_the_rules_of_its_schema(tmp_path: Path) -> None:
    write_graph(small(), tmp_path / "n.gexf")
    root = xml(tmp_path / "n.gexf")
    (graph,) = root.findall(f"{GEXF}graph")
    assert (root.get("version"), [child.tag for child in root]) == ("1.2", [f"{GEXF}meta", f"{GEXF}graph"])
    assert set(graph.attrib) <= {"defaultedgetype", "idtype", "mode", "timeformat", "start", "end"}
    declared = {
        group.get("class"): [one.get("id") for one in group] for group in graph.findall(f"{GEXF}attributes")
    }
    assert declared == {
        "node": ["kind", "name", "community", "strength"],
        "edge": ["kind", "facet", "disease", "dose"],
    }
    for owner, ids in declared.items():
        used = {
            value.get("for") for one in graph.iter(f"{GEXF}{owner}") for value in one.iter(f"{GEXF}attvalue")
        }
        assert used == set(ids)
    types = {one.get("type") for one in graph.iter(f"{GEXF}attribute")}
    assert types <= {"integer", "long", "double", "float", "boolean", "liststring", "string", "anyURI"}
    edges = list(graph.iter(f"{GEXF}edge"))
    assert [edge.get("id") for edge in edges] == ["0", "1"]
    assert {edge.get("weight") for edge in edges} == {None, "0.250001"}


def test_a_node_without_label_is_called_by_its_name_in_gexf(tmp_path: Path) -> None:
    graph = nx.Graph()
    graph.add_node("alone")
    write_graph(graph, tmp_path / "n.gexf")
    assert [node.get("label") for node in xml(tmp_path / "n.gexf").iter(f"{GEXF}node")] == ["alone"]


# ---- Cytoscape


def test_cytoscape_json_has_what_the_desktop_asks_for(tmp_path: Path) -> None:
    write_graph(small(), tmp_path / "n.cyjs")
    document = json.loads((tmp_path / "n.cyjs").read_text(encoding="utf-8"))
    nodes, edges = (
        [element["data"] for element in document["elements"][kind]] for kind in ("nodes", "edges")
    )
    assert isinstance(document["data"], dict), "a list, as networkx writes it, is no row of a table"
    assert all(isinstance(node["id"], str) for node in nodes)
    assert {end for edge in edges for end in (edge["source"], edge["target"])} <= {
        node["id"] for node in nodes
    }
    assert [(edge["id"], edge["interaction"], edge["name"]) for edge in edges] == [
        ("e0", "states", "NCT1 (states) walk test"),
        ("e1", "similar", "NCT1 (similar) NCT2"),
    ]
