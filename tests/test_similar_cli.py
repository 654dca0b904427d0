"""`kg similar` as a user meets it: answers on stdout, sums that hold, errors that help, nothing written after one."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fake_endpoint import FakeEndpoint, asking
from similar_world import TABLE, collection, trial

from kg.cli import run
from kg.similar.answers.answers import comparison, most_alike, ranking
from kg.similar.answers.formats.json import write_json
from kg.similar.answers.formats.table import write_table
from kg.similar.answers.listings import list_central, list_communities
from kg.similar.facets import FACETS
from kg.similar.index import Index
from kg.similar.network.network import Network
from kg.similar.pairs.nearest import nearest
from kg.similar.profile import Profile
from kg.similar.score import Scorer
from kg.stores.oxigraph import open_graph

ROOT = Path(__file__).resolve().parents[1]
NAMES = [facet.name for facet in FACETS]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of the graph of the small world, built as a user builds it."""
    folder = tmp_path_factory.mktemp("world")
    (folder / "table.csv").write_text(TABLE, encoding="utf-8")
    assert run(["build", str(folder / "table.csv"), "-o", str(folder / "out"), "-q"]) == 0
    return str(folder / "out" / "trials.nq")


@pytest.fixture(scope="module")
def index(graph: str) -> str:
    """The path of the index of that graph, which opens faster."""
    path = str(Path(graph).with_name("trials.index"))
    assert run(["similar", "--on", graph, "--save", path, "-q"]) == 0
    return path


@pytest.fixture
def kg(
    graph: str,
    index: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Kg:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    capsys.readouterr()
    return Kg(graph, index, capsys)


class Kg:
    """Runs `kg similar` on the small world and keeps what it prints."""

    def __init__(self, graph: str, index: str, capsys: pytest.CaptureFixture[str]) -> None:
        self.graph, self.on = graph, index
        self.capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """Return what it prints on stdout, or on stderr when it is to fail, then with nothing on stdout."""
        assert run(["similar", *arguments, "--on", self.on]) == code
        told = self.capsys.readouterr()
        if code:
            assert told.out == ""
        return told.err if code else told.out

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--format", "json"), parse_float=Decimal, parse_int=Decimal)

    def csv(self, *arguments: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self(*arguments, "--format", "csv"), newline="")))


def neighbour(answer: Any, name: str) -> Any:
    return next(one for one in answer["neighbours"] if one["trial"] == name)


def test_neighbours_come_best_first_with_contributions_that_sum_to_the_score(kg: Kg) -> None:
    answer = kg.json("NCT00000101")
    assert set(answer) == {"trial", "iri", "label", "most", "neighbours"}
    assert answer["trial"] == "NCT00000101"
    scores = [one["score"] for one in answer["neighbours"]]
    assert scores == sorted(scores, reverse=True)
    assert 0 < scores[0] < answer["most"] < 1
    for one in answer["neighbours"]:
        assert list(one["contributions"]) == NAMES
        assert sum(one["contributions"].values()) == one["score"]
    assert {one["trial"] for one in answer["neighbours"][:2]} == {"NCT00000102", "NCT00000103"}


def test_numbers_are_decimals_of_at_most_six_digits_and_never_have_an_exponent(kg: Kg) -> None:
    text = kg("NCT00000101", "--weight", "route=0.00001", "--format", "json")
    numbers = re.findall(r": (-?[\d.eE+-]+),?$", text, re.MULTILINE)
    assert any(0 < float(number) < 1e-4 for number in numbers)
    assert [number for number in numbers if not re.fullmatch(r"\d(\.\d{1,6})?", number)] == []


def test_json_says_what_is_shared_and_what_differs(kg: Kg) -> None:
    hip = neighbour(kg.json("NCT00000101"), "NCT00000102")
    assert hip["shared"]["disease"] == ["osteoarthritis (broader)"]
    assert hip["shared"]["route"] == ["intra-articular"]
    assert hip["differing"]["disease"] == {"this": ["knee osteoarthritis"], "other": ["hip osteoarthritis"]}
    assert hip["differing"]["dose"] == {"this": ["2×10⁷ cells"], "other": ["4×10⁷ cells"]}
    assert "route" not in hip["differing"]


def test_a_trial_is_found_in_any_spelling_of_its_number_and_by_its_iri(kg: Kg) -> None:
    expected = kg("NCT00000101")
    for name in ("nct00000101", "NCT 0000 0101", "https://w3id.org/trialkg/trial/NCT00000101"):
        assert kg(name) == expected


def test_k_says_how_many(kg: Kg) -> None:
    assert len(kg.json("NCT00000101", "-k", "2")["neighbours"]) == 2
    # Crohn disease shares the registry, at least
    assert len(kg.json("NCT00000101", "-k", "99999999")["neighbours"]) == 5
    assert len(kg.json("-k", "99999999")["pairs"]) == 15


def test_csv_has_a_line_for_each_neighbour_and_a_column_for_each_facet(kg: Kg) -> None:
    head, *rows = kg.csv("NCT00000101")
    assert head == ["rank", "trial", "iri", "label", "score", *NAMES]
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]
    assert {row[1] for row in rows[:2]} == {"NCT00000102", "NCT00000103"}
    assert all(sum(map(Decimal, row[5:])) == Decimal(row[4]) for row in rows)


def test_a_pair_is_laid_out_facet_by_facet(kg: Kg) -> None:
    answer = kg.json("NCT00000101", "NCT00000102")
    assert (answer["trial"], answer["other"]) == ("NCT00000101", "NCT00000102")
    assert {"score", "contributions", "shared", "differing"} < set(answer)
    assert sum(answer["contributions"].values()) == answer["score"]
    same = neighbour(kg.json("NCT00000101"), "NCT00000102")
    assert all(answer[key] == same[key] for key in ("score", "contributions", "shared", "differing"))


def test_a_pair_in_csv_has_a_line_for_each_facet(kg: Kg) -> None:
    head, *rows = kg.csv("NCT00000101", "NCT00000102")
    assert head == ["facet", "this", "other", "shared", "contribution", "weight"]
    assert [row[0] for row in rows] == NAMES
    assert rows[0][1:4] == ["knee osteoarthritis", "hip osteoarthritis", "osteoarthritis (broader)"]
    assert rows[NAMES.index("donor")][1:5] == ["", "", "", "0"]


def test_the_table_of_a_pair_adds_up_and_says_what_is_not_stated(kg: Kg) -> None:
    lines = kg("NCT00000101", "NCT00000102").splitlines()
    score = kg.json("NCT00000101", "NCT00000102")["score"]
    total = next(line for line in lines if line.startswith("sum"))
    assert total.split() == ["sum", f"{score:.6f}", "100", "%"]
    assert next(line for line in lines if line.startswith("donor")).split()[1:5] == ["not", "stated"] * 2
    assert any(line.startswith("phase") and "Phase II" in line for line in lines)
    assert all(len(line) <= 100 for line in lines)


def test_the_table_of_neighbours_says_why_in_words(kg: Kg) -> None:
    flat = " ".join(kg("NCT00000101", "-k", "2").split())
    assert re.search(
        r"[12] NCT00000102 0\.\d{3} \d\d % hip osteoarthritis, bone marrow, intra-articular", flat
    )
    assert re.search(r"alike .*disease 0\.0\d\d osteoarthritis \(broader\)", flat)
    assert (
        "differs disease: knee osteoarthritis ↔ hip osteoarthritis; dose: 2×10⁷ cells ↔ 4×10⁷ cells" in flat
    )
    assert re.search(
        r"Compared with 5 trials by 11 facets\. .* The most this trial can reach is 0\.\d+\.", flat
    )


@pytest.mark.parametrize("columns", ["60", "100", "200"])
def test_a_table_keeps_to_the_width_and_has_no_colours_in_a_pipe(
    kg: Kg, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    for arguments in (["NCT00000103"], ["NCT00000103", "NCT00000105"], [], ["--show", "communities"]):
        text = kg(*arguments)
        assert max(map(len, text.splitlines())) <= min(int(columns), 120)
        assert not re.search(r"[\x1b─-╿]", text)
        assert not any(line != line.rstrip() for line in text.splitlines())


def test_what_is_described_is_compared_with_every_trial(kg: Kg) -> None:
    answer = kg.json("--like", "disease=knee OA", "--like", "route=intra-articular injection")
    assert answer["trial"] is None
    assert answer["like"] == {"disease": ["knee osteoarthritis"], "route": ["intra-articular"]}
    assert [one["trial"] for one in answer["neighbours"]][:2] == ["NCT00000101", "NCT00000103"]
    assert answer["neighbours"][0]["score"] == answer["most"]


def test_what_a_description_leaves_open_is_no_difference(kg: Kg) -> None:
    flat = " ".join(kg("--like", "disease=knee osteoarthritis", "-k", "1").split())
    assert "differs" not in flat
    assert "is also cell source: bone marrow" in flat


def test_a_trial_is_compared_with_what_is_described(kg: Kg) -> None:
    answer = kg.json("NCT00000104", "--like", "disease=stroke", "--like", "dose=2e6 cells/kg")
    assert answer["other"] == "NCT00000104"
    assert answer["shared"]["dose"] == ["1×10⁶–2×10⁶ cells/kg (range of both)"]


def test_without_a_name_the_most_alike_pairs_of_all_are_told(kg: Kg) -> None:
    pairs = kg.json("-k", "3")["pairs"]
    assert len(pairs) == 3
    assert (pairs[0]["trial"], pairs[0]["other"]) == ("NCT00000104", "NCT00000105")
    assert [one["score"] for one in pairs] == sorted((one["score"] for one in pairs), reverse=True)
    head, *rows = kg.csv("-k", "3")
    assert head[:8] == ["rank", "trial", "iri", "label", "other", "other_iri", "other_label", "score"]
    assert [row[1] for row in rows] == [one["trial"] for one in pairs]


def test_weights_and_only_decide_what_counts(kg: Kg) -> None:
    only = kg.json("NCT00000101", "--only", "disease,dose", "--only", "route")["neighbours"][0]
    assert list(only["contributions"]) == ["disease", "route", "dose"]
    one = kg.json("NCT00000101", "NCT00000102", "--only", "disease,route")["contributions"]
    two = kg.json("NCT00000101", "NCT00000102", "--only", "disease,route", "--weight", "route=3")[
        "contributions"
    ]
    assert float(two["route"] / one["route"]) == pytest.approx(1.5, abs=1e-4)
    assert float(two["disease"] / one["disease"]) == pytest.approx(0.5, abs=1e-4)


def test_diseases_are_compared_by_what_their_trials_do(kg: Kg) -> None:
    answer = kg.json("Stroke", "--among", "diseases")
    assert answer["disease"] == "stroke"
    assert answer["label"] == "2 trials"
    assert "disease" not in answer["neighbours"][0]["contributions"]
    pairs = kg.json("--among", "diseases", "-k", "1")["pairs"]
    assert {pairs[0]["disease"], pairs[0]["other"]} == {"hip osteoarthritis", "knee osteoarthritis"}


def test_a_disease_and_a_cell_source_have_all_names_that_the_vocabulary_knows(kg: Kg) -> None:
    assert kg("OA of the knee", "--among", "diseases") == kg("knee osteoarthritis", "--among", "diseases")
    assert kg("BM", "--among", "cell_sources") == kg("bone marrow", "--among", "cell_sources")
    # known to the vocabulary, but no trial is about it
    assert "nothing in the graph has this name" in kg("ALS", "--among", "diseases", code=2)


def test_cell_sources_are_compared_by_what_their_trials_do(kg: Kg) -> None:
    answer = kg.json("bone marrow", "--among", "cell_sources")
    assert answer["cell_source"] == "bone marrow"
    shared = answer["neighbours"][0]["shared"]
    assert any("%" in word for words in shared.values() for word in words)


def test_communities_bridges_and_central_trials_are_listed(kg: Kg) -> None:
    communities = kg.json("--show", "communities")["communities"]
    assert sum(one["size"] for one in communities) == 6
    assert sorted(name for one in communities for name in one["members"])[0] == "NCT00000101"
    bridges = kg.json("--show", "bridges")
    assert all(not set(one["areas"]) & set(one["other_areas"]) for one in bridges["bridges"])
    assert bridges["connectors"]
    central = kg.json("--show", "central", "-k", "2")["central"]
    assert len(central) == 2
    assert kg.csv("--show", "central", "-k", "2")[0] == ["trial", "label", "betweenness", "strength"]
    assert "NCT00000101" in kg("--show", "communities")


def test_gaps_were_not_tried_and_name_the_nearest_trials(kg: Kg) -> None:
    gaps = kg.json("--show", "gaps", "--like", "disease=stroke")["gaps"]
    tried = {("stroke", "bone marrow", "intravenous"), ("stroke", "umbilical cord", "intravenous")}
    found = {(one["disease"], one["cell_source"], one["route"]) for one in gaps}
    assert found
    assert not found & tried
    assert {disease for disease, _, _ in found} == {"stroke"}
    assert all(sum(each["contribution"] for each in one["evidence"]) == one["score"] for one in gaps)
    text = " ".join(kg("--show", "gaps").split())
    assert "No gap says that a therapy would work" in text


def test_the_network_is_written_and_nothing_printed(kg: Kg, tmp_path: Path) -> None:
    for name in ("net.graphml", "net.gexf", "net.cyjs"):
        assert kg("--graph", name) == ""
        assert (tmp_path / name).stat().st_size > 1000


def test_files_and_an_answer_can_be_wished_at_once(kg: Kg, tmp_path: Path) -> None:
    assert kg("NCT00000101", "--graph", "net.gexf") == kg("NCT00000101")
    assert (tmp_path / "net.gexf").exists()


def test_a_saved_index_answers_like_the_graph(kg: Kg) -> None:
    kg.on = kg.graph
    assert kg("--save", "trials.index") == ""
    questions = (
        ["NCT00000101", "--format", "json"],
        ["--like", "disease=stroke", "--format", "csv"],
        ["--format", "json"],
        ["--show", "communities"],
        ["--show", "gaps"],
        ["stroke", "--among", "diseases"],
    )
    expected = [kg(*question) for question in questions]
    kg.on = "trials.index"
    assert [kg(*question) for question in questions] == expected


def test_an_index_of_diseases_is_no_index_of_trials(kg: Kg) -> None:
    expected = kg("stroke", "--among", "diseases", "--save", "diseases.index")
    kg.on = "diseases.index"
    assert kg("stroke", "--among", "diseases") == expected
    for wrong in ([], ["--among", "cell_sources"]):
        assert "--among diseases" in kg(*wrong, code=2)


def test_a_damaged_index_is_an_error(kg: Kg, tmp_path: Path) -> None:
    kg("--save", "trials.index")
    whole = (tmp_path / "trials.index").read_bytes()
    (tmp_path / "cut.index").write_bytes(whole[:-200])
    kg.on = "cut.index"
    assert "cut.index" in kg(code=2)


@pytest.mark.slow
def test_plots_are_drawn_into_a_folder(kg: Kg, tmp_path: Path) -> None:
    assert kg("--plots", "plots") == ""
    assert {"map.svg", "heatmap.png"} < {path.name for path in (tmp_path / "plots").iterdir()}


WRONG = {
    "-k 0": "0 is not in the range x>=1",
    "NCT0000101": "did you mean NCT00000101",
    "NCT00000101 NCT0000102": "did you mean NCT00000102",
    "NCT00000101 NCT00000102 NCT00000103": "no name, one or two",
    "NCT00000101 NCT00000102 --like disease=stroke": "--like does not go together with two names",
    "NCT00000101 NCT00000102 -k 3": "-k does not go together with a pair",
    "NCT00000101 --show central": "--show central does not go together with a name",
    "--like disease=stroke --show bridges": "does not go together",
    "--show bridges --among diseases": "does not go together with --among diseases",
    "--show gaps --among cell_sources": "does not go together",
    "--plots p --among diseases": "does not go together",
    "--show gaps --only disease": "does not go together",
    "--show gaps --like registry=ChiCTR": "cell_source, route",
    "--show gaps --like disease=stroke --like disease=diabetes": "one of these at a time",
    "--show everything": "'communities', 'bridges', 'central', 'gaps'",
    "--like disease": "allowed: FACET=VALUE",
    "--like =stroke": "allowed: FACET=VALUE",
    "--like diseas=stroke": "did you mean disease",
    "--like disease=strok": "did you mean stroke",
    "--like dose=much": "2e6 cells/kg",
    "--weight route": "allowed: FACET=VALUE",
    "--weight route=heavy": "0 or a positive number",
    "--weight route=-1": "0 or a positive number",
    "--weight route=nan": "0 or a positive number",
    "--weight route=inf": "0 or a positive number",
    "--weight rout=1": "did you mean route",
    "--weight route=1 --weight route=2": "two weights",
    "--weight cell_source=1 --weight source=2": "two weights",
    "--only rout": "did you mean route",
    "--only disease,": "names no facet",
    "--only disease --weight disease=0": "no facet counts",
    "--only disease --weight route=2": "not among those that count",
    "stroke --among diseases --only disease": "diseases are not compared by this facet",
    "--among diseases --like disease=stroke": "diseases are not compared by this facet",
    "strok --among diseases": "did you mean stroke",
    "--among routes": "'trials', 'diseases', 'cell_sources'",
    "--graph net.dot": "allowed: .graphml, .gexf, .cyjs",
    "--format xml": "'table', 'json', 'csv'",
}


@pytest.mark.parametrize("arguments", WRONG)
def test_what_cannot_be_answered_is_an_error_that_helps(kg: Kg, tmp_path: Path, arguments: str) -> None:
    assert WRONG[arguments] in kg(*arguments.split(), code=2)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", [["NCT0000101"], ["--like", "disease=strok"], ["--only", "rout"]])
def test_nothing_is_written_where_the_question_is_wrong(kg: Kg, tmp_path: Path, wrong: list[str]) -> None:
    kg(*wrong, "--graph", "net.gexf", "--save", "index", code=2)
    assert list(tmp_path.iterdir()) == []


def test_a_graph_without_trials_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "none.ttl").write_text("<urn:a> <urn:b> <urn:c> .\n")
    assert run(["similar", "--on", str(tmp_path / "none.ttl")]) == 2
    assert "the graph has no trials" in capsys.readouterr().err
    assert run(["similar", "--on", str(tmp_path / "missing.ttl")]) == 2


def test_a_single_trial_has_no_neighbours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "one.csv"
    table.write_text("\n".join(TABLE.splitlines()[:2]) + "\n", encoding="utf-8")
    assert run(["build", str(table), "-o", str(tmp_path / "out"), "-q"]) == 0
    on = ["--on", str(tmp_path / "out" / "trials.nq")]
    capsys.readouterr()
    assert run(["similar", "NCT00000101", *on]) == 0
    assert "Compared with 0 trials: none shares anything with it" in capsys.readouterr().out
    assert run(["similar", "NCT00000101", "--format", "json", *on]) == 0
    assert json.loads(capsys.readouterr().out)["neighbours"] == []
    assert run(["similar", *on]) == 0
    assert "None of 1 trial shares anything with another" in capsys.readouterr().out


def test_words_of_a_graph_cannot_steer_the_terminal_or_the_layout() -> None:
    name, label = "[red]N\x1b[2J\n1", "[blink]title\x9b"
    evil = [
        Profile(
            f"t/{n}",
            f"{name}{n}",
            label,
            {"disease": (("v/\x1b[31m[b]stroke\r\n", 1000),), "route": (("v/vein", 1000),)},
        )
        for n in range(3)
    ]
    scorer = Scorer(Index.of(collection(*evil, trial(9, disease="bone", cell_source="fat"))))
    network = Network.of(scorer, nearest(scorer, 3))
    answers = (
        ranking(scorer, "trial", evil[0], 3),
        comparison(scorer, "trial", evil[0], 1),
        most_alike(scorer, "trial", nearest(scorer, 3), 3),
        list_communities(network, 3),
        list_central(network, 3),
    )
    for answer in answers:
        text = write_table(answer)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
        assert "[red]N" in text
        assert json.loads(write_json(answer))
        coloured = write_table(answer, colour=True)
        assert "\x1b[1m" in coloured
        assert "\x1b[2J" not in coloured
        assert "\x1b[5m" not in coloured


def test_an_endpoint_answers_like_the_file(kg: Kg, capsys: pytest.CaptureFixture[str]) -> None:
    expected = kg("NCT00000101", "--format", "json")
    with asking(FakeEndpoint(open_graph(kg.graph))) as (_, server):
        assert run(["similar", "NCT00000101", "--format", "json", "--on", f"{server.url}/query"]) == 0
    assert capsys.readouterr().out == expected


def python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "loaded"), [(["NCT00000101"], "[]"), (["--show", "central"], "['networkx']")]
)
def test_networks_and_plots_load_their_libraries_only_when_asked_for(
    graph: str, arguments: list[str], loaded: str
) -> None:
    command = ["similar", *arguments, "--on", graph]
    heavy = ["matplotlib", "networkx", "scipy"]
    code = f"import sys, kg.cli; kg.cli.run({command!r}); print([m for m in {heavy!r} if m in sys.modules])"
    assert python(code) == loaded


def test_help_loads_no_numbers() -> None:
    code = "import sys, kg.cli; kg.cli.run(['similar', '--help']); print('numpy' in sys.modules)"
    assert python(code) == "False"


def test_answers_do_not_depend_on_the_hash_seed(graph: str) -> None:
    texts = {
        subprocess.run(
            [sys.executable, "-m", "kg", "similar", *arguments, "--on", graph],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
        for arguments in (["NCT00000101"],)
    }
    assert len(texts) == 1
