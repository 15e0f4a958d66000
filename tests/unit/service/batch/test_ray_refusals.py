"""What a batch on Ray refuses before there is a cluster."""

from __future__ import annotations

from importlib import util
from pathlib import Path

import pytest

from matcher.log import ListQuery
from service.batch.ray_cluster import check_possible
from service.batch.refusals import BatchRefused
from service.cli.batch import cluster_of
from service.desk import Desk
from service.record.sql_log import SqlMatchLog
from service.settings import Settings
from tests.unit.service.batch.running import batch, names


def test_without_ray_it_is_told_how_to_install_it(
    small_desk: Desk, log: SqlMatchLog, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(util, "find_spec", lambda name: None)
    with pytest.raises(BatchRefused, match=r"must find the package ray\. Got none\. Run: pip install 'crossmatch\[ray\]'"):
        batch(small_desk, file, cluster="")
    assert names(file.parent) == ["needs.csv"]
    assert log.lists(ListQuery()) == []


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if Ray were there: what is refused here is refused before it is used."""
    monkeypatch.setattr(util, "find_spec", lambda name: name)


@pytest.mark.usefixtures("installed")
def test_somebody_must_match(small_desk: Desk, log: SqlMatchLog, file: Path) -> None:
    with pytest.raises(BatchRefused, match="--processes must be at least 1 with --engine ray"):
        batch(small_desk, file, cluster="", processes=0)
    assert names(file.parent) == ["needs.csv"]


@pytest.mark.usefixtures("installed")
def test_an_index_in_a_database_does_not_travel() -> None:
    with pytest.raises(BatchRefused, match="must be in a folder of this machine"):
        check_possible("", None, Settings(store_url="postgresql+psycopg://there/store"))


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("address", ["ray://there:10001", "there", "there:port", "there:99999", "http://there:80"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(BatchRefused, match="must be HOST:PORT of its head, or auto"):
        check_possible(address, None, Settings())


@pytest.mark.usefixtures("installed")
def test_an_address_where_nobody_listens_is_refused() -> None:
    with pytest.raises(BatchRefused, match=r"cluster at 127\.0\.0\.1:1 must answer\. Got Connection refused"):
        check_possible("127.0.0.1:1", None, Settings())
    check_possible("", None, Settings())


def test_an_address_without_ray_is_a_mistake() -> None:
    with pytest.raises(BatchRefused, match="--address must come with --engine ray"):
        cluster_of("processes", "127.0.0.1:6379")


def test_the_cluster_is_the_one_that_is_named_else_rays_own_variable_else_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    assert cluster_of("processes", None) is None
    assert cluster_of("ray", None) == ""
    monkeypatch.setenv("RAY_ADDRESS", "there:6379")
    assert cluster_of("processes", None) is None
    assert cluster_of("ray", None) == "there:6379"
    assert cluster_of("ray", "here:6379") == "here:6379"
