"""What a client hands in -> the texts and files of it, however they travel."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from fastapi import HTTPException, Request
from starlette.datastructures import UploadFile

from kg.jobs.job import Source

MAX_FILES = 200
MAX_NAME = 200
PASTED = "pasted text"

LINES = ("application/x-ndjson", "application/jsonl", "application/jsonlines")
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
TAKEN = ("text/plain", *LINES, "application/json", "application/gzip", "multipart/form-data")
_HINT = f"send one of {', '.join(TAKEN)}"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Sent(NamedTuple):
    """A form: its fields of text, the last of each name, and what it holds to be read."""

    fields: Mapping[str, str]
    sources: list[Source]


async def sent_sources(request: Request, limit: int) -> list[Source]:
    """The body as what is to be read; raises HTTPException 400, 415, or 422 where it holds nothing."""
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    kind = kind.strip()
    if kind not in TAKEN:
        raise HTTPException(415, f"{_HINT}, not {kind[:100] or 'an unnamed type'}", {"Accept-Post": ", ".join(TAKEN)})
    charset = re.search(r"charset\s*=\s*\"?([^\s;\"]+)", parameters)
    if charset and charset[1] not in ("utf-8", "utf8", "us-ascii"):
        raise HTTPException(415, f"send UTF-8, not {charset[1][:40]}")
    if kind == "multipart/form-data":
        sources = (await sent_form(request, limit)).sources
    else:
        body = await request.body()
        name = _named(request.query_params.get("name")) or PASTED
        sources = _told_apart([Source(name, _as_lines(body) if kind == "application/json" else body)])
    if not sources:
        raise HTTPException(422, "there is nothing to read: paste a text, or choose a file that is not empty")
    return sources


async def sent_form(request: Request, limit: int) -> Sent:
    """A form with the field ``text`` and files, be they carried along in fields ``kept_name`` and ``kept_text``."""
    async with request.form(max_files=MAX_FILES, max_fields=2 * MAX_FILES, max_part_size=limit) as form:
        kept = zip(form.getlist("kept_name"), form.getlist("kept_text"), strict=False)
        sources = [Source(_named(str(name)) or "file", _encoded(str(text))) for name, text in kept]
        fields = {}
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                sources.append(Source(_named(value.filename) or "file", await value.read()))
            else:
                fields[name] = value
    return Sent(fields, _told_apart([Source(PASTED, _encoded(fields.get("text", ""))), *sources]))


def _told_apart(sources: Iterable[Source]) -> list[Source]:
    """Those that hold anything, with names that differ."""
    taken: dict[str, Source] = {}
    for source in sources:
        if source.body.strip():
            name, number = source.name, 1
            while name in taken:
                number += 1
                name = f"{source.name} ({number})"
            taken[name] = source._replace(name=name)
    return list(taken.values())


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _named(text: str | None) -> str:
    """The last part of a name that a client chose, fit to be shown."""
    last = re.split(r"[/\\]", text or "")[-1]
    return _CONTROL.sub(" ", last).strip()[:MAX_NAME]


def _as_lines(body: bytes) -> bytes:
    """A JSON document of one record, or of a list of them, as JSON lines."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, f"the body is no JSON: {error}") from error
    records = found if isinstance(found, list) else [found]
    return "\n".join(json.dumps(record) for record in records).encode()
