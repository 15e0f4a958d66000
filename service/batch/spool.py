"""Lists that are on record already, kept as lines beside the output until it can be written whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self


class Spool:
    """Lines by the number of their need's row, in order. After a kill there may be lines too many, or half a one.

    It is a copy of what the record holds, so nothing waits for it to be on the disk: what a crash takes from it is read from
    the record again.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._stream = file.open("a+b")
        file.chmod(0o600)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stream.close()

    def missing(self, numbers: Iterable[int]) -> Iterator[int]:
        """Keep the lines of these needs as far as they are there in order, and drop everything else.

        Returns:
            The needs whose lines are not there; to be added in this order.
        """
        self._stream.seek(0)
        end, all_there = 0, True
        for number in numbers:
            if all_there:
                line = self._stream.readline()
                if line.endswith(b"\n") and line.startswith(b"%d\t" % number):
                    end += len(line)
                    continue
                all_there = False
                self._stream.truncate(end)
            yield number
        if all_there:
            self._stream.truncate(end)

    def add(self, lines: Iterable[tuple[int, str]]) -> None:
        """Put the lines of these needs at the end."""
        self._stream.writelines(f"{number}\t{line}\n".encode() for number, line in lines)
        self._stream.flush()

    def lines(self) -> Iterator[str]:
        """Every line, without its number."""
        with self._file.open(encoding="utf-8", newline="\n") as stream:
            for line in stream:
                yield line.rstrip("\n").partition("\t")[2]
