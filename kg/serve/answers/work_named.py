"""The name of a bundled query and values for it → its answer, in the forms that /sparql has, or as a page.

`Ask.text` is the name. `Ask.values` are pairs: ("?disease", "GVHD") for a parameter, ("base", IRI) for each base of
the data, ("title", text) of the site.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from kg.errors import KgError
from kg.queries.bind import bind
from kg.queries.catalogue import QueryFile
from kg.serve.answers.answer import respond, sealed
from kg.serve.answers.dataset import evaluate
from kg.serve.answers.facts import things_of, values_of
from kg.serve.negotiate import GRAPHS, TABLES, choose
from kg.serve.tasks import Ask, Reply, problem
from kg.serve.views.html import HTML, html_reply
from kg.serve.views.page import Value
from kg.serve.views.questions import catalogue, near_names, question_of, suggestions
from kg.serve.workers.world import World

_SHOWN = 1000  # rows of a page; the files have them all


def named(world: World, ask: Ask) -> Reply:
    """Answer the bundled query; 404 for a name that is none, 400 for a parameter or a value that does not fit."""
    query = catalogue().get(ask.text)
    wants_page = choose(ask.media, (*TABLES, *GRAPHS, HTML)) == HTML
    if query is None:
        reply = _unknown(ask.text)
        return message(reply, ask, "/api") if wants_page else reply
    values = {name[1:]: value for name, value in ask.values if name.startswith("?")}
    try:
        text = bind(query, values, world.lexicon, world.store)
    except KgError as error:
        reply = problem(400, str(error))
        return message(reply, ask, f"/api#{query.id}") if wants_page else reply
    return _page(world, query, text, values, ask) if wants_page else respond(world, text, ask)


def message(reply: Reply, ask: Ask, back: str) -> Reply:
    """Return a reply in plain text as a page, which leads to `back`."""
    text = reply.body.decode("utf-8", "replace")
    heading = "Not found" if reply.status == 404 else "This cannot be answered"
    site = values_of(ask, "title")
    page = html_reply("message.html.j2", site=site, heading=heading, text=text, back=back)
    return Reply(reply.status, page.media, page.body, page.headers)


def _unknown(name: str) -> Reply:
    near = near_names(name)
    hint = f"did you mean {' or '.join(near)}?" if near else "/api lists them"
    return problem(404, f"there is no question named {name!r}; {hint}")


def _page(world: World, query: QueryFile, text: str, values: Mapping[str, str], ask: Ask) -> Reply:
    things = things_of(world, ask)
    rows: list[tuple[Value, ...]] = []
    total = 0
    with sealed():
        found = evaluate(world, text, ask)
        columns = _columns(found)
        for total, row in enumerate(_rows(found), 1):
            if total <= _SHOWN:
                rows.append(tuple(Value("") if node is None else things.value(node) for node in row))
            if total > world.limits.rows:
                break
    question = question_of(query, values)
    return html_reply(
        "answer.html.j2",
        site=values_of(ask, "title"),
        question=question,
        words=suggestions([question], world.lexicon),
        columns=columns,
        rows=rows,
        total=total,
    )


def _columns(found: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean) -> list[str]:
    if isinstance(found, ox.QuerySolutions):
        return [variable.value for variable in found.variables]
    return ["subject", "predicate", "object"] if isinstance(found, ox.QueryTriples) else ["answer"]


def _rows(found: ox.QuerySolutions | ox.QueryTriples | ox.QueryBoolean) -> Iterator[tuple[object, ...]]:
    if isinstance(found, ox.QuerySolutions):
        yield from (tuple(row) for row in found)
    elif isinstance(found, ox.QueryTriples):
        triples = sorted(found, key=str)
        yield from ((triple.subject, triple.predicate, triple.object) for triple in triples)
    else:
        yield (ox.Literal(bool(found)),)
