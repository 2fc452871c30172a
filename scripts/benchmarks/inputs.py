"""What the pipeline gives its ONNX model to read, kept in files, so that other models read the very same."""

import json
import os
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from benchmarks.machine import SkippedError

IDS = "ids"
"""The input that holds the word pieces; a model without it is not the encoder."""


class Inputs(NamedTuple):
    """The model's file, the outputs that were asked for, and one text after the other, by length."""

    model: Path
    outputs: list[str] | None
    feeds: list[dict[str, Any]]


def record(folder: Path) -> None:
    """From now on write down what every ONNX session of this process, or of one that it forks, is given."""
    try:
        import onnxruntime
    except ImportError as error:
        raise SkippedError("onnxruntime is not installed") from error

    writing = Lock()

    class Recorder(onnxruntime.InferenceSession):
        def __init__(self, model: Any, *args: Any, **named: Any) -> None:  # noqa: ANN401 - whatever the real one takes
            super().__init__(model, *args, **named)
            self._file = folder / "model.onnx" if isinstance(model, bytes) else Path(model).resolve()
            if isinstance(model, bytes):
                self._file.write_bytes(model)

        def run(self, outputs: Any, feed: Any, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
            if IDS in feed:
                arrays = {name: [str(array.dtype), array.tolist()] for name, array in feed.items()}
                line = json.dumps({"model": str(self._file), "outputs": outputs, "arrays": arrays})
                with writing, (folder / f"inputs-{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
                    file.write(line + "\n")
            return super().run(outputs, feed, *args, **named)

    onnxruntime.InferenceSession = Recorder


def load(folder: Path) -> Inputs:
    """What was written down, one text at a time; raises SkippedError where nothing was."""
    import numpy as np

    files = sorted(folder.glob("inputs-*.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    if not lines:
        raise SkippedError("the extractor runs no ONNX model")
    feeds = []
    for line in lines:
        given = json.loads(line)
        arrays = {name: np.array(values, dtype=dtype) for name, (dtype, values) in given["arrays"].items()}
        feeds += [_row(arrays, number) for number in range(len(arrays[IDS]))]
    return Inputs(Path(given["model"]), given["outputs"], sorted(feeds, key=lambda feed: feed[IDS].size))


def _row(arrays: dict[str, Any], number: int) -> dict[str, Any]:
    """One text of a batch, without its padding."""
    length = int(arrays["mask"][number].sum()) if "mask" in arrays else arrays[IDS].shape[1]
    return {name: array[number : number + 1, :length] for name, array in arrays.items()}
