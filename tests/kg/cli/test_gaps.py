import csv
import io
import json
from pathlib import Path

import pytest

from kg.analysis.gaps import gaps_of_task
from kg.cli.gaps import _tell_gaps
from tests.kg.analysis.made import Made
from tests.kg.analysis.test_gaps import WORK
from tests.kg.cli.inside import run, told


def test_gaps_of_a_task_or_a_method(data_folder: Path) -> None:
    assert "was never tried" in told("gaps", "--task", "translation", data=data_folder)
    assert json.loads(told("gaps", "--method", "attention", "--json", data=data_folder)) == []
    assert told("gaps", "--method", "attention", "--format", "csv", data=data_folder).startswith("method,")
    for options in ((), ("--task", "translation", "--method", "attention")):
        done = run("gaps", *options, data=data_folder)
        assert done.exit_code == 2
        assert "either --task or --method" in done.output


def test_a_gap_is_told_with_what_siblings_were_used_for(capsys: pytest.CaptureFixture[str]) -> None:
    _tell_gaps(gaps_of_task(Made(WORK), "t-seg"))
    out = capsys.readouterr().out
    assert "1. M-C for T-SEG: 1.6 papers expected, none found" in out
    assert "2 of its" in out
    assert "M-A: 3 papers, such as On a0" in out
    assert "“Here m-a is.”" in out
    assert "“Here t-seg is.”" in out


def test_what_goes_together(data_folder: Path) -> None:
    out = told("with", "attention", "--type", "Dataset", data=data_folder)
    assert "With Attention (Method, 2 papers)" in out
    assert "imagenet" in out
    assert "No paper names anything specific" in told("with", "imagenet", "--type", "Task", data=data_folder)
    [row] = csv.DictReader(
        io.StringIO(told("with", "attention", "--type", "Dataset", "--format", "csv", data=data_folder))
    )
    assert (row["id"], row["papers"], row["of"]) == ("imagenet", "1", "1")
    assert json.loads(told("with", "attention", "--json", "--limit", 1, data=data_folder))["total"] == 4
