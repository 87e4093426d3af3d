"""The families of changes that are tried, one module each.

A template is a function over a node of the syntax tree and what is in scope there; it yields candidates.
"""

import ast
from collections.abc import Callable, Iterable

from loopcutter_host.repair.candidate import Candidate
from loopcutter_host.repair.scope import Scope
from loopcutter_host.repair.templates.alternative import alternative, listed, variable
from loopcutter_host.repair.templates.apart import far_apart
from loopcutter_host.repair.templates.argument import argument, recursion
from loopcutter_host.repair.templates.arithmetic import arithmetic
from loopcutter_host.repair.templates.attribute import attribute
from loopcutter_host.repair.templates.awaiting import awaiting
from loopcutter_host.repair.templates.boolean import boolean
from loopcutter_host.repair.templates.bound import both_bounds
from loopcutter_host.repair.templates.call import call
from loopcutter_host.repair.templates.capped import capped
from loopcutter_host.repair.templates.carried import carried
from loopcutter_host.repair.templates.chosen import one_more
from loopcutter_host.repair.templates.comparison import comparison
from loopcutter_host.repair.templates.condition import condition, flag, keyword
from loopcutter_host.repair.templates.constant import constant
from loopcutter_host.repair.templates.crossing import crossed, traded
from loopcutter_host.repair.templates.default import mutable_default
from loopcutter_host.repair.templates.derived import derived
from loopcutter_host.repair.templates.direction import backwards, items_or_places, other_way
from loopcutter_host.repair.templates.elsewhere import as_elsewhere
from loopcutter_host.repair.templates.ends import other_end
from loopcutter_host.repair.templates.exception import exception
from loopcutter_host.repair.templates.expression import bounded, expression, filled_alike, term
from loopcutter_host.repair.templates.filtering import left_out
from loopcutter_host.repair.templates.first_item import first_item, one_empty_item
from loopcutter_host.repair.templates.flow import flow
from loopcutter_host.repair.templates.from_another import from_another
from loopcutter_host.repair.templates.further import further_test, only_then
from loopcutter_host.repair.templates.generated import also_yielded, last_yielded
from loopcutter_host.repair.templates.grouping import regrouped
from loopcutter_host.repair.templates.guard import base_case, guard
from loopcutter_host.repair.templates.imported import imported
from loopcutter_host.repair.templates.inherited import inherited
from loopcutter_host.repair.templates.initial import initial_value, never_set
from loopcutter_host.repair.templates.leftover import left_over
from loopcutter_host.repair.templates.linked import cut_off, next_of
from loopcutter_host.repair.templates.lost import lost, marked
from loopcutter_host.repair.templates.name import name
from loopcutter_host.repair.templates.off_by_one import off_by_one
from loopcutter_host.repair.templates.offset import offset
from loopcutter_host.repair.templates.ordered import kept_in_order
from loopcutter_host.repair.templates.padding import padded
from loopcutter_host.repair.templates.put_back import put_back
from loopcutter_host.repair.templates.question import question
from loopcutter_host.repair.templates.renaming import other_side
from loopcutter_host.repair.templates.sentinel import sentinel
from loopcutter_host.repair.templates.set_back import set_back
from loopcutter_host.repair.templates.sign import turned_sign, without_sign
from loopcutter_host.repair.templates.skipped import skipped
from loopcutter_host.repair.templates.slice import sliced, slices
from loopcutter_host.repair.templates.sort_key import sort_key
from loopcutter_host.repair.templates.starting import beginning
from loopcutter_host.repair.templates.statement import borrowed, copied, mirrored, statement
from loopcutter_host.repair.templates.store import along_with, never_stored
from loopcutter_host.repair.templates.symmetry import as_beside, counterpart, symmetric
from loopcutter_host.repair.templates.target import other_target
from loopcutter_host.repair.templates.text import text
from loopcutter_host.repair.templates.tighter import bound_tighter
from loopcutter_host.repair.templates.undo import reset, taken_both_ways, undone
from loopcutter_host.repair.templates.unread import unread
from loopcutter_host.repair.templates.wrapping import wrapped_around

Template = Callable[[ast.AST, Scope], Iterable[Candidate]]

TEMPLATES: tuple[Template, ...] = (
    along_with,
    also_yielded,
    alternative,
    argument,
    arithmetic,
    as_beside,
    as_elsewhere,
    attribute,
    awaiting,
    backwards,
    base_case,
    beginning,
    boolean,
    borrowed,
    both_bounds,
    bound_tighter,
    bounded,
    call,
    capped,
    carried,
    comparison,
    condition,
    constant,
    copied,
    counterpart,
    crossed,
    cut_off,
    derived,
    exception,
    expression,
    far_apart,
    filled_alike,
    first_item,
    flag,
    flow,
    from_another,
    further_test,
    guard,
    imported,
    inherited,
    initial_value,
    items_or_places,
    kept_in_order,
    keyword,
    last_yielded,
    left_out,
    left_over,
    listed,
    lost,
    marked,
    mirrored,
    mutable_default,
    name,
    never_set,
    never_stored,
    next_of,
    off_by_one,
    offset,
    one_empty_item,
    one_more,
    only_then,
    other_end,
    other_side,
    other_target,
    other_way,
    padded,
    put_back,
    question,
    recursion,
    regrouped,
    reset,
    sentinel,
    set_back,
    skipped,
    sliced,
    slices,
    sort_key,
    statement,
    symmetric,
    taken_both_ways,
    term,
    text,
    turned_sign,
    traded,
    undone,
    unread,
    variable,
    without_sign,
    wrapped_around,
)

__all__ = ["TEMPLATES", "Template"]
