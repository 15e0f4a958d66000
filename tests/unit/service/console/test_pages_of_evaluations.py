"""Evaluations on pages: sent, listed with their figures, opened as the report, and compared two at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.desk import Desk
from service.evaluation import write_evaluation
from tests.unit.service.api import app_of, keyring_of
from tests.unit.service.console.browser_like import ORIGIN, read, text_of
from tests.unit.service.evaluations.tiny_evaluation import better, tiny_evaluation

PLACE = "/console/evaluations"


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return tiny_evaluation(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def evaluator(small_desk: Desk, tmp_path: Path) -> TestClient:
    keyring = keyring_of(small_desk.log)
    client = TestClient(app_of(small_desk, keyring, home=tmp_path / "home"), base_url=ORIGIN, headers={"origin": ORIGIN})
    key, _ = keyring.create("The evaluator", "evaluator", None, by="a test")
    client.post("/console/sign-in", data={"key": key})
    return client


def send(client: TestClient, content: Any, name: str = "evaluation.json") -> Any:
    written = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(PLACE, files=[("evaluation", (name, written))])


def ids(client: TestClient) -> list[str]:
    """Of the evaluations that may be chosen, as the page lists them."""
    tags = read(client.get(PLACE).text).tags
    return [str(attrs["value"]) for tag, attrs in tags if tag == "input" and attrs.get("type") == "checkbox"]


def test_a_page_without_evaluations_says_how_one_is_made(evaluator: TestClient) -> None:
    page = text_of(evaluator.get(PLACE).text)
    assert "crossmatch evaluate --out evaluation" in page
    assert "There are none yet." in page


def test_what_was_sent_is_listed_with_its_figures(evaluator: TestClient, content: dict[str, Any]) -> None:
    answer = send(evaluator, content)
    assert answer.status_code == 200
    assert "Kept: evaluation.json" in text_of(answer.text)
    page = text_of(evaluator.get(PLACE).text)
    cut = content["cuts"][0]
    assert f"{cut['rankers']['learned relevance']['nDCG@10']['mean']:.3f}" in page
    assert cut["best_baseline"] in page
    assert content["engine"]["model"] in page
    assert "The evaluator" in page


def test_the_report_is_the_page_that_the_command_writes(evaluator: TestClient, content: dict[str, Any]) -> None:
    send(evaluator, content)
    report = evaluator.get(f"{PLACE}/{ids(evaluator)[0]}/report")
    assert report.status_code == 200
    assert report.text.startswith("<!DOCTYPE html>")
    assert report.text.count("<svg") >= 5
    assert "script-src" not in report.headers["content-security-policy"]
    assert "default-src 'none'" in report.headers["content-security-policy"]


def test_two_are_compared_need_by_need(evaluator: TestClient, content: dict[str, Any]) -> None:
    send(evaluator, content, "before.json")
    send(evaluator, better(content), "after.json")
    after, before = ids(evaluator)
    page = text_of(evaluator.get(f"{PLACE}/compare", params={"evaluation": [after, before]}).text)
    assert "The first is better." in page
    assert "cafe0123cafe0123" in page
    round_ = evaluator.get(f"{PLACE}/compare", params={"evaluation": [before, after]})
    assert "The first is worse." in text_of(round_.text)
    report = evaluator.get(f"{PLACE}/{after}/report", params={"against": before})
    assert "Against the other evaluation" in report.text
    assert "before.json" in report.text


def test_cuts_that_only_one_has_are_left_out(evaluator: TestClient, content: dict[str, Any]) -> None:
    send(evaluator, content, "both.json")
    send(evaluator, content | {"cuts": content["cuts"][1:]}, "one.json")
    for chosen in (ids(evaluator), ids(evaluator)[::-1]):
        page = evaluator.get(f"{PLACE}/compare", params={"evaluation": chosen})
        assert page.status_code == 200
        assert content["cuts"][0]["name"] not in text_of(page.text)
        assert "The difference may be chance." in text_of(page.text)


def test_a_name_may_be_given(evaluator: TestClient, content: dict[str, Any]) -> None:
    files = [("evaluation", ("evaluation.json", json.dumps(content).encode()))]
    answer = evaluator.post(PLACE, files=files, data={"name": " Spring, five passages "})
    assert "Kept: Spring, five passages" in text_of(answer.text)
    assert "evaluation.json ," not in text_of(answer.text)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_comparison_is_of_two(evaluator: TestClient, content: dict[str, Any], count: int) -> None:
    send(evaluator, content)
    answer = evaluator.get(f"{PLACE}/compare", params={"evaluation": ids(evaluator) * count})
    assert answer.status_code == 422
    assert "must be of two evaluations" in text_of(answer.text)


def test_evaluations_of_two_benchmarks_are_not_compared(evaluator: TestClient, content: dict[str, Any]) -> None:
    engine = content["engine"] | {"benchmark": content["engine"]["benchmark"] | {"needs": "others"}}
    send(evaluator, content)
    send(evaluator, content | {"engine": engine})
    answer = evaluator.get(f"{PLACE}/compare", params={"evaluation": ids(evaluator)})
    assert answer.status_code == 422
    assert "Evaluate both on one benchmark." in text_of(answer.text)


def test_the_same_file_twice_is_kept_once(evaluator: TestClient, content: dict[str, Any]) -> None:
    send(evaluator, content)
    assert "Kept:" in text_of(send(evaluator, content, "again.json").text)
    assert len(ids(evaluator)) == 1


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"", "must be JSON"),
        (b"{", "must be JSON"),
        (b"[]", "must be an evaluation"),
        (b'{"format": NaN}', "NaN, which is no number"),
        (b'{"format": 2}', "must be 1"),
    ],
)
def test_what_is_no_evaluation_is_refused_by_name_and_not_kept(evaluator: TestClient, written: bytes, said: str) -> None:
    answer = send(evaluator, written, "other.json")
    assert answer.status_code == 422
    assert said in text_of(answer.text)
    assert "other.json" in text_of(answer.text)
    assert ids(evaluator) == []


def test_what_no_report_can_be_made_of_is_refused(evaluator: TestClient, content: dict[str, Any]) -> None:
    cut = {name: value for name, value in content["cuts"][0].items() if name != "border"}
    answer = send(evaluator, content | {"cuts": [cut]})
    assert answer.status_code == 422
    assert "none that is called 'border'" in text_of(answer.text)
    many = content["cuts"][0] | {"by_country": content["cuts"][0]["by_country"] * 1_000}
    assert "more than 500 in one table" in text_of(send(evaluator, content | {"cuts": [many]}).text)
    assert ids(evaluator) == []


def test_no_file_at_all_is_refused(evaluator: TestClient) -> None:
    assert evaluator.post(PLACE, data={}).status_code == 422


def test_what_the_command_leaves_in_the_folder_is_shown(evaluator: TestClient, content: dict[str, Any], tmp_path: Path) -> None:
    write_evaluation(content, "<!DOCTYPE html><title>As written</title>", _folder(tmp_path, "spring-2026"))
    assert ids(evaluator) == ["spring-2026"]
    assert "As written" in evaluator.get(f"{PLACE}/spring-2026/report").text
    (tmp_path / "home" / "evaluations" / "spring-2026" / "evaluation.html").unlink()
    assert "<svg" in evaluator.get(f"{PLACE}/spring-2026/report").text


def test_what_cannot_be_read_stands_in_the_list_with_its_reason(evaluator: TestClient, tmp_path: Path) -> None:
    folder = _folder(tmp_path, "broken")
    folder.mkdir()
    (folder / "evaluation.json").write_text("{", encoding="utf-8")
    (tmp_path / "home" / "evaluations" / "empty").mkdir()
    assert "The file 'broken' must be JSON." in text_of(evaluator.get(PLACE).text)
    assert ids(evaluator) == []
    assert evaluator.get(f"{PLACE}/broken/report").status_code == 422


@pytest.mark.parametrize("name", ["none", "..", ".hidden", "a%2Fb", "%2e%2e"])
def test_what_there_is_not_is_not_found(evaluator: TestClient, name: str) -> None:
    assert evaluator.get(f"{PLACE}/{name}/report").status_code == 404


def test_names_of_files_stay_names(evaluator: TestClient, content: dict[str, Any]) -> None:
    send(evaluator, content, "<b>now</b>.json")
    page = evaluator.get(PLACE).text
    assert "<b>now" not in page


def _folder(tmp_path: Path, name: str) -> Path:
    (tmp_path / "home" / "evaluations").mkdir(parents=True, exist_ok=True)
    return tmp_path / "home" / "evaluations" / name
