"""The lexicon: which forms it finds in a text, which it leaves alone, and what the shipped words read."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import VocabularyError
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon, load_lexicon
from kg.vocabulary.marks import is_not_given
from kg.vocabulary.namespaces import SKOS, TKG, VOCABULARY
from kg.vocabulary.text import fold, squeeze, word_forms, words


@cache
def shipped() -> Lexicon:
    return load_lexicon(vocabulary_files())


PREFIXES = f"""
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix tkg: <https://w3id.org/trialkg/ontology#> .
@prefix fruit: <{VOCABULARY}fruit/> .
@prefix colour: <{VOCABULARY}colour/> .
@prefix column: <{VOCABULARY}column/> .
"""
FRUIT = f"""
<{VOCABULARY}fruit> a skos:ConceptScheme ; tkg:servesColumn column:fruit-eaten .
column:fruit-eaten a skos:Concept ; skos:inScheme <{VOCABULARY}column> ; skos:prefLabel "Fruit" ;
    skos:notation "fruit_eaten" .
fruit:food a skos:Concept ; skos:inScheme <{VOCABULARY}fruit> ; skos:prefLabel "food"@en .
fruit:pome a skos:Concept ; skos:inScheme <{VOCABULARY}fruit> ; skos:prefLabel "pome"@en ;
    skos:broader fruit:food .
fruit:apple a skos:Concept ; skos:inScheme <{VOCABULARY}fruit> ; skos:prefLabel "apple"@en ;
    skos:altLabel "AP"@en , "malus fruit"@en ; skos:broader fruit:pome ; skos:notation "A" ;
    tkg:columnForm "AP" ; skos:definition "Grows on trees."@en .
fruit:green-apple a skos:Concept ; skos:inScheme <{VOCABULARY}fruit> ; skos:prefLabel "green apple"@en ;
    skos:altLabel "Granny's apple"@en , "G.A."@en ; skos:broader fruit:apple .
fruit:orange a skos:Concept ; skos:inScheme <{VOCABULARY}fruit> ; skos:prefLabel "orange"@en ;
    skos:altLabel "OR"@en .
fruit:juice a skos:Concept ; skos:inScheme <{VOCABULARY}fruit> ; skos:prefLabel "apples pressed cold"@en .
<{VOCABULARY}colour> a skos:ConceptScheme .
colour:orange a skos:Concept ; skos:inScheme <{VOCABULARY}colour> ; skos:prefLabel "orange"@en .
"""


def lexicon_of(folder: Path, *turtle: str) -> Lexicon:
    paths = []
    for number, text in enumerate(turtle):
        paths.append(folder / f"{number}.ttl")
        paths[-1].write_text(PREFIXES + text, encoding="utf-8")
    return load_lexicon(paths)


@pytest.fixture
def fruit(tmp_path: Path) -> Lexicon:
    return lexicon_of(tmp_path, FRUIT)


def found(lexicon: Lexicon, scheme: str, text: str, *, free_text: bool = False) -> list[tuple[str, str]]:
    matches = lexicon.scan(scheme, text, free_text=free_text)
    return [(match.concept.name, text[match.start : match.end]) for match in matches]


# ---------------------------------------------------------------- finding forms


def test_the_longest_form_wins(fruit: Lexicon) -> None:
    assert found(fruit, "fruit", "a Green Apple") == [("green-apple", "Green Apple")]


def test_a_form_is_never_found_inside_a_word(fruit: Lexicon) -> None:
    assert found(fruit, "fruit", "pineapple APx AP4+ ORE") == []


def test_hyphens_part_words_and_are_not_needed(fruit: Lexicon) -> None:
    assert found(fruit, "fruit", "red-apple-EV") == [("apple", "apple")]
    assert found(fruit, "fruit", "green‐apple") == [("green-apple", "green‐apple")]


def test_a_plural_finds_the_singular(fruit: Lexicon) -> None:
    assert found(fruit, "fruit", "two apples") == [("apple", "apples")]
    assert fruit.find("fruit", "ORs") == fruit.named("fruit", "orange")


def test_a_plural_that_opens_a_longer_form_still_finds_the_singular(fruit: Lexicon) -> None:
    assert found(fruit, "fruit", "apples pressed warm") == [("apple", "apples")]
    assert found(fruit, "fruit", "apples pressed cold") == [("juice", "apples pressed cold")]


def test_a_singular_finds_the_plural_unless_it_is_an_abbreviation(tmp_path: Path) -> None:
    fruit = lexicon_of(
        tmp_path,
        FRUIT,
        f"""
        fruit:cherry a skos:Concept ; skos:inScheme <{VOCABULARY}fruit> ; skos:prefLabel "red cherries"@en ;
            skos:altLabel "sour berrys"@en , "CHS"@en .
    """,
    )
    assert found(fruit, "fruit", "one sour berry") == [("cherry", "sour berry")]
    assert found(fruit, "fruit", "CH, CHS") == [("cherry", "CHS")]


def test_case_quotes_and_dots_do_not_matter(fruit: Lexicon) -> None:
    assert found(fruit, "fruit", "GRANNY’S apple") == [("green-apple", "GRANNY’S apple")]
    assert fruit.find("fruit", "g.a") == fruit.named("fruit", "green-apple")


def test_a_short_abbreviation_must_have_a_capital_within_a_text(fruit: Lexicon) -> None:
    assert found(fruit, "fruit", "one or two") == []
    assert found(fruit, "fruit", "one OR two") == [("orange", "OR")]


def test_a_short_abbreviation_that_is_the_whole_text_may_be_small(fruit: Lexicon) -> None:
    assert fruit.find("fruit", "or") == fruit.named("fruit", "orange")
    assert found(fruit, "fruit", "or") == [("orange", "or")]


def test_an_abbreviation_that_is_also_listed_in_small_letters_may_be_small(tmp_path: Path) -> None:
    kiwi = f"""fruit:kiwi a skos:Concept ; skos:inScheme <{VOCABULARY}fruit> ; skos:prefLabel "kiwi" ;
        skos:altLabel "KI" ; skos:hiddenLabel "ki" ."""
    assert found(lexicon_of(tmp_path, FRUIT, kiwi), "fruit", "ki or KI") == [("kiwi", "ki"), ("kiwi", "KI")]


def test_free_text_leaves_out_forms_that_mean_this_in_their_column_only(fruit: Lexicon) -> None:
    text = "AP and apple"
    assert found(fruit, "fruit", text) == [("apple", "AP"), ("apple", "apple")]
    assert found(fruit, "fruit", text, free_text=True) == [("apple", "apple")]


def test_free_text_does_not_take_the_first_word_of_a_sentence_for_an_abbreviation(fruit: Lexicon) -> None:
    assert found(fruit, "fruit", "Or so. All ORs", free_text=True) == [("orange", "ORs")]


def test_a_form_that_is_unknown_names_nothing(fruit: Lexicon) -> None:
    assert fruit.find("fruit", "apple tree") is None
    assert fruit.find("fruit", "") is None
    assert fruit.find("no such scheme", "apple") is None
    assert fruit.scan("no such scheme", "apple") == ()


def test_schemes_are_looked_up_apart(fruit: Lexicon) -> None:
    assert fruit.find("colour", "orange") == fruit.named("colour", "orange")
    assert fruit.find("fruit", "orange") == fruit.named("fruit", "orange")


def test_schemes_are_asked_for_by_the_record_key_of_a_column(fruit: Lexicon) -> None:
    assert fruit.schemes("fruit_eaten") == ("fruit",)
    assert fruit.schemes("colour") == ()
    assert fruit.schemes() == ("colour", "column", "fruit")


def test_ancestors_come_nearest_first(fruit: Lexicon) -> None:
    names = [concept.name for concept in fruit.ancestors(fruit.named("fruit", "green-apple"))]
    assert names == ["apple", "pome", "food"]


def test_a_concept_keeps_what_else_is_said_of_it(fruit: Lexicon) -> None:
    apple = fruit.named("fruit", "apple")
    assert (apple.label, apple.notation, apple.note(SKOS.definition)) == ("apple", "A", "Grows on trees.")
    assert apple.note(TKG.pattern) == ""
    assert apple.forms[0] == "apple"


# ---------------------------------------------------------------- contradictions


@pytest.mark.parametrize(
    ("turtle", "words_of_the_message"),
    [
        pytest.param(
            'skos:prefLabel "pear" ; skos:altLabel "Malus-Fruit"', "names two concepts", id="ambiguous"
        ),
        pytest.param('skos:prefLabel "pear" ; skos:altLabel "--"', "no word in it", id="no word"),
        pytest.param(
            'skos:prefLabel "pear" ; tkg:columnForm "PE"', "must also be one of", id="stray column form"
        ),
        pytest.param('skos:prefLabel "pear" , "pyrus"', "exactly one skos:prefLabel", id="two labels"),
    ],
)
def test_a_vocabulary_that_contradicts_itself_is_refused(
    tmp_path: Path, turtle: str, words_of_the_message: str
) -> None:
    pear = f"fruit:pear a skos:Concept ; skos:inScheme <{VOCABULARY}fruit> ; {turtle} ."
    with pytest.raises(VocabularyError, match=words_of_the_message):
        lexicon_of(tmp_path, FRUIT, pear)


def test_a_file_that_is_not_turtle_is_named(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match=r"0\.ttl"):
        lexicon_of(tmp_path, "fruit:apple a")


# ---------------------------------------------------------------- text


@given(st.text())
@settings(deadline=None)
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
@settings(deadline=None)
def test_words_keep_their_places_in_order(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        assert fold(text)[word.start : word.end] == word.form
        end = word.end
    assert word_forms(text) == [word.form for word in words(text)]


@given(st.text())
@settings(deadline=None)
def test_matches_of_any_text_lie_inside_it_without_overlap(text: str) -> None:
    for scheme in ("disease", "cell-source", "column"):
        end = 0
        for match in shipped().scan(scheme, text):
            assert end <= match.start < match.end <= len(text)
            end = match.end


def test_squeezing_folds_white_space() -> None:
    assert squeeze(" a\t b\n\u00a0c ") == "a b c"


# ---------------------------------------------------------------- nothing given


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-",
            "–",
            "—",
            "−",
            "/",
            "//",
            ".",
            "…",
            "NA",
            "N.A.",
            "n.a",
            "N/A",
            "NR",
            "nr",
            "(NA)",
            "[-]",
        ),
        *("not reported", "Not mentioned", "Not available", "unknown", "Not  applicable"),
    ],
)
def test_a_mark_of_nothing_given_is_one(text: str) -> None:
    assert is_not_given(text, shipped())


@pytest.mark.parametrize(
    "text", ["no", "none", "None", "0", "+", "±", "✓", "×", "%", "NA cells", "I", "once", "not safe", "?5"]
)
def test_an_answer_is_not_a_mark_of_nothing_given(text: str) -> None:
    assert not is_not_given(text, shipped())


# ---------------------------------------------------------------- the shipped words


def test_every_form_names_its_own_concept() -> None:
    forms = [
        (c, form) for scheme in shipped().schemes() for c in shipped().concepts(scheme) for form in c.forms
    ]
    assert len(forms) > 1000
    assert [(c.iri, form) for c, form in forms if shipped().find(c.scheme, form) != c] == []


def test_every_broader_and_combined_concept_exists_and_no_concept_is_its_own_ancestor() -> None:
    for scheme in shipped().schemes():
        for concept in shipped().concepts(scheme):
            assert all(shipped().concept(iri).scheme == scheme for iri in concept.broader)
            assert concept not in shipped().ancestors(concept)
            assert all(shipped().concept(iri) for iri in concept.notes.get(TKG.combines, ()))


@pytest.mark.parametrize(
    ("scheme", "text", "names"),
    [
        ("disease", "UC", ["ulcerative-colitis"]),
        ("cell-source", "UC", ["umbilical-cord"]),
        ("disease", "COVID-19 ARDS", ["covid-19", "acute-respiratory-distress-syndrome"]),
        ("disease", "C-ARDS", ["covid-19-ards"]),
        ("disease", "CD4+ and CD31+ T cells", []),
        ("disease", "MS/ALS", ["multiple-sclerosis", "amyotrophic-lateral-sclerosis"]),
        ("disease", "type 2 diabetic nephropathy", ["diabetic-kidney-disease"]),
        ("cell-source", "BM-MSC-EV", ["bone-marrow"]),
        ("cell-source", "BM‐MSCs‐EV", ["bone-marrow"]),
        ("cell-source", "hUC-MSCs", ["umbilical-cord"]),
        ("cell-source", "Allo- AD- MSC", ["adipose-tissue"]),
        ("cell-source", "Wharton’s Jelly MSCs", ["whartons-jelly"]),
        ("cell-source", "hUCB-MSC", ["umbilical-cord-blood"]),
        ("cell-source", "umbilical cord blood or bone marrow", ["umbilical-cord-blood", "bone-marrow"]),
        ("cell-source", "MSCs", []),
        ("product", "MSCs", ["mesenchymal-stromal-cells"]),
        ("donor", "Allo-UC", ["allogeneic"]),
        ("route", "Intravenous drip", ["intravenous"]),
        ("route", "i.v. and intrathecal", ["intravenous", "intrathecal"]),
        ("route", "I.V", ["intravenous"]),
        ("route", "Lateral ventricle", ["intracerebroventricular"]),
        ("phase", "Ib/IIa", ["ib-iia"]),
        ("phase", "Phase 1/Phase 2", ["i-ii"]),
        ("unit", "cells kg−1", ["cells-per-kilogram"]),
        ("unit", "MSCs per kg of body weight", ["cells-per-kilogram"]),
        ("unit", "μg/kg", ["microgram-per-kilogram"]),
        ("column", "Patients (experiment group)", ["patients"]),
        ("column", "NCT number", ["trial-number"]),
        ("measure", "IL-17", ["interleukin-17"]),
        ("outcome-status", "Not yet public", ["not-public"]),
        ("adverse-event", "AEs, grade ≥ 3 toxicities", ["adverse-event", "serious-adverse-event"]),
        (
            "adverse-event",
            "DLT, adverse or serious adverse events",
            ["dose-limiting-toxicity", "adverse-event"],
        ),
        ("adverse-event", "Haemorrhage, oedema; tumour formation", ["bleeding", "edema", "tumor-formation"]),
        ("adverse-event", "grade 3-4 CRS and ICANS", ["cytokine-release-syndrome", "icans"]),
        ("adverse-event", "Tumor size; pain, death, relapse, GVHD", []),
    ],
)
def test_the_shipped_words_read_what_tables_write(scheme: str, text: str, names: list[str]) -> None:
    assert [match.concept.name for match in shipped().scan(scheme, text)] == names


def test_every_adverse_event_is_one_and_is_better_when_it_is_rarer() -> None:
    root = shipped().named("adverse-event", "adverse-event")
    for event in shipped().concepts("adverse-event"):
        assert root in (event, *shipped().ancestors(event)), event.iri
        kind, better = event.note(TKG.endpointKind), event.note(TKG.betterWhen)
        assert (shipped().concept(kind).name, shipped().concept(better).name) == ("safety", "decreased")


def test_no_words_name_an_adverse_event_and_a_measure_but_two_that_are_truly_both() -> None:
    """A trial of arthritis measures them, and an injection into a joint causes them."""

    def forms(scheme: str) -> set[str]:
        return {" ".join(word_forms(form)) for c in shipped().concepts(scheme) for form in c.forms}

    assert forms("adverse-event") & forms("measure") <= {"joint swelling", "synovitis"}
    assert forms("adverse-event") & forms("cue") == set()


def test_ambiguous_abbreviations_are_not_looked_for_in_free_text() -> None:
    text = "AD, UC, CD and MS were seen AS WELL; It was given IN spring. T2DM"
    assert found(shipped(), "disease", text, free_text=True) == [("type-2-diabetes-mellitus", "T2DM")]
    assert found(shipped(), "cell-source", text, free_text=True) == []
    assert found(shipped(), "route", text, free_text=True) == []


def test_the_columns_of_the_record_have_their_schemes() -> None:
    assert "disease" in shipped().schemes("disease")
    assert {"cell-source", "product", "donor"} <= set(shipped().schemes("cell_source"))
    assert {"unit", "product"} <= set(shipped().schemes("dose"))
    assert "registry" in shipped().schemes("trial_number")


def test_the_root_of_every_kind_of_cell_is_cells() -> None:
    kind = shipped().find("product", "BM-MSC")
    assert kind is not None
    assert [concept.name for concept in shipped().ancestors(kind)] == ["mesenchymal-stromal-cells", "cells"]


def test_the_lexicon_knows_the_words_inside_its_forms_in_both_numbers() -> None:
    known = [
        word for word in ("marrow", "marrows", "tooth", "weather") if shipped().knows("cell-source", word)
    ]
    assert known[:2] == ["marrow", "marrows"]
    assert "weather" not in known
    assert not shipped().knows("no-such-scheme", "marrow")
