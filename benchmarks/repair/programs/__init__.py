"""Small programs of our own, as the second half of the benchmark: many kinds of algorithms, one bug each time."""

from programs import dynamic, graph, number, parsing, searching, sorting, structure, text
from programs.program import Program

__all__ = ["PROGRAMS", "Program"]

PROGRAMS: dict[str, Program] = {
    program.entry: program
    for module in (dynamic, graph, number, parsing, searching, sorting, structure, text)
    for program in module.PROGRAMS
}
