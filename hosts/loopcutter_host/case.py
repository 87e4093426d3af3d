"""The case: one issue being worked on. The facts that are known, the tools at hand, the model whose turn it is."""

import secrets
from dataclasses import dataclass, field, replace
from typing import Any

from loopcutter_host.config import Limits
from loopcutter_host.connections import demand
from loopcutter_host.errors import Missing
from loopcutter_host.evidence import Evidence, Scope, of_report
from loopcutter_host.guard import JudgedToolbox
from loopcutter_host.locating import Suspicion
from loopcutter_host.model import Attempt, Briefing, Failure, Model, Place, Plan, Proposal, Reading
from loopcutter_host.runlog import RunLog
from loopcutter_host.standing import Checkpoint, Standing
from loopcutter_host.toolbox import use
from loopcutter_loopguard.events import Outcome

__all__ = ["NO_ANSWER", "Case", "Change", "Checkpoint", "Reproduction"]

NO_ANSWER = "no usable answer"
"""How the result of an attempt begins for which the model said nothing that can be used."""


@dataclass(frozen=True)
class Change:
    """What the workspace differs in from the base, after an edit."""

    patch: str
    """Hash of the difference without comments and formatting; empty when nothing differs."""
    symbols: tuple[str, ...]
    """`path::symbol`; `path::` where a file differs outside of functions and classes."""
    size: int
    """Lines added and removed."""


@dataclass(frozen=True)
class Reproduction:
    """A test that shows the bug and was written for this run."""

    path: str
    tests: tuple[str, ...]
    how: str
    """Where it comes from: `the issue's code`, or the model that wrote it."""


@dataclass
class Case:
    """All that the states share. They read and write it; nothing else is kept between them."""

    issue: str
    test_command: str
    workspace: str
    base: Checkpoint
    """What is changed: the user's files, and the test that shows the bug if one had to be written."""
    here: Checkpoint
    """Where the workspace stands."""
    model: Model
    """Whose turn it is."""
    fallback: Model | None
    """Who is asked when the first has nothing left, or when the guard forces template repair."""
    tools: JudgedToolbox
    log: RunLog
    limits: Limits
    prepass: Model | None = None
    """Who may make one attempt before the model is asked anything; None: nobody."""
    second: Model | None = None
    """A second language model, for when the first can't be moved to another approach."""
    ladder: tuple[str, ...] = ()
    """The approaches that the host can execute, in order."""
    climbed: list[str] = field(default_factory=list)
    """Those that were taken."""
    start: Checkpoint | None = None
    """The workspace as the user left it."""
    reproduction: Reproduction | None = None
    keep_test: bool = False
    """Whether that test is part of the patch."""
    allow_test_edits: bool = False
    """Whether a fix may change tests; what decides is then said in the report."""
    best: Standing | None = None
    """The best state that was tested, if it is better than the base."""
    suite: tuple[str, ...] = ()
    """The tests that stand for the suite, when that takes too long; empty: the suite itself."""
    patience_s: float = 0
    """What a single test may take, once a run did not end in time: one that never ends fails then; 0: no bound."""
    evidence: dict[str, Evidence] = field(default_factory=dict)
    """Tree → what its tests showed. Tests are not run twice on one tree."""
    targets: tuple[str, ...] = ()
    """The failing tests that the run is about."""
    coverage: dict[str, Any] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    paths: tuple[str, ...] = ()
    """Files that may be at fault, for a model to choose among."""
    plan: Plan | None = None
    proposal: Proposal | None = None
    author: str = ""
    """Who made it."""
    diff: str = ""
    """What the last edit changed."""
    change: Change | None = None
    """What the workspace differs in from the base since the last edit."""
    attempts: list[Attempt] = field(default_factory=list)
    directive: str = ""
    rung: str = ""
    focus: Place | None = None
    suspicion: Suspicion = field(default_factory=dict)
    readings: dict[str, Reading | None] = field(default_factory=dict)
    """Signature of a failure → what a model read out of it; None when it could not."""
    observation: str = ""
    traces: str = ""
    standings: list[Standing] = field(default_factory=list)
    """Every state that was tested."""
    shown: set[str] = field(default_factory=set)
    """Trees that retrieval knows."""
    ended_because: str = ""
    """Why nothing more is tried, in a sentence."""
    session: str = field(default_factory=lambda: secrets.token_hex(4))
    """Makes the keys of this process unlike those of one that was killed."""
    changes: int = 0
    """Calls that changed something in vcs."""

    @property
    def untouched_start(self) -> Checkpoint:
        """The workspace as the user left it."""
        return self.start or self.base

    @property
    def may_write_tests(self) -> bool:
        """Whether a test may be written when none fails: not when the user named the one that decides."""
        return not self.test_command

    @property
    def now(self) -> Evidence:
        """What is known of the workspace as it stands."""
        return self.evidence.get(self.here.tree, self.baseline)

    @property
    def baseline(self) -> Evidence:
        return self.evidence[self.base.tree]

    def briefing(self) -> Briefing:
        return Briefing(
            issue=self.issue,
            tree=self.here.tree,
            base_tree=self.base.tree,
            failures=self._open_failures(),
            passing=tuple(sorted(self.now.passed)),
            coverage=self.coverage,
            places=self.places,
            paths=self.paths,
            plan=self.plan,
            attempts=tuple(self.attempts),
            directive=self.directive,
            rung=self.rung,
            focus=self.focus,
            suspicion=self.suspicion,
            reading=self.reading,
            observation=self.observation,
            traces=self.traces,
            tests_may_change=self.allow_test_edits,
        )

    @property
    def reading(self) -> Reading | None:
        """What was read out of the first failure that is open here."""
        failures = self._open_failures()
        return self.readings.get(failures[0].signature) if failures else None

    def _open_failures(self) -> tuple[Failure, ...]:
        """The targets that fail here; those that can't be told apart (a crash) count as they were at the base."""
        return self.now.about(self.targets) or self.baseline.about(self.targets)

    async def run_tests(self, tests: tuple[str, ...] = (), scope: Scope = "whole") -> Evidence:
        """Run tests on the workspace as it stands; without any named, those that stand for the suite."""
        tests = tests or self.suite
        await self.publish("sandbox")
        report = await use(
            self.tools,
            "sandbox",
            "run_tests",
            tree=self.here.tree,
            command=self.test_command,
            tests=list(tests),
            timeout_s=self.limits.test_timeout_s,
            test_timeout_s=self.patience_s,
        )
        seen = of_report(demand(report), scope=scope, asked=tests)
        self.log.write(
            "test",
            tree=self.here.tree,
            status=seen.status,
            summary=seen.summary(),
            tests=len(tests) or "all",
            scope=scope,
        )
        return seen

    async def vcs(self, tool: str, **arguments: Any) -> Outcome:
        """Change something in the workspace's store. The key makes a call that is sent twice count once."""
        self.changes += 1
        key = f"{self.log.run}-{self.session}-{self.changes}"
        return await use(self.tools, "vcs", tool, workspace=self.workspace, idempotency_key=key, **arguments)

    async def publish(self, remote: str) -> None:
        """Send the workspace as it stands to the server that is to work on it."""
        sent = await use(self.tools, "vcs", "publish", workspace=self.workspace, remote=remote)
        if not sent.ok:
            raise Missing(f"the files could not be sent to {remote}: {sent.text}.", "See 'loopcutter-host doctor'.")

    async def show_code(self) -> None:
        """Let retrieval read the workspace as it stands, so that models see the code as it is now."""
        if self.here.tree not in self.shown:
            await self.publish("retrieval")
            demand(await use(self.tools, "retrieval", "index", tree=self.here.tree))
            self.shown.add(self.here.tree)

    def note_attempt(self, result: str, *, kept: bool) -> Attempt:
        """Remember the attempt that was just made, for the next prompt and for the report."""
        edits = self.proposal.edits if self.proposal else ()
        named = tuple(f"{edit.get('path', '')}::{edit.get('symbol', '')}" for edit in edits if edit.get("symbol"))
        attempt = Attempt(
            number=len(self.attempts) + 1,
            model=self.author or self.model.name,
            hypothesis=self.plan.hypothesis if self.plan else "",
            why=self.proposal.why if self.proposal else "",
            diff=self.diff,
            result=result,
            kept=kept,
            checkpoint=self.here.id if self.diff else "",
            patch=self.change.patch if self.change and self.diff else "",
            symbols=self.change.symbols if self.change and self.diff else named,
            kinds=tuple(dict.fromkeys(str(edit.get("kind", "")) for edit in edits)),
        )
        self.attempts.append(attempt)
        return attempt

    async def roll_back(self, checkpoint: str, reason: str) -> None:
        """Restore the workspace. What was tried stays in the store and can be restored in turn."""
        if checkpoint == self.untouched_start.id:
            checkpoint = self.base.id  # the test that shows the bug stays
        restored = demand(await self.vcs("rollback", checkpoint=checkpoint))["restored"]
        self.here = Checkpoint(restored["id"], restored["tree"])
        self.attempts = [replace(attempt, kept=False) for attempt in self.attempts]
        self.log.write("rollback", checkpoint=self.here.id, tree=self.here.tree, reason=reason)
