"""The loaded data → its title, and the IRIs that its resources begin with, so that paths here can stand for them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from kg.serve.http.respond import Answers
from kg.serve.tasks import Ask
from kg.vocabulary.namespaces import ROOT, TKG

_TABLES = ("application/sparql-results+json",)
_GRAPHS = "SELECT DISTINCT ?found { GRAPH ?found {} } LIMIT 10000"
# in a file without named graphs
_REPORTED = f"SELECT DISTINCT ?found {{ ?found a <{TKG.Table}> }} LIMIT 10000"
# terminologies that are linked to are described too; ours is the data set that has graphs
_OURS = """PREFIX void: <http://rdfs.org/ns/void#> PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
SELECT DISTINCT ?found { ?data a void:Dataset ; PROPERTY ?found FILTER EXISTS { ?data sd:namedGraph ?graph } }
ORDER BY ?found LIMIT 100"""


async def find_title(pool: Answers) -> str:
    """Return what the data says it is called; "" when it does not, or when several data sets do."""
    titles = await _values(pool, _OURS.replace("PROPERTY", "dcterms:title"))
    return titles[0] if len(titles) == 1 else ""


async def find_bases(pool: Answers) -> tuple[str, ...]:
    """Return the bases of the data, the most particular first; the one of the ontology is always among them."""
    found = {ROOT}
    for text, kind in (
        (_GRAPHS, "graph/"),
        (_REPORTED, "table/"),
        (_OURS.replace("PROPERTY", "void:uriSpace"), ""),
    ):
        found.update(_bases(await _values(pool, text), kind))
    return tuple(sorted(found, key=lambda base: (-len(base), base)))


def _bases(iris: Iterable[str], kind: str) -> Iterator[str]:
    """Yield what stands before "graph/NAME" in IRIs of that kind; without a kind, the IRIs that end as a base does."""
    for iri in iris:
        before, slash, local = iri.rpartition(kind) if kind else (iri, "", "")
        if (slash or not kind) and before.endswith(("/", "#")) and "/" not in local:
            yield before


async def _values(pool: Answers, text: str) -> list[str]:
    reply = await pool.answer(Ask("query", text, _TABLES))
    rows = json.loads(reply.body)["results"]["bindings"] if reply.status == 200 else []
    return [row["found"]["value"] for row in rows]
