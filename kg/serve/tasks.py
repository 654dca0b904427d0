"""Questions and answers between the server and its workers → frames of bytes on a socket, and back.

A frame is the two lengths, a header in JSON, and a raw body. Nothing in it is ever run: a worker that a
query has got the better of can send a wrong answer, but no code.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LENGTHS = struct.Struct("!IQ")
COMMAND = struct.Struct("!cI")
"""A command to the zygote (kg/serve/workers/zygote.py): a verb and a process id."""
FORK = b"F"
"""Make a worker for the socket that is sent along."""
KILL = b"K"
"""Kill the worker with this process id."""
PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to a worker.

    `kind` names the task that answers it (kg/serve/workers/worker.py), `text` is SPARQL, the name of a query or an
    IRI, as the task has it. `media` are the client's offers in the order of its wishes (see
    kg/serve/negotiate.py); the graphs are those that the protocol's parameters name, `values` the
    parameters of a named query.
    """

    kind: str
    text: str = ""
    media: tuple[str, ...] = ()
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: HTTP status, content type, body and further headers."""

    status: int
    media: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def problem(status: int, text: str, headers: tuple[tuple[str, str], ...] = ()) -> Reply:
    """Return a reply that says in plain text why there is no answer."""
    return Reply(status, PLAIN, f"{text}\n".encode("utf-8", "backslashreplace"), headers)


def frame_of_ask(ask: Ask) -> bytes:
    """Return the frame of a question."""
    header = {
        "kind": ask.kind,
        "media": ask.media,
        "default_graphs": ask.default_graphs,
        "named_graphs": ask.named_graphs,
        "values": ask.values,
    }
    return frame(header, ask.text.encode("utf-8", "surrogatepass"))


def ask_of_frame(header: Mapping[str, Any], body: bytes) -> Ask:
    """Return the question of a frame."""
    return Ask(
        kind=header["kind"],
        text=body.decode("utf-8", "surrogatepass"),
        media=tuple(header["media"]),
        default_graphs=tuple(header["default_graphs"]),
        named_graphs=tuple(header["named_graphs"]),
        values=tuple((name, value) for name, value in header["values"]),
    )


def frame_of_reply(reply: Reply, *, last: bool = False) -> bytes:
    """Return the frame of an answer; `last` says that the worker wants to be replaced."""
    header = {"status": reply.status, "media": reply.media, "headers": reply.headers, "last": last}
    return frame(header, reply.body)


def reply_of_frame(header: Mapping[str, Any], body: bytes) -> tuple[Reply, bool]:
    """Return the answer of a frame, and whether it is the worker's last."""
    headers = tuple((name, value) for name, value in header["headers"])
    return Reply(header["status"], header["media"], body, headers), bool(header["last"])


def header_of(head: bytes) -> dict[str, Any]:
    """Return the header of a frame."""
    header: dict[str, Any] = json.loads(head)
    return header


def frame(header: Mapping[str, object], body: bytes = b"") -> bytes:
    """Return a frame of any header and body."""
    head = json.dumps(header).encode("ascii")
    return b"".join((LENGTHS.pack(len(head), len(body)), head, body))


def receive_frame(connection: socket.socket) -> tuple[dict[str, Any], bytes] | None:
    """Return the next header and body from a blocking socket; None when the other end has closed it."""
    lengths = _receive(connection, LENGTHS.size)
    if lengths is None:
        return None
    head_size, body_size = LENGTHS.unpack(lengths)
    head = _receive(connection, head_size)
    body = _receive(connection, body_size)
    if head is None or body is None:
        return None
    return header_of(bytes(head)), bytes(body)


def _receive(connection: socket.socket, size: int) -> bytearray | None:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        try:
            got = connection.recv_into(view)
        except ConnectionError:
            got = 0
        if not got:
            return None
        view = view[got:]
    return data
