"""Framed papers -> framed previews, by one extractor that stays loaded.

Run as ``python -m kg.preview.worker EXTRACTOR GAZETTEER MEMORY FOLDER`` by ``kg.preview.pool``; FOLDER is where
modules of extractors are looked for last, and where the path of a gazetteer begins. ``kg.process.child`` says what
holds it in. The shipped extractor has no network; others may need theirs.
"""

import json
import os
import sys
from functools import partial

from kg.build import Parts, default_parts
from kg.errors import KgError, SourceError
from kg.extract.checked import read_each
from kg.preview.readings import record_of, unpack_papers
from kg.process.child import Child
from kg.process.frames import Verdict
from kg.settings import SHIPPED

_OUT_OF_MEMORY = b"reading needed more memory than it may have and was stopped"


def main() -> None:
    """Serve until stdin ends."""
    extractor, gazetteer, memory, folder = sys.argv[1:5]
    child = Child(network=extractor != SHIPPED)
    try:
        os.chdir(folder)
        parts = default_parts(extractor=extractor, gazetteer=gazetteer)
    except (KgError, OSError) as error:
        child.refuse(str(error))
    child.serve(partial(answer, parts), int(memory))


def answer(parts: Parts, request: bytes) -> tuple[Verdict, bytes]:
    """One request, as ``kg.preview.readings`` packs it, to the frame that answers it."""
    try:
        records = [
            outcome.reason if isinstance(outcome, SourceError) else record_of(outcome, parts.linker.link(outcome))
            for outcome in read_each(parts.extractor, unpack_papers(request))
        ]
    except MemoryError:
        return Verdict.NO_MEMORY, _OUT_OF_MEMORY
    body = [parts.extractor.name, parts.extractor.version, records]
    return Verdict.ANSWER, json.dumps(body, ensure_ascii=False).encode()


if __name__ == "__main__":
    main()
