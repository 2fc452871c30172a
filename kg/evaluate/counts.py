"""Found and wanted things, and the precision, recall and F1 that come of counting them."""

from collections.abc import Iterable
from typing import NamedTuple


class Counts(NamedTuple):
    """Things found and wanted; ``found_right`` of the found and ``wanted_right`` of the wanted agree.

    The last two differ only where one thing may agree with several, as spans do that need but overlap.
    """

    found: int = 0
    wanted: int = 0
    found_right: int = 0
    wanted_right: int = 0

    @property
    def precision(self) -> float:
        """In [0, 1]; 0 if nothing was found."""
        return self.found_right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """In [0, 1]; 0 if nothing was wanted."""
        return self.wanted_right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def total(counts: Iterable[Counts]) -> Counts:
    """The sums; micro averages come of this."""
    return Counts(*map(sum, zip(Counts(), *counts, strict=True)))
