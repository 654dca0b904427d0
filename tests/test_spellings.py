"""The shipped vocabularies with the readers: what tables of cell therapy call sources, donors, routes and stages."""

from __future__ import annotations

from functools import cache

import pytest

from kg.cells.concept import read_mentions, read_sources
from kg.resources import vocabulary_files
from kg.vocabulary.lexicon import Lexicon
from kg.vocabulary.load import load_lexicon

SOURCES = """
bone marrow: Au BM; Au- BM; Auto-BM-MSC; BMSC; BMAC; Autologous bone marrow aspirate concentrate
bone marrow: BM-MSCs (Remestemcel-L); culture-expanded BM-MSCs; BM-MNC; Allogeneic BM-MPCs
umbilical cord: hUC-MSC; hU-MSCs (BX-U001); hUCMSCs; Umbilical cord-derived (UC) MSCs; Allo UC
Wharton's jelly: WJ-MSC; Allogenic WJSC; Warton's jelly; umbilical cord Wharton's jelly MSCs; hWJ-MSCs
umbilical cord blood: hUCB-MSCs (Pneumostem); CB-MNC; Supernatants of hCB-MSCs; cord blood mononuclear cells
adipose tissue: ADSC; ASC; SVF; ADRCs; AD-SVF; Adipose-derived stromal cells; ADSC-Exos
infrapatellar fat pad: fat pad; infrapatellar fat pad MSC
menstrual blood: MB-MSC; MenSC; menstrual blood stem cells
dental pulp: DPSC; SHED; DP-MSCs
amnion: hAEC; amniotic MSC; human amniotic epithelial cells
placenta: PLX-PAD; P-MSC; decidual stromal cells; DSC; human placenta-MSCs
hematopoietic stem cells: CD34+ cells; HSC; CD34+
peripheral blood: PBSC; peripheral blood; PBMC
iPSC: iPSC; iMSC; Mesenchymoangioblast-derived MSCs (CYP-001); induced pluripotent stem cells
embryonic stem cells: ESC; hESC-IMRCs (CAStem); ES cells; Human embryonic stem cells derived matrix-regulatory cells
neural stem cells: NSC; fetal NSC; neural progenitor cells
T cells: CAR-T cells; Treg; regulatory T cells
NK cells: NK cells; natural killer cells
olfactory mucosa: OEC; Pooled-MSCs from olfactory mucosa; olfactory ensheathing cells
heart: CDC; cardiac stem cells; cardiosphere-derived cells
limbus: limbal; limbal stem cells
retina: RPE cells; retinal pigment epithelium
muscle: autologous skeletal myoblasts; muscle
skin: keratinocytes; fibroblasts; skin
pancreatic islets: islets; pancreatic islets
liver: hepatocytes
cartilage: articular cartilage; cartilage
chondrocytes: chondrocytes; autologous chondrocytes; fetal cartilage-derived chondrocytes
gingiva: gingival MSC
tonsil: tonsil-derived MSC
hair follicle: hair follicle cells
endometrium: endometrial MSC
periosteum: periosteum
synovial membrane: synovial MSC
fetal liver: fetal liver cells
"""
PRODUCTS = """
cells: Lomecel-B; Remestemcel-L; Prochymal; Cx601; darvadstrocel; Alofisel; Stempeucel; Cartistem; MSC-NTF; NurOwn
cells: MultiStem; MPC; MNC; astrocytes; EPC; MSC
extracellular vesicles: exosomes; MSC-EV; MSC-Exos
secretome: conditioned medium; supernatants; secretome; MSC-CM
"""
DONORS = """
autologous: Au BM; Auto AT; autogenous BM MSCs; self BM; Auto-BM-MSC
allogeneic: Allo UC; Allogenic WJSC; third-party BM-MSC; donor-derived BM-MSC; haploidentical donor BM-MSC
allogeneic: HLA-matched sibling BM-MSCs
syngeneic: syngeneic BM
"""
ROUTES = """
intrathecal: lumbar puncture; the subarachnoid space; Intrathecally; IT
intravenous: cubital vein; antecubital vein injection; peripheral veins; Iv injection; I.V; Endovenous; i.v. infusion
intranasal: nasal drip
intraspinal: intra-spinal
intracavernous: intracavernous
intradiscal: intradiscal
intra-bone-marrow: intraosseous
retrobulbar: retrobulbar
subretinal: subretinal space
suprachoroidal: suprachoroidal
portal vein: intraportal
intra-arterial: splenic artery injection; Injected into the gastroduodenal artery/ pancreaticoduodenal artery
intra-arterial: IA (intra-arterial) via catheterization; intra-arterial (IA)
hepatic artery: via intrahepatic arterial catheterization
intracoronary: injected into left coronary artery; IRA; percutaneous intracoronary
intramyocardial: intramyocardial during CABG; epicardial injection
epicardial: epicardial; epicardial implantation
surgical implantation: Implanted to substantia nigra; transplanted into putamen; Surgical transplanted into putamen
surgical implantation: collagen scaffold; implantation
intralesional: Lumen and the walls of the tracks
intrahepatic: Liver puncture
topical: spray; hydrogel; dressing
inhalation: nebulizer; aerosol inhalation
ophthalmic drops: Artificial tears
intraventricular: intraventricular; Lateral ventricle; ICV
intramuscular: Intramuscular (gastrocnemius muscle)
"""
DISEASES = """
COVID-19: Severe COVID-19; Novel Coronavirus Pneumonia (COVID-19); pneumonitis caused by novel coronavirus
acute graft versus host disease: Steroid-refractory aGVHD; SR-aGVHD
Parkinson disease: Advanced Parkinson disease; Parkinson's
knee osteoarthritis: Bilateral knee osteoarthritis, K-L grade II-III; Knee osteoarthritis (KL grade 2-3)
acute kidney injury: Patients undergoing cardiac surgery with evidence of early AKI
bronchopulmonary dysplasia: Bronchopulmonary dysplasia in preterm infants; Severe BPD
type 1 diabetes mellitus: Newly diagnosed type 1 diabetes; Diabetes Mellitus, Insulin-Dependent
multiple sclerosis: Relapsing–remitting MS; Multiple sclerosis (secondary progressive)
perianal Crohn disease: Complex perianal fistulas in Crohn's disease
chronic spinal cord injury: Chronic complete spinal cord injury
hematologic malignancy: Hematological malignancies
"""


@cache
def lexicon() -> Lexicon:
    return load_lexicon(vocabulary_files())


def cases(block: str) -> list[tuple[str, str]]:
    lines = [line.split(": ", 1) for line in block.strip().splitlines()]
    return [(text.strip(), label) for label, texts in lines for text in texts.split("; ")]


@pytest.mark.parametrize(("text", "label"), cases(SOURCES))
def test_a_source_is_read_completely_in_the_spellings_of_tables(text: str, label: str) -> None:
    reading = read_sources(text, lexicon())
    assert [concept.label for concept in reading.value.sources.concepts] == [label]
    assert reading.complete


@pytest.mark.parametrize(("text", "label"), cases(PRODUCTS))
def test_a_product_that_does_not_say_its_tissue_names_no_source(text: str, label: str) -> None:
    reading = read_sources(text, lexicon())
    assert reading.value.sources.concepts == ()
    assert reading.value.product is not None
    assert reading.value.product.label == label
    assert reading.complete


@pytest.mark.parametrize(("text", "label"), cases(DONORS))
def test_the_donor_is_read_in_front_of_the_source(text: str, label: str) -> None:
    reading = read_sources(text, lexicon())
    assert reading.value.donor is not None
    assert reading.value.donor.label == label
    assert reading.complete


@pytest.mark.parametrize(("text", "label"), cases(ROUTES))
def test_a_route_is_read_completely_in_the_phrases_of_tables(text: str, label: str) -> None:
    reading = read_mentions(text, "route", lexicon())
    assert [concept.label for concept in reading.value.concepts] == [label]
    assert reading.complete


@pytest.mark.parametrize(("text", "label"), cases(DISEASES))
def test_words_for_the_stage_of_a_disease_are_no_unknown_words(text: str, label: str) -> None:
    reading = read_mentions(text, "disease", lexicon())
    assert [concept.label for concept in reading.value.concepts] == [label]
    assert reading.complete


@pytest.mark.parametrize("text", ["Severe", "chronic, refractory", "adult patients", "Moderate to severe"])
def test_a_stage_alone_is_no_disease(text: str) -> None:
    assert not read_mentions(text, "disease", lexicon()).complete


@pytest.mark.parametrize(
    "text", ["injection", "percutaneous", "during CABG", "catheter", "once", "Autologous"]
)
def test_the_way_of_delivery_alone_is_no_route(text: str) -> None:
    assert not read_mentions(text, "route", lexicon()).complete


def test_letters_that_do_not_stand_in_the_words_make_no_gloss() -> None:
    reading = read_mentions("IM (intravenous)", "route", lexicon())
    assert [concept.label for concept in reading.value.concepts] == ["intramuscular", "intravenous"]


@pytest.mark.parametrize(
    "text", ["mesenchymal stem cell transplantation", "for chronic pain and aging", "at risk of a fistula"]
)
def test_general_words_of_a_title_name_no_disease(text: str) -> None:
    assert [m.concept.label for m in lexicon().scan("disease", text, free_text=True)] in ([], ["pain"])
