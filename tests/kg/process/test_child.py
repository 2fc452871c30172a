import platform
import subprocess
import sys

import pytest

SCRIPT = """
import socket, sys
from kg.process.child import Child
child = Child(network={network})
print("to stderr", sys.stdin.read())
try:
    socket.socket().close()
    child.refuse("open")
except OSError as error:
    child.refuse(type(error).__name__)
"""


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"), reason="the filter is for these"
)
@pytest.mark.parametrize(("network", "verdict"), [(True, b"open"), (False, b"PermissionError")])
def test_a_child_has_no_network_unless_it_is_given_one(network: bool, verdict: bytes) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(network=network)], input=b"not for it", capture_output=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == b"F" + len(verdict).to_bytes(4, "big") + verdict
    assert done.stderr == b"to stderr \n"
