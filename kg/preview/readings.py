"""What was found in texts that are in no graph, and how it travels from a worker process to its pool."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from kg.model import Extraction, Field, Label, LinkedPaper, Mention, Paper, Relation, RelationKind, Role

_KNOWN = {field.name for field in fields(Mention)}


@dataclass(frozen=True, slots=True)
class Reading:
    """One paper as read. ``slugs`` are the entities that its mentions would name, None for those that name none.

    Where the extractor failed, ``error`` says why and nothing else is there.
    """

    extraction: Extraction
    slugs: tuple[str | None, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """Readings in the order of the papers, and the name and version of the extractor that made them."""

    extractor: str
    version: str
    readings: tuple[Reading, ...]


def pack_papers(papers: Sequence[Paper]) -> bytes:
    """The request: the texts that are read."""
    return json.dumps([[paper.id, paper.title, paper.abstract] for paper in papers], ensure_ascii=False).encode()


def unpack_papers(request: bytes) -> list[Paper]:
    """Undo ``pack_papers``."""
    return [Paper(*texts) for texts in json.loads(request)]


def record_of(extraction: Extraction, linked: LinkedPaper) -> dict[str, object]:
    """What was found in one paper, for JSON."""
    slugs = {link.mention: link.slug for link in linked.links}
    number = {mention: i for i, mention in enumerate(extraction.mentions)}
    return {
        "mentions": [asdict(mention) for mention in extraction.mentions],
        "slugs": [slugs.get(mention) for mention in extraction.mentions],
        "relations": [[number[r.head], number[r.tail], r.kind, r.score, r.rule] for r in extraction.relations],
        "aliases": extraction.aliases,
        "system": extraction.system,
    }


def unpack_preview(answer: bytes, papers: Sequence[Paper]) -> Preview:
    """The answer of a worker that was asked for ``papers``: name, version, and a record or an error for each."""
    name, version, records = json.loads(answer)
    return Preview(name, version, tuple(map(_reading, records, papers)))


def _reading(record: Mapping[str, Any] | str, paper: Paper) -> Reading:
    if isinstance(record, str):
        return Reading(Extraction(paper, ()), error=record)
    mentions = tuple(map(_mention, record["mentions"]))
    aliases = tuple((long, short) for long, short in record["aliases"])
    relations = tuple(
        Relation(mentions[head], mentions[tail], RelationKind(kind), score, rule)
        for head, tail, kind, score, rule in record["relations"]
    )
    return Reading(Extraction(paper, mentions, aliases, record["system"], relations), tuple(record["slugs"]))


def _mention(record: Mapping[str, Any]) -> Mention:
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in record.items() if k in _KNOWN}
    role = values["role"] and Role(values["role"])
    values |= {"field": Field(values["field"]), "label": Label(values["label"]), "role": role}
    return Mention(**values)
