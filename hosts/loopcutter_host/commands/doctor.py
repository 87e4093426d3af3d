"""`doctor`: PASS, WARN or FAIL for each thing a run needs, with the command that mends it."""

import json
from dataclasses import asdict

from rich.console import Console
from rich.text import Text

from loopcutter_host.commands.fix import sweep
from loopcutter_host.doctor import examine
from loopcutter_host.folders import Folders

_STYLES = {"PASS": "green", "WARN": "yellow", "FAIL": "bold red"}


def run(model: str | None, manifest: str | None, *, json_output: bool) -> int:
    """Print the checks; 4 when one fails, else 0."""
    folders = Folders.of_user()
    console = Console(highlight=False, soft_wrap=True)
    sweep(folders, lambda text: None if json_output else console.print(text))
    failed = False
    for check in examine(folders, model or "", manifest or ""):
        failed |= check.status == "FAIL"
        if json_output:
            console.out(json.dumps(asdict(check)), highlight=False)
            continue
        console.print(Text.assemble((f"{check.status}  ", _STYLES[check.status]), f"{check.name:<11} {check.found}"))
        if check.remedy and check.status != "PASS":
            console.print(Text(f"{'':<6}{'':<11} → {check.remedy}", style="dim"))
    return 4 if failed else 0
