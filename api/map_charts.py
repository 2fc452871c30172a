"""Charts that were drawn last: whoever chooses this and that on one does not wait for it to be drawn again."""

import threading
from collections import OrderedDict

from kg.view.map_chart import Asked, Chart, chart
from kg.workspace import Reader


class ChartCache:
    """The last few charts. Two who ask for one at the same time may both draw it; it takes a moment."""

    SIZE = 12

    def __init__(self) -> None:
        """Start empty."""
        self._charts: OrderedDict[tuple[str, Asked], Chart] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, reader: Reader, asked: Asked) -> Chart:
        """The chart of a snapshot; raises what ``kg.view.map_chart.chart`` does."""
        key = (str(reader.path), asked)
        with self._lock:
            if key in self._charts:
                self._charts.move_to_end(key)
                return self._charts[key]
        drawn = chart(reader, asked)
        with self._lock:
            self._charts[key] = drawn
            while len(self._charts) > self.SIZE:
                self._charts.popitem(last=False)
        return drawn
