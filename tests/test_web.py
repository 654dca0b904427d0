"""Answers arrive whole or are errors: a server that cuts, waits, asks for credentials or moves is dealt with."""

from __future__ import annotations

import base64
import gzip
import socket
import time
from email.utils import formatdate
from pathlib import Path

import pytest
from fake_server import Asked, Told, in_turn, serving

from kg.errors import StoreError
from kg.stores import web as web_module
from kg.stores.exchange import Credentials, Request, checked, credentials, refusal
from kg.stores.web import Web

FINE = Told(200, b"fine", {"Content-Type": "Text/Plain; charset=utf-8"})
USER = Credentials("ann", "s3cret")
BEARER = Credentials("", "", "t0ken")
DIGEST = 'Digest realm="r", nonce="abc", qop="auth", algorithm=MD5, opaque="o"'


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_module, "_backoff", lambda _: 0.01)


def test_an_answer_has_status_headers_media_type_and_body() -> None:
    with serving(in_turn(FINE)) as server, Web() as web:
        answered = web.send(Request("GET", server.url + "/x", (("graph", "urn:a b&c"),)))
    assert (answered.status, answered.body, answered.media, answered.fine) == (
        200,
        b"fine",
        "text/plain",
        True,
    )
    assert answered.headers["content-type"] == "Text/Plain; charset=utf-8"
    assert server.asked[0].query == {"graph": ["urn:a b&c"]}


def test_parameters_join_those_of_the_url() -> None:
    assert Request("GET", "http://h/x?a=1", (("b", "2"),)).target == "http://h/x?a=1&b=2"


def test_a_form_is_sent_as_a_form_with_its_length() -> None:
    with serving(in_turn(FINE)) as server, Web() as web:
        web.send(Request("POST", server.url, form=(("query", "ASK { ?ä ?b 'c+d' }"), ("x", "1"), ("x", "2"))))
    asked = server.asked[0]
    assert asked.form == {"query": ["ASK { ?ä ?b 'c+d' }"], "x": ["1", "2"]}
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert int(asked.headers["content-length"]) == len(asked.body)


def test_a_file_is_streamed_with_its_length(tmp_path: Path) -> None:
    file = tmp_path / "body"
    file.write_bytes(b"0123456789" * 50_000)
    with serving(in_turn(FINE)) as server, Web() as web:
        web.send(Request("PUT", server.url, headers={"Content-Type": "text/turtle"}, body=file))
    asked = server.asked[0]
    assert asked.body == file.read_bytes()
    assert (asked.headers["content-length"], asked.headers["content-type"]) == ("500000", "text/turtle")
    assert "transfer-encoding" not in asked.headers


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_passing_failure_is_tried_again(status: int) -> None:
    said: list[str] = []
    with serving(in_turn(Told(status), Told(status), FINE)) as server, Web(say=said.append) as web:
        assert web.send(Request("GET", server.url)).body == b"fine"
    assert len(server.asked) == 3
    assert f"status {status}; trying again in 0.01 s (2 of 4)" in said[0]


@pytest.mark.parametrize("status", [204, 301, 400, 401, 403, 404, 405, 413, 415, 500, 501])
def test_every_other_status_is_returned_at_once(status: int) -> None:
    with serving(in_turn(Told(status), FINE)) as server, Web() as web:
        assert web.send(Request("GET", server.url)).status == status
    assert len(server.asked) == 1


def test_tries_are_bounded_and_the_last_answer_is_returned() -> None:
    with serving(in_turn(Told(503, b"too many"))) as server, Web(tries=3) as web:
        answered = web.send(Request("GET", server.url))
    assert (answered.status, answered.body, len(server.asked)) == (503, b"too many", 3)


def test_what_must_not_be_sent_twice_is_sent_once() -> None:
    cut = Told(200, b"half", claimed=10)
    for told in (Told(503), cut):
        with serving(in_turn(told, FINE)) as server, Web() as web:
            request = Request("POST", server.url, retry=False)
            if told is cut:
                with pytest.raises(StoreError, match="did not arrive whole"):
                    web.send(request)
            else:
                assert web.send(request).status == 503
        assert len(server.asked) == 1


@pytest.mark.parametrize("wish", ["1", "date", "soon"])
def test_retry_after_is_honoured(wish: str, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("kg.stores.web.time.sleep", waits.append)
    said = formatdate(time.time() + 5, usegmt=True) if wish == "date" else wish
    with serving(in_turn(Told(503, headers={"Retry-After": said}), FINE)) as server, Web() as web:
        assert web.send(Request("GET", server.url)).fine
    waits = [wait for wait in waits if wait]  # the fake server sleeps for 0 s by the same function
    low, high = {"1": (1, 1), "date": (3, 5), "soon": (0.01, 0.01)}[wish]
    assert len(waits) == 1
    assert low <= waits[0] <= high


def test_retry_after_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("kg.stores.web.time.sleep", waits.append)
    with serving(in_turn(Told(503, headers={"Retry-After": "86400"}), FINE)) as server, Web() as web:
        assert web.send(Request("GET", server.url)).fine
    assert [wait for wait in waits if wait] == [30]


def test_a_cut_body_is_tried_again_and_never_returned() -> None:
    cut = Told(200, b"half of i", claimed=18)
    with serving(in_turn(cut, FINE)) as server, Web() as web:
        assert web.send(Request("GET", server.url)).body == b"fine"
    with serving(in_turn(cut)) as server, Web(tries=2) as web:
        with pytest.raises(StoreError, match="did not arrive whole") as caught:
            web.send(Request("GET", server.url))
        assert caught.value.where == server.url
        assert len(server.asked) == 2


def test_a_body_that_is_not_the_gzip_it_claims_to_be_is_an_error() -> None:
    with (
        serving(in_turn(Told(200, b"plain", {"Content-Encoding": "gzip"}))) as server,
        Web(tries=1) as web,
        pytest.raises(StoreError, match="did not arrive whole"),
    ):
        web.send(Request("GET", server.url))
    packed = Told(200, gzip.compress(b"fine"), {"Content-Encoding": "gzip"})
    with serving(in_turn(packed)) as server, Web(tries=1) as web:
        assert web.send(Request("GET", server.url)).body == b"fine"


def test_a_server_that_speaks_no_http_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, Web(tries=1, seconds=5) as web:
        listener.settimeout(5)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        import threading

        def babble() -> None:
            connection, _ = listener.accept()
            connection.sendall(b"\x00\x01 this is no HTTP\r\n\r\n")
            connection.close()

        thread = threading.Thread(target=babble)
        thread.start()
        with pytest.raises(StoreError):
            web.send(Request("GET", url))
        thread.join(5)


def test_a_refused_connection_is_an_error_after_the_tries() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    said: list[str] = []
    with Web(tries=2, say=said.append) as web, pytest.raises(StoreError, match="no connection") as caught:
        web.send(Request("GET", url))
    assert caught.value.where == url
    assert len(said) == 1


def test_a_slow_answer_is_an_error_and_not_asked_for_again() -> None:
    with serving(in_turn(Told(200, b"late", wait=0.6), FINE)) as server, Web(seconds=0.2) as web:
        started = time.monotonic()
        with pytest.raises(StoreError, match=r"no answer within 0\.2 s"):
            web.send(Request("GET", server.url))
        assert time.monotonic() - started < 0.55
        assert len(server.asked) == 1


def test_an_answer_that_drips_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10_000, 7))
    monkeypatch.setattr("kg.stores.web.time.monotonic", lambda: next(clock))
    long = Told(200, b"x" * 1_000_000)
    with (
        serving(in_turn(long)) as server,
        Web(seconds=0.5) as web,
        pytest.raises(StoreError, match="not whole after 5 s"),
    ):
        web.send(Request("GET", server.url))


def test_an_answer_that_is_too_large_is_an_error() -> None:
    with (
        serving(in_turn(Told(200, b"x" * 2000))) as server,
        Web(largest=1000) as web,
        pytest.raises(StoreError, match="larger than 1,000 bytes"),
    ):
        web.send(Request("GET", server.url))


def test_a_redirect_is_returned_and_not_followed() -> None:
    moved = Told(301, headers={"Location": "http://elsewhere.example/"})
    with serving(in_turn(moved)) as server, Web(BEARER) as web:
        answered = web.send(Request("GET", server.url))
    assert answered.status == 301
    assert "give that URL" in str(refusal(answered, "it was not there"))
    assert "http://elsewhere.example/" in str(refusal(answered, "it was not there"))


def test_basic_is_answered_when_asked_for_and_remembered() -> None:
    expected = "Basic " + base64.b64encode(b"ann:s3cret").decode()

    def answer(asked: Asked) -> Told:
        right = asked.headers.get("authorization") == expected
        return FINE if right else Told(401, headers={"WWW-Authenticate": 'Basic realm="r"'})

    with serving(answer) as server, Web(USER) as web:
        assert web.send(Request("GET", server.url)).fine
        assert web.send(Request("GET", server.url)).fine
    assert ["authorization" in asked.headers for asked in server.asked] == [False, True, True]


def test_digest_is_preferred_never_shows_the_password_and_sends_the_same_file_again(tmp_path: Path) -> None:
    file = tmp_path / "body"
    file.write_bytes(b"<urn:a> <urn:b> <urn:c> .\n" * 10_000)

    def answer(asked: Asked) -> Told:
        given = asked.headers.get("authorization", "")
        right = given.startswith("Digest ") and 'username="ann"' in given and "s3cret" not in given
        challenge = {"WWW-Authenticate": DIGEST, "X-Other": 'Basic realm="r"'}
        return FINE if right else Told(401, headers=challenge)

    with serving(answer) as server, Web(USER) as web:
        assert web.send(Request("PUT", server.url, body=file)).fine
        assert web.send(Request("GET", server.url)).fine
    assert [asked.method for asked in server.asked] == ["PUT", "PUT", "GET"]
    assert server.asked[0].body == server.asked[1].body == file.read_bytes()


def test_a_token_is_sent_at_once() -> None:
    with serving(in_turn(FINE)) as server, Web(BEARER) as web:
        web.send(Request("GET", server.url))
    assert server.asked[0].headers["authorization"] == "Bearer t0ken"


@pytest.mark.parametrize("challenge", ['Basic realm="r"', DIGEST])
def test_wrong_credentials_are_tried_once_and_the_401_returned(challenge: str) -> None:
    with serving(in_turn(Told(401, headers={"WWW-Authenticate": challenge}))) as server, Web(USER) as web:
        answered = web.send(Request("GET", server.url))
    assert answered.status == 401
    assert len(server.asked) == 2
    assert "TRIALKG_USER" in str(refusal(answered, "no"))


def test_without_credentials_a_401_is_returned() -> None:
    with serving(in_turn(Told(401, headers={"WWW-Authenticate": DIGEST}))) as server, Web() as web:
        assert web.send(Request("GET", server.url)).status == 401
    assert len(server.asked) == 1


def test_credentials_come_from_the_environment_and_are_never_shown() -> None:
    found = credentials({"TRIALKG_USER": "ann", "TRIALKG_PASSWORD": "s3cret"})
    assert found == USER
    assert "s3cret" not in repr(found)
    assert "s3cret" not in repr(vars(Web(found)))
    assert credentials({"TRIALKG_TOKEN": "t0ken"}) == BEARER
    assert credentials({}) == Credentials()


def test_credentials_that_contradict_or_cannot_be_sent_are_refused() -> None:
    with pytest.raises(StoreError, match="both"):
        credentials({"TRIALKG_USER": "ann", "TRIALKG_TOKEN": "t"})
    with pytest.raises(StoreError, match="no header"):
        credentials({"TRIALKG_TOKEN": "t\r\nX-Evil: 1"})


@pytest.mark.parametrize("url", ["http://ann:s3cret@h/x", "https://ann@h/", "http://:s3cret@h/"])
def test_a_url_with_credentials_is_refused_without_showing_them(url: str) -> None:
    with pytest.raises(StoreError, match="may not hold credentials") as caught:
        checked(url)
    assert "s3cret" not in str(caught.value)
    assert "TRIALKG_PASSWORD" in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "h:80",
        "ftp://h/",
        "http://",
        "http://h:x/",
        "http://[::1/",
        "http://h/#f",
        "http://h/a b",
        "file:///etc",
    ],
)
def test_what_is_no_url_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="no URL"):
        checked(url)


def test_a_url_of_a_server_is_taken_as_it_is() -> None:
    for url in ("http://h", "https://h:8443/a/b?c=d", "http://[::1]:80/", "http://127.0.0.1:7878/query"):
        assert checked(url) == url


def test_a_proxy_of_the_environment_is_not_the_way_to_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with serving(in_turn(FINE)) as server, Web(tries=1) as web:
        assert web.send(Request("GET", server.url)).fine


def test_a_warning_tells_of_a_password_that_would_go_unencrypted() -> None:
    said: list[str] = []
    web = Web(BEARER, say=said.append, tries=1, seconds=1)
    request = web._client.build_request("GET", "http://store.example/")
    next(web._auth.auth_flow(request))
    assert "store.example" in said[0]
    assert "t0ken" not in said[0]
    web.close()
