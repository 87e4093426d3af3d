"""What can go wrong at the door.

InferenceError
└── Unreachable     the model server behind the door does not answer
"""


class InferenceError(Exception):
    """What every error of this package is."""


class Unreachable(InferenceError):
    """The model server behind the door does not answer."""

    def __init__(self, upstream: str, why: str) -> None:
        super().__init__(f"the model server at {upstream} does not answer ({why}): start it there, e.g. 'ollama serve'")
