"""The base of the data and the lexicon → prefixes: one for each kind of thing and each scheme."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from kg import resources
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.namespaces import KINDS, PREFIXES, ROOT, VOCABULARY

_DECLARATION = re.compile(r"^@prefix\s+([A-Za-z][\w-]*):\s*<([^<>\"{}|\\^`\s]+)>\s*\.", re.MULTILINE)


def prefixes_for(
    base: str = ROOT, lexicon: Lexicon | None = None, vocabulary: Iterable[Path] | None = None
) -> dict[str, str]:
    """Return prefix → namespace, sorted: well-known ones, the kinds, the schemes, those of the mappings.

    The last are the prefixes that the Turtle files `vocabulary` declare (by default the installed ones).
    A name or a namespace that is taken is not given again.
    """
    found = PREFIXES | {"vocabulary": VOCABULARY}
    found.update({kind: f"{base}{kind}/" for kind in KINDS})
    schemes = lexicon.schemes() if lexicon else ()
    _extend(found, [(scheme, f"{VOCABULARY}{scheme}/") for scheme in schemes])
    _extend(found, declared_prefixes(resources.vocabulary_files() if vocabulary is None else vocabulary))
    return dict(sorted(found.items()))


def declared_prefixes(files: Iterable[Path]) -> list[tuple[str, str]]:
    """Return the prefixes declared in Turtle files, each line once, sorted."""
    texts = (path.read_text(encoding="utf-8") for path in files)
    return sorted({pair for text in texts for pair in _DECLARATION.findall(text)})


def _extend(found: dict[str, str], pairs: Iterable[tuple[str, str]]) -> None:
    taken = set(found.values())
    for name, namespace in pairs:
        if name not in found and namespace not in taken:
            found[name] = namespace
            taken.add(namespace)
