"""Rules around the model: what it missed, and one label for one name.

Everything here is a pure function over spans of one paper. Each rule's
effect on the development papers is in ``model/MODEL.md``.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kg.extract.roles import same_name
from kg.extract.spans import Found
from kg.model import Field, Label

MIN_SCORE = 0.45
# What is not surely a dataset is mostly a phrase about data.
MIN_DATASET_SCORE = 0.6
# Propagating a name to where the model missed it needs a name that is unlikely to be a plain word.
REPEAT_SCORE = 0.6

_WORD = re.compile(r"[\w-]")


def repeats(spans: Sequence[Found], texts: dict[Field, str]) -> list[Found]:
    """Names found once with confidence, wherever else the paper writes them and the model was silent."""
    names: dict[str, Found] = {}
    for span in spans:
        if span.score >= REPEAT_SCORE and " " in span.text:
            best = names.get(span.text)
            if best is None or span.score > best.score:
                names[span.text] = span
    return [
        replace(span, field=field, start=start, end=start + len(text), rule="repeat")
        for text, span in names.items()
        for field, source in texts.items()
        for start in _occurrences(text, source)
    ]


def _occurrences(name: str, text: str) -> Iterator[int]:
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        if not _WORD.match(text[max(start - 1, 0) : start]) and not _WORD.match(text[end : end + 1]):
            yield start
        start = text.find(name, end)


def one_label_per_name(spans: Sequence[Found], same: dict[str, str]) -> list[Found]:
    """Give every spelling of a name the label with the highest summed score; ``same`` maps short to long."""
    names = [same_name(span.text, same) for span in spans]
    votes: dict[str, dict[Label, float]] = defaultdict(lambda: defaultdict(float))
    for span, name in zip(spans, names, strict=True):
        votes[name][span.label] += span.score
    order = list(Label)
    best = {k: max(v, key=lambda label: (v[label], -order.index(label))) for k, v in votes.items()}
    return [replace(span, label=best[name]) for span, name in zip(spans, names, strict=True)]
