"""Where spans begin and end: one name each, without what merely stands beside it.

Pure functions over the spans of one paper, in the order in which they are to be applied. What they cut is what
the annotated papers leave out in at least four of five such places.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from kg.extract.gazetteer import Gazetteer
from kg.extract.spans import Found

_LEADING = frozenset(
    """
    a an the our its their his this that these those such some any many most several various different each every all
    both other another certain new novel proposed existing state-of-the-art sota recent popular current previous
    typical classic improved accurate significant important numerous widely-used powerful advanced practical effective
    """.split()
)
# "Novel view synthesis" is a task, "effective sample size" a number.
_NO_LEADING = re.compile(
    r"(?:novel (?:view|class|categor|object)|effective (?:sample|dimension|rank)|all-)", re.IGNORECASE
)
_HEAD = re.compile(
    r"(?P<name>.+?)(?:[- ]based)? (?:(?:method|algorithm|framework|technique|architecture|system|task|problem|dataset"
    r"|benchmark|baseline|setting|model|optimi[sz]er)s?|approach(?:es)?|strategy|strategies|module|corpus|collections?)\Z",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?=.*[^\W\d_].*[^\W\d_].*[^\W\d_])[^\s-](?:\S*(?:\d|\w[A-Z])\S*)")
# No name is longer; what a model takes for one in a row of signs is left as it is.
_LONGEST = 200
_JOINT = re.compile(r",? (?:and|or|&) |, |(?P<slash> ?/ ?)")
_LONG_AND_SHORT = re.compile(r"(?P<long>\S.*?)\s*\(\s*(?P<short>[^\s()]{2,14})\s*\)?\Z", re.DOTALL)


def long_and_short(spans: Iterable[Found]) -> list[Found]:
    """Two spans of "Long Form (LF)", which the model tends to take in one."""
    return _split(spans, _halves)


def coordination(spans: Iterable[Found], known: Gazetteer) -> list[Found]:
    """A span for each name of "CIFAR-100 and ImageNet", but one for what shares a word, as "ODE- and SDE-induced"."""
    return _split(spans, lambda text: _names(text, known))


def trimmed(spans: Iterable[Found], known: Gazetteer) -> list[Found]:
    """Spans without the article or empty adjective before them and the generic noun behind a name."""
    return _split(spans, lambda text: iter([_core(text, known)]))


def _split(spans: Iterable[Found], parts: Callable[[str], Iterator[tuple[int, int]]]) -> list[Found]:
    found = ((span, parts(span.text) if len(span.text) <= _LONGEST else ()) for span in spans)
    return [piece for span, cuts in found for piece in ([_part(span, *cut) for cut in cuts] or [span])]


def _part(span: Found, start: int, end: int) -> Found:
    return replace(span, start=span.start + start, end=span.start + end, text=span.text[start:end])


def _halves(text: str) -> Iterator[tuple[int, int]]:
    match = _LONG_AND_SHORT.fullmatch(text)
    if match and any(c.isupper() for c in match["short"]) and " " in match["long"]:
        yield match.span("long")
        yield match.span("short")


def _names(text: str, known: Gazetteer) -> Iterator[tuple[int, int]]:
    if known.named(text):
        return
    found = list(_JOINT.finditer(text))
    joints = [joint.span() for joint in found]
    parts = list(zip([0, *(end for _, end in joints)], [*(start for start, _ in joints), len(text)], strict=True))
    *_, (start, end) = parts
    bare = [*parts[:-1], (start, start + _core(text[start:end], known)[1])]
    slashed = any(joint["slash"] for joint in found)  # "AR/VR" is one term, "PTB/WikiText-103" are two known names
    test = known.named if slashed else lambda part: is_name(part, known)
    if len(parts) > 1 and all(test(text[start:end]) for start, end in bare):
        yield from parts


def is_name(text: str, known: Gazetteer) -> bool:
    """True for what is written as a name: it is known to be one, or a single word with a digit or inner capitals."""
    return (_NAME.fullmatch(text) is not None and text[-1] != "-") or known.named(text) is not None


def _core(text: str, known: Gazetteer) -> tuple[int, int]:
    start, end = 0, len(text)
    while (space := text.find(" ", start)) > 0 and text[start:space].lower() in _LEADING:
        if known.named(text[start:]) or _NO_LEADING.match(text, start):
            break
        start = space + 1
    match = _HEAD.fullmatch(text, start)
    if match and is_name(match["name"], known) and not known.named(text[start:]):
        end = match.end("name")
    return start, end
