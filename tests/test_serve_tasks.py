"""What goes between the server and its workers arrives as it was sent, and what is counted is counted exactly."""

from __future__ import annotations

import socket
import threading
import xml.etree.ElementTree as ET

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.serve.answers.rows import rows_of
from kg.serve.answers.xml_body import well_formed
from kg.serve.tasks import (
    Ask,
    Reply,
    ask_of_frame,
    frame_of_ask,
    frame_of_reply,
    receive_frame,
    reply_of_frame,
)

texts = st.text(max_size=20)
tricky = st.text(st.sampled_from('{},:"[]\\\r\n\t<>&;ax'), max_size=12)
FORMS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}


def sent(frame: bytes) -> tuple[dict[str, object], bytes]:
    """Return what arrives when a frame is sent in pieces, as sockets do."""
    here, there = socket.socketpair()
    with here, there:
        sending = threading.Thread(
            target=lambda: [here.sendall(frame[n : n + 7]) for n in range(0, len(frame), 7)]
        )
        sending.start()
        received = receive_frame(there)
        sending.join()
    assert received is not None
    return received


@settings(deadline=None, max_examples=40)
@given(
    st.builds(
        Ask,
        kind=texts,
        text=st.one_of(texts, st.just("\ud800")),
        media=st.lists(texts, max_size=3).map(tuple),
        default_graphs=st.lists(texts, max_size=3).map(tuple),
        named_graphs=st.lists(texts, max_size=3).map(tuple),
        values=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
    )
)
def test_a_question_arrives_as_it_was_sent(ask: Ask) -> None:
    assert ask_of_frame(*sent(frame_of_ask(ask))) == ask


@settings(deadline=None, max_examples=40)
@given(
    st.builds(
        Reply,
        status=st.integers(100, 599),
        media=texts,
        body=st.binary(max_size=300),
        headers=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
    ),
    st.booleans(),
)
def test_an_answer_arrives_as_it_was_sent(reply: Reply, last: bool) -> None:
    assert reply_of_frame(*sent(frame_of_reply(reply, last=last))) == (reply, last)


@pytest.mark.parametrize("cut", [0, 5, 12, 30])
def test_a_socket_that_closes_within_a_frame_gives_none(cut: int) -> None:
    here, there = socket.socketpair()
    with there:
        with here:
            here.sendall(frame_of_ask(Ask("query", "ASK {}"))[:cut])
        assert receive_frame(there) is None


def table(values: list[list[str | None]], width: int) -> ox.Store:
    """Return a store whose triples hold the rows of a table: cell `n` under the predicate `urn:n`."""
    store = ox.Store()
    for number, row in enumerate(values):
        subject = ox.NamedNode(f"urn:r{number}")
        store.add(ox.Quad(subject, ox.NamedNode("urn:row"), ox.Literal(number)))
        for place, value in enumerate(row[:width]):
            if value is not None:
                store.add(ox.Quad(subject, ox.NamedNode(f"urn:{place}"), ox.Literal(value)))
    return store


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.none() | tricky, min_size=3, max_size=3), max_size=6), st.integers(0, 3))
def test_rows_are_counted_exactly_whatever_the_texts_hold(values: list[list[str | None]], width: int) -> None:
    cells = " ".join(f"OPTIONAL {{ ?row <urn:{place}> ?v{place} }}" for place in range(width))
    names = " ".join(f"?v{place}" for place in range(width)) or "?none"
    query = f"SELECT {names} {{ ?row <urn:row> ?number {cells} }}"
    for form in FORMS.values():
        body = table(values, width).query(query).serialize(format=form)
        assert body is not None
        assert rows_of(body, form, 0) == len(values)
        assert rows_of(body, form, len(values)) >= len(values)  # the quick count errs to one side only


def test_the_quick_count_is_not_believed_when_it_goes_beyond_what_is_allowed() -> None:
    value = '},{\r\n},{"},{'
    for form in FORMS.values():
        body = table([[value, None, None]] * 3, 1).query("SELECT ?o { ?s <urn:0> ?o }").serialize(format=form)
        assert body is not None
        assert rows_of(body, form, 3) == 3


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=20))
def test_xml_is_given_only_when_a_parser_reads_the_same_text_from_it(text: str) -> None:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(text)))
    body = store.query("SELECT ?o { ?s ?p ?o }").serialize(format=ox.QueryResultsFormat.XML)
    assert body is not None
    kept = well_formed(body)
    if kept is None:
        with pytest.raises(ET.ParseError):
            ET.fromstring(body)
    else:
        (found,) = ET.fromstring(kept).iter("{http://www.w3.org/2005/sparql-results#}literal")
        assert (found.text or "") == text
