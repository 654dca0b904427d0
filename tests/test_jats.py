"""Articles in JATS, sets of them and tables cut out of them become tables with their captions, notes and works."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.model import Table
from kg.readers.base import Source, open_source
from kg.readers.document import Document
from kg.readers.jats import JatsReader
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon, load_lexicon

SHARED = Path(__file__).resolve().parents[2] / "shared"
HEADS = ("Disease", "Cell source", "Dose", "Trial number")
ROW = ("asthma", "bone marrow", "2 × 10<sup>6</sup> cells/kg", "NCT01234567")
READER = JatsReader()
TEX = "<tex-math>\\documentclass{minimal}\\begin{document}$$2\\times 10^{6}$$\\end{document}</tex-math>"
MATHML = (
    "<mml:math><mml:mn>2</mml:mn><mml:mo>×</mml:mo>"
    "<mml:msup><mml:mn>10</mml:mn><mml:mn>6</mml:mn></mml:msup></mml:math>"
)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(vocabulary_files())


@pytest.fixture
def read(lexicon: Lexicon):
    def tables(text: str | bytes) -> tuple[Table, ...]:
        document = Document(Source("a.xml", text if isinstance(text, bytes) else text.encode()))
        assert READER.fits(document, lexicon)
        return tuple(READER.read(document, lexicon))

    return tables


@pytest.fixture
def one(read):
    def table(text: str | bytes) -> Table:
        (only,) = read(text)
        return only

    return table


def tr(cells, tag: str = "td") -> str:
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


def wrap(*rows, heads=HEADS, foot: str = "", number: int = 1) -> str:
    body = "".join(tr(row) for row in rows or (ROW,))
    return (
        f'<table-wrap id="T{number}"><label>Table {number}.</label><caption><title>Trials</title><p>of cells.</p></caption>'
        f"<table><thead>{tr(heads, 'th')}</thead><tbody>{body}</tbody></table>{foot}</table-wrap>"
    )


def article(body: str, refs: str = "", doi: str = "10.1234/a.1", title: str = "Cells") -> str:
    return (
        '<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="review-article"><front><article-meta>'
        f'<article-id pub-id-type="pmid">1</article-id><article-id pub-id-type="doi">{doi}</article-id>'
        f"<title-group><article-title>{title}</article-title></title-group></article-meta></front>"
        f"<body><sec>{body}</sec></body><back><ref-list>{refs}</ref-list></back></article>"
    )


def ref(number: int, ids: str = "", label: str | None = None) -> str:
    said = f"<label>{number if label is None else label}</label>" if label != "" else ""
    return f'<ref id="B{number}">{said}<element-citation><source>Work {number}</source>{ids}</element-citation></ref>'


def doi_of(number: int) -> str:
    return (
        f'<pub-id pub-id-type="doi">10.5555/w{number}</pub-id><pub-id pub-id-type="pmid">90{number}</pub-id>'
    )


def cell_of(one, markup: str, foot: str = "", refs: str = "") -> str:
    return next(iter(one(article(wrap((markup, *ROW[1:]), foot=foot), refs)).rows)).cells[0]


# ---------------------------------------------------------------- article and table


def test_an_article_gives_label_caption_title_doi_and_legend(one):
    foot = "<table-wrap-foot><fn id='f1'><label>a</label><p>Adults</p></fn><p>BM, bone marrow</p></table-wrap-foot>"
    table = one(
        article(wrap(foot=foot), title="Cells<xref ref-type='fn' rid='x'>*</xref> in <italic>vivo</italic>")
    )
    assert (table.label, table.caption) == ("Table 1", "Trials of cells.")
    assert (table.title, table.doi) == ("Cells in vivo", "10.1234/a.1")
    assert table.legend == "a Adults\nBM, bone marrow"
    assert table.layout == "JATS XML"


def test_a_legend_in_the_caption_is_the_legend(one):
    text = wrap().replace(
        "<p>of cells.</p>", "<p>BM, bone marrow; UC, umbilical cord; AT, adipose tissue</p>"
    )
    table = one(article(text))
    assert (table.caption, table.legend[:15]) == ("Trials", "BM, bone marrow")


def test_a_table_cut_out_of_an_article_is_read_whatever_prefixes_it_uses(one):
    cell = '<ext-link ext-link-type="uri" xlink:href="https://x.org">NCT01234567</ext-link>'
    formula = f"<inline-formula>{MATHML}</inline-formula>"
    (row,) = one(wrap(("asthma", "BM", formula, cell))).rows
    assert row.cells == ("asthma", "BM", "2×10⁶", "NCT01234567")


def test_each_article_of_a_set_has_its_own_title_doi_and_works(read):
    cell = '<xref ref-type="bibr" rid="B1">1</xref>'
    articles = [
        article(
            wrap((*ROW[:3], f"NCT0000000{n}", cell), heads=(*HEADS, "Ref.")),
            ref(1, f'<pub-id pub-id-type="doi">10.1000/{n}</pub-id>'),
            f"10.1000/a{n}",
            f"Review {n}",
        )
        for n in (1, 2)
    ]
    tables = read(f"<?xml version='1.0'?><pmc-articleset>{''.join(articles)}</pmc-articleset>")
    assert [(t.title, t.doi, t.works[0].doi) for t in tables] == [
        ("Review 1", "10.1000/a1", "10.1000/1"),
        ("Review 2", "10.1000/a2", "10.1000/2"),
    ]


def test_a_group_lends_its_label_and_caption_to_its_tables(read):
    inner = "".join(
        f"<table-wrap><table><thead>{tr(HEADS, 'th')}</thead>{tr((*ROW[:3], f'NCT0000000{n}'))}</table></table-wrap>"
        for n in (1, 2)
    )
    group = (
        f"<table-wrap-group><label>Table 3</label><caption><p>Both</p></caption>{inner}</table-wrap-group>"
    )
    assert [(t.label, t.caption) for t in read(article(group))] == [("Table 3", "Both")] * 2


def test_a_namespace_changes_nothing(one):
    text = article(wrap()).replace("<article ", '<article xmlns="http://jats.nlm.nih.gov" ', 1)
    assert (one(text).doi, len(list(one(text).rows))) == ("10.1234/a.1", 1)


def test_the_picture_beside_a_table_is_not_needed(one):
    text = (
        wrap()
        .replace("<table>", "<alternatives><graphic/><table>")
        .replace("</table>", "</table></alternatives>")
    )
    assert len(list(one(article(text)).rows)) == 1


def test_a_cals_table_is_read_with_its_spans(one):
    heads = "".join(f"<entry>{head}</entry>" for head in HEADS)
    specs = "".join(f'<colspec colnum="{n}" colname="c{n}"/>' for n in (1, 2, 3, 4))
    rows = (
        '<row><entry namest="c1" nameend="c4">Lung</entry></row>'
        '<row><entry morerows="1">asthma</entry><entry>BM</entry><entry>1</entry><entry>NCT01234567</entry></row>'
        '<row><entry colname="c3">2</entry><entry>NCT01234568</entry></row>'
    )
    table = one(
        f'<table-wrap><oasis:table><oasis:tgroup cols="4">{specs}<thead><row>{heads}</row></thead>'
        f"<tbody>{rows}</tbody></oasis:tgroup></oasis:table></table-wrap>"
    )
    assert table.header == ("section", *HEADS)
    assert [row.cells for row in table.rows] == [
        ("Lung", "asthma", "BM", "1", "NCT01234567"),
        ("Lung", "asthma", "", "2", "NCT01234568"),
    ]


# ---------------------------------------------------------------- cells


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("10<sup>6</sup>cells", "10⁶cells"),
        ("<sup>99</sup>Tc", "⁹⁹Tc"),
        ("kg/m<sup>2</sup>", "kg/m²"),
        ("CO<sub>2</sub>", "CO2"),
        ("bone<break/>marrow", "bone marrow"),
        ("<p>bone</p><p>marrow</p>", "bone marrow"),
        ("<list><list-item><label>1</label><p>bone</p></list-item></list>", "1 bone"),
        ("&nbsp;&alpha;&thinsp;&#x3b2;&lt;", "α β<"),
        ("<named-content content-type='x'>bone</named-content> <bold>marrow</bold>", "bone marrow"),
        ("Lee et al.<sup><xref ref-type='bibr' rid='B1'>1</xref></sup>", "Lee et al.1"),
        ("Lee et al. (<xref ref-type='bibr' rid='B1'>2019</xref>)", "Lee et al. (2019)"),
        ("NCT01234567<xref ref-type='table-fn' rid='f1'><sup>a</sup></xref>", "NCT01234567"),
        ("NCT01234567<xref ref-type='table-fn' rid='f1'>*</xref>", "NCT01234567"),
        (f"<inline-formula>{TEX}</inline-formula> cells", "2× 10⁶ cells"),
        (f"<alternatives>{TEX}{MATHML}<inline-graphic/></alternatives>", "2×10⁶"),
    ],
)
def test_a_cell_says_what_a_person_reads(one, markup: str, text: str):
    assert cell_of(one, markup, refs=ref(1)) == text


def test_a_raised_letter_is_a_mark_when_a_note_has_it(one):
    foot = "<table-wrap-foot><fn><p><sup>a</sup>Adults</p></fn></table-wrap-foot>"
    assert cell_of(one, "asthma<sup>a</sup>", foot) == "asthma"
    assert cell_of(one, "asthma<sup>b</sup>", foot) == "asthma b"


# ---------------------------------------------------------------- works


def test_a_cross_reference_gives_the_doi_and_pmid_of_the_work(one):
    cell = '[<xref ref-type="bibr" rid="B68">68</xref>]'
    (work,) = one(
        article(wrap((*ROW, cell), heads=(*HEADS, "Ref.")), ref(68, doi_of(68)) + ref(70, doi_of(70)))
    ).works
    assert (work.key, work.doi, work.pmid) == ("68", "10.5555/w68", "9068")
    assert "Work 68" in work.text


def test_a_range_cites_the_works_between_its_ends(one):
    cell = '[<xref ref-type="bibr" rid="B3">3</xref>–<xref ref-type="bibr" rid="B6">6</xref>]'
    refs = "".join(ref(n, doi_of(n)) for n in range(1, 9))
    works = one(article(wrap((*ROW, cell), heads=(*HEADS, "Ref.")), refs)).works
    assert sorted(w.key for w in works if w.key not in "12") == ["3", "4", "5", "6"]


def test_a_work_without_a_number_is_known_by_the_words_that_cite_it(one):
    cell = '<xref ref-type="bibr" rid="B1">Lee et al., 2019</xref>'
    (work,) = one(article(wrap((*ROW, cell), heads=(*HEADS, "Ref.")), ref(1, doi_of(1), label=""))).works
    assert (work.key, work.doi) == ("Lee et al., 2019", "10.5555/w1")


def test_a_doi_in_the_words_of_a_work_is_found(one):
    link = '<ext-link xlink:href="https://doi.org/10.5555/words">link</ext-link>'
    cell = '<xref ref-type="bibr" rid="B1">1</xref>'
    works = one(article(wrap((*ROW, cell), heads=(*HEADS, "Ref.")), ref(1, link))).works
    assert [w.doi for w in works if w.key == "1"] == ["10.5555/words"]


# ---------------------------------------------------------------- bad input

BOMB = "<!DOCTYPE article [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(12)
)


@pytest.mark.parametrize(
    "text",
    [
        BOMB + f"]>{article(wrap(('&m;', *ROW[1:])))}",
        f"<!DOCTYPE article [<!ENTITY a '{'a' * 50_000}'>]>{article(wrap(('&a;' * 50_000, *ROW[1:])))}",
        f"<!DOCTYPE article [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>{article(wrap(('&x;', *ROW[1:])))}",
        f"<!DOCTYPE article [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x.dtd'> %p;]>{article(wrap())}",
        article(wrap(("&nosuch;", *ROW[1:]))),
        article(wrap(("<bold>" * 10_000 + "</bold>" * 10_000, *ROW[1:]))),
        article(wrap((f"<bold id='{'x' * 11_000_000}'/>", *ROW[1:]))),
        article(wrap())[:-40],
        article(wrap(("R & D", *ROW[1:]))),
        article("<table-wrap><label>Table 1</label><graphic/></table-wrap>"),
        article("<p>nothing</p>"),
    ],
    ids=[
        "laughs",
        "quadratic",
        "file",
        "parameter",
        "unknown",
        "deep",
        "long-attribute",
        "cut-off",
        "ampersand",
        "picture",
        "none",
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place(read, text: str):
    start = time.monotonic()
    with pytest.raises(SourceError) as caught:
        read(text)
    assert caught.value.where.startswith("a.xml")
    assert "root:" not in str(caught.value)
    assert time.monotonic() - start < 5


def test_the_place_of_a_fault_is_its_line(read):
    with pytest.raises(SourceError) as caught:
        read(
            "<?xml version='1.0'?>\n<!DOCTYPE article\n PUBLIC 'x' 'JATS.dtd'>\n" + article(wrap()) + "\n</x>"
        )
    assert caught.value.where == "a.xml, line 5"


def test_a_document_type_is_not_loaded(one, tmp_path: Path):
    dtd = tmp_path / "own.dtd"
    dtd.write_text("<!ENTITY secret 'told'>")
    assert list(one(f"<!DOCTYPE article SYSTEM '{dtd}'>{article(wrap())}").rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_an_article_is_read_in_its_encoding(one, encoding: str):
    said = encoding.removesuffix("-sig")
    text = f"<?xml version='1.0' encoding='{said}'?>" + article(wrap(("Sjögren", *ROW[1:]))).replace("×", "x")
    assert next(iter(one(text.encode(encoding)).rows)).cells[0] == "Sjögren"


@pytest.mark.parametrize(
    "text",
    [
        "<html><article><table><tr><td>x</td></tr></table></article></html>",
        "<Trials_in_ICTRP/>",
        "a,b\n<table-wrap>",
    ],
)
def test_other_layouts_are_left_to_their_readers(lexicon: Lexicon, text: str):
    assert not READER.fits(Document(Source("x", text.encode())), lexicon)


@settings(deadline=None, max_examples=60)
@given(soup=st.text(st.sampled_from("<>/ td sup xref rid='\"&#;x1["), max_size=150))
def test_no_soup_of_tags_ends_in_a_traceback(lexicon: Lexicon, soup: str):
    document = Document(Source("a.xml", article(wrap((soup, *ROW[1:]))).encode()))
    try:
        READER.read(document, lexicon)
    except SourceError as error:
        assert error.where.startswith("a.xml")  # noqa: PT017


# ---------------------------------------------------------------- a real table


@pytest.mark.skipif(not SHARED.exists(), reason="the shared tables are not here")
def test_the_table_with_section_rows_is_read_as_the_article_has_it(one):
    table = one(open_source(SHARED / "tables" / "36-kidney-jats.xml").data)
    assert table.header[:3] == ("section", "Recipients", "Source")
    assert [(row.cells[0], row.inherited) for row in table.rows] == [("AKI", (0,))] * 2 + [("CKD", (0,))] * 2
    assert [row.cells[6] for row in table.rows] == [
        "NA",
        "2 × 10⁶cells/kg",
        "100 μg/kg",
        "150 × 10⁶ or 300 × 10⁶ cells/kg",
    ]
    assert table.legend.startswith("AKI, acute kidney injury; BM")
