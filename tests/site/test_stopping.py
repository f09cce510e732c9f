"""A command that is asked to end leaves nothing behind that it made for a while."""

from __future__ import annotations

import signal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import manage


def test_what_a_command_made_for_a_while_goes_when_it_is_asked_to_end(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as end, TemporaryDirectory(dir=tmp_path):
        manage.stop(signal.SIGTERM, None)
    assert end.value.code == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []
