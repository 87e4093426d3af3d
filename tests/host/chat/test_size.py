"""The size of a model, from whatever tells it."""

import pytest

from loopcutter_host.chat.size import counted, labelled, named


@pytest.mark.parametrize(
    ("name", "billions"),
    [
        ("qwen2.5-coder:7b", 7),
        ("Qwen/Qwen3-Coder-30B-A3B-Instruct", 30),
        ("gemma-3n-e4b", 0),
        ("phi-4", 0),
        ("llama-3.2-1.5B.gguf", 1.5),
        ("mixtral:8x7b-instruct-q4_0", 56),
        ("gpt-oss:120b", 120),
        ("coder:latest", 0),
    ],
)
def test_size_is_read_off_a_name(name: str, billions: float) -> None:
    assert named(name) == billions


@pytest.mark.parametrize(
    ("label", "billions"), [("7.6B", 7.6), ("494.03M", 0.49403), ("", 0), (None, 0), ("large", 0), ("1.2.3B", 0)]
)
def test_size_is_read_off_a_label(label: str | None, billions: float) -> None:
    assert labelled(label) == pytest.approx(billions)


@pytest.mark.parametrize(
    ("value", "billions"), [(14_770_033_664, 14.770033664), (0, 0), (None, 0), ("7B", 0), (True, 0)]
)
def test_count_of_a_server_is_taken_if_it_is_one(value: object, billions: float) -> None:
    assert counted({"n_params": value}, "n_params") == billions
