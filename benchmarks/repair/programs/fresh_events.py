"""Fresh programs about what goes on step by step: written by somebody who had not read the templates."""

from programs.program import Program, numbers, word


def ballots(dice):
    """Ranked votes."""
    names = list("abcd"[: dice.randint(1, 4)])
    return [dice.sample(names, len(names)) for _ in range(dice.randint(1, 9))]


def edits(dice):
    """What a typist does."""
    return [dice.choice(("type a", "type b", "type xy", "undo", "undo", "redo")) for _ in range(dice.randint(0, 12))]


PROGRAMS = (
    Program(
        "rate_limiter",
        """
        from collections import deque


        class Limiter:
            def __init__(self, limit, window):
                self.limit = limit
                self.window = window
                self.hits = deque()

            def allow(self, now):
                while self.hits and self.hits[0] <= now - self.window:
                    self.hits.popleft()
                if len(self.hits) >= self.limit:
                    return False
                self.hits.append(now)
                return True


        def rate_limiter(times, limit, window):
            limiter = Limiter(limit, window)
            return [t for t in times if limiter.allow(t)]
        """,
        (
            ([1, 2, 3], 2, 10),
            ([], 1, 1),
            ([1, 2, 3, 11, 12, 13], 2, 10),
            ([1, 1, 1, 2, 2, 3], 1, 2),
            ([5, 10, 15], 1, 5),
        ),
        lambda dice: (sorted(numbers(dice, 10, 0, 20)), dice.randint(1, 3), dice.randint(1, 6)),
        ("            return False\n", "            self.hits.append(now)\n            return False\n"),
    ),
    Program(
        "robot_walk",
        """
        STEPS = [(0, 1), (1, 0), (0, -1), (-1, 0)]


        class Robot:
            def __init__(self):
                self.x = self.y = 0
                self.facing = 0

            def do(self, command):
                if command == "L":
                    self.facing = (self.facing - 1) % 4
                elif command == "R":
                    self.facing = (self.facing + 1) % 4
                else:
                    dx, dy = STEPS[self.facing]
                    self.x += dx
                    self.y += dy


        def robot_walk(commands):
            robot = Robot()
            for c in commands:
                robot.do(c)
            return robot.x, robot.y, "NESW"[robot.facing]
        """,
        (("",), ("GGRG",), ("LG",), ("RRRRG",), ("LLLLLG",), ("LGLGLGLGLGG",)),
        lambda dice: (word(dice, "LLLGGR", 16),),
        ("self.facing = (self.facing - 1) % 4", "self.facing = self.facing - 1"),
    ),
    Program(
        "runoff_winner",
        """
        def runoff_winner(ballots):
            out = set()
            while True:
                tally = {}
                for ballot in ballots:
                    for name in ballot:
                        if name not in out:
                            tally.setdefault(name, 0)
                    choice = next(name for name in ballot if name not in out)
                    tally[choice] += 1
                leader = max(tally, key=tally.get)
                if tally[leader] * 2 > len(ballots):
                    return leader
                if len(tally) == 1:
                    return leader
                loser = min(tally, key=lambda name: (tally[name], name))
                out.add(loser)
        """,
        (
            ([["a", "b"], ["b", "a"], ["b", "a"]],),
            ([["a"]],),
            ([["a", "b", "c"], ["a", "c", "b"], ["a", "b", "c"], ["c", "b", "a"], ["b", "c", "a"]],),
            ([["a", "b"], ["b", "a"]],),
            ([["a", "b", "c"], ["a", "b", "c"], ["b", "a", "c"], ["c", "a", "b"], ["c", "b", "a"]],),
            ([["a", "b"], ["a", "b"], ["b", "a"]],),
        ),
        lambda dice: (ballots(dice),),
        (
            "loser = min(tally, key=lambda name: (tally[name], name))",
            "loser = min(tally)",
        ),
    ),
    Program(
        "till_queue",
        """
        import heapq


        def till_queue(customers, tills):
            \"\"\"When the last customer leaves.\"\"\"
            free_at = [0] * tills
            for minutes in customers:
                soonest = heapq.heappop(free_at)
                heapq.heappush(free_at, soonest + minutes)
            return max(free_at)
        """,
        (
            ([5, 3, 4], 1),
            ([10, 2, 3, 3], 2),
            ([], 1),
            ([2, 2, 2], 3),
            ([1, 9, 2, 8, 3, 7, 4], 3),
            ([5, 1, 1, 5, 5, 1, 1], 3),
        ),
        lambda dice: (numbers(dice, 12, 1, 9), dice.randint(1, 4)),
        ("heapq.heappush(free_at, soonest + minutes)", "free_at.append(soonest + minutes)"),
    ),
    Program(
        "undo_redo",
        """
        class Editor:
            def __init__(self):
                self.text = ""
                self.undone = []
                self.history = []

            def write(self, more):
                self.history.append(self.text)
                self.undone.clear()
                self.text += more

            def undo(self):
                if self.history:
                    self.undone.append(self.text)
                    self.text = self.history.pop()

            def redo(self):
                if self.undone:
                    self.history.append(self.text)
                    self.text = self.undone.pop()


        def undo_redo(commands):
            editor = Editor()
            for command in commands:
                if command == "undo":
                    editor.undo()
                elif command == "redo":
                    editor.redo()
                else:
                    editor.write(command.split(" ", 1)[1])
            return editor.text
        """,
        (
            (["type a", "type b", "undo"],),
            ([],),
            (["type a", "undo", "redo"],),
            (["type a", "undo", "type b", "redo"],),
            (["undo", "redo", "type xy"],),
            (["type a", "type b", "undo", "undo", "redo", "type c", "redo"],),
        ),
        lambda dice: (edits(dice),),
        ("        self.undone.clear()\n", ""),
    ),
)
