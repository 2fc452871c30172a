"""Which form of an answer a client wants, by its Accept header (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from fastapi import Request

_QUALITY = re.compile(r"[01]?\.\d{1,3}|[01]\.?")
# A quoted string may hold the comma or semicolon that would otherwise end its part.
_RANGE = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*+"|")++', re.DOTALL)
_PIECE = re.compile(r'(?:[^;"]|"(?:[^"\\]|\\.)*+"|")++', re.DOTALL)
_API_PATHS = ("/v1/", "/sparql", "/graph-store", "/health/", "/openapi.json")


class MediaRange(NamedTuple):
    """One part of an Accept header: ``text/*``, the parameters it asks for, and how much it is liked, from 0 to 1."""

    media: str
    parameters: tuple[str, ...]
    quality: float

    def specificity(self, media: str) -> int:
        """How exactly this range means the media type, 0 for not at all."""
        if self.media == media:
            return 3 + len(self.parameters)
        if self.media.endswith("/*") and media.startswith(self.media[:-1]):
            return 2
        return 1 if self.media in ("*/*", "*") else 0


def accepted(header: str) -> list[MediaRange]:
    """The media ranges in the order of the header; a malformed quality counts as 1."""
    ranges = []
    for part in _RANGE.findall(header):
        media, *parameters = (piece.strip().lower() for piece in _PIECE.findall(part) or [""])
        quality, asked = 1.0, []
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() != "q":
                asked.append(parameter)
            elif _QUALITY.fullmatch(value.strip()):
                quality = min(float(value), 1.0)
        if media:
            ranges.append(MediaRange(media, tuple(asked), quality))
    return ranges


@lru_cache(maxsize=1024)
def best_match(header: str | None, offered: Sequence[str]) -> str | None:
    """The offered media type that the client likes best; None if it likes none.

    Of two liked alike the one that is named wins over one that a wildcard lets in, then the earlier of those offered.
    Parameters of a range are taken as met: what we offer is UTF-8, and nothing of ours comes in several profiles.
    """
    if not header or not header.strip():
        return offered[0]
    ranges = accepted(header)

    def liking(media: str) -> tuple[float, int]:
        specificity, quality = max(((r.specificity(media), r.quality) for r in ranges), default=(0, 0.0))
        return (quality, specificity) if specificity else (0.0, 0)

    best = max(offered, key=liking)
    return best if liking(best)[0] > 0 else None


def accept_of(request: Request) -> str | None:
    """All Accept headers of a request as one."""
    return ", ".join(request.headers.getlist("accept")) or None


def wants_page(request: Request) -> bool:
    """True for a browser outside the paths that are for programs."""
    if request.url.path.startswith(_API_PATHS):
        return False
    return best_match(accept_of(request), ("application/json", "text/html")) == "text/html"
