"""What is loaded → the pages about the whole: the landing page, and the description of the questions.

`Ask.values` are pairs: ("base", IRI) for each base of the data, ("title", text) and ("origin", URL) of the server,
("digest", hexadecimal) of the data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyoxigraph as ox

from kg.serve.answers.facts import things_of, values_of
from kg.serve.answers.openapi import describe_api
from kg.serve.answers.resources import known_prefixes
from kg.serve.negotiate import choose
from kg.serve.tasks import Ask, Reply, problem
from kg.serve.views.html import HTML, environment, html_reply
from kg.serve.views.labels import natural
from kg.serve.views.page import Line
from kg.serve.views.questions import catalogue, question_of, suggestions
from kg.serve.views.things import Things
from kg.serve.workers.world import World
from kg.version import __version__
from kg.vocabulary.namespaces import RDF_TYPE, ROOT, SKOS, TKG

_JSON = ("application/json", "application/vnd.oai.openapi+json")
_COUNTED = (
    ("table", "tables", TKG.Table),
    ("row", "rows", TKG.TableRow),
    ("trial", "trials", TKG.ClinicalTrial),
    ("report", "reports", TKG.TrialReport),
    ("dose", "doses", TKG.Dose),
    ("outcome", "outcomes", TKG.Outcome),
    ("discrepancy", "discrepancies", TKG.Discrepancy),
)
_EXAMPLES = 8  # things of a kind that the landing page links to
_MOST = 40
_DATASET = "http://www.w3.org/ns/sparql-service-description#Dataset"
_ONTOLOGY = "http://www.w3.org/2002/07/owl#Ontology"
_ASKED = ("trials-for-disease", "dose-per-kg-by-source", "text-search")


def api(world: World, ask: Ask) -> Reply:
    """Answer with the description of all questions: OpenAPI in JSON, or a page with a form for each."""
    media = choose(ask.media, (*_JSON, HTML))
    site = values_of(ask, "title")
    queries = tuple(catalogue().values())
    if media is None:
        return problem(406, f"the description can be had as {_JSON[0]} or {HTML}")
    if media == HTML:
        questions = [question_of(query, {}) for query in queries]
        words = suggestions(questions, world.lexicon)
        return html_reply("api.html.j2", site=site, questions=questions, words=words)
    title = site[0] if site else "trialkg"
    text = json.dumps(describe_api(queries, title, __version__), ensure_ascii=False, indent=1)
    return Reply(200, media if media == _JSON[0] else f"{media};version=3.1", f"{text}\n".encode())


def home(world: World, ask: Ask) -> Reply:
    """Answer with the landing page: what is loaded, where to start, how to ask."""
    origin = "".join(values_of(ask, "origin")[:1])
    things = things_of(world, ask)
    asked = [question_of(query, {}) for name, query in catalogue().items() if name in _ASKED]
    return html_reply(
        "home.html.j2",
        site=values_of(ask, "title"),
        counts=[(n, one if n == 1 else many) for one, many, k in _COUNTED if (n := len(_of_kind(world, k)))],
        lines=tuple(_lines(world, things)),
        asked=asked,
        words=suggestions(asked, world.lexicon),
        questions=len(catalogue()),
        origin=origin,
        bases=[base for base in values_of(ask, "base") if base.endswith("/")],
        statements=world.store.count(),
        digest="".join(values_of(ask, "digest")),
        curl=_curl(origin),
    )


def warm(world: World) -> None:
    """Read templates, questions and prefixes now, so that workers forked from this process need not."""
    templates = environment()
    for name in templates.list_templates(extensions=["j2"]):
        templates.get_template(name)
    catalogue()
    known_prefixes(ROOT, world.lexicon)


def _of_kind(world: World, kind: str) -> list[str]:
    node, default = ox.NamedNode(kind), ox.DefaultGraph()
    quads = world.store.engine.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), node, default)
    return [quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)]


def _lines(world: World, things: Things) -> Iterator[Line]:
    """Yield where a reader may start: a few things of each kind, spread over all of them."""
    for what, kind in (
        ("tables", TKG.Table),
        ("some trials", TKG.ClinicalTrial),
        ("vocabularies", SKOS.ConceptScheme),
    ):
        found = sorted(_of_kind(world, kind), key=natural)
        shown = (
            found[:: max(1, len(found) // _EXAMPLES)][:_EXAMPLES]
            if kind == TKG.ClinicalTrial
            else found[:_MOST]
        )
        if shown:
            yield Line(what, "", "", tuple(things.value(ox.NamedNode(iri)) for iri in shown))
    told = [*_of_kind(world, _DATASET), *_of_kind(world, _ONTOLOGY)]
    if told:
        yield Line(
            "described in", "", "", tuple(things.value(ox.NamedNode(iri)) for iri in sorted(told)[:_MOST])
        )


def _curl(origin: str) -> list[str]:
    """Return command lines that ask the same in five forms."""
    query = "SELECT ?trial { ?trial a <https://w3id.org/trialkg/ontology#ClinicalTrial> } LIMIT 10"
    graph = "CONSTRUCT WHERE { ?trial a <https://w3id.org/trialkg/ontology#ClinicalTrial> }"
    wanted = (
        ("application/sparql-results+json", query),
        ("application/sparql-results+xml", query),
        ("text/csv", query),
        ("text/tab-separated-values", query),
        ("text/turtle", graph),
    )
    lines = [
        f"curl {origin}/sparql -H 'Accept: {media}' --data-urlencode 'query={text}'" for media, text in wanted
    ]
    return [*lines, f"curl '{origin}/api/trials-for-disease.csv?disease=GVHD'"]
