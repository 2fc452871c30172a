"""Which form of an answer a client wants, by its Accept header (RFC 9110, section 12.5.1)."""

import re
from collections.abc import Sequence

from fastapi import Request

_QUALITY = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")
_API_PATHS = ("/v1/", "/sparql", "/graph-store", "/health/", "/openapi.json")


def accepted(header: str) -> list[tuple[str, float]]:
    """Media ranges with their quality, in the order of the header; what is malformed counts as quality 1."""
    ranges = []
    for part in header.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q" and _QUALITY.fullmatch(value.strip()):
                quality = float(value)
        if media:
            ranges.append((media, quality))
    return ranges


def best_match(header: str | None, offered: Sequence[str]) -> str | None:
    """The offered media type that the client likes best, the earlier on a tie; None if it likes none."""
    if not header or not header.strip():
        return offered[0]
    ranges = accepted(header)

    def quality(media: str) -> float:
        fits = [(_specificity(rng, media), q) for rng, q in ranges if _specificity(rng, media) > 0]
        return max(fits)[1] if fits else 0.0

    best = max(offered, key=quality)
    return best if quality(best) > 0 else None


def _specificity(media_range: str, media: str) -> int:
    if media_range == media:
        return 3
    if media_range.endswith("/*") and media.startswith(media_range[:-1]):
        return 2
    return 1 if media_range == "*/*" else 0


def wants_page(request: Request) -> bool:
    """True for a browser outside the paths that are for programs."""
    if request.url.path.startswith(_API_PATHS):
        return False
    return best_match(request.headers.get("accept"), ("application/json", "text/html")) == "text/html"
