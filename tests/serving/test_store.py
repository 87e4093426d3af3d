"""A server that is started as the README does it, with nothing said of where it keeps its things."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.repository import make_repository


@pytest.mark.parametrize("server", ["vcs", "retrieval", "sandbox"])
def test_without_a_store_a_server_keeps_its_things_in_the_users_state(server: str, tmp_path: Path) -> None:
    more = ["--repository", str(make_repository(tmp_path / "shop", {"a.py": "x = 1\n"}))] if server == "vcs" else []
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LOOPCUTTER_")}
    process = subprocess.Popen(
        [Path(sys.executable).with_name(f"loopcutter-{server}"), "serve", "--port", "0", *more],
        env=environment | {"XDG_STATE_HOME": str(tmp_path / "state")},
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["server"] == server
        assert (tmp_path / "state" / "loopcutter" / "servers" / server).is_dir()
    finally:
        process.terminate()
        process.communicate()
