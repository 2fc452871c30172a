"""Charts that were drawn last: whoever chooses this and that on one does not wait for it to be drawn again."""

from api.kept import LastFew
from kg.view.map_chart import Asked, Chart, chart
from kg.workspace import Reader


class ChartCache:
    """The last few charts. Two who ask for one at the same time may both draw it; it takes a moment."""

    SIZE = 12

    def __init__(self) -> None:
        """Start empty."""
        self._charts: LastFew[Chart] = LastFew(self.SIZE)

    def get(self, reader: Reader, asked: Asked) -> Chart:
        """The chart of a snapshot; raises what ``kg.view.map_chart.chart`` does."""
        key = (str(reader.path), asked)
        return self._charts.find(key) or self._charts.put(key, chart(reader, asked))
