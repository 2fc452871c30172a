"""A mention from its offsets, for those who write an extractor."""

import re

from kg.model import Field, Label, Mention, Paper

MAX_CONTEXT = 400

# A stop, a space and a capital: short of abbreviations, good enough to show a mention in its surroundings.
_BREAK = re.compile(r"[.!?]\s+(?=[A-Z])")


def mention_at(  # noqa: PLR0913 - what a mention is made of
    paper: Paper, field: Field, start: int, end: int, label: Label, *, score: float, rule: str = "model"
) -> Mention:
    """The mention ``paper.text(field)[start:end]`` with the sentence around it, cut at 400 characters a side."""
    text = paper.text(field)
    begin = max([0, start - MAX_CONTEXT, *(b.end() for b in _BREAK.finditer(text, 0, start + 1) if b.end() <= start)])
    stop = _BREAK.search(text, end)
    until = min(stop.start() + 1 if stop else len(text), end + MAX_CONTEXT)
    return Mention(field, start, end, text[start:end], label, round(score, 3), text[begin:until], begin, rule)
