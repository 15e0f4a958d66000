"""One contender in a process of its own, so that no library's threads stand in another's way.

    python -m benchmarks.peers.one_contender NAME DIRECTORY_FOLDER MODEL_FOLDER

Says one line of JSON when it is open, then one for each line that it reads: `{"round": 3, "need": 5}` asks that sample need,
`{"round": 3, "many": 128}` that many needs at once. It ends with its input.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.peers.contender import Contender
from benchmarks.peers.contenders import CONTENDERS
from embeddings.language import sentences
from matcher.records import Need
from matcher.shipped import shipped_needs, shipped_needs_in_all_languages


def fresh_needs(number: int) -> list[Need]:
    """The sample needs, in words that nobody asked before: every sentence ends with the round's number."""
    return [need.model_copy(update={"text": _numbered(need.text, str(number))}) for need in shipped_needs()]


def many_needs(count: int, number: int) -> list[Need]:
    """Needs of which no two are alike, of all sample needs and languages in turn."""
    samples = list(shipped_needs_in_all_languages().values())
    random.Random(number).shuffle(samples)
    chosen = [samples[place % len(samples)] for place in range(count)]
    return [
        need.model_copy(update={"text": _numbered(need.text, f"{number}-{place}"), "need_id": f"{number}-{place}"})
        for place, need in enumerate(chosen)
    ]


def _numbered(text: str, number: str) -> str:
    return " ".join(f"{part.rstrip('.')} {number}." for part in sentences(text))


def asked(contender: Contender, number: int, place: int) -> dict[str, Any]:
    """Seconds of one sample need, and of its stages where they are told."""
    need = fresh_needs(number)[place]
    began = time.perf_counter()
    contender.find(need)
    seconds = time.perf_counter() - began
    stages = getattr(contender, "stages", None)
    return {"seconds": seconds, "stages": {} if stages is None else {name: taken[-1] for name, taken in stages.seconds.items()}}


def asked_at_once(contender: Contender, number: int, count: int) -> dict[str, Any]:
    """Seconds for many needs."""
    needs = many_needs(count, number)
    began = time.perf_counter()
    contender.find_each(needs)
    return {"seconds": time.perf_counter() - began, "stages": {}}


def main(name: str, folder: Path, model: Path) -> None:
    """Open, then answer what comes."""
    # Libraries write to standard output as they please: what is told goes where nobody else writes.
    told, sys.stdout = sys.stdout, sys.stderr
    began = time.perf_counter()
    contender = CONTENDERS[name].opened(folder, model)
    contender.find(fresh_needs(-1)[0])
    _tell(told, {"opened": time.perf_counter() - began})
    for line in sys.stdin:
        order = json.loads(line)
        if "many" in order:
            answer = asked_at_once(contender, order["round"], order["many"])
        else:
            answer = asked(contender, order["round"], order["need"])
        _tell(told, {**answer, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})


def _tell(out: Any, content: dict[str, Any]) -> None:
    out.write(json.dumps(content) + "\n")
    out.flush()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
