"""Sources → the output folder: parses, makes the graph once, checks it, writes every file or none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kg.build.ledger import count_states, write_ledger
from kg.build.output import Text, Written, write_folder
from kg.build.quarantine import write_quarantine
from kg.build.sources import Say, licence_of, read_all
from kg.describe.dcat import File, with_files
from kg.describe.void import describe, in_default_graph
from kg.errors import OutputError
from kg.graph.iris import Minter
from kg.graph.stream import find_disagreements, merged_blocks, quad_blocks
from kg.model import Block, Parsed
from kg.readers.sidecar import read_choice
from kg.records import write_csv
from kg.report.facts import gather
from kg.report.page import write_page
from kg.report.unrecognised import find_unrecognised, write_unrecognised
from kg.serialise.formats import FORMATS
from kg.serialise.prefixes import prefixes_for
from kg.serialise.rdflib_graph import to_rdflib
from kg.serialise.turtle import write_turtle
from kg.validate.check import load_shapes, validate
from kg.validate.formats import FORMATS as REPORTS
from kg.validate.model import Report
from kg.version import __version__
from kg.vocabulary.iri import is_web_iri
from kg.vocabulary.load import bundled_lexicon
from kg.vocabulary.namespaces import RDF_TYPE, ROOT, TKG
from kg.vocabulary.statements import Own

_ALWAYS = ("turtle", "nquads")
_LIBRARIES = ("pyoxigraph", "pyshacl", "rdflib")


@dataclass(frozen=True, slots=True)
class Options:
    """What a build can be told: graph formats beside Turtle and N-Quads, the base of the data's IRIs, the files
    with the user's own vocabulary, what columns mean ("3=dose"; see `kg.readers.sidecar`), and the IRI of the
    licence of the data set ("": that of its sources, where they have one)."""

    formats: tuple[str, ...] = ()
    base: str = ROOT
    vocabulary: tuple[Path, ...] = ()
    columns: tuple[str, ...] = ()
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Build:
    """A finished build: the tables, the names of the files written (in the order of the folder), the check's report."""

    tables: tuple[Parsed, ...]
    files: tuple[str, ...]
    report: Report

    @property
    def fine(self) -> bool:
        """Whether every row was read and the graph breaks no shape."""
        return self.report.conforms and not any(parsed.quarantined for parsed in self.tables)


def build(sources: Sequence[str], out: Path, options: Options, say: Say) -> Build:
    """Build the graph of `sources` (paths; none: the bundled table) into the folder `out`.

    `say` is told what happens. Raises KgError (SourceError, GraphError, OutputError …) when nothing was written.
    """
    _check(options)
    lexicon = bundled_lexicon(options.vocabulary)
    choices = tuple(read_choice(text, lexicon) for text in options.columns)
    tables = read_all(sources, lexicon, say, choices)
    minter = Minter(options.base)
    quads = list(quad_blocks(tables, lexicon, minter))
    merged = list(merged_blocks(tables, lexicon, minter))
    licence = options.licence or licence_of(tables)
    description = describe(quads, options.base, licence)
    quads.extend(description)
    merged.extend(in_default_graph(description))
    say(f"checking {sum(len(block.statements) for block in merged)} triples")
    report = validate(to_rdflib(merged), load_shapes())
    prefixes = prefixes_for(options.base, lexicon)
    texts: dict[str, Text] = {}
    for name in dict.fromkeys((*_ALWAYS, *options.formats)):
        form = FORMATS[name]
        texts[f"trials{form.suffix}"] = form.write(quads if form.quads else merged, prefixes)
    texts["trials.csv"] = write_csv(record for parsed in tables for record in parsed.records)
    texts["ledger.csv"] = write_ledger(tables)
    texts["dataset.ttl"] = lambda written: write_turtle(
        with_files(description, _files(written), options.base), prefixes
    )
    texts["quarantine.csv"] = write_quarantine(tables)
    unknown = find_unrecognised(tables, lexicon)
    texts["unrecognised.csv"] = write_unrecognised(unknown)
    texts["validation.ttl"] = [REPORTS["turtle"](report)]
    disagreements = find_disagreements(tables, lexicon, minter)
    texts["report.html"] = write_page(
        gather(tables, disagreements, report, unknown, trials=_instances(merged, TKG.ClinicalTrial))
    )
    texts["manifest.json"] = _manifest(tables, lexicon.own, merged, report, licence)
    write_folder(out, texts)
    return Build(tables, tuple(texts), report)


def _check(options: Options) -> None:
    wrong = [name for name in options.formats if name not in FORMATS]
    if wrong:
        raise OutputError(
            "is no graph format", where="--format", raw=wrong[0], allowed=", ".join(sorted(FORMATS))
        )
    if not is_web_iri(options.base) or options.base[-1] not in "/#":
        raise OutputError(
            "is no base for IRIs",
            where="--base",
            raw=options.base,
            allowed="an absolute http or https IRI ending in / or #",
        )
    if options.licence and not is_web_iri(options.licence):
        raise OutputError(
            "is no licence",
            where="--license",
            raw=options.licence,
            allowed="the absolute http or https IRI of a licence",
            hint="for example https://creativecommons.org/licenses/by/4.0/",
        )


def _files(written: Mapping[str, Written]) -> list[File]:
    return [File(name, one.size, one.sha256) for name, one in written.items()]


def _manifest(
    tables: Sequence[Parsed], own: Sequence[Own], blocks: Sequence[Block], report: Report, licence: str
) -> Iterator[str]:
    """Yield what went in, what came out and what made it; no clock time, so that the same input gives the same bytes."""
    inputs = {(p.table.source, p.table.sha256, p.table.layout): _told(p) for p in tables}
    counts = {
        "tables": len(tables),
        "rows": sum(len(parsed.records) + len(parsed.quarantined) for parsed in tables),
        "quarantined": sum(len(parsed.quarantined) for parsed in tables),
        "trials": _instances(blocks, TKG.ClinicalTrial),
        "reports": _instances(blocks, TKG.TrialReport),
        "discrepancies": _instances(blocks, TKG.Discrepancy),
        "triples": sum(len(block.statements) for block in blocks),
        "cells": count_states(tables),
        "validation": report.counts_by_severity(),
    }
    content = {
        "vocabularies": [
            {"name": one.name, "sha256": sha256(one.turtle.encode()).hexdigest()} for one in own
        ],
        "inputs": [
            {"name": name, "sha256": digest, "layout": layout, **told}
            for (name, digest, layout), told in sorted(inputs.items(), key=lambda one: one[0])
        ],
        **({"license": licence} if licence else {}),
        "counts": counts,
        "versions": {"trialkg": __version__, **{name: version(name) for name in _LIBRARIES}},
    }
    yield json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _told(parsed: Parsed) -> dict[str, Any]:
    """Return what the user said of a source, and in which file, for building the same graph again."""
    settings = parsed.settings
    told: dict[str, Any] = {}
    completed = {(c.origin, c.sha256) for c in settings.corrections if c.source == parsed.table.source}
    if completed:
        told["completed"] = [{"name": name, "sha256": digest} for name, digest in sorted(completed)]
    if settings.columns:
        told["columns"] = [
            {"table": one.table, "column": one.column, "meaning": list(one.keys) or ["text"]}
            for one in settings.columns
        ]
    if settings.facts:
        told["facts"] = dict(sorted(settings.facts.items()))
    if settings.origin:
        told["settings"] = {"name": settings.origin, "sha256": settings.sha256}
    return told


def _instances(blocks: Sequence[Block], of_class: str) -> int:
    return sum((RDF_TYPE, of_class) in block.statements for block in blocks)
