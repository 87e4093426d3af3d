"""Small programs of our own, as the second half of the benchmark: many kinds of algorithms, one bug each time."""

from programs import (
    choices,
    dynamic,
    fresh_arrays,
    fresh_codes,
    fresh_notations,
    fresh_puzzles,
    fresh_trees,
    graph,
    number,
    parsing,
    searching,
    sequences,
    sorting,
    structure,
    text,
)
from programs.program import Program

__all__ = ["FRESH", "PROGRAMS", "Program"]

PROGRAMS: dict[str, Program] = {
    program.entry: program
    for module in (choices, dynamic, graph, number, parsing, searching, sequences, sorting, structure, text)
    for program in module.PROGRAMS
}
FRESH: dict[str, Program] = {
    program.entry: program
    for module in (fresh_arrays, fresh_codes, fresh_notations, fresh_puzzles, fresh_trees)
    for program in module.PROGRAMS
}
"""Those of the latest date (2026-11-30, by somebody who had not read the templates): their first run is the one that
counts."""
