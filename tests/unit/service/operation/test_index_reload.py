"""Real indexes swapped on the disk while somebody asks."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from embeddings.encoder import Vectors
from embeddings.store import named_build
from matcher.directory import Directory
from matcher.index import ProviderIndex
from matcher.pipeline import Matcher, build_matcher
from matcher.records import MatchList
from service.operation.reload import Reloading
from tests.fakes import FakeEncoder, provider, request, small_directory

DEADLINE = 60
"""Seconds after which something counts as hanging. Never a measure of speed."""

LOGGER = "crossmatch.reload"


class Heard:
    """What an observer hears, in order, and waits for."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self._something = threading.Condition()

    def _hear(self, what: str) -> None:
        with self._something:
            self.said.append(what)
            self._something.notify_all()

    def index_taken(self, matcher: Matcher) -> None:
        self._hear(f"taken {len(matcher.index)}")

    def index_refused(self) -> None:
        self._hear("refused")

    def index_is_newest(self) -> None:
        self._hear("newest")

    def wait_for(self, what: str) -> None:
        with self._something:
            assert self._something.wait_for(lambda: what in self.said, DEADLINE), self.said


class PatientEncoder(FakeEncoder):
    """Encodes needs only when it is let to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.let = threading.Event(), threading.Event()
        self.let.set()

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        self.asked.set()
        assert self.let.wait(DEADLINE)
        return super().encode_queries(texts)


class Service:
    """An index folder, the matcher in use, and what looks after both."""

    def __init__(self, folder: Path, *, interval_s: float = 3600.0) -> None:
        self.folder, self.encoder, self.heard = folder, PatientEncoder(), Heard()
        self.opened = 0
        self.write(0)
        before = named_build(folder)
        self.matcher = self.open()
        self.reloading = Reloading(
            self.open,
            self.take,
            lambda: named_build(folder),
            in_use=before,
            observer=self.heard,
            interval_s=interval_s,
        )

    def write(self, more: int, encoder: FakeEncoder | None = None) -> None:
        """Build the index of the five providers and so many more, and put it in place."""
        small = small_directory()
        further = tuple(provider(f"more{number}", "NL", "Toxicology and lung models.") for number in range(more))
        directory = Directory(small.providers + further, small.evidence)
        ProviderIndex.build(directory, encoder or FakeEncoder()).save(self.folder)

    def damage(self) -> Callable[[], None]:
        """Change one byte of the current build; returns what changes it back."""
        name = named_build(self.folder).partition(" ")[0]
        file = self.folder / "builds" / name / "providers.json"
        whole = file.read_bytes()
        file.write_bytes(whole.replace(b"Toxicology", b"toxicology", 1))
        return lambda: file.write_bytes(whole) and None

    def open(self) -> Matcher:
        self.opened += 1
        return build_matcher(ProviderIndex.open(self.folder, self.encoder), self.encoder)

    def take(self, matcher: Matcher) -> None:
        self.matcher = matcher

    def ask(self) -> MatchList:
        return self.matcher.match(request())


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path / "index")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Service]:
    """Looked after by its thread, which looks often."""
    made = Service(tmp_path / "index", interval_s=0.005)
    with made.reloading:
        yield made


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def test_an_index_that_stays_the_same_is_not_opened_again(service: Service) -> None:
    matcher = service.matcher
    assert [service.reloading.check() for _ in range(3)] == [False] * 3
    assert service.opened == 1
    assert service.matcher is matcher
    assert service.heard.said == []


def test_a_new_index_is_taken_into_use_once(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    before = service.ask().engine
    service.write(2)
    with caplog.at_level(logging.INFO, logger=LOGGER):
        assert [service.reloading.check() for _ in range(3)] == [True, False, False]
    assert service.opened == 2
    assert len(service.matcher.index) == 7
    assert service.ask().engine != before
    assert service.heard.said == ["taken 7"]
    (record,) = [one for one in caplog.records if one.name == LOGGER]
    assert (record.getMessage(), record.__dict__["providers"]) == ("a new index is in use", 7)


def test_a_build_that_came_while_the_service_started_is_not_missed(tmp_path: Path) -> None:
    late = Service(tmp_path / "index")
    before = named_build(late.folder)
    late.write(1)
    reloading = Reloading(late.open, late.take, lambda: named_build(late.folder), in_use=before)
    assert reloading.check()
    assert len(late.matcher.index) == 6


def test_nobody_who_asks_notices_a_swap(service: Service) -> None:
    askers, done, answered = 3, threading.Event(), threading.Semaphore(0)

    def ask_until_done() -> set[str]:
        engines = set()
        while not done.is_set():
            answer = service.ask()
            assert answer.matches
            engines.add(answer.engine)
            answered.release()
        return engines

    first = service.matcher.fingerprint
    known = {first}
    with ThreadPoolExecutor(askers) as pool:
        asking = [pool.submit(ask_until_done) for _ in range(askers)]
        try:
            for number in range(1, 4):
                service.write(number)
                assert service.reloading.check()
                known.add(service.matcher.fingerprint)
                while answered.acquire(blocking=False):
                    pass
                # One answer more than there were questions on their way was asked for after the swap.
                for _ in range(askers + 1):
                    assert answered.acquire(timeout=DEADLINE)
        finally:
            done.set()
        seen = set().union(*(one.result(DEADLINE) for one in asking))
    assert len(known) == 4
    assert known - {first} <= seen <= known


def test_a_request_in_progress_ends_with_the_index_it_began_with(service: Service) -> None:
    old = service.matcher.fingerprint
    service.encoder.let.clear()
    service.encoder.asked.clear()
    with ThreadPoolExecutor(1) as pool:
        in_progress = pool.submit(service.ask)
        assert service.encoder.asked.wait(DEADLINE)
        service.write(1)
        assert service.reloading.check()
        service.encoder.let.set()
        answer = in_progress.result(DEADLINE)
    assert answer.engine == old
    assert answer.considered.directory == 5
    assert service.ask().considered.directory == 6


def test_a_damaged_index_is_not_used_and_told_once(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    before = service.ask()
    service.write(1)
    mend = service.damage()
    assert [service.reloading.check() for _ in range(3)] == [False] * 3
    (line,) = told(caplog)
    assert "providers.json must be unaltered" in line
    assert "Rebuild it: crossmatch index build" in line
    assert service.ask() == before
    assert service.heard.said == ["refused"] * 3

    mend()
    assert service.reloading.check()
    assert service.ask().considered.directory == 6


def test_the_next_damaged_index_is_told_again(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    for number in (1, 2):
        service.write(number)
        service.damage()
        for _ in range(2):
            assert not service.reloading.check()
    assert len(told(caplog)) == 2
    assert len(service.matcher.index) == 5


def test_an_index_of_another_encoder_is_not_used(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    service.write(1, FakeEncoder("fake-2"))
    assert not service.reloading.check()
    (line,) = told(caplog)
    assert "be built with the encoder fake-1" in line
    assert len(service.ask().matches) > 0
    service.write(2)
    assert service.reloading.check()


def test_an_index_that_was_put_back_is_no_longer_refused(service: Service) -> None:
    pointer = service.folder / "CURRENT"
    before = pointer.read_text()
    service.write(1)
    service.damage()
    assert not service.reloading.check()
    pointer.write_text(before)
    assert not service.reloading.check()
    assert service.heard.said == ["refused", "newest"]
    assert service.opened == 2


@pytest.mark.parametrize("gone", ["pointer", "everything"])
def test_an_index_that_is_gone_leaves_the_old_one_in_use(service: Service, gone: str, caplog: pytest.LogCaptureFixture) -> None:
    gone_path = service.folder / "CURRENT" if gone == "pointer" else service.folder
    gone_path.rename(gone_path.with_name("elsewhere"))
    assert [service.reloading.check() for _ in range(2)] == [False] * 2
    (line,) = told(caplog)
    assert "Build it: crossmatch index build" in line
    assert service.ask().matches


def test_a_folder_that_cannot_be_read_is_told_once(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    pointer = service.folder / "CURRENT"
    pointer.unlink()
    pointer.mkdir()
    assert [service.reloading.check() for _ in range(2)] == [False] * 2
    assert len(told(caplog)) == 1
    assert service.ask().matches


def test_any_error_of_opening_keeps_the_old_index_and_is_told_whole(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> Matcher:
        raise MemoryError("no room for a second index")

    reloading = Reloading(fails, service.take, lambda: named_build(service.folder), in_use="", observer=service.heard)
    assert not reloading.check()
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert record.exc_info is not None
    assert record.exc_info[0] is MemoryError
    assert service.ask().matches


def test_a_build_that_is_replaced_while_it_is_opened_is_no_error(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    def overtaken() -> Matcher:
        service.write(2)
        raise FileNotFoundError("the first of the two builds is gone")

    in_use = named_build(service.folder)
    service.write(1)
    reloading = Reloading(overtaken, service.take, lambda: named_build(service.folder), in_use=in_use, observer=service.heard)
    assert not reloading.check()
    assert told(caplog) == []
    assert service.heard.said == []


def test_the_thread_takes_a_new_index_by_itself_and_goes_on_after_a_damaged_one(watched: Service) -> None:
    watched.write(1)
    watched.heard.wait_for("taken 6")
    # Put in place in one step, as a build is.
    (watched.folder / "CURRENT.new").write_text("nowhere 0000")
    (watched.folder / "CURRENT.new").replace(watched.folder / "CURRENT")
    watched.heard.wait_for("refused")
    watched.write(3)
    watched.heard.wait_for("taken 8")
    assert watched.ask().considered.directory == 8


def test_a_refused_index_is_tried_again_ever_more_seldom(service: Service) -> None:
    service.write(1)
    service.damage()
    called, enough = 0, threading.Event()

    def counted() -> str:
        nonlocal called
        called += 1
        if called > 40:
            enough.set()
        return named_build(service.folder)

    with Reloading(service.open, service.take, counted, in_use="", observer=service.heard, interval_s=0.001):
        assert enough.wait(DEADLINE)
    attempts = service.opened - 1
    # After each attempt the name is asked for once more, in case the build was replaced while it was opened.
    looks = called - attempts
    assert attempts == sum(look <= looks for look in (1, 4, 9, 18, 35, 68, 133, 198, 263, 328))
    assert service.heard.said == ["refused"] * attempts


def test_sighup_opens_what_is_there_even_unchanged(service: Service) -> None:
    before = signal.getsignal(signal.SIGHUP)
    try:
        service.reloading.obey_hangup()
        with service.reloading:
            os.kill(os.getpid(), signal.SIGHUP)
            service.heard.wait_for("taken 5")
            service.write(1)
            os.kill(os.getpid(), signal.SIGHUP)
            service.heard.wait_for("taken 6")
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_stopped_one_looks_no_more(service: Service) -> None:
    with service.reloading:
        pass
    assert "index reload" not in [thread.name for thread in threading.enumerate()]
    service.write(1)
    assert service.opened == 1
