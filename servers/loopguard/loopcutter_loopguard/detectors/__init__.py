"""The detectors: each looks for one kind of loop in a history, and none does I/O."""

from loopcutter_loopguard.detectors.chanting import chanting
from loopcutter_loopguard.detectors.cycle import cycle
from loopcutter_loopguard.detectors.guessing import guessing
from loopcutter_loopguard.detectors.monologue import monologue
from loopcutter_loopguard.detectors.near_identical import near_identical
from loopcutter_loopguard.detectors.recurrence import recurrence
from loopcutter_loopguard.detectors.refusal import refusal
from loopcutter_loopguard.detectors.repetition import repetition
from loopcutter_loopguard.detectors.retest import retest
from loopcutter_loopguard.detectors.stagnation import stagnation
from loopcutter_loopguard.detectors.staleness import staleness
from loopcutter_loopguard.detectors.undoing import undoing
from loopcutter_loopguard.detectors.vain_search import vain_search
from loopcutter_loopguard.detectors.waiting import waiting
from loopcutter_loopguard.finding import Detector

__all__ = ["ALL"]

ALL: tuple[Detector, ...] = (
    near_identical,
    recurrence,
    undoing,
    stagnation,
    repetition,
    cycle,
    refusal,
    retest,
    vain_search,
    guessing,
    staleness,
    waiting,
    monologue,
    chanting,
)
"""In the order in which they are heard when several find something equally grave."""
