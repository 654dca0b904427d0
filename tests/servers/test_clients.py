"""The programs that people ask endpoints with get right answers from `kg serve`, with their usual settings."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from serve_process import running
from serving import BASE, GRAPH

from servers.comunica import node
from servers.running import AbsentError

LABELS = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> SELECT ?s ?l { ?s rdfs:label ?l } ORDER BY ?s"
MAKING = "CONSTRUCT { ?s <urn:p> ?l } WHERE { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
EXPECTED = [(f"{BASE}trial/NCT1", "One"), (f"{BASE}trial/NCT2", "Zwei é")]
SECONDS = 60


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("clients")
    file = folder / "small.nq"
    file.write_text(GRAPH, encoding="utf-8")
    with running(folder, file) as server:
        yield f"{server.url}sparql"


# --- SPARQLWrapper -------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # SPARQLWrapper makes one
@pytest.mark.parametrize(
    ("method", "by"), [("GET", "urlencoded"), ("POST", "urlencoded"), ("POST", "postdirectly")]
)
def test_sparqlwrapper(url: str, method: str, by: str) -> None:
    client = pytest.importorskip("SPARQLWrapper", reason="pip install SPARQLWrapper")

    def asking(query: str, form: str = "") -> object:
        wrapper = client.SPARQLWrapper(url)
        wrapper.setTimeout(SECONDS)
        wrapper.setMethod(method)
        wrapper.setRequestMethod(by)
        wrapper.setQuery(query)
        if form:
            wrapper.setReturnFormat(form)
        return wrapper.query().convert()

    rows = asking(LABELS, client.JSON)["results"]["bindings"]  # type: ignore[index]
    assert [(row["s"]["value"], row["l"]["value"]) for row in rows] == EXPECTED
    assert "Zwei é" in asking(LABELS, client.XML).toxml()  # type: ignore[attr-defined]
    assert "Zwei é" in asking(LABELS).toxml()  # type: ignore[attr-defined]
    assert asking(LABELS, client.CSV).decode().count("\r\n") == 3  # type: ignore[attr-defined]
    assert asking("ASK { ?s ?p ?o }", client.JSON)["boolean"] is True  # type: ignore[index]
    assert len(asking(MAKING, client.RDFXML)) == 2  # type: ignore[arg-type]
    turtle = asking(MAKING, client.TURTLE)
    assert len(rdflib.Graph().parse(data=turtle, format="turtle")) == 2  # type: ignore[arg-type]


# --- rdflib --------------------------------------------------------------------------------------


def test_rdflib_with_its_usual_settings(url: str) -> None:
    store = SPARQLStore(url, timeout=SECONDS)
    graph = rdflib.Graph(store)
    assert [(str(row.s), str(row.l)) for row in graph.query(LABELS)] == EXPECTED  # type: ignore[union-attr]
    assert len(graph) == 4
    label = rdflib.RDFS.label
    assert (None, label, rdflib.Literal("Zwei é", lang="de")) in graph
    assert set(graph.subjects(label)) == {rdflib.URIRef(name) for name, _ in EXPECTED}
    assert graph.query("ASK { ?s ?p ?o }").askAnswer is True
    assert len(list(graph.query(MAKING))) == 2


def test_rdflib_lists_the_graphs_and_reads_one(url: str) -> None:
    names = [str(name) for name in SPARQLStore(url, timeout=SECONDS).contexts()]
    assert sorted(names) == [f"{BASE}graph/a", f"{BASE}graph/b"]
    one = rdflib.Graph(SPARQLStore(url, timeout=SECONDS), identifier=f"{BASE}graph/a")
    assert [str(value) for value in one.objects(None, rdflib.RDFS.label)] == ["One"]
    assert len(one) == 2


def test_rdflib_reads_a_graph_of_the_store_and_a_thing_of_the_data(url: str) -> None:
    root = url.removesuffix("sparql")
    graph = rdflib.Graph().parse(f"{root}store?{urlencode({'graph': f'{BASE}graph/b'})}")
    assert len(graph) == 2
    thing = rdflib.Graph().parse(f"{root}trial/NCT1")
    assert (rdflib.URIRef(f"{BASE}trial/NCT1"), rdflib.RDFS.label, rdflib.Literal("One")) in thing


# --- pandas --------------------------------------------------------------------------------------


def test_pandas_reads_a_table_from_a_url(url: str) -> None:
    pandas = pytest.importorskip("pandas", reason="pip install pandas")
    query = urlencode({"query": f"SELECT ?s ?n {{ ?s <{BASE}p> ?n }} ORDER BY ?n"})
    table = pandas.read_csv(f"{url}?{query}", storage_options={"Accept": "text/csv"})
    assert list(table.columns) == ["s", "n"]
    assert table["n"].sum() == 3
    assert table["s"][0] == EXPECTED[0][0]


# --- curl ----------------------------------------------------------------------------------------


def curl(*arguments: str) -> str:
    program = shutil.which("curl")
    if program is None:
        pytest.skip("curl is not installed")
    done = subprocess.run(
        [program, "--silent", "--show-error", "--fail-with-body", "--max-time", str(SECONDS), *arguments],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout.decode()


def read(text: str, media: str) -> list[tuple[str, str]]:
    """Return names and labels of an answer in one of the forms that rows have."""
    if media == "text/csv":
        return [(row["s"], row["l"]) for row in csv.DictReader(io.StringIO(text))]
    if media == "text/tab-separated-values":
        lines = [line.split("\t") for line in text.splitlines()[1:]]
        return [(s.strip("<>"), label.removesuffix("@de").strip('"')) for s, label in lines]
    found = ox.parse_query_results(text.encode(), format=ox.QueryResultsFormat.from_media_type(media))
    assert isinstance(found, ox.QuerySolutions)
    return [(row["s"].value, row["l"].value) for row in found]


@pytest.mark.parametrize(
    "media",
    [
        *("application/sparql-results+json", "application/sparql-results+xml"),
        *("text/csv", "text/tab-separated-values"),
    ],
)
def test_curl_in_the_forms_of_rows(url: str, media: str) -> None:
    asked = ("--data-urlencode", f"query={LABELS}", "--header", f"Accept: {media}", url)
    assert read(curl(*asked), media) == EXPECTED
    assert read(curl("--get", *asked), media) == EXPECTED


@pytest.mark.parametrize(
    "media", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
def test_curl_in_the_forms_of_graphs(url: str, media: str, tmp_path: Path) -> None:
    file = tmp_path / "query.rq"
    file.write_text(MAKING, encoding="utf-8")
    sent = ("--header", "Content-Type: application/sparql-query", "--data-binary", f"@{file}")
    text = curl("--header", f"Accept: {media}", *sent, url)
    form = ox.RdfFormat.from_media_type(media)
    assert form is not None
    assert len([*ox.parse(text.encode(), format=form)]) == 2


def test_curl_keeps_an_answer_and_asks_whether_it_is_still_right(url: str, tmp_path: Path) -> None:
    kept, tag = tmp_path / "kept.csv", tmp_path / "tag"
    asked = ("--get", "--data-urlencode", f"query={LABELS}", "--header", "Accept: text/csv", url)
    curl("--output", str(kept), "--etag-save", str(tag), *asked)
    again = curl("--etag-compare", str(tag), "--write-out", "%{http_code} %{size_download}", *asked)
    assert again == "304 0"


# --- Comunica ------------------------------------------------------------------------------------


def comunica(source: str, query: str, media: str) -> str:
    home = Path(os.environ.get("COMUNICA", "~/.cache/trialkg-servers/comunica")).expanduser()
    script = home / "node_modules/.bin/comunica-sparql-file"
    try:
        program = node()
    except AbsentError as error:
        pytest.skip(str(error))
    if not script.exists():
        pytest.skip(
            f"no Comunica in {home}; COMUNICA=FOLDER names where @comunica/query-sparql-file is installed"
        )
    done = subprocess.run(
        [program, script, source, query, "-t", media],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("prefix", ["sparql@", ""], ids=["told", "by the description"])
def test_comunica_asks_the_endpoint(url: str, prefix: str) -> None:
    answer = json.loads(comunica(prefix + url, LABELS, "application/sparql-results+json"))
    rows = answer["results"]["bindings"]
    assert [(row["s"]["value"], row["l"]["value"]) for row in rows] == EXPECTED
    made = comunica(prefix + url, MAKING, "application/n-triples")
    assert len([*ox.parse(made, format=ox.RdfFormat.N_TRIPLES)]) == 2


def test_comunica_reads_a_thing_of_the_data(url: str) -> None:
    thing = f"{url.removesuffix('sparql')}trial/NCT1"
    answer = json.loads(comunica(thing, LABELS, "application/sparql-results+json"))
    assert [row["l"]["value"] for row in answer["results"]["bindings"]] == ["One"]
