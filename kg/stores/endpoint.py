"""The URL of a triple store elsewhere → the same answers that the embedded store would give, or a StoreError.

Queries go over HTTP as the SPARQL 1.1 Protocol has it. Each says of which graphs it is asked: those that hold our
data, so that every store answers over their union. What may be a part of an answer only is never shown as the whole.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from kg.errors import KgError, QueryError, StoreError
from kg.stores import virtuoso
from kg.stores.answers import accepted, read_answer
from kg.stores.base import Answer, ByForm, Graph, Result, Verdict
from kg.stores.dataset import with_dataset
from kg.stores.exchange import Answered, Request, credentials
from kg.stores.guard import refuse_unsafe
from kg.stores.order import in_order
from kg.stores.oxigraph import OxigraphStore, syntax_error
from kg.stores.places import Places, find_places
from kg.stores.refused import refused
from kg.stores.sizes import NUMBER, is_round, own_limit, rows_query, triples_query
from kg.stores.tokens import keyword_of, without_remarks
from kg.stores.web import Say, Web, nothing
from kg.vocabulary.namespaces import RDF_TYPE, TKG

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_NO_FORM = (400, 404, 405, 406, 411, 415, 501)  # what servers say that take queries in the URL only
_VOID = "http://rdfs.org/ns/void#"
# what a graph of ours holds: ?thing, in patterns that every engine finds by its index
_OURS = (
    *(f"?thing <{RDF_TYPE}> <{kind}>" for kind in (TKG.TrialReport, TKG.ClinicalTrial, TKG.Table)),
    f"<{TKG.iri[:-1]}> <{RDF_TYPE}> <http://www.w3.org/2002/07/owl#Ontology>",
    f"?thing <{RDF_TYPE}> <{_VOID}Dataset> ; <{_VOID}vocabulary> <{TKG.iri}>",
)
_OUR_GRAPHS = (
    f"SELECT DISTINCT ?graph {{ {' UNION '.join(f'{{ GRAPH ?graph {{ {part} }} }}' for part in _OURS)} }}"
)


@dataclass
class _Habits:
    """What a server has shown of itself so far."""

    product: str
    method: str = ""  # POST or GET; "" when it has answered nothing yet


class EndpointStore(ByForm):
    """A store elsewhere, for queries only. It implements `kg.stores.base.Answers`.

    `graphs` is what queries without FROM are asked of; without any, each store decides that by itself.
    """

    def __init__(self, web: Web, places: Places, graphs: tuple[str, ...] = ()) -> None:
        self.places = places
        self.graphs = graphs
        self._web = web
        self._habits = _Habits(places.product)

    def query(self, text: str) -> Answer:
        """Answer a query of any form; QueryError when it is wrong, StoreError for less than the whole answer."""
        refuse_unsafe(text)
        if keyword_of(text) not in _FORMS:
            raise syntax_error(text, "")
        text = without_remarks(text)
        answered = self._asked(text)
        answer = read_answer(answered, keyword_of(text))
        if isinstance(answer, Verdict):
            return answer
        self._refuse_cut(text, answer, answered.headers.get("x-sparql-maxrows", ""))
        return in_order(answer, text) if isinstance(answer, Result) else answer

    def count(self, graph: str | None = None) -> int:
        """Return the number of statements: of one graph ("" is the default graph), or of all of ours (None)."""
        graphs = self.graphs if graph is None else (graph,) if graph else ()
        pattern = "GRAPH ?g { ?s ?p ?o }" if graphs else "?s ?p ?o"
        only = EndpointStore(self._web, self.places, graphs)
        return only._number(f"SELECT (COUNT(*) AS ?{NUMBER}) {{ {pattern} }}")

    def close(self) -> None:
        """Close the connections."""
        self._web.close()

    def _number(self, text: str) -> int:
        rows = self.select(text).rows
        if len(rows) != 1 or rows[0][0] is None or not rows[0][0].value.isdecimal():
            raise StoreError("the server does not answer how many there are", where=self.places.query)
        return int(rows[0][0].value)

    def _asked(self, text: str) -> Answered:
        form = keyword_of(text)
        answered = self._sent(text, accepted(form, self._habits.product))
        if virtuoso.is_virtuoso(answered.headers) and self._habits.product != virtuoso.PRODUCT:
            self._habits.product = virtuoso.PRODUCT
            if form in ("CONSTRUCT", "DESCRIBE"):
                answered = self._sent(text, accepted(form, self._habits.product))
        if answered.status != 200:
            raise self._refusal(text, answered)
        return answered

    def _sent(self, text: str, accept: str) -> Answered:
        pairs, headers = (("query", with_dataset(text, self.graphs)),), {"accept": accept}
        if self._habits.method != "GET":
            answered = self._web.send(Request("POST", self.places.query, headers=headers, form=pairs))
            if self._habits.method or answered.status not in _NO_FORM:
                self._habits.method = self._habits.method or ("POST" if answered.fine else "")
                return answered
        in_url = self._web.send(Request("GET", self.places.query, pairs, headers))
        if self._habits.method or in_url.fine:
            self._habits.method = "GET"
            return in_url
        return answered

    def _refusal(self, text: str, answered: Answered) -> KgError:
        """Return why there is no answer; where the query is wrong by the grammar, say so in our own words."""
        if answered.status in (400, 500):
            try:
                OxigraphStore().query(text)
            except QueryError as error:
                return error
            except StoreError:
                pass
        return refused(answered)

    def _refuse_cut(self, text: str, answer: Result | Graph, most: str) -> None:
        """Raise StoreError when the size of an answer looks like a limit and is not the true one."""
        size = len(answer.rows) if isinstance(answer, Result) else len(answer.triples)
        if size == own_limit(text) and isinstance(answer, Result):
            return
        if isinstance(answer, Result):
            doubtful = is_round(size, 2) or (most.isdecimal() and size >= int(most))
            counting = rows_query(text)
        else:
            # Virtuoso stops one triple behind its limit
            counting = triples_query(text)
            doubtful = any(is_round(number, 2 if counting else 1) for number in (size, size - 1))
        if doubtful:
            self._compare(size, counting)

    def _compare(self, size: int, counting: str) -> None:
        what = f"the answer may be cut: it has {size:,} lines"
        hint = "ask for parts of it, each with a LIMIT below that, or raise the limit of the server"
        if not counting:
            raise StoreError(
                f"{what}, and how many there are cannot be asked", where=self.places.query, hint=hint
            )
        try:
            number = self._number(counting)
        except KgError as error:
            reason = f"{what}, and the server does not say how many there are: {error.what}"
            raise StoreError(reason, where=self.places.query, hint=hint) from error
        if number != size:
            raise StoreError(f"the answer is cut: {size:,} of {number:,}", where=self.places.query, hint=hint)


def open_endpoint(url: str, web: Web | None = None, say: Say = nothing) -> EndpointStore:
    """Return the store at `url`, the address of a server, of a data set or of its query endpoint.

    It is closed with the store. Credentials are those of the environment unless `web` has others.
    """
    web = web or Web(credentials(os.environ), say=say)
    try:
        places = find_places(web, url)
        rows = EndpointStore(web, places).select(_OUR_GRAPHS).rows
    except KgError:
        web.close()
        raise
    graphs = tuple(sorted(term.value for row in rows for term in row if term))
    if not graphs:
        say(f"no named graph of {places.query} holds trials: what it takes for its default graph is asked")
    return EndpointStore(web, places, graphs)
