"""Framed changes -> framed outcomes: the process that opens the live store, for one change at a time.

Run as ``python -m kg.edit.worker FOLDER BASE MEMORY`` by ``kg.edit.pool``, which asks it thrice for each change: to
open the store, to apply the change, to close. Only the second has a deadline: killed in it, the process leaves the
store as it was, while what follows a commit (the search index, a snapshot for readers) is not left undone for want of
time. Between changes the store is free for others, such as ``kg ingest``. ``kg.process.child`` says what holds this in.
"""

import sys
from contextlib import ExitStack
from pathlib import Path

from rdflib import URIRef

from kg.edit.following import Following
from kg.edit.requests import CLOSE, OPEN, OUT_OF_MEMORY, Change, Outcome, refusal, unpack_change
from kg.errors import BadQueryError, KgError
from kg.process.child import Child
from kg.process.frames import Verdict
from kg.query.complaints import complaint
from kg.store.oxigraph import OxigraphStore
from kg.workspace import Workspace
from kg.writer import LiveWriter

_FOR_THE_STORE = 512 << 20
"""Address space of an open store, in bytes; it is opened after the limit is set."""


def main() -> None:
    """Serve until stdin ends."""
    folder, base, memory = sys.argv[1:4]
    child = Child(network=False)
    try:
        editor = Editor(Workspace(Path(folder), base))
    except KgError as error:
        child.refuse(str(error))
    child.serve(editor.answer, int(memory) + _FOR_THE_STORE)


class Editor:
    """Answers the requests of ``kg.edit.pool`` over one data folder."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._open = ExitStack()
        self._writer: LiveWriter | None = None
        self._following: Following | None = None

    def answer(self, request: bytes) -> tuple[Verdict, bytes]:
        """One request to the frame that answers it."""
        outcome = ""
        try:
            if request == OPEN:
                self._opened()
            elif request == CLOSE:
                self._close()
            else:
                outcome = self._applied(unpack_change(request))
        except KgError as error:
            return refusal(error)
        except MemoryError:
            return Verdict.NO_MEMORY, OUT_OF_MEMORY.encode()
        return Verdict.ANSWER, outcome.encode()

    def _opened(self) -> LiveWriter:
        if self._writer is None:
            self._writer = self._open.enter_context(self._workspace.writer())
        return self._writer

    def _applied(self, change: Change) -> Outcome:
        writer = self._opened()
        self._following = following = Following(writer, change.touched)
        with following.expecting():
            return apply(writer.store, change)

    def _close(self) -> None:
        """Bring the index along, publish a snapshot and release the store, whatever fails of it."""
        self._opened()
        following, self._following = self._following, None
        opened, self._open, self._writer = self._open, ExitStack(), None
        with opened:
            if following:
                following.follow()


def apply(store: OxigraphStore, change: Change) -> Outcome:
    """What became of the graph; an update always ``changed`` something."""
    graph = URIRef(change.graph) if change.graph else None
    there = graph is None or store.has_graph(graph)
    match change.verb:
        case "update":
            try:
                store.update(change.body.decode(), base=change.base or None)
            except BadQueryError as error:
                raise complaint(str(error)) from error
        case "drop":
            if there:
                store.drop(graph)
            return "changed" if there else "missing"
        case verb:
            store.put(graph, change.body, change.syntax, base=change.base, merge=verb == "merge")
    return "changed" if there else "made"


if __name__ == "__main__":
    main()
