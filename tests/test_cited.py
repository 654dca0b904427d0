"""A reference of the graph is tied to the pages of the work that it stands for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from small_graph import record, small_lexicon, table

from kg.graph.cited import CitedWorks
from kg.graph.iris import Minter
from kg.graph.stream import merged_blocks, quad_blocks
from kg.model import Block, Parsed, Work
from kg.parse.tables import parse_source
from kg.readers.base import Source
from kg.vocabulary.load import bundled_lexicon
from kg.vocabulary.namespaces import DCTERMS, RDF_TYPE, SCHEMA, TKG

DOI, PUBMED = "https://doi.org/10.1000/", "https://pubmed.ncbi.nlm.nih.gov/"


def with_works(parsed: Parsed, *works: Work) -> Parsed:
    return replace(parsed, table=replace(parsed.table, works=works))


def pages(blocks: Iterable[Block]) -> dict[str, list[str]]:
    """Return the pages of each reference by its key."""
    found: dict[str, list[str]] = {}
    for block in blocks:
        if (RDF_TYPE, TKG.Reference) in block.statements:
            (key,) = (value for predicate, value in block.statements if predicate == DCTERMS.identifier)
            found[key.lexical] = [
                value for predicate, value in block.statements if predicate == SCHEMA.sameAs
            ]
    return found


@pytest.mark.parametrize(
    ("key", "work", "expected"),
    [
        ("68", Work("68", "10.1000/A.1", "31000001"), [DOI + "a.1", PUBMED + "31000001/"]),
        ("68", Work("68", "10.1000/a<1>"), [DOI + "a%3C1%3E"]),
        ("68", Work("68", pmid="31000001"), [PUBMED + "31000001/"]),
        ("68", Work("68", "no doi", "no pmid"), []),
        ("68", Work("69", "10.1000/a"), []),
        ("Lee et al. (2019)", Work("Lee et al., 2019", "10.1000/a"), [DOI + "a"]),
        ("10.1000/own", Work("1"), [DOI + "own"]),
        ("PMID:31000001", Work("1"), [PUBMED + "31000001/"]),
        ("31000001", Work("1"), []),
    ],
)
def test_a_key_gives_the_pages_of_its_work(key: str, work: Work, expected: list[str]) -> None:
    assert list(CitedWorks([work]).pages(key)) == expected


def test_a_reference_of_the_graph_has_the_pages_of_its_work() -> None:
    parsed = with_works(table(record(1, references=("68", "69"))), Work("68", "10.1000/a", "31000001"))
    found = pages(merged_blocks([parsed], small_lexicon(), Minter()))
    assert found == {"68": [DOI + "a", PUBMED + "31000001/"], "69": []}


def test_what_one_table_of_an_article_knows_of_a_work_holds_for_the_other() -> None:
    row = record(1, references=("68",))
    tables = [
        with_works(table(row, label="Table 1")),
        with_works(table(row, label="Table 2"), Work("68", "10.1000/a")),
    ]
    assert pages(merged_blocks(tables, small_lexicon(), Minter())) == {"68": [DOI + "a"]}
    graphs: dict[str, list[Block]] = {}
    for block in quad_blocks(tables, small_lexicon(), Minter()):
        graphs.setdefault(block.graph, []).append(block)
    assert sorted(pages(blocks)["68"] for blocks in graphs.values() if pages(blocks)) == [[], [DOI + "a"]]


def test_a_number_in_an_article_becomes_the_doi_and_pmid_of_the_cited_work() -> None:
    cells = ("asthma", "bone marrow", "2 × 10<sup>6</sup>", '[<xref ref-type="bibr" rid="B68">68</xref>]')
    head = "".join(f"<th>{name}</th>" for name in ("Disease", "Cell source", "Dose", "Ref."))
    body = "".join(f"<td>{cell}</td>" for cell in cells)
    ids = '<pub-id pub-id-type="doi">10.1000/W68</pub-id><pub-id pub-id-type="pmid">31000068</pub-id>'
    text = (
        f"<article><body><table-wrap><table><thead><tr>{head}</tr></thead><tbody><tr>{body}</tr></tbody></table>"
        f'</table-wrap></body><back><ref id="B68"><label>68</label><mixed-citation>{ids}</mixed-citation></ref></back>'
        "</article>"
    )
    lexicon = bundled_lexicon()
    tables = parse_source(Source("a.xml", text.encode()), lexicon)
    assert pages(merged_blocks(tables, lexicon, Minter())) == {"68": [DOI + "w68", PUBMED + "31000068/"]}
