"""The loaded data → the IRIs that its resources begin with, so that paths of this server can stand for them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from kg.serve.respond import Answers
from kg.serve.tasks import Ask
from kg.vocabulary.namespaces import ROOT, TKG

_TABLES = ("application/sparql-results+json",)
# named graphs, then (in a file without any) tables, and what a description says: of the data, not of what it links to
_GRAPHS = "SELECT DISTINCT ?iri { GRAPH ?iri {} } LIMIT 10000"
_OTHERS = f"""PREFIX void: <http://rdfs.org/ns/void#>
SELECT DISTINCT ?iri {{
  {{ ?iri a <{TKG.Table}> }} UNION {{
    ?d a void:Dataset ; void:uriSpace ?iri
    FILTER NOT EXISTS {{ ?links void:objectsTarget|void:target ?d }}
  }}
}} LIMIT 10000"""


async def find_bases(pool: Answers) -> tuple[str, ...]:
    """Return the bases of the data, the most particular first; the one of the ontology is always among them."""
    found = {ROOT}
    for text, kind in ((_GRAPHS, "graph/"), (_OTHERS, "table/")):
        reply = await pool.answer(Ask("query", text, _TABLES))
        if reply.status == 200:
            found.update(_bases(_values(reply.body), kind))
    return tuple(sorted(found, key=lambda base: (-len(base), base)))


def _bases(iris: Iterable[str], kind: str) -> Iterator[str]:
    """Yield what stands before "graph/NAME" in an IRI, or the IRI itself if it ends as a base does."""
    for iri in iris:
        before, slash, local = iri.rpartition(kind)
        if iri.endswith(("/", "#")):
            yield iri
        elif slash and before.endswith(("/", "#")) and "/" not in local:
            yield before


def _values(body: bytes) -> Iterator[str]:
    for row in json.loads(body)["results"]["bindings"]:
        yield row["iri"]["value"]
