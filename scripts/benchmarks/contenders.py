"""The ways to read abstracts that scripts/bench extract sets side by side, each run in a process of its own.

Each takes a Task and returns what it measured; ``per_second`` is in abstracts.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from benchmarks.inputs import IDS, Inputs, load, record
from benchmarks.machine import SkippedError, peak_memory
from kg.model import Extraction, Paper

BATCH = 8
SAMPLE = 64
"""The model that takes a second an abstract reads so many of them, of all lengths."""
REPEATED = 1024
"""The one that reads hundreds a second reads at least so many, lest starting its processes count."""

_T = TypeVar("_T")


class Task(NamedTuple):
    """The folder with ``papers.jsonl``, how many those are, the cores to use, and which extractor."""

    folder: Path
    papers: int
    cores: int
    extractor: str | None
    model: Path | None


def pipeline(task: Task) -> dict[str, Any]:
    """Text to mentions, roles and relations: what ``kg ingest`` runs."""
    imported, _ = _timed(_import_pipeline)
    loaded, extractor = _timed(lambda: _extractor(task))
    list(extractor.extract(list(_papers(task))[:2]))
    memory, mentions = [], 0

    def read(extractions: Iterable[Extraction]) -> None:
        nonlocal mentions
        for number, extraction in enumerate(extractions, 1):
            mentions += len(extraction.mentions)
            if number in (task.papers // 4, task.papers):
                memory.append(peak_memory())

    seconds, _ = _timed(lambda: read(extractor.extract(_papers(task))))
    return {
        "per_second": task.papers / seconds,
        "texts": task.papers,
        "load_s": loaded,
        "import_s": imported,
        "peak_mb": memory[-1],
        "peak_mb_quarter": memory[0],
        "mentions": mentions,
        "extractor": f"{extractor.name} {extractor.version}",
    }


def encode(task: Task) -> dict[str, Any]:
    """The pipeline once more, untimed, to write down what its model reads."""
    record(task.folder)
    for _ in _extractor(task).extract(_papers(task)):
        pass
    inputs = load(task.folder)
    return {"inputs": len(inputs.feeds), "pieces": sum(feed[IDS].size for feed in inputs.feeds) / len(inputs.feeds)}


def forward(task: Task) -> dict[str, Any]:
    """The bare ONNX model on inputs that are ready: batch 1, by length, a thread for each core."""
    inputs = load(task.folder)
    from concurrent.futures import ThreadPoolExecutor

    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    loaded, session = _timed(
        lambda: onnxruntime.InferenceSession(str(inputs.model), options, providers=["CPUExecutionProvider"])
    )

    def run(feed: dict[str, Any]) -> None:
        session.run(inputs.outputs, feed)

    with ThreadPoolExecutor(task.cores) as pool:
        list(pool.map(run, inputs.feeds[: 2 * task.cores]))
        seconds, _ = _timed(lambda: list(pool.map(run, inputs.feeds)))
    return {"per_second": task.papers / seconds, "texts": task.papers, "load_s": loaded, "peak_mb": peak_memory()}


def bert(task: Task) -> dict[str, Any]:
    """BERT-base with a label for each piece, in torch; its weights are random, on which speed does not depend."""
    inputs = load(task.folder)
    try:
        import torch
        from transformers import BertConfig, BertForTokenClassification
    except ImportError as error:
        raise SkippedError(f"{error.name} is not installed") from error
    torch.set_num_threads(task.cores)
    config = BertConfig(num_labels=11)
    loaded, model = _timed(lambda: BertForTokenClassification(config).eval())
    sample = _sample(inputs)
    batches = [_padded(sample[i : i + BATCH], config.vocab_size) for i in range(0, len(sample), BATCH)]

    def read() -> None:
        with torch.inference_mode():
            for ids, mask in batches:
                model(input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask))

    seconds, _ = _timed(read)
    texts = task.papers * len(sample) / len(inputs.feeds)
    return {"per_second": texts / seconds, "texts": round(texts), "load_s": loaded, "peak_mb": peak_memory()}


def cnn(task: Task) -> dict[str, Any]:
    """The CNN of spaCy, of width 96 and depth 4, with a tagger and tokenizer, a process for each core; untrained."""
    import spacy

    tok2vec = {
        "@architectures": "spacy.HashEmbedCNN.v2", "pretrained_vectors": None, "width": 96, "depth": 4,
        "embed_size": 2000, "window_size": 1, "maxout_pieces": 3, "subword_features": True,
    }  # fmt: skip
    nlp = spacy.blank("en")
    tagger = nlp.add_pipe("tagger", config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": tok2vec}})
    for number in range(11):
        tagger.add_label(str(number))
    loaded, _ = _timed(nlp.initialize)
    texts = [f"{paper.title}\n\n{paper.abstract}" for paper in _papers(task)]
    texts *= -(-REPEATED // len(texts))
    memory = 0.0

    def read() -> None:
        nonlocal memory
        for number, _ in enumerate(nlp.pipe(texts, n_process=task.cores, batch_size=32)):
            if number == len(texts) // 2:
                memory = peak_memory()

    seconds, _ = _timed(read)
    return {"per_second": len(texts) / seconds, "texts": len(texts), "load_s": loaded, "peak_mb": memory}


CONTENDERS: dict[str, Callable[[Task], dict[str, Any]]] = {
    each.__name__: each for each in (pipeline, encode, forward, bert, cnn)
}


def _timed(work: Callable[[], _T]) -> tuple[float, _T]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _import_pipeline() -> None:
    import spacy  # noqa: F401 - timed apart from the model

    import kg.build  # noqa: F401


def _extractor(task: Task) -> Any:  # noqa: ANN401 - an Extractor, whose module would be imported too early
    from kg.extract import choose_extractor

    return choose_extractor(task.extractor, task.model)


def _papers(task: Task) -> Iterator[Paper]:
    """The texts, one at a time: memory is to show what the pipeline keeps, not what it is given."""
    from kg.sources import read_papers

    return (each for each in read_papers([task.folder / "papers.jsonl"]) if isinstance(each, Paper))


def _sample(inputs: Inputs) -> list[dict[str, Any]]:
    step = max(1, len(inputs.feeds) // SAMPLE)
    return inputs.feeds[step // 2 :: step][:SAMPLE]


def _padded(feeds: list[dict[str, Any]], vocabulary: int) -> tuple[Any, Any]:
    """Ids and mask of a batch; an id that this vocabulary lacks becomes another one."""
    import numpy as np

    longest = max(feed[IDS].size for feed in feeds)
    ids, mask = (np.zeros((len(feeds), longest), dtype=np.int64) for _ in range(2))
    for row, feed in enumerate(feeds):
        ids[row, : feed[IDS].size] = feed[IDS][0] % vocabulary
        mask[row, : feed[IDS].size] = 1
    return ids, mask
