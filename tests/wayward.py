"""An extractor that does to a process whatever a paper's title says; for workers, which import it by name."""

import os
import re
import socket
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from kg.extract.mentions import mention_at
from kg.model import Extraction, Field, Label, Mention, Paper, Relation, RelationKind, Role


class Wayward:
    name = "wayward"
    version = "1"

    def __init__(self, word: str = "graph", start: str = "") -> None:
        self.word = word
        if start == "hang":
            time.sleep(600)
        if start == "fail":
            raise OSError("no weights here")

    def extract(self, papers: Iterable[Paper]) -> Iterator[Extraction]:
        for paper in papers:
            behave(paper.title)
            mentions = tuple(wrong(paper.title, list(self.mentions(paper))))
            relations = tuple(related(mentions)) if paper.title.startswith("relate ") else ()
            yield Extraction(paper, mentions, (("graph network", "GN"),), "GN", relations)

    def mentions(self, paper: Paper) -> Iterator[Mention]:
        for field in Field:
            for found in re.finditer(self.word, paper.text(field)):
                yield mention_at(paper, field, *found.span(), Label.METHOD, score=0.98765, rule="found-it")


def behave(title: str) -> None:  # noqa: C901 - one thing each
    match title.partition(" ")[0]:
        case "hang":
            time.sleep(600)
        case "slow":
            time.sleep(0.05)
        case "crash":
            os._exit(3)
        case "raise":
            raise ValueError("not this one")
        case "memory":
            bytearray(8 << 30)
        case "print":
            sys.stdout.write("noise " * 100_000)
            sys.stdout.flush()
        case "read":
            sys.stdin.read()
        case "socket":
            socket.socket().close()


def related(mentions: tuple[Mention, ...]) -> Iterator[Relation]:
    for head, tail in pairwise(mentions):
        yield Relation(head, tail, RelationKind.PART_OF, 0.87654, "found-it")


def wrong(title: str, mentions: list[Mention]) -> list[Mention]:
    match title.partition(" ")[0]:
        case "shift":
            return [replace(m, start=m.start + 1, end=m.end + 1) for m in mentions]
        case "reverse":
            return mentions[::-1]
        case "double":
            return [m for m in mentions for _ in range(2)]
        case "relate":
            return [replace(m, role=Role.USES, role_score=0.76543) for m in mentions]
    return mentions
