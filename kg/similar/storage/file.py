"""An index → one file that another process opens at once, and back.

The file is an uncompressed .npz: a zip of one-dimensional arrays of numbers, without pickles, which numpy alone can
read. `about` says in JSON what it is. The checksums of the zip tell a damaged file from a whole one.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.errors import GraphError, KgError, OutputError
from kg.similar.columns.amounts import AmountColumn
from kg.similar.columns.column import Column
from kg.similar.columns.concepts import ConceptColumn
from kg.similar.index import Index
from kg.similar.storage.checks import check_index
from kg.similar.storage.texts import Texts
from kg.similar.terms import Terms

FORMAT, VERSION = "trialkg similarity index", 1

_TEXTS = ("iris", "names", "labels", "bare_names")
_START = b"PK\x03\x04"
_HINT = "make the index again from the graph"
# what the libraries raise for bytes that are not what they expect
_UNREADABLE = (
    zipfile.BadZipFile,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    NotImplementedError,
)
Array = NDArray[Any]


def save(index: Index, path: Path) -> None:
    """Write an index to a file, whole or not at all; the same index makes the same bytes.

    Raises OutputError when the file cannot be written; one that was there before is then as it was.
    """
    workshop = None
    try:
        workshop = Path(tempfile.mkdtemp(prefix=".kg-", dir=path.parent))
        with (workshop / "index").open("wb") as file:
            _write(dict(_arrays_of(index)), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(workshop / "index", path)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise OutputError(what, where=str(path), hint="name another file, or make room") from error
    finally:
        if workshop:
            shutil.rmtree(workshop, ignore_errors=True)


def is_index(path: Path) -> bool:
    """Return whether a file looks like a saved index, from its first bytes; one that cannot be read does not."""
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError:
        return False
    return head.startswith(_START) and b"about.npy" in head


def open_index(path: Path) -> Index:
    """Return the index of a file that `save` wrote, as it was.

    Texts are decoded when they are asked for. Raises GraphError when the file cannot be read, is damaged, is no index, or
    is one of another version.
    """
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            index = _index_of({info.filename: _read(archive, info) for info in archive.infolist()})
        check_index(index)
    except KgError as error:
        raise GraphError(
            error.what, where=str(path), raw=error.raw, allowed=error.allowed, hint=_HINT
        ) from None
    except OSError as error:
        raise GraphError(f"cannot be read: {error.strerror or error}", where=str(path)) from error
    except _UNREADABLE as error:
        raise GraphError(
            "this is no index, or a damaged one", where=str(path), raw=str(error), hint=_HINT
        ) from error
    return index


# ---- writing


def _arrays_of(index: Index) -> Iterator[tuple[str, Array]]:
    """Yield all that an index is made of as arrays by name, what the file is first."""
    facets = {name: _facet_of(column) for name, column in index.columns.items()}
    yield "about", _json({"format": FORMAT, "version": VERSION, "facets": facets})
    yield "terms", _json({"labels": index.terms.labels, "broader": index.terms.broader})
    for name in _TEXTS:
        yield from _texts_of(name, getattr(index, name))
    for facet, column in index.columns.items():
        yield f"{facet}.code", index.codes[facet]
        names = column.members if isinstance(column, ConceptColumn) else column.units  # type: ignore[attr-defined]
        yield from _texts_of(f"{facet}.names", names)
        for name, array in column.arrays().items():
            yield f"{facet}.column.{name}", array


def _facet_of(column: Column) -> Mapping[str, object]:
    if isinstance(column, AmountColumn):
        return {"kind": "amounts", "spans": column.spans}
    return {"kind": "concepts"}


def _texts_of(name: str, texts: Any) -> Iterator[tuple[str, Array]]:
    known = texts if isinstance(texts, Texts) else Texts.of(texts)
    yield f"{name}.data", known.data
    yield f"{name}.starts", known.starts


def _json(value: object) -> Array:
    return np.frombuffer(json.dumps(value, separators=(",", ":")).encode("ascii"), np.uint8)


def _write(arrays: Mapping[str, Array], file: Any) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in arrays.items():
            # neither the time nor the machine goes into the file
            info = zipfile.ZipInfo(f"{name}.npy")
            info.create_system = 3
            little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
            with archive.open(info, "w", force_zip64=True) as member:
                np.lib.format.write_array(member, little, version=(1, 0), allow_pickle=False)


# ---- reading


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Array:
    """Return the array of a member, in place: its checksum has then been compared."""
    if info.compress_type != zipfile.ZIP_STORED:
        raise ValueError(f"{info.filename} is compressed")
    data = archive.read(info)
    stream = io.BytesIO(data[:256])
    if np.lib.format.read_magic(stream) != (1, 0):
        raise ValueError(f"{info.filename} is no array")
    shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
    if dtype.kind not in "iuf" or len(shape) != 1:
        raise ValueError(f"{info.filename} is no row of numbers")
    if not shape[0]:
        return np.zeros(0, dtype)
    array: Array = np.frombuffer(data, dtype, shape[0], stream.tell())
    return array


def _index_of(arrays: Mapping[str, Array]) -> Index:
    about = _from_json(arrays["about.npy"])
    if about["format"] != FORMAT:
        raise ValueError("of another kind")
    if about["version"] != VERSION:
        raise GraphError("an index of another version", raw=str(about["version"]), allowed=str(VERSION))
    known = _from_json(arrays["terms.npy"])
    terms = Terms(known["labels"], {iri: tuple(above) for iri, above in known["broader"].items()})
    columns = {facet: _column_of(facet, says, terms, arrays) for facet, says in about["facets"].items()}
    texts = {name: _texts(name, arrays) for name in _TEXTS}
    codes = {facet: arrays[f"{facet}.code.npy"] for facet in columns}
    index = Index(texts["iris"], texts["names"], texts["labels"], terms, columns, codes)
    # worked out once, when the index was saved
    vars(index)["bare_names"] = texts["bare_names"]
    return index


def _column_of(facet: str, says: Mapping[str, Any], terms: Terms, arrays: Mapping[str, Array]) -> Column:
    head = f"{facet}.column."
    stored = {
        name.removeprefix(head).removesuffix(".npy"): array
        for name, array in arrays.items()
        if name.startswith(head)
    }
    names = _texts(f"{facet}.names", arrays)
    if says["kind"] == "amounts":
        return AmountColumn(tuple(names), says["spans"], stored)
    return ConceptColumn(names, terms, stored)


def _texts(name: str, arrays: Mapping[str, Array]) -> Texts:
    return Texts(arrays[f"{name}.data.npy"], arrays[f"{name}.starts.npy"])


def _from_json(array: Array) -> Any:
    return json.loads(array.tobytes().decode("ascii"))
