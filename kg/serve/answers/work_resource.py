"""The path of a request → what the data says of the thing with that address: RDF for programs, a page for people.

`Ask.text` is the path, for messages. `Ask.values` are pairs: ("", IRI) for an IRI that the path may stand for, (".ttl",
IRI) for one that it stands for with a suffix of that kind, ("base", IRI) for each base, ("title", text) of the site.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from kg.serve.addresses import path_of, uri
from kg.serve.answers.answer import reply_graph
from kg.serve.answers.facts import prefixes_of, things_of, values_of
from kg.serve.answers.resources import Resource, find_resource, in_order, triples_of, used_prefixes
from kg.serve.negotiate import GRAPHS, choose
from kg.serve.suffixes import SUFFIXES
from kg.serve.tasks import Ask, Reply, problem
from kg.serve.views.contents import contents
from kg.serve.views.html import HTML, html_reply
from kg.serve.workers.world import World


def about(world: World, ask: Ask) -> Reply:
    """Answer with what is said of the first of the things that the path may mean; 404 when nothing is said of any."""
    bases = values_of(ask, "base")
    for suffix, iri in ask.values:
        if suffix == "" or suffix in SUFFIXES:
            found = find_resource(world.store.engine, iri)
            if found is not None:
                media = SUFFIXES.get(suffix, ask.media)
                return _answer(world, found, Ask(ask.kind, ask.text, media, values=ask.values), bases)
    return _nothing(ask)


def _answer(world: World, found: Resource, ask: Ask, bases: Sequence[str]) -> Reply:
    store = world.store.engine
    if choose(ask.media, (*GRAPHS, HTML)) == HTML:
        things = things_of(world, ask)
        page = things.page(found.iri, found.terms)
        graph = contents(store, things, found.iri) if found.is_graph else None
        reply = html_reply("thing.html.j2", site=values_of(ask, "title"), page=page, graph=graph)
    else:
        reply = _rdf(world, found, ask)
    headers = (("Link", _links(found.iri, bases)),) if reply.status == 200 else ()
    return Reply(reply.status, reply.media, reply.body, (*reply.headers, *headers))


def _rdf(world: World, found: Resource, ask: Ask) -> Reply:
    # one more than is allowed, so that the writer sees that they are too many
    triples = in_order(islice(triples_of(world.store.engine, found), world.limits.rows + 1))
    known = prefixes_of(world, ask)
    return _with_sorted_prefixes(reply_graph(world, triples, ask, used_prefixes(triples, known)))


def _with_sorted_prefixes(reply: Reply) -> Reply:
    """Return Turtle with its first lines, the prefixes, sorted: the engine has them in another order each time."""
    if not reply.media.startswith("text/turtle"):
        return reply
    lines = reply.body.split(b"\n")
    end = next((at for at, line in enumerate(lines) if not line.startswith(b"@prefix ")), 0)
    return Reply(
        reply.status, reply.media, b"\n".join([*sorted(lines[:end]), b"", *lines[end:]]), reply.headers
    )


def _links(iri: str, bases: Sequence[str]) -> str:
    """Return the header that leads from a document to the thing that it is about, and to its other forms."""
    links = [f'<{uri(iri)}>; rel="canonical"', f'<{uri(iri)}>; rel="describes"']
    path = uri(path_of(iri, bases))
    if path and not set("?#") & set(path):
        forms = [(".html", HTML), *((s, SUFFIXES[s][0]) for s in (".ttl", ".nt", ".jsonld", ".rdf"))]
        links += [f'<{path}{suffix}>; rel="alternate"; type="{media}"' for suffix, media in forms]
    return ", ".join(links)


def _nothing(ask: Ask) -> Reply:
    """Return the 404 in the form that the client likes: a page for people, else plain text."""
    text = f"Nothing is said of {ask.text} here."
    if choose(ask.media, ("text/plain", *GRAPHS, HTML)) != HTML:
        return problem(404, f"{text} / says what there is.")
    site = values_of(ask, "title")
    page = html_reply("message.html.j2", site=site, heading="Not found", text=text, back="")
    return Reply(404, page.media, page.body, page.headers)
