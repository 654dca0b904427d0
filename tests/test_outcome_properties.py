"""What holds for whatever cell: negation, order, joining, letter case, and places within the text."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from outcome_coding import all_spans, claims, code, efficacy, reading, shipped

from kg.vocabulary.namespaces import TKG

GOOD = {"rose": "increased", "fell": "decreased", "improved": "improved", "worsened": "worsened"}
VERBS = {**GOOD, "did not change": "unchanged"}
INFINITIVE = {"rose": "rise", "fell": "fall", "improved": "improve", "worsened": "worsen"}
ADJECTIVES = {"higher": "increased", "lower": "decreased", "better": "improved", "worse": "worsened"}
moderate = settings(deadline=None, max_examples=60)


def _measures() -> list[str]:
    """Return names of measures of one or two plain words that no other vocabulary of outcomes reads otherwise."""
    lexicon = shipped()
    others = ("cue", "adverse-event", "name-word", "disease", "outcome-status", "mark")
    found = []
    for concept in lexicon.concepts("measure"):
        words = concept.label.lower().split()
        plain = all(word.isalpha() for word in words) and len(words) <= 2
        known = any(lexicon.scan(scheme, concept.label) for scheme in others)
        if plain and not known and concept.note(TKG.endpointKind).endswith(("clinical", "biomarker")):
            found.append(concept.label)
    return sorted(found)


MEASURES = _measures()
measure = st.sampled_from(MEASURES)
several = st.lists(measure, min_size=2, max_size=4, unique_by=str.lower)
verb = st.sampled_from(sorted(VERBS))
statement = st.builds(lambda name, said: f"{name} {said}", measure, verb)


def listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def test_there_are_measures_to_make_cells_of() -> None:
    assert len(MEASURES) >= 50


@given(name=measure, said=verb)
@moderate
def test_a_measure_and_a_verb_are_one_claim(name: str, said: str) -> None:
    assert claims(f"{name} {said}") == {(name.lower(), VERBS[said])}


@given(name=measure, said=st.sampled_from(sorted(GOOD)))
@moderate
def test_did_not_turns_a_verb_to_unchanged(name: str, said: str) -> None:
    assert claims(f"{name} did not {INFINITIVE[said]}") == {(name.lower(), "unchanged")}


@given(name=measure, said=st.sampled_from(sorted(ADJECTIVES)))
@moderate
def test_not_turns_an_adjective_to_unchanged(name: str, said: str) -> None:
    assert claims(f"{name} was {said}") == {(name.lower(), ADJECTIVES[said])}
    assert claims(f"{name} was not {said}") == {(name.lower(), "unchanged")}


@given(names=several, said=verb, data=st.data())
@moderate
def test_the_order_of_a_list_changes_nothing(names: list[str], said: str, data: st.DataObject) -> None:
    other = data.draw(st.permutations(names))
    expected = {(name.lower(), VERBS[said]) for name in names}
    assert claims(f"{listed(names)} {said}") == claims(f"{listed(other)} {said}") == expected
    assert efficacy(f"{listed(names)} {said}") == efficacy(f"{listed(other)} {said}")


@given(first=statement, second=statement)
@moderate
def test_two_statements_joined_hold_the_claims_of_both(first: str, second: str) -> None:
    for joint in (". ", "; "):
        assert claims(f"{first}{joint}{second}") == claims(first) | claims(second)


@given(first=statement, second=statement)
@moderate
def test_the_order_of_statements_does_not_change_the_effect(first: str, second: str) -> None:
    assert efficacy(f"{first}. {second}") == efficacy(f"{second}. {first}")


@given(
    cell=statement.filter(lambda cell: cell[1:].split()[0].islower())
)  # an abbreviation needs its capitals
@moderate
def test_the_case_of_the_first_letter_does_not_matter(cell: str) -> None:
    small, capital = cell[0].lower() + cell[1:], cell[0].upper() + cell[1:]
    assert claims(small) == claims(capital)
    assert efficacy(small) == efficacy(capital)


@given(cell=statement, blanks=st.sampled_from([" ", "  ", "\n", "\t", " \u00a0"]))
@moderate
def test_white_space_moves_the_places_and_changes_no_claim(cell: str, blanks: str) -> None:
    spaced = f" {cell.replace(' ', blanks)} "
    assert {(" ".join(name.split()), way) for name, way in claims(spaced)} == claims(cell)


_words = sorted(
    {"no", "not", "in", "of", "and", "(", ")", ",", "%", "3/5", "86.7", "p = 0.03", *VERBS, *ADJECTIVES}
)
_soup = st.lists(st.one_of(st.sampled_from(_words), measure), max_size=14).map(" ".join)


@given(text=st.one_of(st.text(max_size=200), _soup))
@settings(deadline=None, max_examples=200)
def test_any_text_whatever_is_coded_with_places_inside_it(text: str) -> None:
    outcome = reading(text).value
    if outcome is None:
        return
    assert outcome.verbatim == text
    for span in all_spans(outcome):
        assert 0 <= span.start < span.end <= len(text)
    for claim in outcome.claims:
        assert claim.spans
        assert claim.name.strip()
        assert outcome.words(claim.quote) in text
        assert all(words in text for words in (claim.timepoint, claim.comparison, claim.p_value))


@given(text=st.one_of(st.text(max_size=60), _soup))
@moderate
def test_the_same_cell_is_always_coded_the_same(text: str) -> None:
    assert reading(text) == reading(text)


@given(cell=statement)
@moderate
def test_codes_with_words_name_something_and_codes_without_say_nothing(cell: str) -> None:
    outcome = code(cell)
    for coded in (outcome.efficacy, outcome.safety):
        assert bool(coded.spans) == (coded.concept.name != "not-stated")
