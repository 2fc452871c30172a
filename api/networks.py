"""Networks that were drawn, kept for the next who asks."""

import threading
from collections import OrderedDict
from collections.abc import Hashable

from kg.model import Label, Network
from kg.settings import Settings
from kg.view.concepts import CANDIDATES, concept_network
from kg.workspace import Reader


class NetworkCache:
    """The networks drawn last. Laying one out takes a second or two; one is drawn at a time."""

    SIZE = 16

    def __init__(self) -> None:
        """Start empty."""
        self._networks: OrderedDict[Hashable, Network] = OrderedDict()
        self._lock = threading.Lock()

    def get(
        self,
        reader: Reader,
        settings: Settings,
        focus: str | None,
        limit: int | None,
        types: list[Label] | None,
    ) -> Network:
        """The network of a snapshot; raises NotFoundError for an unknown focus."""
        limit = limit or settings.network_nodes
        labels = tuple(sorted(set(types))) if types else tuple(Label)
        key = (str(reader.path), focus, limit, labels)
        with self._lock:
            if key not in self._networks:
                entities = reader.index.entities(limit=CANDIDATES)
                self._networks[key] = concept_network(
                    reader.catalogue,
                    entities,
                    limit=limit,
                    total=reader.index.entity_count(labels),
                    focus=focus,
                    labels=labels,
                )
            self._networks.move_to_end(key)
            while len(self._networks) > self.SIZE:
                self._networks.popitem(last=False)
            return self._networks[key]
