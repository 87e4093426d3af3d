"""Fresh programs about games and machines, step by step: written by somebody who had not read the templates."""

import random
from typing import Any

from programs.program import Program, word


def rolls(dice: random.Random) -> tuple[Any, ...]:
    """The pins of a whole game of bowling."""
    pins = []
    for _ in range(9):
        first = dice.choice([10, 10, dice.randint(0, 9)])
        pins += [first] if first == 10 else [first, dice.choice([10 - first, dice.randint(0, 10 - first)])]
    first = dice.randint(0, 10)
    second = dice.randint(0, 10 if first == 10 else 10 - first)
    return ([*pins, first, second, *([dice.randint(0, 9)] if first == 10 or first + second == 10 else [])],)


def loops(dice: random.Random, depth: int = 2) -> str:
    """A program for the tape machine that ends for certain: every loop counts its cell down."""
    parts = []
    for _ in range(dice.randint(1, 4)):
        kind = dice.choice(["+", "++", "+.", ".", ">+", "-", "loop"]) if depth else dice.choice(["+", ".", "-"])
        parts.append(f"+++[->{loops(dice, depth - 1).replace('>', '')}<]>" if kind == "loop" and depth else kind)
    return "".join(parts)


def board(dice: random.Random) -> tuple[Any, ...]:
    """A board after some moves."""
    cells = [" "] * 9
    for i, place in enumerate(dice.sample(range(9), dice.randint(3, 8))):
        cells[place] = "xo"[i % 2]
    return ("".join(cells), "ox"[cells.count("x") == cells.count("o")])


PROGRAMS = (
    Program(
        "bowling_score",
        """
        def bowling_score(rolls):
            score = place = 0
            for _ in range(10):
                if rolls[place] == 10:
                    score += 10 + rolls[place + 1] + rolls[place + 2]
                    place += 1
                elif rolls[place] + rolls[place + 1] == 10:
                    score += 10 + rolls[place + 2]
                    place += 2
                else:
                    score += rolls[place] + rolls[place + 1]
                    place += 2
            return score
        """,
        (
            ([0] * 20,),
            ([1] * 20,),
            ([10] * 12,),
            ([5] * 21,),
            ([7, 3, 4, 2, *[0] * 16],),
            ([0] * 18 + [10, 2, 3],),
            ([10, 3, 4, *[1] * 16],),
        ),
        rolls,
        ("            score += 10 + rolls[place + 2]\n", "            score += 10 + rolls[place + 1]\n"),
    ),
    Program(
        "cell_rows",
        """
        def cell_rows(rule, row, steps):
            rows = [row]
            for _ in range(steps):
                cells = [int(cell == "#") for cell in "." + rows[-1] + "."]
                following = ""
                for i in range(1, len(cells) - 1):
                    pattern = (cells[i - 1] << 2) + (cells[i] << 1) + cells[i + 1]
                    following += "#" if rule >> pattern & 1 else "."
                rows.append(following)
            return rows
        """,
        (
            (30, "..#..", 0),
            (0, "##.#", 2),
            (255, "....", 1),
            (90, "...#...", 3),
            (30, "..#..", 2),
            (110, "....##", 4),
        ),
        lambda dice: (dice.randint(0, 255), word(dice, ".#"), dice.randint(0, 4)),
        ("(cells[i - 1] << 2) + (cells[i] << 1) + cells[i + 1]", "cells[i - 1] << 2 + cells[i] << 1 + cells[i + 1]"),
    ),
    Program(
        "round_robin",
        """
        from collections import deque


        def round_robin(jobs, slice_length):
            coming = deque(sorted((start, name, work) for name, start, work in jobs))
            waiting = deque()
            ends = {}
            now = 0
            while coming or waiting:
                if not waiting:
                    now = max(now, coming[0][0])
                while coming and coming[0][0] <= now:
                    _, name, work = coming.popleft()
                    waiting.append((name, work))
                name, work = waiting.popleft()
                spent = min(work, slice_length)
                now += spent
                while coming and coming[0][0] <= now:
                    _, other, more = coming.popleft()
                    waiting.append((other, more))
                if work > spent:
                    waiting.append((name, work - spent))
                else:
                    ends[name] = now
            return ends
        """,
        (
            ([], 3),
            ([("a", 0, 6)], 2),
            ([("a", 0, 4), ("b", 0, 2)], 2),
            ([("a", 5, 3), ("b", 0, 3)], 3),
            ([("a", 0, 5), ("b", 1, 3), ("c", 2, 1)], 2),
            ([("a", 0, 1), ("b", 9, 1)], 4),
        ),
        lambda dice: (
            [(name, dice.randint(0, 9), dice.randint(1, 7)) for name in "abcd"[: dice.randint(0, 4)]],
            dice.randint(1, 4),
        ),
        ("spent = min(work, slice_length)", "spent = slice_length"),
    ),
    Program(
        "clock_faults",
        """
        def clock_faults(pages, size):
            frames = [None] * size
            used = [False] * size
            hand = faults = 0
            for page in pages:
                if page in frames:
                    used[frames.index(page)] = True
                    continue
                faults += 1
                while used[hand]:
                    used[hand] = False
                    hand = (hand + 1) % size
                frames[hand] = page
                hand = (hand + 1) % size
            return faults, frames
        """,
        (
            ([], 2),
            ([1, 2, 3], 3),
            ([1, 2, 3, 4], 2),
            ([1, 1, 1], 1),
            ([1, 2, 1, 2, 3], 2),
            ([1, 2, 2, 3, 2, 4, 1], 3),
            ([5, 5, 6, 5], 1),
        ),
        lambda dice: ([dice.randint(1, 5) for _ in range(dice.randint(0, 12))], dice.randint(1, 4)),
        ("            used[hand] = False\n", ""),
    ),
    Program(
        "ant_walk",
        """
        def ant_walk(steps, black):
            black = set(black)
            x = y = 0
            across, up = 0, 1
            for _ in range(steps):
                if (x, y) not in black:
                    across, up = up, -across
                    black.add((x, y))
                else:
                    across, up = -up, across
                    black.remove((x, y))
                x, y = x + across, y + up
            return (x, y), sorted(black)
        """,
        (
            (0, [(1, 1)]),
            (1, []),
            (1, [(0, 0)]),
            (5, []),
            (11, []),
            (6, [(1, 0), (0, 0), (1, -1)]),
        ),
        lambda dice: (
            dice.randint(0, 20),
            sorted({(dice.randint(-1, 1), dice.randint(-1, 1)) for _ in range(dice.randint(0, 5))}),
        ),
        ("across, up = up, -across", "across, up = -up, -across"),
    ),
    Program(
        "tape_machine",
        """
        def tape_machine(code):
            jumps, opened = {}, []
            for i, sign in enumerate(code):
                if sign == "[":
                    opened.append(i)
                elif sign == "]":
                    start = opened.pop()
                    jumps[start], jumps[i] = i, start
            tape, written = {}, []
            head = place = 0
            while place < len(code):
                sign = code[place]
                if sign == ">":
                    head += 1
                elif sign == "<":
                    head -= 1
                elif sign in "+-":
                    tape[head] = tape.get(head, 0) + (1 if sign == "+" else -1)
                elif sign == ".":
                    written.append(tape.get(head, 0))
                elif sign == "[" and not tape.get(head, 0):
                    place = jumps[place]
                elif sign == "]" and tape.get(head, 0):
                    place = jumps[place]
                place += 1
            return written
        """,
        (
            ("",),
            ("++.>.",),
            ("+-.--.",),
            ("+++[-].",),
            ("[.]",),
            ("++[->+++<]>.",),
            ("++[->++[->+<]<]>>.",),
            ("[[+]].+.",),
        ),
        lambda dice: (loops(dice),),
        ("start = opened.pop()", "start = opened.pop(0)"),
    ),
    Program(
        "noughts_and_crosses",
        """
        LINES = ((0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6))


        def won(board, player):
            return any(all(board[i] == player for i in line) for line in LINES)


        def outlook(board, player):
            other = "o" if player == "x" else "x"
            if won(board, other):
                return -1
            if " " not in board:
                return 0
            best = -1
            for i in range(9):
                if board[i] == " ":
                    best = max(best, -outlook(board[:i] + player + board[i + 1 :], other))
            return best


        def noughts_and_crosses(board, player):
            return outlook(board, player)
        """,
        (
            ("xoxoxoox ", "x"),
            ("xoxxoo xo", "x"),
            ("xx oo    ", "x"),
            ("xx oo   x", "o"),
            ("xxx oo   ", "o"),
            ("xoxxo ox ", "x"),
            ("x o x   o", "x"),
        ),
        board,
        ("best = max(best, -outlook(", "best = max(best, outlook("),
    ),
)
