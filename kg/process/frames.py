"""The frames in which requests and answers travel between a pool and its processes."""

import struct
from enum import Enum


class Verdict(Enum):
    """First byte of a frame from a process: what became of the request."""

    READY = b"R"
    ANSWER = b"A"
    REFUSED = b"B"
    NO_MEMORY = b"M"
    FAILED = b"F"


REQUEST = struct.Struct(">I")
FRAME = struct.Struct(">cI")
