"""Every server answers like the embedded store: the bundled queries, and terms and data sets of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from kg.errors import QueryError, StoreError
from kg.queries.catalogue import QueryFile, list_queries
from kg.queries.run import run
from kg.serialise.documents import Format
from kg.similar.read import read_trials
from kg.stores.base import Answer, Answers, Graph, Result, Verdict, iri
from kg.stores.endpoint import EndpointStore, open_endpoint
from kg.stores.exchange import credentials
from kg.stores.oxigraph import OxigraphStore
from kg.stores.web import Web
from kg.vocabulary.namespaces import SKOS, TKG
from servers.commands import kg
from servers.conftest import Get
from servers.fleet import HOLDING, SERVERS
from servers.worlds import BUNDLED, E, world

QUERIES = list_queries()
Values = tuple[tuple[str, str], ...]
PROLOGUE = f"PREFIX e: <{E}>\n"
SMALL_QUERIES = {
    "terms": "SELECT ?o FROM e:g { e:a e:p ?o }",
    "union": "SELECT ?s ?o FROM e:g FROM e:h { ?s e:p ?o FILTER(isIRI(?o)) }",
    "one of two": "SELECT ?s FROM e:h { ?s e:p e:a }",
    "named": "SELECT ?g ?s FROM NAMED e:g FROM NAMED e:h { GRAPH ?g { ?s e:p e:a } }",
    "not loaded": "SELECT ?s FROM e:elsewhere { ?s ?p ?o }",
    "unbound": "SELECT ?s ?x FROM e:h { ?s e:q true OPTIONAL { ?s e:nothing ?x } }",
    "no rows": "SELECT ?s ?o FROM e:h { ?s e:nothing ?o }",
    "numbers": "SELECT (COUNT(*) AS ?n) (MIN(?o) AS ?low) FROM e:g { ?s e:p ?o FILTER(isNumeric(?o)) }",
    "yes": "ASK FROM e:h { e:c e:q true }",
    "no": "ASK FROM e:h { e:c e:q false }",
    "construct": "CONSTRUCT { ?o e:of ?s } FROM e:g FROM e:h { ?s e:p ?o FILTER(isIRI(?o)) }",
    "whole graph": "CONSTRUCT { ?s ?p ?o } FROM e:g { ?s ?p ?o }",
    "empty graph": "CONSTRUCT { ?s ?p ?o } FROM e:g { ?s e:nothing ?o }",
    "values": 'SELECT ?x { VALUES ?x { "a\\"b" "c\\\\d" "e\\nf" "g"@en 1 2.5 <https://example.org/h> } }',
}


@pytest.fixture(scope="module")
def ours() -> OxigraphStore:
    """Return the embedded store with the graphs that an endpoint is asked of: ours, not all that it has."""
    store = OxigraphStore()
    store.load(BUNDLED)
    return store


@pytest.fixture(scope="module")
def everything() -> OxigraphStore:
    store = OxigraphStore()
    store.load_text(world(), Format.NQUADS, "world")
    return store


@pytest.fixture(scope="module")
def opened() -> Iterator[dict[str, EndpointStore]]:
    stores: dict[str, EndpointStore] = {}
    yield stores
    for store in stores.values():
        store.close()


@pytest.fixture
def store(get: Get, opened: dict[str, EndpointStore], request: pytest.FixtureRequest) -> EndpointStore:
    running = get(request.param)
    if request.param not in opened:
        opened[request.param] = open_endpoint(running.url, Web(credentials(running.environ)))
    return opened[request.param]


over_servers = pytest.mark.parametrize("store", SERVERS, indirect=True)
over_worlds = pytest.mark.parametrize("store", HOLDING, indirect=True)


def unordered(answer: Answer) -> Answer:
    """Return an answer whose rows are sorted: what they are is told by the query, their order not always."""
    if isinstance(answer, Result):
        return Result(answer.columns, tuple(sorted(answer.rows, key=repr)))
    return answer


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.id)
@over_servers
def test_a_bundled_query_gives_the_same_table(store: EndpointStore, query: QueryFile, ours: Answers) -> None:
    found, expected = run(store, query), run(ours, query)
    assert unordered(found) == unordered(expected)
    assert found == expected


@cache
def other_values() -> dict[str, tuple[Values, ...]]:
    """Return for each query with concepts the values that have the shortest and the longest answer."""
    store = OxigraphStore()
    store.load(BUNDLED)
    return {query.id: chosen for query in QUERIES if (chosen := _telling(store, query))}


def _telling(store: OxigraphStore, query: QueryFile) -> tuple[Values, ...]:
    sizes = []
    for parameter in query.parameters:
        for concept in _reported(store, parameter.scheme) if parameter.scheme else ():
            values = ((parameter.name, concept),)
            answer = run(store, query, dict(values))
            sizes.append((len(answer.rows) if isinstance(answer, Result) else 0, values))
    some = sorted((size, values) for size, values in sizes if size)
    return tuple(dict.fromkeys(values for _, values in (*some[:1], *some[-1:])))


def _reported(store: OxigraphStore, scheme: str) -> list[str]:
    """Return the concepts of a scheme that reports and their doses name."""
    reports = f"VALUES ?kind {{ <{TKG.TrialReport}> <{TKG.Dose}> }} ?report a ?kind ; ?property ?concept"
    in_scheme = f"?concept <{SKOS.iri}inScheme> <https://w3id.org/trialkg/vocabulary/{scheme}>"
    rows = store.select(f"SELECT DISTINCT ?concept {{ {reports} . {in_scheme} }}").rows
    return [term.value for (term,) in rows if term]


@pytest.mark.parametrize(
    "query", [q for q in QUERIES if any(p.scheme for p in q.parameters)], ids=lambda q: q.id
)
@over_servers
def test_a_bundled_query_gives_the_same_table_for_other_concepts(
    store: EndpointStore, query: QueryFile, ours: Answers
) -> None:
    assert other_values()[query.id]
    for values in other_values()[query.id]:
        assert run(store, query, dict(values)) == run(ours, query, dict(values)), values


@over_servers
def test_the_trials_that_are_compared_are_the_same(store: EndpointStore, ours: Answers) -> None:
    found, expected = read_trials(store), read_trials(ours)
    assert found.profiles == expected.profiles
    assert (found.terms.labels, found.terms.broader) == (expected.terms.labels, expected.terms.broader)


@over_servers
def test_only_graphs_of_ours_are_asked(store: EndpointStore, ours: OxigraphStore) -> None:
    assert not [graph for graph in store.graphs if graph.startswith(E)]
    assert store.count() == ours.count()


@over_worlds
def test_a_graph_can_be_counted_by_name(store: EndpointStore, everything: OxigraphStore) -> None:
    for graph in (f"{E}g", f"{E}h", f"{E}elsewhere", *store.graphs):
        assert store.count(graph) == everything.count(graph)


@pytest.mark.parametrize("name", SMALL_QUERIES)
@over_worlds
def test_terms_and_data_sets_are_those_of_the_embedded_store(
    store: EndpointStore, name: str, everything: OxigraphStore
) -> None:
    text = PROLOGUE + SMALL_QUERIES[name]
    assert unordered(store.query(text)) == unordered(everything.query(text))


@over_worlds
def test_each_form_of_query_has_its_own_answer(store: EndpointStore) -> None:
    assert isinstance(store.query("SELECT ?x { VALUES ?x { 1 } }"), Result)
    assert isinstance(store.query(PROLOGUE + SMALL_QUERIES["construct"]), Graph)
    assert store.query("ASK {}") == Verdict(True)
    for method in (store.select, store.construct):
        with pytest.raises(QueryError):
            method("ASK {}")


@over_worlds
def test_a_resource_can_be_described(store: EndpointStore) -> None:
    described = store.construct(f"DESCRIBE <{E}b> FROM <{E}g>")
    assert (iri(f"{E}b"), iri(f"{E}p"), iri(f"{E}a")) in described.triples


@pytest.mark.parametrize("text", ["SELECT ?x {", "SELECT { ?s ?p ?o }", "PREFIX e: <a> ASK { f:x ?p ?o }"])
@over_worlds
def test_a_query_that_is_wrong_says_where(store: EndpointStore, text: str) -> None:
    with pytest.raises(QueryError, match=r"line|prefix|not a SPARQL query"):
        store.query(text)


@pytest.mark.parametrize(
    "text",
    [
        f"DROP GRAPH <{E}g>",
        f"INSERT DATA {{ GRAPH <{E}g> {{ <{E}x> <{E}x> 1 }} }}",
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ],
)
@over_worlds
def test_nothing_is_changed_or_fetched_by_a_query(
    store: EndpointStore, text: str, everything: OxigraphStore
) -> None:
    with pytest.raises(QueryError):
        store.query(text)
    assert store.count(f"{E}g") == everything.count(f"{E}g")


@pytest.mark.parametrize("name", SERVERS)
def test_the_command_prints_the_same_table(get: Get, name: str) -> None:
    running = get(name)
    command = ("query", "trial-card", "--set", "trial=NCT02336230", "--format", "csv", "--on")
    found = kg(*command, running.url, environ=running.environ)
    expected = kg(*command, BUNDLED)
    assert (found.code, found.out) == (0, expected.out), found.err
    assert expected.out.count("\n") > 1


def test_an_endpoint_that_wants_a_token_is_asked_with_it(get: Get) -> None:
    running = get("kg-serve-token")
    command = ("query", "table-overview", "--format", "csv", "--on", running.url)
    assert kg(*command, environ=running.environ).out == kg(*command[:-1], BUNDLED).out


@pytest.mark.parametrize("environ", [{}, {"TRIALKG_TOKEN": "not-the-one"}, {"TRIALKG_USER": "dba"}])
def test_without_the_token_the_message_says_where_to_put_it(get: Get, environ: dict[str, str]) -> None:
    done = kg("query", "table-overview", "--on", get("kg-serve-token").url, environ=environ)
    assert (done.code, done.out) == (2, "")
    assert "401" in done.err
    assert "TRIALKG_TOKEN" in done.err
    assert "not-the-one" not in done.err


@pytest.mark.parametrize("name", SERVERS)
def test_a_place_without_an_endpoint_is_an_error(get: Get, name: str) -> None:
    running = get(name)
    with pytest.raises(StoreError):
        open_endpoint(f"{running.url}/nothing/here", Web())
