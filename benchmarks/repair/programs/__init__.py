"""Small programs of our own, as the second half of the benchmark: many kinds of algorithms, one bug each time."""

from programs import (
    choices,
    dynamic,
    fresh_arrays,
    fresh_backtracking,
    fresh_branches,
    fresh_calculations,
    fresh_chains,
    fresh_codes,
    fresh_containers,
    fresh_divisors,
    fresh_events,
    fresh_figures,
    fresh_journeys,
    fresh_lists,
    fresh_machines,
    fresh_matching,
    fresh_networks,
    fresh_notations,
    fresh_optima,
    fresh_orders,
    fresh_puzzles,
    fresh_readers,
    fresh_routes,
    fresh_scripts,
    fresh_series,
    fresh_shapes,
    fresh_sorters,
    fresh_streams,
    fresh_tables,
    fresh_tallies,
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
_FIRST = (fresh_arrays, fresh_codes, fresh_notations, fresh_puzzles, fresh_trees)
_SECOND = (fresh_events, fresh_figures, fresh_lists, fresh_networks, fresh_readers, fresh_series)
_THIRD = (
    fresh_backtracking,
    fresh_branches,
    fresh_calculations,
    fresh_matching,
    fresh_orders,
    fresh_tables,
)
_FOURTH = (fresh_chains, fresh_journeys, fresh_machines, fresh_scripts, fresh_shapes, fresh_tallies)
_FIFTH = (fresh_containers, fresh_divisors, fresh_optima, fresh_routes, fresh_sorters, fresh_streams)
FRESH: dict[str, Program] = {
    program.entry: program for module in (*_FIRST, *_SECOND, *_THIRD, *_FOURTH, *_FIFTH) for program in module.PROGRAMS
}
"""Five times forty of the latest date (2026-11-30, by people who had not read the templates), each set written when the
misses of those before had been looked at: of each it is the first run that counts."""
