"""The JSON a model fills in. What a field means is said in the prompts."""

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


class Target(BaseModel):
    """A place the model wants to change."""

    # Told to the model as required, taken without: an optional field is one that small models leave out.
    model_config = ConfigDict(json_schema_extra={"required": ["path", "symbol"]})

    path: str = Field(min_length=1)
    symbol: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        """Models also write `folder/file.py:Class.method`."""
        if not isinstance(value, str):
            return value
        path, _, symbol = value.replace("::", ":").partition(":")
        return {"path": path, "symbol": symbol}

    @field_validator("path")
    @classmethod
    def _plain(cls, path: str) -> str:
        return path.strip().strip("`'\"").removeprefix("./")

    @field_validator("symbol", mode="before")
    @classmethod
    def _bare_name(cls, symbol: Any) -> Any:
        return symbol.strip().strip("`'\"").removesuffix("()") if isinstance(symbol, str) else symbol or ""


class PlanDecision(BaseModel):
    """What is wrong, and where."""

    hypothesis: str = Field(min_length=1)
    targets: list[Target] = Field(min_length=1)


class ReflectDecision(BaseModel):
    """What a failed attempt taught."""

    model_config = ConfigDict(json_schema_extra={"required": ["lesson", "rules_out", "instead", "next"]})

    lesson: str = Field(min_length=1)
    rules_out: str = ""
    instead: str = ""
    next: Literal["edit", "plan", "stop"]

    @field_validator("next", mode="before")
    @classmethod
    def _plain_word(cls, value: Any) -> Any:
        return value.strip().strip(".\"'").lower() if isinstance(value, str) else value

    def words(self) -> str:
        """All of it in one line."""
        told = (("", self.lesson), ("not: ", self.rules_out), ("instead: ", self.instead))
        return "; ".join(mark + text.strip().rstrip(".") for mark, text in told if text.strip())


class TestReading(BaseModel):
    """What a failing test says."""

    __test__ = False  # for pytest: the name says what it is, not that it is one
    model_config = ConfigDict(json_schema_extra={"required": ["expected", "actual", "line", "hypothesis"]})

    expected: str
    actual: str
    line: str
    """`folder/file.py:12`."""
    hypothesis: str = Field(min_length=1)

    @field_validator("expected", "actual", "line", mode="before")
    @classmethod
    def _words(cls, value: Any) -> Any:
        """Models give values as they are: 90, null, [1, 2]."""
        return value if isinstance(value, str) else repr(value)

    def place(self) -> tuple[str, int]:
        """(path, line); a line of 0 when none is named."""
        path, _, line = self.line.strip().strip("`'\"").rpartition(":")
        return (path.removeprefix("./"), int(line)) if line.strip().isdecimal() else ("", 0)


class TestDecision(BaseModel):
    """What a test that is to be written shall show."""

    __test__ = False
    model_config = ConfigDict(json_schema_extra={"required": ["why", "exception", "actual"]})

    why: str = Field(min_length=1)
    exception: str = "AssertionError"
    actual: str = ""

    @field_validator("actual", mode="before")
    @classmethod
    def _words(cls, value: Any) -> Any:
        return value if isinstance(value, str) else repr(value)

    @field_validator("exception", mode="before")
    @classmethod
    def _name(cls, value: Any) -> Any:
        """Models write `raises KeyError` and `KeyError('x')` as well."""
        if not isinstance(value, str):
            return "AssertionError"
        found = re.search(r"[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Iteration|Warning|Group)\b", value)
        return found.group().rpartition(".")[2] if found else value.strip() or "AssertionError"
