"""How much work each client may ask for: seconds of query time, as a bucket that fills with time."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from kg.errors import BudgetError

KEPT = 10_000


class _Account(NamedTuple):
    """What a client had left when it was last looked at, in seconds; below zero where it overdrew."""

    left: float
    seen: float


class Budget:
    """Each client gets ``per_minute`` seconds a minute and may save up ``burst``; a rate of 0 means no budget.

    What work costs is known when it is done, so a client may overdraw, and then waits until it is level again.
    The last ``KEPT`` clients are remembered; who is forgotten starts with a full bucket.
    """

    def __init__(self, per_minute: float, burst: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = per_minute / 60, burst, clock
        self._accounts: OrderedDict[str, _Account] = OrderedDict()
        self._lock = threading.Lock()

    def admit(self, client: str) -> None:
        """Raise BudgetError for a client that has used up its seconds."""
        with self._lock:
            left = self._left(client)
        if left <= 0 < self._rate:
            raise BudgetError(math.ceil(-left / self._rate) + 1)

    def charge(self, client: str, seconds: float) -> None:
        """Take what work has cost from the account of a client."""
        if not self._rate or seconds <= 0:
            return
        with self._lock:
            self._accounts[client] = _Account(self._left(client) - seconds, self._clock())
            self._accounts.move_to_end(client)
            while len(self._accounts) > KEPT:
                self._accounts.popitem(last=False)

    def _left(self, client: str) -> float:
        account = self._accounts.get(client)
        if account is None:
            return self._burst
        return min(self._burst, account.left + self._rate * (self._clock() - account.seen))
