"""The case: one issue being worked on. The facts that are known, the tools at hand, the model whose turn it is."""

from dataclasses import dataclass, field, replace
from typing import Any

from loopcutter_host.config import Limits
from loopcutter_host.connections import demand
from loopcutter_host.evidence import Evidence, of_report
from loopcutter_host.guard import GuardedToolbox
from loopcutter_host.model import Attempt, Briefing, Failure, Model, Place, Plan, Proposal
from loopcutter_host.runlog import RunLog
from loopcutter_host.toolbox import use

NO_ANSWER = "no usable answer"
"""How the result of an attempt begins for which the model said nothing that can be used."""
WHOLE_SUITE_S = 20.0
"""A suite that takes longer is asked about the failing tests first, and as a whole only when those pass."""


@dataclass(frozen=True)
class Checkpoint:
    """A state of the workspace that vcs can restore."""

    id: str
    tree: str


@dataclass
class Case:
    """All that the states share. They read and write it; nothing else is kept between them."""

    issue: str
    test_command: str
    workspace: str
    base: Checkpoint
    here: Checkpoint
    """Where the workspace stands."""
    model: Model
    """Whose turn it is."""
    fallback: Model | None
    """Who is asked when the first has nothing left, or when the guard forces template repair."""
    tools: GuardedToolbox
    log: RunLog
    limits: Limits
    evidence: dict[str, Evidence] = field(default_factory=dict)
    """Tree → what its tests showed. Tests are not run twice on one tree."""
    targets: tuple[str, ...] = ()
    """The failing tests that the run is about."""
    coverage: dict[str, Any] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    plan: Plan | None = None
    proposal: Proposal | None = None
    diff: str = ""
    """What the last edit changed."""
    attempts: list[Attempt] = field(default_factory=list)
    directive: str = ""
    rung: str = ""
    shown: set[str] = field(default_factory=set)
    """Trees that retrieval knows."""
    ended_because: str = ""
    """Why nothing more is tried, in a sentence."""

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
            plan=self.plan,
            attempts=tuple(self.attempts),
            directive=self.directive,
            rung=self.rung,
        )

    def _open_failures(self) -> tuple[Failure, ...]:
        """The targets that fail here; those that can't be told apart (a crash) count as they were at the base."""
        return self.now.about(self.targets) or self.baseline.about(self.targets)

    async def run_tests(self, tests: tuple[str, ...] = ()) -> Evidence:
        """Run the tests on the workspace as it stands."""
        await self.publish("sandbox")
        report = await use(
            self.tools,
            "sandbox",
            "run_tests",
            tree=self.here.tree,
            command=self.test_command,
            tests=list(tests),
            timeout_s=self.limits.test_timeout_s,
        )
        seen = of_report(demand(report))
        self.log.write(
            "test", tree=self.here.tree, status=seen.status, summary=seen.summary(), tests=len(tests) or "all"
        )
        return seen

    async def publish(self, remote: str) -> None:
        """Send the workspace as it stands to the server that is to work on it."""
        demand(await use(self.tools, "vcs", "publish", workspace=self.workspace, remote=remote))

    async def show_code(self) -> None:
        """Let retrieval read the workspace as it stands, so that models see the code as it is now."""
        if self.here.tree not in self.shown:
            await self.publish("retrieval")
            demand(await use(self.tools, "retrieval", "index", tree=self.here.tree))
            self.shown.add(self.here.tree)

    def note_attempt(self, result: str, *, kept: bool) -> None:
        """Remember the attempt that was just made, for the next prompt and for the report."""
        attempt = Attempt(
            number=len(self.attempts) + 1,
            model=self.model.name,
            hypothesis=self.plan.hypothesis if self.plan else "",
            why=self.proposal.why if self.proposal else "",
            diff=self.diff,
            result=result,
            kept=kept,
        )
        self.attempts.append(attempt)

    async def roll_back(self, checkpoint: str, reason: str) -> None:
        """Restore the workspace. What was tried stays in the store and can be restored in turn."""
        made = await use(self.tools, "vcs", "rollback", workspace=self.workspace, checkpoint=checkpoint)
        restored = demand(made)["restored"]
        self.here = Checkpoint(restored["id"], restored["tree"])
        self.attempts = [replace(attempt, kept=False) for attempt in self.attempts]
        self.log.write("rollback", checkpoint=self.here.id, tree=self.here.tree, reason=reason)
