"""Natural keys and contents → the IRIs of the graph; two different contents never get the same one.

A thing with a natural key is named by it, percent-encoded (`trial/CTRI%2F2020%2F01%2F022743`). Everything
else is named by a slug, for people, and eight hexadecimal digits of a SHA-256 of its content, for identity.

What keeps its name when a source changes, and what does not:

- A trial and its registration with a well-formed number have one name in every table, file and build.
- A number that is malformed or of no known registry means a trial of this table only, named by number and table.
- A row without a number makes a trial named by all its cells but the outcome, within the article. Restating the
  outcome keeps the name; any other correction of that row makes another trial, and of other rows changes nothing.
- A table of a known article with a label is named by both. Renaming the file, correcting a cell or adding a row
  at the end keeps its name; so keep all names of its rows, cells, reports, doses, schedules and outcomes, which
  add the number of the row and the column or place. A row put in between moves the names of the rows below it.
- A claim and a figure of an outcome are named by their place in its text: other words there give other claims.
- A table without DOI or label is named by what its cells say, whatever the layout, so that any change of a cell
  renames it with its rows. Give such a source a DOI and a label where its names must last.
- A reference is named by article and key, a discrepancy by trial and property.
"""

from __future__ import annotations

import json
import re
import unicodedata
from hashlib import sha256
from urllib.parse import quote

from kg.errors import GraphError
from kg.graph.terms import check_iri
from kg.model import Record, Registration, Table
from kg.vocabulary.namespaces import ROOT
from kg.vocabulary.text import alike, squeeze

_SLUG_LENGTH = 40
_NOT_SLUG = re.compile(r"[^A-Za-z0-9]+")
_PLAIN_KEY = re.compile(r"[A-Za-z0-9]{1,12}")


def slug(words: str, *, keep_case: bool = False) -> str:
    """Return the ASCII letters and digits of `words` joined by hyphens; accents and all else are dropped."""
    ascii_words = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode("ascii")
    joined = _NOT_SLUG.sub("-", ascii_words if keep_case else ascii_words.lower())
    return joined.strip("-")[:_SLUG_LENGTH].strip("-")


def digest(*parts: object) -> str:
    """Return the SHA-256 of `parts` in hexadecimal; no two lists of texts and numbers are written alike."""
    return sha256(json.dumps(parts).encode("ascii")).hexdigest()


def article(table: Table) -> str:
    """Return the DOI of the table's article in lower case, since DOIs are compared so, or ""."""
    return squeeze(table.doi).lower()


def doi_page(table: Table) -> tuple[str, ...]:
    """Return the IRI of the table's article, or nothing when its DOI is not known."""
    doi = article(table)
    return (doi_iri(doi),) if doi else ()


def doi_iri(doi: str) -> str:
    """Return the IRI that stands for a DOI, in lower case, since DOIs are compared so."""
    return check_iri("https://doi.org/" + quote(squeeze(doi).lower(), safe="/:;,()!$*+=@&'"))


class Minter:
    """Makes every IRI of the data under one base and remembers what each hashed name stands for."""

    def __init__(self, base: str = ROOT) -> None:
        """Raise GraphError unless `base` is an absolute IRI that ends with "/" or "#"."""
        if not check_iri(base).endswith(("/", "#")):
            raise GraphError(
                "the base of the data's IRIs must end with / or #",
                raw=base,
                hint=f"write {base}/",
            )
        self.base = base
        self._claims: dict[str, str] = {}

    def iri(self, kind: str, local: str) -> str:
        """Return the IRI of the thing `local` of a kind; `local` is already free of other characters."""
        return f"{self.base}{kind}/{local}"

    def table_key(self, table: Table, identity: tuple[str, ...]) -> str:
        """Return the local name that all IRIs of a table begin with; `identity` is that of `kg.graph.identity`.

        The label is part of it where it is part of the identity: another layout may have lost it.
        """
        name = slug(table.label) if len(identity) > 1 else "table"
        return self._hashed("table", name, identity)

    def trial_key(self, registration: Registration, table_key: str) -> str:
        """Return the local name of the trial, and of the registration, with this number.

        A valid number is a natural key everywhere; any other number is only known within its table.
        """
        if not registration.valid:
            return self._hashed(
                "trial", slug(registration.number, keep_case=True), (table_key, registration.number)
            )
        local = quote(registration.number, safe="")
        registry = registration.registry.iri if registration.registry else ""
        self._claim(self.iri("trial", local), digest(registry, registration.number))
        return local

    def unregistered_key(self, record: Record, place: str) -> str:
        """Return the local name of the trial of a row without any number; `place` is a DOI or a table key.

        All cells but the outcome count, so that an outcome in other words does not make another trial, and
        without what layouts differ in, so that another layout of the table does not either.
        """
        cells = sorted((c.column, alike(c.text)) for c in record.cells if c.column != "outcome")
        name = slug(f"{record.text('disease')} {record.text('cell_source')}")
        return self._hashed("trial", name, (place, cells))

    def reference_key(self, table: Table, table_key: str, key: str) -> str:
        """Return the local name of the reference `key` of the article, or of the table without a DOI."""
        doi = article(table)
        place = f"{slug(doi)}-{digest(doi)[:8]}" if doi else table_key
        if _PLAIN_KEY.fullmatch(key):
            local = f"{place}-{key}"
            self._claim(self.iri("reference", local), digest(doi or table_key, key))
            return local
        return self._hashed("reference", f"{place}-{slug(key)}", (doi or table_key, key))

    def _hashed(self, kind: str, name: str, content: tuple[object, ...]) -> str:
        whole = digest(*content)
        local = f"{name}-{whole[:8]}" if name else f"{kind}-{whole[:8]}"
        self._claim(self.iri(kind, local), whole)
        return local

    def _claim(self, iri: str, content: str) -> None:
        if self._claims.setdefault(iri, content) != content:
            raise GraphError(
                "two different contents claim one IRI",
                raw=iri,
                hint="build the sources one by one, each with a base of its own",
            )
