"""The example's bug, what a model says that mends it, and `fix` on it as a user calls it."""

import json
from collections.abc import Mapping
from pathlib import Path

from support.command import Ended, run

ISSUE = "A customer whose shopping came to exactly 50.00 got no discount."
GOOD = """The comparison leaves the threshold itself out.

```python
def best_tier(subtotal: int) -> Tier:
    \"\"\"The most generous tier that a purchase of `subtotal` cents reaches.\"\"\"
    reached = [tier for tier in TIERS if tier.threshold <= subtotal]
    return max(reached, key=lambda tier: tier.percent, default=NOTHING_OFF)
```
"""
REFLECTION = json.dumps({"lesson": "It still fails.", "next": "edit"})


def plan(symbol: str, path: str = "till/discount.py") -> str:
    """A plan that names one function."""
    return json.dumps({"hypothesis": f"{symbol} is wrong.", "targets": [{"path": path, "symbol": symbol}]})


def discount(last_line: str) -> str:
    """An answer in one fence: the whole of `discount`, with another last line."""
    return (
        "Here is the corrected function.\n\n```python\ndef discount(subtotal: int) -> int:\n"
        "    percent = best_tier(subtotal).percent\n"
        f"    return {last_line}\n```\n"
    )


def fix(
    home: Path,
    repository: Path,
    model: str,
    *options: str,
    issue: str = ISSUE,
    prepass: bool = False,
    extra: Mapping[str, str] | None = None,
) -> Ended:
    """`loopcutter-host fix` to its end; without `prepass` the model is asked first."""
    alone = () if prepass else ("--no-prepass",)
    return run(
        home, "fix", "--repo", str(repository), "--issue", issue, "--model", model, *alone, *options, extra=extra
    )
