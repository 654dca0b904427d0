"""A user's own words for concepts come in by a file, are checked, and win over the shipped ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import VocabularyError
from kg.graph.vocabulary import vocabulary_blocks
from kg.parse.tables import parse_source
from kg.readers.base import Source
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import bundled_lexicon
from kg.vocabulary.namespaces import SKOS, VOCABULARY

TURTLE = f"""
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix disease: <{VOCABULARY}disease/> .
disease:crohn-disease skos:hiddenLabel "morbus C"@en .
<https://example.org/zebra> a skos:Concept ; skos:prefLabel "zebra syndrome"@en ;
    skos:inScheme <{VOCABULARY}disease> ; skos:broader disease:crohn-disease .
"""
PLAIN = "scheme\tform\tconcept\ndisease\tmorbus C\tCrohn disease\ndisease\tzs\tzebra syndrome\n"
SSSOM = (
    "# mapping_set_id: https://example.org/mine\n"
    "subject_label\tpredicate_id\tobject_id\tmapping_justification\n"
    "morbus C\tskos:exactMatch\tMONDO:0005011\tsemapv:ManualMappingCuration\n"
)


def with_file(folder: Path, text: str, name: str = "mine.tsv") -> Lexicon:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return bundled_lexicon([path])


def found(lexicon: Lexicon, form: str, scheme: str = "disease") -> str:
    concept = lexicon.find(scheme, form)
    return concept.label if concept else ""


@pytest.mark.parametrize("text", [TURTLE, PLAIN, SSSOM], ids=["turtle", "plain", "sssom"])
def test_a_new_spelling_names_a_shipped_concept(tmp_path: Path, text: str) -> None:
    assert not found(bundled_lexicon(), "morbus C")
    assert found(with_file(tmp_path, text), "morbus C") == "Crohn disease"


@pytest.mark.parametrize(
    ("text", "form"), [(TURTLE, "zebra syndrome"), (PLAIN, "zs")], ids=["turtle", "plain"]
)
def test_a_new_concept_is_known_and_stands_in_the_graph(tmp_path: Path, text: str, form: str) -> None:
    lexicon = with_file(tmp_path, text)
    assert found(lexicon, form) == "zebra syndrome"
    concept = lexicon.find("disease", form)
    assert concept
    said = {block.subject: block.statements for block in vocabulary_blocks([], "", lexicon.own)}
    assert any(predicate == SKOS.prefLabel for predicate, _ in said[concept.iri])


def test_the_users_word_wins_over_the_shipped_one_in_its_scheme_only(tmp_path: Path) -> None:
    lexicon = with_file(tmp_path, "scheme\tform\tconcept\ndisease\tUC\tCrohn disease\n")
    assert (found(bundled_lexicon(), "UC"), found(lexicon, "UC")) == ("ulcerative colitis", "Crohn disease")
    assert found(lexicon, "UC", "cell-source") == "umbilical cord"


def test_rows_are_read_with_the_users_words(tmp_path: Path) -> None:
    table = b"Disease,Cell source,Dose,NCT number\nmorbus C,bone marrow,5 mL,NCT01234567\n"
    (parsed,) = parse_source(Source("a.csv", table), with_file(tmp_path, PLAIN))
    assert [c.label for c in parsed.records[0].diseases.concepts] == ["Crohn disease"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "message", "where"),
    [
        ("scheme\tform\tconcept\nillness\tx\ty\n", "there is no such scheme", "mine.tsv, line 2"),
        ("scheme\tform\tconcept\ndisease\t--\ty\n", "no word in it", "mine.tsv, line 2"),
        (
            "# note\nsubject_label\tobject_id\nfoo\tMONDO:9999999\n",
            "no concept has this identifier",
            "mine.tsv, line 3",
        ),
        ("scheme\tform\tconcept\ndisease\ta\tb\tc\n", "more cells than the header", "mine.tsv, line 2"),
        ("this is no vocabulary", "cannot be read", "mine.tsv"),
        (f"<urn:a> <{SKOS.inScheme}> <urn:scheme> .", "scheme of urn:a is not known", "mine.tsv"),
    ],
)
def test_a_wrong_file_is_named_with_its_line_and_what_is_allowed(
    tmp_path: Path, text: str, message: str, where: str
) -> None:
    with pytest.raises(VocabularyError, match=message) as caught:
        with_file(tmp_path, text)
    assert caught.value.where == where


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(VocabularyError, match="cannot be read"):
        bundled_lexicon([path])
