import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

HOSTILE = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.mark.slow
def test_serve_answers_and_stops_at_once_under_load(data_folder: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    site = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "KG_QUERY_TIMEOUT": "60"}  # noqa: TID251 - a child's environment
    process = subprocess.Popen(
        [sys.executable, "-m", "kg.cli", "serve", "--port", str(port), "--data", str(data_folder)],
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
    )
    assert process.stderr
    try:
        for line in process.stderr:
            if "running on" in line:
                break
        assert urllib.request.urlopen(f"{site}/health/ready", timeout=10).status == 200
        answers: list[int] = []

        def ask() -> None:
            try:
                urllib.request.urlopen(f"{site}/sparql?" + urllib.parse.urlencode({"query": HOSTILE}), timeout=60)
            except urllib.error.HTTPError as error:
                answers.append(error.code)
                error.close()

        askers = [threading.Thread(target=ask) for _ in range(2)]
        for asker in askers:
            asker.start()
        time.sleep(1)
        asked = time.monotonic()
        process.send_signal(signal.SIGTERM)
        log = process.stderr.read()
        process.wait(30)
        for asker in askers:
            asker.join()
        assert time.monotonic() - asked < 20
        assert answers == [503, 503]
        assert "Traceback" not in log
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
