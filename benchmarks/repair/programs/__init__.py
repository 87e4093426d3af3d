"""Small programs of our own, as the second half of the benchmark: many kinds of algorithms, one bug each time."""

from programs import (
    dynamic,
    fresh_numbers,
    fresh_sequences,
    graph,
    number,
    parsing,
    searching,
    sorting,
    structure,
    text,
)
from programs.program import Program

__all__ = ["FRESH", "PROGRAMS", "Program"]

PROGRAMS: dict[str, Program] = {
    program.entry: program
    for module in (dynamic, graph, number, parsing, searching, sorting, structure, text)
    for program in module.PROGRAMS
}
FRESH: dict[str, Program] = {
    program.entry: program for module in (fresh_numbers, fresh_sequences) for program in module.PROGRAMS
}
"""Those of a later date: the first run on them is the one that counts."""
