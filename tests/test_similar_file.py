"""An index comes back from its file as it was, and no other file is taken for one."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from similar_world import collection, trial, world

from kg.errors import GraphError, OutputError, QueryError
from kg.similar.aggregate import collect
from kg.similar.facets import FACETS
from kg.similar.index import Index
from kg.similar.profile import Collection, Profile
from kg.similar.score import Scorer
from kg.similar.storage.file import is_index, open_index, save
from kg.similar.storage.texts import Texts, places_of
from kg.similar.weights import Weights


def saved(folder: Path, made: Collection | None = None) -> Path:
    path = folder / "trials.kgi"
    save(Index.of(made or world()), path)
    return path


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(path: Path, changed: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> Path:
    """Write the members of an index file again, some of them changed, with checksums that are right."""
    content = {**members(path), **changed}
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def array(values: object, dtype: str, allow_pickle: bool = False) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.array(values, dtype), (1, 0), allow_pickle=allow_pickle)
    return stream.getvalue()


@pytest.mark.parametrize("facet", ["", "disease", "cell_source"])
def test_an_index_comes_back_as_it_was(tmp_path, facet) -> None:
    facets = tuple(one for one in FACETS if one.name != facet)
    before = Index.of(collect(world(), facet) if facet else world(), facets)
    save(before, tmp_path / "index")
    after = open_index(tmp_path / "index")
    assert [*after.iris] == [*before.iris]
    assert list(after.columns) == list(before.columns)
    assert [after.profile(at) for at in range(len(after))] == [
        before.profile(at) for at in range(len(before))
    ]
    assert (after.terms.labels, after.terms.broader) == (before.terms.labels, before.terms.broader)
    chosen = Weights.of(only=[one.name for one in facets])
    for at in range(len(before)):
        profile = before.profile(at)
        assert Scorer(after, chosen).neighbours(profile, 9) == Scorer(before, chosen).neighbours(profile, 9)


def test_an_index_of_nothing_comes_back(tmp_path) -> None:
    assert len(open_index(saved(tmp_path, collection(trial(1))))) == 1
    empty = Collection((), world().terms)
    save(Index.of(empty), tmp_path / "empty")
    assert len(open_index(tmp_path / "empty")) == 0


def test_the_same_index_makes_the_same_bytes(tmp_path) -> None:
    first = saved(tmp_path).read_bytes()
    assert saved(tmp_path).read_bytes() == first
    save(open_index(tmp_path / "trials.kgi"), tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "trials.kgi"]


def test_numpy_reads_the_file_without_pickles(tmp_path) -> None:
    with np.load(io.BytesIO(saved(tmp_path).read_bytes()), allow_pickle=False) as arrays:
        assert {arrays[name].ndim for name in arrays} == {1}


@pytest.mark.parametrize("name", ["t/0003", "<t/0003>", "NCT00000003", "nct 00000-003"])
def test_a_trial_is_found_in_a_file_by_any_spelling(tmp_path, name) -> None:
    assert open_index(saved(tmp_path)).find(name) == 2


def test_a_name_that_is_not_there_has_its_nearest_named(tmp_path) -> None:
    with pytest.raises(QueryError, match="NCT00000006"):
        open_index(saved(tmp_path)).find("NCT00000066")


def test_a_flipped_bit_anywhere_is_noticed_or_changes_nothing(tmp_path) -> None:
    path = saved(tmp_path)
    whole, before = path.read_bytes(), members(path)
    refused = 0
    for at in range(0, len(whole), 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 16]) + whole[at + 1 :])
        try:
            open_index(path)
        except GraphError:
            refused += 1
        else:
            assert members(path) == before
    assert refused > len(whole) / 97 / 2


@pytest.mark.parametrize("part", [0, 0.1, 0.5, 0.99])
def test_a_file_that_was_cut_off_is_refused(tmp_path, part) -> None:
    path = saved(tmp_path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * part)])
    with pytest.raises(GraphError, match="no index, or a damaged one"):
        open_index(path)


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"<a> <b> <c> .\n", b"PK\x03\x04", b"PK\x05\x06" + bytes(18)]
)
def test_another_file_is_refused_with_a_hint(tmp_path, data) -> None:
    path = tmp_path / "other"
    path.write_bytes(data)
    assert not is_index(path)
    with pytest.raises(GraphError) as caught:
        open_index(path)
    assert (caught.value.where, caught.value.hint) == (str(path), "make the index again from the graph")


def test_arrays_of_something_else_are_refused(tmp_path) -> None:
    np.savez(tmp_path / "other.npz", a=np.zeros(3))
    with pytest.raises(GraphError):
        open_index(tmp_path / "other.npz")
    other = rewritten(saved(tmp_path), {"about.npy": array(list(b'{"format":"x","version":1}'), "u1")})
    with pytest.raises(GraphError):
        open_index(other)


def test_a_pickle_is_never_loaded(tmp_path) -> None:
    class Bomb:
        def __reduce__(self):
            return Path.touch, (tmp_path / "exploded",)

    path = rewritten(saved(tmp_path), {"disease.code.npy": array([Bomb()], "O", allow_pickle=True)})
    with pytest.raises(GraphError):
        open_index(path)
    assert not (tmp_path / "exploded").exists()


def test_a_compressed_file_is_refused_since_it_might_be_endless(tmp_path) -> None:
    with pytest.raises(GraphError, match="compressed"):
        open_index(rewritten(saved(tmp_path), {}, zipfile.ZIP_DEFLATED))


def test_another_version_is_named(tmp_path) -> None:
    about = members(saved(tmp_path))["about.npy"].replace(b'"version":1', b'"version":7')
    with pytest.raises(GraphError, match="another version") as caught:
        open_index(rewritten(tmp_path / "trials.kgi", {"about.npy": about}))
    assert (caught.value.raw, caught.value.allowed) == ("7", "1")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("disease.code", array([0, 0, 0, 0, 0, 99], "<i4")),
        ("disease.code", array([0, 0, 0, 0, 0, -1], "<i4")),
        ("disease.code", array([0], "<i4")),
        ("disease.code", array([0.0] * 6, "<f8")),
        ("disease.code", array([[0] * 6], "<i4")),
        ("iris.starts", array([0], "<i8")),
        ("iris.starts", array([0, 6, 3, 18, 24, 30, 36], "<i8")),
        ("labels.starts", array([-9, 0, 0, 0, 0, 0, 0], "<i8")),
        ("disease.column.mass", array([1], "<i8")),
        ("disease.column.posting_codes", array([77] * 12, "<i4")),
        ("dose.column.stating", array([], "<i8")),
        ("dose.column.low", array([], "<f8")),
        ("terms", array(list(b"[]"), "u1")),
        ("terms", array(list(b"{"), "u1")),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(tmp_path, name, data) -> None:
    with pytest.raises(GraphError):
        open_index(rewritten(saved(tmp_path), {f"{name}.npy": data}))


def test_a_file_that_cannot_be_read_or_written_says_so(tmp_path) -> None:
    with pytest.raises(GraphError, match="cannot be read"):
        open_index(tmp_path / "nowhere")
    assert not is_index(tmp_path / "nowhere")
    with pytest.raises(OutputError, match="cannot be written"):
        save(Index.of(world()), tmp_path / "no" / "folder" / "index")
    with pytest.raises(OutputError, match="cannot be written"):
        save(Index.of(world()), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_was_there_stays_when_writing_fails(tmp_path, monkeypatch) -> None:
    path = saved(tmp_path)
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np.lib.format, "write_array", full)
    with pytest.raises(OutputError, match="No space left"):
        save(Index.of(collection(trial(1, disease="knee"))), path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["trials.kgi"]


def test_an_index_file_is_told_from_others_by_its_first_bytes(tmp_path) -> None:
    assert is_index(saved(tmp_path))


@settings(deadline=None)
@given(st.lists(st.text(alphabet="aä€𝄞 \n", max_size=4)), st.text(alphabet="aä€𝄞 \n", max_size=2))
def test_texts_are_a_sequence_of_strings(texts, wanted) -> None:
    packed = Texts.of(texts)
    assert [*packed] == texts == [packed[at] for at in range(len(packed))]
    assert list(packed[1:3]) == texts[1:3]
    assert packed.places(wanted) == places_of(wanted, texts)
    assert len(texts) == 0 or packed[-1] == texts[-1]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(max_size=5), max_size=5))
def test_any_names_and_labels_come_back(tmp_path_factory, names) -> None:
    profiles = (Profile(f"t/{at}", name, name[::-1], {}) for at, name in enumerate(names))
    path = tmp_path_factory.mktemp("any") / "index"
    save(Index.of(collection(*profiles)), path)
    assert [*open_index(path).names] == names
    assert [*open_index(path).labels] == [name[::-1] for name in names]
