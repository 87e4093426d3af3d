"""`fix --model openai:default` with a real llama.cpp engine: all is real but the model's wits, which are a script.

The engine's grammar is on where a decision is asked, so the answers also pass the schemas.
"""

import json
from pathlib import Path

import pytest
from support.repository import copy_example, fingerprint
from support.till import GOOD, fix

PLAN = {"hypothesis": "the threshold is left out", "targets": [{"path": "till/discount.py", "symbol": "best_tier"}]}
READING = {"expected": "4500", "actual": "5000", "line": "", "hypothesis": "exactly 50.00 gets no discount"}


def test_a_real_engine_fixes_the_bug(tmp_path: Path) -> None:
    for module in ("xllamacpp", "gguf"):
        pytest.importorskip(module, reason="no llama.cpp engine here: pip install xllamacpp gguf numpy")
    from support import tiny_gguf
    from support.llama_engine import LlamaEngine

    repository = copy_example(tmp_path / "till")
    before = fingerprint(repository)
    model = tmp_path / "good.gguf"
    said = {"step: test": [json.dumps(READING)], "step: plan": [json.dumps(PLAN)]}
    tiny_gguf.scripted(model, {**said, "step: edit": ["I would change it.", GOOD]})
    with LlamaEngine(model, window=8_192) as engine:
        extra = {"LOOPCUTTER_OPENAI_URL": engine.url}
        ended = fix(tmp_path, repository, "openai:default", "--json", extra=extra)

    assert ended.code == 0, ended.err
    assert fingerprint(repository) == before
    asked = [event["body"] for event in ended.events() if event["type"] == "thought" and "step" in event["body"]]
    steps = [("test", None), ("plan", None), ("edit", "no-code"), ("edit", None)]
    assert [(body["step"], body["flaw"]) for body in asked] == steps
    assert all(body["tokens"]["prompt"] > 0 for body in asked)
