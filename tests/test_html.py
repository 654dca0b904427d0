"""Saved web pages of many publishers become tables with their captions, notes, spans and cited works."""

from __future__ import annotations

import base64
import contextlib
import html
import quopri
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.model import Table
from kg.readers.base import Source, open_source
from kg.readers.document import Document
from kg.readers.html import HtmlReader
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon, load_lexicon

SHARED = Path(__file__).resolve().parents[2] / "shared"
HEADS = ("Disease", "Cell source", "Dose", "Trial number")
ROW = ("asthma", "bone marrow", "2 × 10<sup>6</sup> cells/kg", "NCT01234567")
READER = HtmlReader()


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon(vocabulary_files())


@pytest.fixture
def read(lexicon: Lexicon):
    def tables(page: str | bytes) -> tuple[Table, ...]:
        data = page if isinstance(page, bytes) else page.encode()
        document = Document(Source("page.html", data))
        assert READER.fits(document, lexicon)
        return tuple(READER.read(document, lexicon))

    return tables


@pytest.fixture
def one(read):
    def table(page: str | bytes) -> Table:
        (only,) = read(page)
        return only

    return table


def tr(cells, tag: str = "td") -> str:
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


def table_of(*rows, heads=HEADS, attributes: str = "") -> str:
    body = "".join(tr(row) for row in rows or (ROW,))
    return f"<table {attributes}><thead>{tr(heads, 'th')}</thead><tbody>{body}</tbody></table>"


def cell_of(one, markup: str, notes: str = "") -> str:
    """Return how a page's table writes one cell, in the column of the disease."""
    page = f"<div>{table_of((markup, *ROW[1:]), ROW)}<div class='table-foot'>{notes}</div></div>"
    return next(iter(one(page).rows)).cells[0]


# ---------------------------------------------------------------- publishers

PMC = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Cells for lungs - PMC</title>
<meta name="citation_title" content="Cells for lungs"><meta name="citation_doi" content="10.1234/lung.5"></head>
<body><nav><ul><li>Journal list</li></ul></nav><main><h1>Cells for lungs</h1><p>Table 1 sums up what is known.</p>
<section class="tw xbox font-sm" id="Tab1"><h3 class="obj_head">Table 1.</h3>
<div class="caption p"><p>Trials in the lung<sup>a</sup></p></div>
<div class="tbl-box p" tabindex="0">{
    table_of(
        (
            "asthma<sup>a</sup>",
            "bone marrow",
            "2&#8201;×&#8201;10<sup>6</sup> cells/kg",
            '[<a href="#CR2" class="usa-link" aria-describedby="CR2">2</a>]',
        ),
        heads=(*HEADS[:3], "Ref."),
        attributes='class="content" frame="hsides"',
    )
}</div>
<div class="p text-right font-secondary"><a href="table/Tab1/" class="usa-link">Open in a new tab</a></div>
<div class="tw-foot p"><div class="fn" id="TFN1"><sup>a</sup><p class="p">Adults only</p></div>
<div class="fn" id="TFN2"><p>BM, bone marrow; UC, umbilical cord</p></div></div></section>
<p>Later prose about something else that is long and has nothing to do with any table of trials.</p>
<section class="ref-list"><ul class="ref-list"><li id="CR1"><span class="label">1.</span><cite>Old work.</cite></li>
<li id="CR2"><span class="label">2.</span><cite>Doe J. New work. J Cell. 2019.</cite> [<a href="https://doi.org/10.5555/NEW.2">DOI</a>]
[<a href="https://pubmed.ncbi.nlm.nih.gov/31234567/">PubMed</a>]</li></ul></section></main></body></html>"""

SPRINGER = f"""<html><head><meta name="dc.identifier" content="doi:10.1186/s1-2">
<meta name="dc.title" content="Springer work"/>
</head><body><main><div class="c-article-table-container"><h1 class="c-article-table-title u-h2" id="table-2-title">
<b id="Tab2">Table 2 Trials in joints</b></h1>
<p class="c-article-table-from">From: <a href="/articles/x">Springer work</a></p>
<div class="u-table-scrollable">{table_of(attributes='class="data last-table"')}</div>
<div class="c-article-table-footer"><ul><li><p><i>BM</i> bone marrow, <i>UC</i> umbilical cord</p></li></ul></div>
</div></main>
<footer class="c-footer"><p>© Nobody</p></footer></body></html>"""

ELSEVIER = f"""<html><head><meta property="og:title" content="Elsevier work"></head><body><article>
<h1>Elsevier work</h1>
<div class="tables rowsep-0 colsep-0 frame-topbot" id="tbl3"><span class="captions text-s"><span id="cap"><p>
<span class="label">Table 3</span>. Trials in bone</p></span></span><div class="groups">{
    table_of(("asthma<a href='#tbl3fna'><sup>a</sup></a>", *ROW[1:]))
}</div><dl class="footnotes"><dt id="tbl3fna">a</dt><dd><div class="u-margin-s-bottom">Adults.</div></dd></dl>
<p class="legend">BM: bone marrow.</p></div></article></body></html>"""

MDPI = f"""<html><head><meta name="citation_doi" content="10.3390/x1"></head><body>
<div class="html-table-wrap" id="t1"><div class="html-table_wrap_td"><a href="#table_body">
<img alt="Table" src="t.png"></a></div>
<div class="html-table_wrap_discription"><b>Table 4.</b> Trials in skin.</div></div>
<div class="html-table_show mfp-hide" id="table_body" style="display:none"><div class="html-caption">
<b>Table 4.</b> Trials in skin.</div>
{table_of()}<div class="html-table_foot html-p"><p>* by weight.</p></div></div></body></html>"""

WILEY = f"""<html><body><div class="article-table-content" id="w-1"><header class="article-table-caption">
<span class="table-caption__label">TABLE 5. </span>Trials in nerve</header>
<div class="article-table-content-wrapper" tabindex="0">
{table_of()}</div><div class="article-section__table-footnotes"><ul><li>Abbreviations: BM, bone marrow.</li></ul>
</div></div>
<a class="x">Open in figure viewer</a></body></html>"""

OXFORD = f"""<html><body><div class="table-full-width-wrap"><div class="table-wrap table-wide standard-table">
<div class="table-wrap-title" id="t6"><div class="title-label"><span class="label title-label">Table 6</span></div>
<div class="caption caption-id"><p class="chapter-para">Trials in gut</p></div></div>
<div class="table-overflow">{table_of()}</div>
<div class="table-modal" aria-hidden="true"><div class="caption">Trials in gut</div>{table_of()}</div></div></div>
</body></html>"""

FRONTIERS = f"""<html><body><p>Text of the article. It goes on.</p><figure class="TableWrap"><figcaption>
<strong>TABLE 7 |</strong>
Trials in liver.</figcaption>{table_of()}</figure><p>More text.</p></body></html>"""

WORD_HEADS = "".join(f"<td width=9><p class=MsoNormal><b>{h}</b><o:p></o:p></p></td>" for h in HEADS)
WORD = f"""<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head>
<meta http-equiv=Content-Type content="text/html; charset=windows-1252"><meta name=Generator content="Microsoft Word 15">
<style><!-- p.MsoNormal {{margin:0}} --></style></head><body lang=EN-US><div class=WordSection1>
<p class=MsoCaption>Table <span style='mso-element:field-begin'></span>8. Trials in eye<o:p></o:p></p>
<table class=MsoTableGrid border=1><tr>{WORD_HEADS}</tr>
<tr><td><p class=MsoNormal>as\xadthma</p></td><td><p class=MsoNormal>bone<br>marrow</p></td>
<td><p class=MsoNormal>2 \xd7
10<sup>6</sup> cells/kg<![if !supportEmptyParas]>&nbsp;<![endif]></p></td>
<td><p class=MsoNormal>NCT01234567</p></td></tr></table>
<p class=MsoNormal>BM: bone marrow; UC: umbilical cord<o:p></o:p></p></div></body></html>""".encode("cp1252")


@pytest.mark.parametrize(
    ("page", "label", "caption"),
    [
        (PMC, "Table 1", "Trials in the lung"),
        (SPRINGER, "Table 2", "Trials in joints"),
        (ELSEVIER, "Table 3", "Trials in bone"),
        (MDPI, "Table 4", "Trials in skin."),
        (WILEY, "Table 5", "Trials in nerve"),
        (OXFORD, "Table 6", "Trials in gut"),
        (FRONTIERS, "Table 7", "Trials in liver."),
        (WORD, "Table 8", "Trials in eye"),
    ],
    ids=["pmc", "springer", "elsevier", "mdpi", "wiley", "oxford", "frontiers", "word"],
)
def test_a_page_of_each_publisher_gives_its_table_with_label_and_caption(one, page, label: str, caption: str):
    table = one(page)
    assert (table.label, table.caption) == (label, caption)
    assert table.header[:3] == HEADS[:3]
    assert [row.cells[:3] for row in table.rows] == [("asthma", "bone marrow", "2 × 10⁶ cells/kg")]


def test_the_head_of_a_page_gives_title_and_doi(one):
    assert (one(PMC).title, one(PMC).doi) == ("Cells for lungs", "10.1234/lung.5")
    assert (one(SPRINGER).title, one(SPRINGER).doi) == ("Springer work", "10.1186/s1-2")
    assert one(ELSEVIER).title == "Elsevier work"


@pytest.mark.parametrize(
    ("page", "legend"),
    [
        (PMC, "a Adults only\nBM, bone marrow; UC, umbilical cord"),
        (SPRINGER, "BM bone marrow, UC umbilical cord"),
        (ELSEVIER, "a\nAdults.\nBM: bone marrow."),
        (MDPI, "* by weight."),
        (WILEY, "Abbreviations: BM, bone marrow."),
        (WORD, "BM: bone marrow; UC: umbilical cord"),
    ],
    ids=["pmc", "springer", "elsevier", "mdpi", "wiley", "word"],
)
def test_the_notes_under_a_table_are_its_legend(one, page, legend: str):
    assert one(page).legend == legend


def test_a_link_to_the_reference_list_gives_the_doi_and_pmid_of_the_work(one):
    (work,) = one(PMC).works
    assert (work.key, work.doi, work.pmid) == ("2", "10.5555/NEW.2", "31234567")
    assert "New work" in work.text


def test_numbers_between_the_linked_ends_of_a_range_are_cited_too(one):
    items = "".join(
        f"<li id='ref-CR{n}'>Work {n}. <a href='https://doi.org/10.1/w{n}'>x</a></li>" for n in range(1, 9)
    ).replace("10.1/", "10.1000/")
    cited = "[<a href='https://a.org/b#ref-CR3'>3</a>–<a href='#ref-CR5'>5</a>]"
    works = one(table_of((*ROW, cited), heads=(*HEADS, "Ref.")) + f"<ol>{items}</ol>").works
    assert {w.key: w.doi for w in works} == {"3": "10.1000/w3", "4": "10.1000/w4", "5": "10.1000/w5"}


# ---------------------------------------------------------------- cells


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("10<sup>6</sup>", "10⁶"),
        ("10 <sup>6</sup>cells", "10⁶cells"),
        ("5.10<sup>6 </sup>cells", "5.10⁶ cells"),
        ("10<sup>-6</sup>", "10⁻⁶"),
        ("10<sup>6</sup>–10<sup>7</sup>", "10⁶–10⁷"),
        ("10<sup>6–7</sup>", "10⁶⁻⁷"),
        ("10<sup>1</sup><sup>0</sup>", "10¹⁰"),
        ("10<sup>10.6</sup> vg", "10¹⁰·⁶ vg"),
        ("10<sup>6 cells/kg</sup>", "10⁶ cells/kg"),
        ("10<span style='vertical-align: super'>6</span>", "10⁶"),
        ("kg/m<sup>2</sup>", "kg/m²"),
        ("10<sup>6</sup> cells kg<sup>−1</sup>", "10⁶ cells kg⁻¹"),
        ("<sup>99</sup>Tc", "⁹⁹Tc"),
        ("(<sup>18</sup>F-FDG)", "(¹⁸F-FDG)"),
        ("CD34<sup>+</sup> cells", "CD34⁺ cells"),
        ("5<sup>th</sup> week", "5th week"),
        ("CO<sub>2</sub>", "CO2"),
        ("Lee et al.<sup>9</sup>", "Lee et al.9"),
        ("Lee et al.<sup><a href='#B9'>9</a>,<a href='#B10'>10</a></sup>", "Lee et al.9,10"),
        ("Lee<sup><a href='#B9'>9</a></sup>", "Lee9"),
        ("<sup><a href='#B9'>9</a></sup>", "9"),
        ("NCT01234567<sup><a href='#B9'>9</a></sup>", "NCT01234567 [9]"),
        ("NCT01234567<sup>12</sup>", "NCT01234567 [12]"),
        ("20<sup>b</sup>", "20 b"),
        ("mesenchymal<sup>[12]</sup>", "mesenchymal[12]"),
    ],
)
def test_a_superscript_is_written_as_what_it_is(one, markup: str, text: str):
    assert cell_of(one, markup) == text


@pytest.mark.parametrize(
    ("markup", "notes", "text"),
    [
        ("NCT01234567<sup>a</sup>", "<p><sup>a</sup>withdrawn</p>", "NCT01234567"),
        ("20<sup>a,b</sup> men", "<p><sup>a</sup> x</p><p><sup>b</sup> y</p>", "20 men"),
        ("20<sup>*</sup>", "<p>*men only; †women only</p>", "20"),
        ("20<sup>c</sup>", "<p><sup>a</sup>withdrawn</p>", "20 c"),
        ("10<sup>6</sup>", "<p><sup>6</sup> six</p>", "10⁶"),
        ("2<sup>1</sup>", "<p><sup>1</sup> one</p>", "2"),
        ("Lee et al.<sup>1</sup>", "<p><sup>1</sup> one</p>", "Lee et al.1"),
        ("20<a href='#TFN1'>#</a>", "", "20"),
        (
            "20<a href='#tf0025'><span><sup>a</sup></span></a>",
            "<dl><dt id='tf0025'>a</dt><dd>men</dd></dl>",
            "20",
        ),
        ("20<a href='#x7-1'>1</a>", "<div class='fn' id='x7-1'>men</div>", "20"),
    ],
)
def test_only_the_mark_of_a_note_is_left_out(one, markup: str, notes: str, text: str):
    assert cell_of(one, markup, notes) == text


def test_marks_that_were_left_out_are_said(one):
    page = f"<div>{table_of(('x<sup>a</sup>', *ROW[1:]))}<div class='foot'><p><sup>a</sup>y</p></div></div>"
    assert "footnote-mark" in [finding.code for finding in one(page).findings]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("bone<br/>marrow", "bone marrow"),
        ("<p>bone</p><p>marrow</p>", "bone marrow"),
        ("<ul><li>bone</li><li>marrow</li></ul>", "bone marrow"),
        ("bone&nbsp;&thinsp;marrow", "bone marrow"),
        ("bone<span> </span>marrow", "bone marrow"),
        ("bo&shy;ne mar\u200brow", "bone marrow"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("<a href='x'>bone</a> marrow", "bone marrow"),
        ("yes <img src='t.png' alt='✓'>", "yes ✓"),
        ("bone<span style='display:none'>hidden</span>", "bone"),
        ("bone<span class='screen-reader-only'>Empty cell</span>", "bone"),
        ("bone<span class='usa-sr-only'>opens a window</span>", "bone"),
        ("bone<span aria-hidden='true'>x</span><script>y()</script><!-- z -->", "bone"),
        ("2<math><mo>×</mo><msup><mn>10</mn><mn>6</mn></msup></math>", "2×10⁶"),
        ("<span class='mathjax-tex'>\\(2 \\times 10^{6}\\)</span> cells", "2 × 10⁶ cells"),
        ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "1/2"),
        ("<table><tr><td>bone</td><td>marrow</td></tr></table>", "bone marrow"),
    ],
)
def test_a_cell_says_what_a_person_reads(one, markup: str, text: str):
    assert cell_of(one, markup) == text


def test_a_blank_inside_a_word_of_the_header_does_not_hide_the_column(one):
    heads = ("Disease", "MSC S<span class='c-ws'> </span>ource", "Bone<span> </span>dose", "Trial number")
    assert one(table_of(heads=heads)).header == ("Disease", "MSC Source", "Bone dose", "Trial number")


# ---------------------------------------------------------------- spans and rows


def test_a_cell_that_spans_rows_holds_for_each_and_is_said_to_be_inherited(one):
    rows = (
        "<tr><td rowspan=2>asthma</td><td>BM</td><td>1</td><td>NCT01234567</td></tr>"
        "<tr><td>UC</td><td>2</td><td>NCT01234568</td></tr>"
    )
    table = one(f"<table>{tr(HEADS, 'th')}{rows}</table>")
    assert [(row.cells[0], row.inherited) for row in table.rows] == [("asthma", ()), ("asthma", (0,))]


def test_a_row_across_the_table_is_a_section(one):
    rows = "<tr><td colspan=4><b>Lung</b></td></tr>" + tr(ROW) + "<tr><th colspan=4>Gut</th></tr>" + tr(ROW)
    table = one(f"<table><thead>{tr(HEADS, 'th')}</thead>{rows}</table>")
    assert table.header[0] == "section"
    assert [row.cells[0] for row in table.rows] == ["Lung", "Gut"]


def test_a_foot_that_stands_before_the_body_comes_last(one):
    page = f"<table><thead>{tr(HEADS, 'th')}</thead><tfoot>{tr(('z', *ROW[1:]))}</tfoot><tbody>{tr(ROW)}</tbody></table>"
    assert [row.cells[0] for row in one(page).rows] == ["asthma", "z"]


def test_a_hidden_row_and_a_row_wholly_spanned_from_above_are_no_rows(one):
    rows = (
        "".join(f"<td rowspan=2>{cell}</td>" for cell in ROW).join(["<tr>", "</tr><tr></tr>"])
        + f"<tr style='display:none'>{tr(ROW)[4:]}"
    )
    assert len(list(one(f"<table>{tr(HEADS, 'th')}{rows}</table>").rows)) == 1


@pytest.mark.parametrize("span", ["", "0", "-1", "x", "2x", "1000000", "99999999999999999999"])
def test_a_wrong_span_does_no_harm(one, span: str):
    last = f"<tr><td>asthma</td><td>BM</td><td>1</td><td colspan='{span}' rowspan='1'>NCT01234567</td></tr>"
    (row,) = one(f"<table>{tr(HEADS, 'th')}{last}</table>").rows
    assert row.cells[:4] == ("asthma", "BM", "1", "NCT01234567")
    assert len(row.cells) == 4


def test_tables_that_only_arrange_the_page_are_looked_through(one):
    inner = f"<h3>Table 9</h3><p>Trials</p>{table_of()}"
    layout = f"<table role='presentation'><tr><td>menu</td><td>{inner}</td></tr></table>"
    table = one(f"<html><body>{layout}</body></html>")
    assert (table.label, table.caption) == ("Table 9", "Trials")


def test_each_table_of_a_page_has_its_own_surroundings(read):
    page = "".join(
        f"<p><b>Table {n}.</b> Trials {n}</p>{table_of((*ROW[:3], f'NCT0000000{n}'))}"
        f"<p>B{n}: bone {n}; UC: umbilical cord</p>"
        for n in (1, 2)
    )
    tables = read(f"<html><body><h1>Review</h1>{page}</body></html>")
    assert [(t.label, t.caption, t.legend[:2], t.title) for t in tables] == [
        ("Table 1", "Trials 1", "B1", "Review"),
        ("Table 2", "Trials 2", "B2", "Review"),
    ]


def test_a_style_of_the_page_may_raise_a_text(one):
    page = f"<style>.c7{{font-size:9pt;vertical-align:super}}</style>{table_of(('10<span class=c7>6</span>', *ROW[1:]))}"
    assert next(iter(one(f"<html>{page}</html>").rows)).cells[0] == "10⁶"


@pytest.mark.parametrize(
    "text", ["Table 2 Clinical trials", "<b>TABLE 2</b> | Clinical trials", "Table 2: Clinical trials"]
)
def test_a_paragraph_with_a_label_right_above_a_table_is_its_caption(one, text: str):
    table = one(f"<html><body><p>Prose.</p><p>{text}</p>{table_of()}</body></html>")
    assert (table.label, table.caption) == ("Table 2", "Clinical trials")


def test_a_caption_in_the_first_row_is_the_caption(one):
    caption = f"<tr><td colspan='4'>Table 2. Clinical trials</td></tr>{tr(HEADS)}{tr(ROW)}"
    table = one(f"<html><body><p>Prose.</p><table>{caption}</table></body></html>")
    assert (table.label, table.caption, len(list(table.rows))) == ("Table 2", "Clinical trials", 1)


def test_prose_before_a_table_is_no_caption(one):
    table = one(
        f"<html><body><h2>Results</h2><p>Table 1 shows that cells are safe.</p>{table_of()}</body></html>"
    )
    assert table.label == ""


# ---------------------------------------------------------------- kinds of pages


def test_a_table_alone_is_read(one):
    assert len(list(one(table_of()).rows)) == 1


def test_a_browsers_view_of_the_source_is_read_as_the_page(one):
    lines = "".join(
        f"<tr><td class='line-number'></td><td class='line-content'>{html.escape(line)}</td></tr>"
        for line in PMC.split("\n")
    )
    chrome = f"<html><head></head><body><table><tbody>{lines}</tbody></table></body></html>"
    firefox = f"<html><head></head><body id='viewsource'><pre>{html.escape(PMC)}</pre></body></html>"
    assert one(chrome).label == one(firefox).label == "Table 1"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_page_is_read_in_its_encoding(one, encoding: str):
    said = "" if encoding != "cp1252" else "<meta charset='iso-8859-1'>"
    page = f"<html><head>{said}</head><body>{table_of(('Sjögren – x', *ROW[1:]))}</body></html>"
    assert next(iter(one(page.encode(encoding)).rows)).cells[0] == "Sjögren – x"


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_a_page_saved_as_an_archive_is_read(one, encoding: str):
    code = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes, "8bit": bytes}[encoding]
    head = 'From: <Saved by a browser>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="--x"\r\n\r\n'
    part = f"----x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    archive = head.encode() + part.encode() + code(PMC.encode()) + b"\r\n----x--\r\n"
    assert (one(archive).label, len(one(archive).works)) == ("Table 1", 1)


def test_what_a_clipboard_holds_is_read(one):
    body = f"<html><body>\n<!--StartFragment-->{table_of()}<!--EndFragment--></body></html>"
    page = f"Version:0.9\nStartHTML:0000000105\n{body}"
    assert len(list(one(page).rows)) == 1


def test_a_comment_before_the_page_does_no_harm(one):
    assert one(f"<!-- saved from url=(0014)about:internet -->\n{PMC}").label == "Table 1"


def test_many_comments_before_no_page_take_no_time(lexicon: Lexicon):
    start = time.monotonic()
    READER.fits(Document(Source("x", b"<!-- a -->" * 5000 + b"<x>")), lexicon)
    assert time.monotonic() - start < 2


def test_utf_8_wins_over_what_the_page_says_of_itself(one):
    page = f"<html><head><meta charset='windows-1252'></head><body>{table_of(('Sjögren', *ROW[1:]))}</body></html>"
    assert next(iter(one(page).rows)).cells[0] == "Sjögren"


@pytest.mark.parametrize(
    "text",
    [
        "Disease\tDose\nasthma\t1",
        '{"a": "<table><tr><td>x"}',
        "if a <table and b: <tr>",
        "<?xml version='1.0'?><Trials/>",
    ],
)
def test_other_layouts_are_left_to_their_readers(lexicon: Lexicon, text: str):
    assert not READER.fits(Document(Source("x", text.encode())), lexicon)


# ---------------------------------------------------------------- bad pages


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><p>No table here</p></body></html>",
        "<html><body><table></table></body></html>",
        "<html></html>",
        "<table><tr><td>" + "<div>" * 10_000 + "x",
        "<html><body><p title='" + "x" * 11_000_000 + "'>" + table_of(),
        "<html><body><p>" + "x" * 11_000_000 + "</p>" + table_of(),
    ],
    ids=["no table", "empty table", "empty", "deep", "long attribute", "long text"],
)
def test_a_page_that_cannot_be_read_is_refused_with_the_place(read, page: str):
    start = time.monotonic()
    with pytest.raises(SourceError) as caught:
        read(page)
    assert caught.value.where.startswith("page.html")
    assert time.monotonic() - start < 5


def test_spans_that_blow_a_table_up_cost_nothing(one):
    rows = "".join("<tr>" + "<td rowspan=60000 colspan=1000>x</td>" * 4 + "</tr>" for _ in range(200))
    start = time.monotonic()
    table = one(f"<table>{tr(HEADS, 'th')}{tr(ROW)}{rows}</table>")
    assert table.header == HEADS
    assert time.monotonic() - start < 5


def test_reading_a_large_page_takes_linear_time(read):
    def seconds(rows: int) -> float:
        page = table_of(*[ROW] * rows)
        start = time.perf_counter()
        read(page)
        return time.perf_counter() - start

    seconds(50)
    assert seconds(4000) < 40 * seconds(400) + 0.5


texts = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8).filter(
    lambda text: not set(text) & set("\u00ad\ue000*†‡§¶#") and text.isalnum()
)


@settings(deadline=None, max_examples=40)
@given(cells=st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=6))
def test_any_text_in_cells_comes_back(lexicon: Lexicon, cells: list[tuple[str, str, str]]):
    rows = [(*map(html.escape, row), f"NCT{number:08}") for number, row in enumerate(cells)]
    document = Document(Source("page.html", table_of(*rows).encode()))
    (table,) = READER.read(document, lexicon)
    assert [row.cells[:3] for row in table.rows] == cells


@settings(deadline=None, max_examples=60)
@given(soup=st.text(st.sampled_from("<>/ table tr td sup a='\"&#;x1"), max_size=200))
def test_no_soup_of_tags_ends_in_a_traceback(lexicon: Lexicon, soup: str):
    document = Document(Source("page.html", f"<html><table><tr><td>{soup}".encode()))
    with contextlib.suppress(SourceError):
        READER.read(document, lexicon)


# ---------------------------------------------------------------- a real table


@pytest.mark.skipif(not SHARED.exists(), reason="the shared tables are not here")
def test_the_table_with_spanned_rows_is_read_as_the_page_shows_it(one):
    table = one(open_source(SHARED / "tables" / "22-neuro-html-rowspan.html").data)
    rows = list(table.rows)
    assert table.header == (
        "Disease",
        "MSC Source",
        "Dosage and delivery route",
        "Efficacy",
        "NCT number/reference",
    )
    assert table.label == "Table 2"
    assert [row.inherited for row in rows] == [(), (0,), (0,), (), (0,), (), (0,), (0,), (0,), ()]
    assert rows[2].cells[2] == "15 × 10⁶ cells, via intrathecal injection"
