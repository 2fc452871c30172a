"""What a pool counts of its work, for whoever watches the service."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Stats:
    """Totals since the pool was made.

    ``stopped`` counts processes that ended at work, by reason: ``timeout``, ``died`` (of memory or a crash),
    ``abandoned`` (nobody waits for the answer any more), ``heavy`` (to run again later), ``closed``.
    ``refused`` counts requests that found the line full or waited too long; ``seconds`` is how long
    processes were busy.
    """

    answered: int = 0
    refused: int = 0
    truncated: int = 0
    seconds: float = 0.0
    stopped: Counter[str] = field(default_factory=Counter)
