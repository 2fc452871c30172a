"""Networks that took long to draw, kept for the next who asks."""

import threading

from api.kept import LastFew
from kg.errors import QueryBusyError
from kg.model import Network
from kg.view.concepts import Question, concept_network
from kg.workspace import Reader


class NetworkCache:
    """The networks with evidence that were drawn last. To read the sentences takes a second; one is drawn at a time.

    Those without are drawn at once and not kept.
    """

    SIZE = 4
    WAITING = 4

    def __init__(self) -> None:
        """Start empty."""
        self._networks: LastFew[Network] = LastFew(self.SIZE)
        self._drawing = threading.Lock()
        self._line = threading.BoundedSemaphore(self.WAITING)

    def get(self, reader: Reader, question: Question) -> Network:
        """The network of a snapshot; raises what ``concept_network`` does, and QueryBusyError if many wait."""
        if not question.choice.examples:
            return concept_network(reader, question)
        key = (str(reader.path), question)
        if found := self._networks.find(key):
            return found
        if not self._line.acquire(blocking=False):
            raise QueryBusyError("several networks are being drawn; try again in a moment")
        try:
            with self._drawing:
                return self._networks.find(key) or self._networks.put(key, concept_network(reader, question))
        finally:
            self._line.release()
