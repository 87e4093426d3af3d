"""The JSON a model fills in. What a field means is said in the prompts."""

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
