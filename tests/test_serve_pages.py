"""Every IRI of the data has a page, and RDF for programs, at base + path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from serve_process import running
from serving import Answered, Endpoint

from kg.graph.iris import Minter
from kg.graph.stream import quad_blocks
from kg.parse.tables import parse_source
from kg.readers.base import Source
from kg.serve.addresses import iris_of, path_of
from kg.serve.suffixes import split_suffix
from kg.serve.views.html import POLICY
from kg.serve.views.labels import figure, natural
from kg.stores.oxigraph import OxigraphStore
from kg.vocabulary.load import bundled_lexicon
from kg.vocabulary.namespaces import RDFS, ROOT, TKG

BASE = "https://data.example/kg/"
BROWSER = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
FORMS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
TABLE = b"""Table 7. Trials of MSCs

Diseases,Cell source,Route,Dose,Frequency,Patients,Clinical Trials number,Study phase,Outcomes,Ref
GVHD,BM,i.v.,2 \xc3\x97 106 cells/kg,Twice a week for 4 weeks,54,NCT02336230,III,"Overall response improved",1
GVHD,UC,i.v.,1 \xc3\x97 106 cells/kg,Once,12,CTRI/2020/01/022743,I,CRP decreased; few responses,2
"""


class Tags(HTMLParser):
    """The tags of a page with their attributes, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def links(self) -> list[str]:
        return [attrs["href"] or "" for tag, attrs in self.tags if tag == "a"]


@pytest.fixture(scope="module")
def quads() -> str:
    lexicon = bundled_lexicon()
    store = OxigraphStore()
    store.load_blocks(quad_blocks(parse_source(Source("small.csv", TABLE), lexicon), lexicon, Minter(BASE)))
    return store.engine.dump(format=ox.RdfFormat.N_QUADS).decode()


@pytest.fixture(scope="module")
def small(quads: str, tmp_path_factory: pytest.TempPathFactory) -> Endpoint:
    return Endpoint(tmp_path_factory.mktemp("small"), quads)


def triples(answered: Answered) -> set[ox.Triple]:
    assert answered.status == 200, answered.text
    return {quad.triple for quad in ox.parse(answered.body, FORMS[answered.media])}


def said_of(quads: str, *iris: str) -> set[ox.Triple]:
    return {
        quad.triple
        for quad in ox.parse(quads.encode(), ox.RdfFormat.N_QUADS)
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value in iris
    }


def page_of(endpoint: Endpoint, path: str) -> Tags:
    answered = endpoint.get(path, BROWSER)
    assert (answered.status, answered.media) == (200, "text/html"), answered.text
    return Tags(answered.text)


# --- RDF ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("media", FORMS)
def test_a_thing_is_what_is_said_of_it_in_each_form(small: Endpoint, quads: str, media: str) -> None:
    answered = small.get("/trial/NCT02336230", ("accept", media))
    assert answered.media == media
    assert triples(answered) == said_of(quads, f"{BASE}trial/NCT02336230")


def test_every_thing_of_the_data_is_found_at_its_path(small: Endpoint, quads: str) -> None:
    subjects = {str(quad.subject.value) for quad in ox.parse(quads.encode(), ox.RdfFormat.N_QUADS)}
    ours = sorted(iri for iri in subjects if iri.startswith(BASE))
    assert len(ours) > 30
    for iri in ours:
        assert small.get("/" + iri.removeprefix(BASE), method="HEAD").status == 200


def test_percent_signs_are_part_of_an_iri(small: Endpoint, quads: str) -> None:
    iri = f"{BASE}trial/CTRI%2F2020%2F01%2F022743"
    assert said_of(quads, iri)
    assert triples(small.get("/trial/CTRI%2F2020%2F01%2F022743")) == said_of(quads, iri)
    assert small.get("/trial/CTRI/2020/01/022743").status == 404
    assert (
        "/trial/CTRI%2F2020%2F01%2F022743.ttl" in page_of(small, "/trial/CTRI%2F2020%2F01%2F022743").links()
    )


def test_letters_beyond_ascii_are_found_however_a_client_writes_them(tmp_path: Path) -> None:
    text = f'<{BASE}disease/sjögren> <{RDFS.label}> "Sjögren" <{BASE}graph/provenance> .\n'
    endpoint = Endpoint(tmp_path, text)
    assert len(triples(endpoint.get("/disease/sj%C3%B6gren"))) == 1
    assert len(triples(endpoint.get("/disease/sj%c3%b6gren.nt"))) == 1
    assert len(triples(endpoint.get("/disease/sjögren".encode().decode("latin-1")))) == 1
    assert "sj%C3%B6gren" in endpoint.get("/disease/sj%C3%B6gren").headers["link"]


def test_turtle_has_prefixes_for_the_base_of_the_data(small: Endpoint) -> None:
    text = small.get("/trial/NCT02336230").text
    assert f"@prefix trial: <{BASE}trial/> ." in text
    assert "trial:NCT02336230 a tkg:ClinicalTrial" in text
    assert "cell-source:bone-marrow" in text
    assert "@prefix dose:" not in text
    head = [line for line in text.splitlines() if line.startswith("@prefix")]
    assert head == sorted(head)


def test_the_ontology_answers_for_all_of_its_terms(small: Endpoint, quads: str) -> None:
    found = triples(small.get("/ontology"))
    assert said_of(quads, f"{ROOT}ontology", TKG.Dose, TKG.dose, TKG.TrialReport) < found
    assert len({triple.subject for triple in found}) == 1 + len(TKG.terms)


def test_concepts_and_schemes_lie_under_the_root_whatever_the_base(small: Endpoint, quads: str) -> None:
    for path in ("vocabulary/disease", "vocabulary/disease/graft-versus-host-disease"):
        assert triples(small.get(f"/{path}")) == said_of(quads, ROOT + path)


def test_a_named_graph_is_what_it_holds(small: Endpoint, quads: str) -> None:
    name = ox.NamedNode(f"{BASE}graph/provenance")
    held = {q.triple for q in ox.parse(quads.encode(), ox.RdfFormat.N_QUADS) if q.graph_name == name}
    assert triples(small.get("/graph/provenance")) == held
    assert triples(small.get(f"/store?graph={name.value}")) == held
    assert f"{len(held):,} statements" in page_of(small, "/graph/provenance").text


def test_blank_nodes_come_with_the_thing_that_has_them(tmp_path: Path) -> None:
    text = (
        f"<{BASE}a> <{BASE}p> _:x .\n_:x <{BASE}q> _:y .\n_:y <{BASE}q> _:x .\n_:y <{RDFS.label}> 'end' .\n"
    )
    endpoint = Endpoint(
        tmp_path, f"{text.replace(chr(39), chr(34))}<{BASE}g> <{BASE}p> <{BASE}g> <{BASE}graph/g> ."
    )
    assert len(triples(endpoint.get("/a"))) == 4
    assert "end" in page_of(endpoint, "/a").text


def test_a_suffix_chooses_the_form(small: Endpoint) -> None:
    for suffix, media in (
        (".ttl", "text/turtle"),
        (".nt", "application/n-triples"),
        (".jsonld", "application/ld+json"),
        (".json", "application/ld+json"),
        (".rdf", "application/rdf+xml"),
        (".xml", "application/rdf+xml"),
        (".html", "text/html"),
    ):
        answered = small.get(f"/trial/NCT02336230{suffix}", ("accept", "text/turtle"))
        assert (answered.status, answered.media) == (200, media)
    assert small.get("/trial/NCT02336230.csv").status == 406


def test_an_iri_that_ends_like_a_suffix_wins_over_the_suffix(tmp_path: Path) -> None:
    line = f'<{BASE}%s> <{RDFS.label}> "%s" <{BASE}graph/g> .\n'
    endpoint = Endpoint(tmp_path, line % ("a", "one") + line % ("a.nt", "two"))
    answered = endpoint.get("/a.nt")
    assert answered.media == "text/turtle"
    assert '"two"' in answered.text
    assert '"two"' in endpoint.get("/a.nt.nt").text


def test_an_iri_may_have_a_question_mark(tmp_path: Path) -> None:
    endpoint = Endpoint(tmp_path, f'<{BASE}a?b=c> <{RDFS.label}> "with" <{BASE}graph/g> .\n')
    assert '"with"' in endpoint.get("/a?b=c").text
    assert endpoint.get("/a").status == 404
    assert "/a?b=c" in page_of(endpoint, "/graph/g").links()


def test_nothing_is_said_of_what_is_not_there(small: Endpoint) -> None:
    for path in ("/trial/NCT9", "/trial/", "/favicon.ico", "/a%7Cb", "/x%22y", "/.ttl", "/" + "a" * 500):
        assert small.get(path).status == 404
        assert small.get(path).media == "text/plain"
        assert small.get(path, BROWSER).media == "text/html"
    assert small.get("/trial/NCT02336230", ("accept", "image/png")).status == 406
    assert small.get("/" + "a" * 5000).status == 414


def test_a_document_says_what_it_is_about_and_where_its_other_forms_are(small: Endpoint) -> None:
    links = small.get("/trial/NCT02336230", BROWSER).headers["link"]
    assert f'<{BASE}trial/NCT02336230>; rel="canonical"' in links
    assert f'<{BASE}trial/NCT02336230>; rel="describes"' in links
    assert '</trial/NCT02336230.jsonld>; rel="alternate"; type="application/ld+json"' in links


def test_who_has_the_document_gets_it_no_second_time(small: Endpoint) -> None:
    first = small.get("/trial/NCT02336230", BROWSER)
    tag = ("if-none-match", first.headers["etag"])
    assert small.get("/trial/NCT02336230", BROWSER, tag).status == 304
    assert small.get("/trial/NCT02336230", tag).status == 200  # another form is another document
    assert "Accept" in first.headers["vary"]


# --- pages ----------------------------------------------------------------------------------------


def test_a_page_names_the_thing_and_what_it_is(small: Endpoint) -> None:
    text = page_of(small, "/trial/NCT02336230").text
    for words in ("clinical trial", "NCT02336230", "graft versus host disease", "studies condition", "54"):
        assert words in text


def test_words_of_the_source_are_shown_as_such_with_what_they_were_read_as(
    small: Endpoint, quads: str
) -> None:
    path = re.findall(rf"<{BASE}(dose/[^>]*-r1-d1)>", quads)[0]
    text = page_of(small, f"/{path}").text
    assert "2 × 106 cells/kg" in text
    assert "2000000" in text
    page = small.get("/trial/NCT02336230", BROWSER).text
    assert "<q>2 × 106 cells/kg</q>" in page
    assert "read as 2 × 10⁶ cells/kg" in page


def test_a_page_leads_from_a_dose_to_cell_row_and_table(small: Endpoint, quads: str) -> None:
    path = re.findall(rf"<{BASE}(dose/[^>]*-r1-d1)>", quads)[0]
    for kind in ("cell", "row", "table"):
        link = next(link for link in page_of(small, f"/{path}").links() if link.startswith(f"/{kind}/"))
        assert small.get(link).status == 200
        path = link.removeprefix("/")


def test_links_that_point_here_are_shown_with_their_number(tmp_path: Path) -> None:
    lines = [f"<{BASE}s{n}> <{BASE}p> <{BASE}o> <{BASE}graph/g> ." for n in range(300)]
    text = f'<{BASE}o> <{RDFS.label}> "target" <{BASE}graph/g> .\n'
    page = page_of(Endpoint(tmp_path, text + "\n".join(lines)), "/o")
    assert "300 statements" in page.text
    assert "and 100 more" in page.text
    shown = [link for link in page.links() if re.fullmatch(r"/s\d+", link)]
    assert len(shown) == 200
    assert shown[:12] == [f"/s{n}" for n in range(12)]


def test_links_within_the_data_stay_here_and_others_leave(small: Endpoint) -> None:
    page = page_of(small, "/trial/NCT02336230")
    outside = [attrs for tag, attrs in page.tags if tag == "a" and (attrs["href"] or "").startswith("http")]
    assert outside
    assert all(attrs["rel"] == "noopener" for attrs in outside)
    assert not any(link.startswith((ROOT, BASE)) for link in page.links())
    assert "/vocabulary/disease/graft-versus-host-disease" in page.links()
    assert "/ontology#ClinicalTrial" in page.links()


def test_all_links_of_pages_lead_somewhere(small: Endpoint, quads: str) -> None:
    table = re.findall(rf"<{BASE}(table/[^>]*)>", quads)[0]
    seen: dict[str, int] = {}
    for path in (
        "/",
        "/trial/NCT02336230",
        f"/{table}",
        "/vocabulary/route",
        "/ontology",
        "/graph/provenance",
    ):
        for link in page_of(small, path).links():
            if link.startswith("/"):
                seen.setdefault(link.partition("#")[0], 0)
    for link in list(seen)[:150]:
        assert small.get(link, BROWSER).status == 200, link


def test_the_terms_of_the_ontology_have_places_on_its_page(small: Endpoint) -> None:
    page = page_of(small, "/ontology")
    places = {attrs.get("id") for _, attrs in page.tags}
    assert set(TKG.terms) <= places


def test_every_page_obeys_its_own_policy(small: Endpoint) -> None:
    for path in (
        "/",
        "/api",
        "/ontology",
        "/trial/NCT02336230",
        "/nothing",
        "/api/all-trials",
        "/graph/provenance",
    ):
        answered = small.get(path, BROWSER)
        page = Tags(answered.text)
        assert answered.headers["content-security-policy"] == POLICY
        assert POLICY.startswith("default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'")
        assert not {tag for tag, _ in page.tags} & {"script", "style", "img", "iframe", "base", "object"}
        assert not any(name == "style" or name.startswith("on") for _, attrs in page.tags for name in attrs)
        loaded = [attrs["href"] for tag, attrs in page.tags if tag == "link" and attrs["rel"] == "stylesheet"]
        assert loaded == ["/style.css"]


def test_the_style_sheet_is_kept_by_the_browser(small: Endpoint) -> None:
    first = small.get("/style.css")
    assert (first.status, first.media) == (200, "text/css")
    assert "prefers-color-scheme: dark" in first.text
    assert "http" not in first.text
    assert small.get("/style.css", ("if-none-match", first.headers["etag"])).status == 304


def test_the_landing_page_says_what_is_served_and_how_to_ask(small: Endpoint) -> None:
    page = page_of(small, "/")
    for words in (small.site.title, small.site.digest, "/sparql", "/store?graph=", BASE):
        assert words in page.text
    assert page.text.count("curl ") == 6
    assert len(set(re.findall(r"Accept: (\S+)'", page.text))) == 5
    assert any(link.startswith("/trial/") for link in page.links())
    sent = small.get("/", ("accept", "text/turtle"))
    assert (sent.status, sent.headers["location"]) == (303, "/.well-known/void")


# --- hostile data -----------------------------------------------------------------------------------

HOSTILE = f"""
<{BASE}x> <{RDFS.label}> "<script>alert(1)</script>\\"'" <{BASE}graph/g> .
<{BASE}x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <javascript:alert(2)> <{BASE}graph/g> .
<{BASE}x> <javascript:alert(3)> <javascript:alert(4)> <{BASE}graph/g> .
<{BASE}x> <{BASE}p> <JavaScript:alert(5)> <{BASE}graph/g> .
<{BASE}x> <{BASE}p> <data:text/html,alert(6)> <{BASE}graph/g> .
<{BASE}x> <{BASE}p> <{BASE}/evil.example/> <{BASE}graph/g> .
<{BASE}x> <{BASE}p> "\\"><img src=x onerror=alert(7)>" <{BASE}graph/g> .
<{BASE}x> <{BASE}p> "</q></bdi><a href=\\"javascript:alert(8)\\">" <{BASE}graph/g> .
<{BASE}x> <{TKG.verbatim}> "{{{{ 7 * 7 }}}}" <{BASE}graph/g> .
<{BASE}x> <{BASE}p> "x"@en-xx <{BASE}graph/g> .
<{BASE}/evil.example/> <{RDFS.label}> "elsewhere" <{BASE}graph/g> .
<{BASE}x'onmouseover='alert(9)> <{BASE}p> <{BASE}x> <{BASE}graph/g> .
<javascript:alert(10)> <{BASE}p> <{BASE}x> <{BASE}graph/g> .
<javascript:alert(2)> <{RDFS.label}> "<b onclick=alert(11)>" <{BASE}graph/g> .
"""


@pytest.mark.parametrize("path", ["/x", "/x'onmouseover='alert(9)", "/graph/g", "/api/concept-mappings.html"])
def test_hostile_data_is_shown_as_text(tmp_path: Path, path: str) -> None:
    page = page_of(Endpoint(tmp_path, HOSTILE), path)
    assert not {tag for tag, _ in page.tags} & {"script", "img", "b"}
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    for link in page.links():
        assert link.startswith(("/", "https://", "http://", "#"))
        assert not link.startswith("//")


def test_hostile_text_is_there_to_be_read(tmp_path: Path) -> None:
    text = page_of(Endpoint(tmp_path, HOSTILE), "/x").text
    for words in (
        "<script>alert(1)</script>",
        "onerror=alert(7)",
        "javascript:alert(4)",
        "{{ 7 * 7 }}",
        "elsewhere",
    ):
        assert words in text


def test_hostile_paths_and_values_are_shown_as_text(small: Endpoint) -> None:
    for path in (
        "/%3Cscript%3Ealert(1)%3C/script%3E",
        "/api/%3Cscript%3E",
        "/api/text-search?text=%22%3E%3Cscript%3E",
    ):
        answered = small.get(path, BROWSER)
        assert answered.media == "text/html"
        assert "<script" not in answered.text


# --- addresses, and a real server ---------------------------------------------------------------------


def test_an_iri_has_a_path_only_under_a_base_and_never_on_another_host() -> None:
    bases = ("https://a.example/kg/", "https://a.example/")
    assert path_of("https://a.example/kg/trial/1", bases) == "/trial/1"
    assert path_of("https://a.example/other", bases) == "/other"
    assert path_of("https://a.example//evil.example/", bases) == ""
    assert path_of("https://b.example/kg/", bases) == ""


def test_a_path_may_mean_an_iri_of_each_base() -> None:
    assert iris_of(b"/a%20b", b"", ("https://x/", "https://y/")) == ("https://x/a%20b", "https://y/a%20b")
    assert iris_of(b"/%C3%A9", b"q", ("https://x/",))[:3] == (
        "https://x/%C3%A9?q",
        "https://x/é?q",
        "https://x/%C3%A9",
    )
    assert iris_of(b"/\xff", b"", ("https://x/",)) == ()


def test_small_helpers_say_what_they_should() -> None:
    assert sorted(["row 12", "row 2", "row 1"], key=natural) == ["row 1", "row 2", "row 12"]
    assert [figure(text) for text in ("2000000", "15000000", "54", "2336230")] == [
        "2 × 10⁶",
        "1.5 × 10⁷",
        "54",
        "2336230",
    ]
    assert split_suffix("/a.b.ttl") == ("/a.b", ("text/turtle",))
    assert split_suffix("/a.b") == ("/a.b", ())
    assert split_suffix("/.") == ("/.", ())


@pytest.fixture(scope="module")
def client(quads: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("served")
    file = folder / "small.nq"
    file.write_text(quads, encoding="utf-8")
    with running(folder, file) as server, httpx.Client(base_url=server.url, timeout=20) as client:
        yield client


def test_a_real_server_answers_for_its_things(client: httpx.Client, quads: str) -> None:
    answer = client.get("/trial/CTRI%2F2020%2F01%2F022743", headers={"Accept": "application/n-triples"})
    found = {quad.triple for quad in ox.parse(answer.content, ox.RdfFormat.N_TRIPLES)}
    assert found == said_of(quads, f"{BASE}trial/CTRI%2F2020%2F01%2F022743")
    for path in ("/", "/api.html", "/ontology.html", "/style.css", "/trial/NCT02336230.html"):
        head, get = client.head(path), client.get(path)
        assert (head.status_code, head.content, get.status_code) == (200, b"", 200)
        assert head.headers["content-length"] == get.headers["content-length"] == str(len(get.content))


def test_a_vocabulary_that_the_data_links_to_is_no_base_of_it(tmp_path: Path) -> None:
    void = "http://rdfs.org/ns/void#"
    kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    text = f"""
<{BASE}d> <{kind}> <{void}Dataset> .
<{BASE}d> <{void}uriSpace> "{BASE}" .
<{BASE}d> <http://www.w3.org/ns/sparql-service-description#namedGraph> <{BASE}d/g> .
<{BASE}t> <{kind}> <{void}Dataset> .
<{BASE}t> <{void}uriSpace> "http://terms.example/" .
<{BASE}l> <{void}subjectsTarget> <{BASE}d> .
<{BASE}l> <{void}objectsTarget> <{BASE}t> .
"""
    assert set(Endpoint(tmp_path, text).site.bases) == {BASE, ROOT}
