"""What a client hands in -> the texts and files of it, however they travel."""

import json
import re
from collections.abc import Iterable

from fastapi import HTTPException, Request
from starlette.datastructures import FormData, UploadFile

from kg.jobs.job import Source

MAX_FILES = 200
MAX_NAME = 200
PASTED = "pasted text"

LINES = ("application/x-ndjson", "application/jsonl", "application/jsonlines")
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
TAKEN = ("text/plain", *LINES, "application/json", "application/gzip", "multipart/form-data")
_HINT = f"send one of {', '.join(TAKEN)}"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


async def sent_sources(request: Request, limit: int) -> list[Source]:
    """The body as what is to be read; raises HTTPException 400, 415 or 422."""
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    kind = kind.strip()
    if kind == "multipart/form-data":
        return await sources_of(await sent_form(request, limit))
    if kind not in TAKEN:
        raise HTTPException(415, f"{_HINT}, not {kind[:100] or 'an unnamed type'}", {"Accept-Post": ", ".join(TAKEN)})
    charset = re.search(r"charset\s*=\s*\"?([^\s;\"]+)", parameters)
    if charset and charset[1] not in ("utf-8", "utf8", "us-ascii"):
        raise HTTPException(415, f"send UTF-8, not {charset[1][:40]}")
    body = await request.body()
    if kind == "application/json":
        body = _as_lines(body)
    return some([Source(_named(request.query_params.get("name")) or PASTED, body)])


async def sent_form(request: Request, limit: int) -> FormData:
    """The fields of a form; its files are kept on disk where they are large."""
    return await request.form(max_files=MAX_FILES, max_fields=2 * MAX_FILES, max_part_size=limit)


async def sources_of(form: FormData) -> list[Source]:
    """The field ``text`` and all files of a form. Raises HTTPException 422 where they hold nothing."""
    found = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            found.append(Source(_named(value.filename) or "file", await value.read()))
        elif name == "text":
            found.append(Source(PASTED, value.encode("utf-8", "replace")))
    return some(found)


def some(sources: Iterable[Source]) -> list[Source]:
    """Those that hold anything, with names that differ; raises HTTPException 422 where none does."""
    taken: dict[str, Source] = {}
    for source in sources:
        if source.body.strip():
            name, number = source.name, 1
            while name in taken:
                number += 1
                name = f"{source.name} ({number})"
            taken[name] = source._replace(name=name)
    if not taken:
        raise HTTPException(422, "there is nothing to read: paste a text, or choose a file that is not empty")
    return list(taken.values())


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
