"""The IRIs that the graph is made of; a misspelt term is an AttributeError, not a new term.

A test holds `TKG` against ontology/trialkg.ttl: what stands here stands there and the other way round.
"""

from __future__ import annotations

ROOT = "https://w3id.org/trialkg/"
VOCABULARY = f"{ROOT}vocabulary/"

# what the data is about; each kind has its own folder of IRIs under the base of a build
KINDS = (
    *("cell", "claim", "dataset", "discrepancy", "dose", "figure", "graph", "outcome", "reference"),
    *("registration", "report", "row", "schedule", "table", "trial"),
)


class Namespace:
    """A closed set of terms under one IRI: `TKG.Dose` is the full IRI; other terms raise AttributeError."""

    def __init__(self, iri: str, terms: str) -> None:
        self.iri = iri
        self.terms = tuple(terms.split())
        self._iris = {term: iri + term for term in self.terms}

    def __getattr__(self, term: str) -> str:
        try:
            return self.__dict__["_iris"][term]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(
                f"{term!r} is not a term of {self.__dict__.get('iri', 'a namespace')}"
            ) from None


TKG = Namespace(
    f"{ROOT}ontology#",
    # classes of the graph
    "ClinicalTrial Registration TrialReport Dose Schedule Outcome OutcomeClaim Discrepancy "
    "OutcomeFigure Table TableRow TableCell Reference "
    # trial and registration
    "registration studiesCondition usesCellSource usesRoute registry wellFormed nctNumber "
    # report
    "reports condition product cellSource sourceOperator donor route dose schedule participants "
    "reportedPhase phaseLabel outcome "
    # dose and schedule
    "low high unit basis verbatim status "
    "minAdministrations maxAdministrations medianAdministrations intervalDays interval "
    # outcome
    "efficacy safety efficacyQuote safetyQuote statusQuote claim figure measure measureName endpointKind "
    "direction hedge timepoint comparison pValue value outOf ofWhat quote quoteStart "
    # discrepancy
    "onProperty trial between statedValue "
    # provenance
    "row column contextFor table header firstLine lastLine caption tableLabel sourceName sha256 legend "
    "state rule remark "
    # vocabularies
    "servesColumn columnForm fills combines yieldsTo pattern searchPattern urlTemplate numberStem "
    "betterWhen activityMeasureOf wordClass namesDirection earliestNctNumber ucumCode countedThing perQuantity optional",
)

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS = Namespace(
    "http://www.w3.org/2000/01/rdf-schema#", "label comment subClassOf subPropertyOf domain range isDefinedBy"
)
SKOS = Namespace(
    "http://www.w3.org/2004/02/skos/core#",
    "Concept ConceptScheme inScheme topConceptOf hasTopConcept prefLabel altLabel hiddenLabel notation "
    "definition scopeNote broader narrower exactMatch closeMatch broadMatch narrowMatch",
)
DCTERMS = Namespace(
    "http://purl.org/dc/terms/",
    "identifier title description source references isPartOf license created bibliographicCitation",
)
PROV = Namespace(
    "http://www.w3.org/ns/prov#",
    "Entity SoftwareAgent wasDerivedFrom hadPrimarySource wasAttributedTo",
)
SCHEMA = Namespace("https://schema.org/", "url sameAs")
CSVW = Namespace("http://www.w3.org/ns/csvw#", "Table Row rownum")
VOID = Namespace(
    "http://rdfs.org/ns/void#",
    "Dataset DatasetDescription Linkset vocabulary uriSpace exampleResource subset triples entities classes "
    "properties distinctSubjects distinctObjects classPartition class propertyPartition property "
    "subjectsTarget objectsTarget linkPredicate",
)
DCAT = Namespace("http://www.w3.org/ns/dcat#", "Dataset Distribution distribution mediaType byteSize")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#", "Dataset NamedGraph namedGraph name")
SPDX = Namespace(
    "http://spdx.org/rdf/terms#", "Checksum checksum algorithm checksumAlgorithm_sha256 checksumValue"
)
FOAF = Namespace("http://xmlns.com/foaf/0.1/", "homepage primaryTopic")
XSD = Namespace(
    "http://www.w3.org/2001/XMLSchema#", "string integer decimal boolean date gYear gYearMonth anyURI"
)

# prefix → IRI, for the data written by the serialisers; the base of the data itself is an option of the build
PREFIXES = {
    "tkg": TKG.iri,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": RDFS.iri,
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": SKOS.iri,
    "dcterms": DCTERMS.iri,
    "prov": PROV.iri,
    "schema": SCHEMA.iri,
    "csvw": CSVW.iri,
    "void": VOID.iri,
    "dcat": DCAT.iri,
    "sd": SD.iri,
    "spdx": SPDX.iri,
    "foaf": FOAF.iri,
    "dc": "http://purl.org/dc/elements/1.1/",
    "vann": "http://purl.org/vocab/vann/",
    "xsd": XSD.iri,
}
