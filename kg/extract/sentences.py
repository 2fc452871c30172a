"""Where sentences begin."""

import re

# A stop, closing brackets or quotes, a space, and what a sentence may begin with.
_BREAK = re.compile(r"[.!?][\")\]\u201d\u2019']*\s+(?=[\"(\[\u201c\u2018']*[A-Z0-9$\\])|\n\s*\n\s*")
_BLANK_LINE = re.compile(r"\n\s*\n")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[])(?:et al|e\.g|i\.e|cf|vs|viz|resp|approx|w\.r\.t|a\.k\.a"
    r"|[Ff]igs?|[Ee]qs?|[Ss]ecs?|[Rr]efs?|[Nn]os?|Dr|Prof|St|[A-Z])\.$"
)


def sentence_starts(text: str) -> list[int]:
    """Offsets of the first character of every sentence, the first of them 0."""
    starts = [0]
    for match in _BREAK.finditer(text):
        if _is_abbreviation(text, match.start()) and not _BLANK_LINE.search(match[0]):
            continue
        if match.end() < len(text):
            starts.append(match.end())
    return starts


def _is_abbreviation(text: str, stop: int) -> bool:
    return text[stop] == "." and _ABBREVIATION.search(text[max(0, stop - 12) : stop + 1]) is not None
