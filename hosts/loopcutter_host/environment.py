"""The environment of programs that the host starts."""

import os


def without_settings() -> dict[str, str]:
    """The user's environment without settings of ours: those are meant for what the user starts."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LOOPCUTTER_")}
