"""Events that the service keeps for their organisers: the files as they were sent, and the plan as it stands."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from embeddings.errors import Refusal, shown
from matcher.errors import NotFound, RequestRefused
from matcher.records import Moment, Record
from matcher.workshop.event import Event
from matcher.workshop.event_files import EventRead
from service.kept_folders import KeptFolders
from service.workshop.plan_file import PlannedEvent, read_plan
from service.workshop.turn import PlannerBusy, PlanningTurn

_NAME = re.compile(r"[\w][\w .()-]{0,95}\.(toml|csv|xlsx|jsonl)", re.IGNORECASE | re.ASCII)
_MOST_FILES = 20
_PATIENCE_S = 10.0
_ABOUT, _FILES, _PLAN, _FAILED = "about.json", "files", "plan.json", "failed.json"

SentFile = tuple[str, bytes]
"""Its name and what is in it."""
ReadEvent = Callable[[Path], EventRead]
MakePlan = Callable[[Event, list[str], Callable[[int, int], None]], PlannedEvent]
"""Plans an event with its notes; tells how many needs are judged, of how many."""


class About(Record):
    """Whose an event is."""

    name: str
    made_at: Moment
    made_by: str
    region: str
    """Empty for an organiser of all regions."""


@dataclass(frozen=True)
class Kept:
    """An event and how far its plan is."""

    workshop_id: str
    folder: Path
    about: About
    is_planning: bool
    judged: int
    to_judge: int
    has_plan: bool
    failed: str
    """Why there is no plan; empty where there is one, or none was tried."""


class KeptWorkshops:
    """One folder an event, below that of the service. One plan is made at a time; whoever asked may go and come back."""

    def __init__(self, folder: Path, turn: PlanningTurn) -> None:
        self._folders = KeptFolders(folder)
        self._turn = turn
        self._lock = Lock()
        self._changing: dict[str, Lock] = {}
        self._progress: dict[str, tuple[int, int]] = {}
        self._planners: ThreadPoolExecutor | None = None

    def make(self, files: Sequence[SentFile], read: ReadEvent, *, by: str, region: str) -> str:
        """Keep an event; its id.

        Raises:
            EventRefused: anything wrong in its files. Nothing is kept then.
            RequestRefused: a file of another kind, or far too many.
        """
        if not files:
            raise RequestRefused("event", "come as files", "none", "Choose the event's files, for instance event.toml.")
        if len(files) > _MOST_FILES:
            raise RequestRefused("event", f"come in at most {_MOST_FILES} files", str(len(files)), "Choose its own files only.")

        def fill(folder: Path) -> None:
            (folder / _FILES).mkdir()
            for name, content in files:
                if _NAME.fullmatch(name) is None:
                    wanted = "be named in letters and end in .toml, .csv, .xlsx or .jsonl"
                    raise RequestRefused("file", wanted, shown(name), "Rename it.")
                (folder / _FILES / name).write_bytes(content)
            event = read(folder / _FILES).event
            about = About(name=event.name, made_at=datetime.now(UTC), made_by=by, region=region)
            (folder / _ABOUT).write_text(about.model_dump_json(), encoding="utf-8")

        return self._folders.add(fill)

    def all(self, sees: Callable[[str], bool]) -> list[Kept]:
        """Those that the caller may see, the newest first."""
        found = [one for one in map(self._kept, self._folders.all()) if sees(one.about.region)]
        return sorted(found, key=lambda one: one.about.made_at, reverse=True)

    def get(self, workshop_id: str, sees: Callable[[str], bool]) -> Kept:
        """One of them.

        Raises:
            NotFound: there is none, or none that the caller may see.
        """
        if (folder := self._folders.folder(workshop_id)) is not None:
            found = self._kept(folder)
            if sees(found.about.region):
                return found
        raise NotFound("workshop", "be one that is kept here", shown(workshop_id), "The page of workshops lists them.")

    def planned(self, kept: Kept) -> PlannedEvent:
        """Its plan as it stands.

        Raises:
            NotFound: there is none yet.
        """
        file = kept.folder / _PLAN
        if not file.is_file():
            raise NotFound("plan", "be made", "none yet", "Have it planned first.")
        return read_plan(file)

    def put(self, kept: Kept, planned: PlannedEvent) -> None:
        """Take the place of its plan, whole or not at all."""
        folder = kept.folder
        unfinished = folder / f".{uuid.uuid4().hex}"
        unfinished.write_text(planned.as_json, encoding="utf-8")
        unfinished.replace(folder / _PLAN)
        (folder / _FAILED).unlink(missing_ok=True)

    def change(self, kept: Kept, carry_out: Callable[[PlannedEvent], PlannedEvent]) -> None:
        """Put what comes of its plan in its place. Of two changes at a time the second builds on the first.

        Raises:
            NotFound: there is no plan yet.
            PlannerBusy: another change of it takes long.
            Refusal: whatever the change refuses; the plan stays as it is.
        """
        with self._lock:
            changing = self._changing.setdefault(kept.workshop_id, Lock())
        if not changing.acquire(timeout=_PATIENCE_S):
            raise PlannerBusy(round(_PATIENCE_S))
        try:
            self.put(kept, carry_out(self.planned(kept)))
        finally:
            changing.release()

    def plan(self, kept: Kept, read: ReadEvent, make: MakePlan) -> None:
        """Begin to plan it, after those that wait already. Asked for twice it is done once."""
        with self._lock:
            if kept.workshop_id in self._progress:
                return
            self._progress[kept.workshop_id] = (0, 0)
            if self._planners is None:
                self._planners = ThreadPoolExecutor(1, thread_name_prefix="planner")
            self._planners.submit(self._plan, kept, read, make)

    def close(self) -> None:
        """Wait for the plan in the making; those that wait are given up."""
        with self._lock:
            planners, self._planners = self._planners, None
        if planners is not None:
            planners.shutdown(cancel_futures=True)

    def _plan(self, kept: Kept, read: ReadEvent, make: MakePlan) -> None:
        folder = kept.folder
        try:
            event = read(folder / _FILES)
            while True:
                try:
                    with self._turn.taken():
                        self.put(kept, make(event.event, list(event.notes), self._tell(kept.workshop_id)))
                    break
                except PlannerBusy:
                    continue  # its turn comes: nobody waits for an answer here
        except Refusal as refusal:
            self._fail(folder, str(refusal))
        except Exception:
            why = "An unexpected error ended the planning; the service's log tells more."
            self._fail(folder, why)
            raise
        finally:
            with self._lock:
                self._progress.pop(kept.workshop_id, None)

    @staticmethod
    def _fail(folder: Path, why: str) -> None:
        unfinished = folder / f".{uuid.uuid4().hex}"
        unfinished.write_text(json.dumps({"why": why}), encoding="utf-8")
        unfinished.replace(folder / _FAILED)

    def _tell(self, workshop_id: str) -> Callable[[int, int], None]:
        def told(done: int, total: int) -> None:
            with self._lock:
                self._progress[workshop_id] = (done, total)

        return told

    def _kept(self, folder: Path) -> Kept:
        workshop_id = folder.name
        about = About.model_validate_json((folder / _ABOUT).read_text(encoding="utf-8"))
        with self._lock:
            progress = self._progress.get(workshop_id)
        failed = ""
        if (folder / _FAILED).is_file():
            failed = str(json.loads((folder / _FAILED).read_text(encoding="utf-8"))["why"])
        judged, to_judge = progress or (0, 0)
        return Kept(workshop_id, folder, about, progress is not None, judged, to_judge, (folder / _PLAN).is_file(), failed)
