from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access.hosts import is_loopback
from service.access.local_link import LocalLink
from tests.unit.service.access.conftest import OpenClient
from tests.unit.service.api import problem_document, refusal


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.9.1", "::1", "[::1]", "::ffff:127.0.0.1"])
def test_a_loopback_address_stays_on_the_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    ["", "0.0.0.0", "::", "*", "10.0.0.1", "::ffff:10.0.0.1", "localhost.evil.example", "127.0.0.1.nip.io", "127.1", "é"],
)
def test_all_else_is_reached_from_elsewhere(host: str) -> None:
    assert not is_loopback(host)


@given(st.text(max_size=30))
def test_any_text_is_judged(host: str) -> None:
    assert is_loopback(host) in (True, False)


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "LocalHost:1", "127.0.0.1:8000", "[::1]", "[::1]:8000"])
def test_a_request_to_this_machine_is_answered(open_client: OpenClient, link: LocalLink, host: str) -> None:
    assert open_client(link=link).get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/docs", "/v1/matches", "/open?token=x", "/nothing"])
@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.nip.io",
        "localhost:8000:9",
        "localhost@evil",
        "[::1",
        "[evil]",
        "10.0.0.1",
    ],
)
def test_a_page_that_has_its_name_point_here_is_refused(open_client: OpenClient, link: LocalLink, host: str, path: str) -> None:
    document = refusal(open_client(link=link).get(path, headers={"host": host}), 421)
    assert "localhost" in document["required"]


@pytest.mark.parametrize("hosts", [[b"localhost", b"evil.example"], [b"localhost", b"localhost"], [b"\xff\xfe"]])
def test_strange_host_headers_are_refused(open_client: OpenClient, link: LocalLink, hosts: list[bytes]) -> None:
    headers = [(b"host", host) for host in hosts]
    problem_document(open_client(link=link).get("/healthz", headers=headers))


def test_a_proxy_on_the_machine_may_be_named(open_client: OpenClient, link: LocalLink) -> None:
    client = open_client(link=link, hosts=["Crossmatch.example.org"])
    assert client.get("/healthz", headers={"host": "crossmatch.example.org"}).status_code == 200
    assert client.get("/healthz", headers={"host": "other.example.org"}).status_code == 421


def test_a_service_for_others_is_called_by_any_name(open_client: OpenClient) -> None:
    assert open_client().get("/healthz", headers={"host": "crossmatch.example.org"}).status_code == 200
