"""Small programs of our own, each with one seeded bug of another kind, for the repairer to find."""

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True)
class Program:
    """A module, the words in it that the bug changes, and its tests."""

    name: str
    code: str
    right: str
    wrong: str
    tests: str

    @property
    def files(self) -> dict[str, str]:
        """The program with its bug."""
        code = dedent(self.code).lstrip()
        assert code.count(self.right) == 1, self.name
        tests = f"from program import *\n\n{dedent(self.tests)}"
        return {"program.py": code.replace(self.right, self.wrong), "tests/test_program.py": tests}


PROGRAMS = (
    Program(
        "comparison",
        """
        def free_shipping(total, threshold=50):
            if total >= threshold:
                return True
            return False
        """,
        "total >= threshold",
        "total > threshold",
        """
        def test_at_the_threshold(): assert free_shipping(50)
        def test_above(): assert free_shipping(51)
        def test_below(): assert not free_shipping(49)
        """,
    ),
    Program(
        "boolean operator",
        """
        def may_edit(user, page):
            if page["locked"]:
                return user["admin"]
            return user["name"] == page["owner"] or user["admin"]
        """,
        'page["owner"] or user',
        'page["owner"] and user',
        """
        def test_owner(): assert may_edit({"name": "eve", "admin": False}, {"owner": "eve", "locked": False})
        def test_admin(): assert may_edit({"name": "bob", "admin": True}, {"owner": "eve", "locked": False})
        def test_stranger(): assert not may_edit({"name": "bob", "admin": False}, {"owner": "eve", "locked": False})
        def test_locked(): assert not may_edit({"name": "eve", "admin": False}, {"owner": "eve", "locked": True})
        """,
    ),
    Program(
        "off by one in a range",
        """
        def countdown(start):
            numbers = []
            for each in range(start, -1, -1):
                numbers.append(each)
            return numbers
        """,
        "range(start, -1, -1)",
        "range(start, 0, -1)",
        """
        def test_three(): assert countdown(3) == [3, 2, 1, 0]
        def test_nothing(): assert countdown(0) == [0]
        """,
    ),
    Program(
        "off by one in an index",
        """
        def median(values):
            ordered = sorted(values)
            middle = len(ordered) // 2
            if len(ordered) % 2:
                return ordered[middle]
            return (ordered[middle - 1] + ordered[middle]) / 2
        """,
        "ordered[middle - 1] +",
        "ordered[middle] +",
        """
        def test_odd(): assert median([3, 1, 2]) == 2
        def test_even(): assert median([4, 1, 3, 2]) == 2.5
        def test_two(): assert median([1, 2]) == 1.5
        """,
    ),
    Program(
        "arithmetic operator",
        """
        def price(net, tax_rate, discount=0):
            reduced = net - discount
            return round(reduced * (1 + tax_rate), 2)
        """,
        "net - discount",
        "net + discount",
        """
        def test_plain(): assert price(100, 0.2) == 120
        def test_discount(): assert price(100, 0.2, 10) == 108
        """,
    ),
    Program(
        "augmented operator",
        """
        class Account:
            def __init__(self, balance=0):
                self.balance = balance

            def deposit(self, amount):
                self.balance += amount

            def withdraw(self, amount):
                if amount > self.balance:
                    raise ValueError("overdrawn")
                self.balance -= amount
        """,
        "self.balance -= amount",
        "self.balance += amount",
        """
        def test_in():
            account = Account(5)
            account.deposit(3)
            assert account.balance == 8
        def test_out():
            account = Account(5)
            account.withdraw(3)
            assert account.balance == 2
        """,
    ),
    Program(
        "wrong variable",
        """
        def transpose(rows):
            if not rows:
                return []
            columns = []
            for column in range(len(rows[0])):
                line = []
                for row in range(len(rows)):
                    line.append(rows[row][column])
                columns.append(line)
            return columns
        """,
        "columns.append(line)",
        "columns.append(column)",
        """
        def test_square(): assert transpose([[1, 2], [3, 4]]) == [[1, 3], [2, 4]]
        def test_row(): assert transpose([[1, 2, 3]]) == [[1], [2], [3]]
        def test_empty(): assert transpose([]) == []
        """,
    ),
    Program(
        "swapped arguments",
        """
        def clamp(value, low, high):
            return max(low, min(value, high))

        def volume(percent):
            return clamp(percent, 0, 100) / 100
        """,
        "clamp(percent, 0, 100)",
        "clamp(0, percent, 100)",
        """
        def test_middle(): assert volume(50) == 0.5
        def test_low(): assert volume(-5) == 0
        def test_high(): assert volume(500) == 1
        """,
    ),
    Program(
        "wrong attribute",
        """
        class Timer:
            def __init__(self, limit, grace):
                self.limit = limit
                self.grace = grace
                self.elapsed = 0

            def tick(self, seconds):
                self.elapsed += seconds

            def remaining(self):
                return max(self.limit - self.elapsed, 0)

            def expired(self):
                return self.elapsed > self.limit + self.grace
        """,
        "max(self.limit - self.elapsed, 0)",
        "max(self.limit - self.grace, 0)",
        """
        def timer(seconds):
            each = Timer(10, 2)
            each.tick(seconds)
            return each
        def test_remaining(): assert timer(4).remaining() == 6
        def test_over(): assert timer(14).remaining() == 0
        def test_expired(): assert [timer(12).expired(), timer(13).expired()] == [False, True]
        """,
    ),
    Program(
        "wrong method",
        """
        def initials(name):
            letters = []
            for part in name.split():
                letters.append(part[0].upper())
            return "".join(letters)
        """,
        "part[0].upper()",
        "part[0].lower()",
        """
        def test_two(): assert initials("ada lovelace") == "AL"
        def test_one(): assert initials("plato") == "P"
        """,
    ),
    Program(
        "constant",
        """
        def leap(year):
            if year % 400 == 0:
                return True
            if year % 100 == 0:
                return False
            return year % 4 == 0
        """,
        "year % 4 == 0",
        "year % 3 == 0",
        """
        def test_common(): assert not leap(2023)
        def test_leap(): assert leap(2024)
        def test_century(): assert not leap(1900)
        def test_fourth_century(): assert leap(2000)
        def test_divisible_by_three(): assert not leap(2019)
        """,
    ),
    Program(
        "inverted condition",
        """
        def invite(guests, banned):
            invited = []
            for guest in guests:
                if guest not in banned:
                    invited.append(guest)
            return invited
        """,
        "guest not in banned",
        "guest in banned",
        """
        def test_none_banned(): assert invite(["a", "b"], []) == ["a", "b"]
        def test_one_banned(): assert invite(["a", "b"], ["a"]) == ["b"]
        """,
    ),
    Program(
        "missing not",
        """
        def first_missing(wanted, stock):
            for item in wanted:
                if not stock.get(item):
                    return item
            return None
        """,
        "if not stock",
        "if stock",
        """
        def test_all_there(): assert first_missing(["a", "b"], {"a": 1, "b": 2}) is None
        def test_one_missing(): assert first_missing(["a", "b"], {"a": 1, "b": 0}) == "b"
        """,
    ),
    Program(
        "missing part of a condition",
        """
        def valid_password(text):
            return len(text) >= 8 and any(each.isdigit() for each in text)

        def strength(text):
            if valid_password(text) and len(text) > 12:
                return "strong"
            if valid_password(text):
                return "fair"
            return "weak"
        """,
        "valid_password(text) and len(text) > 12",
        "len(text) > 12",
        """
        def test_strong(): assert strength("abcdefghijkl1") == "strong"
        def test_long_but_no_digit(): assert strength("abcdefghijklmn") == "weak"
        def test_fair(): assert strength("abcdefg1") == "fair"
        def test_short(): assert strength("abc1") == "weak"
        """,
    ),
    Program(
        "missing guard",
        """
        def average(values):
            if not values:
                return 0
            return sum(values) / len(values)
        """,
        "    if not values:\n        return 0\n",
        "",
        """
        def test_some(): assert average([1, 2, 3]) == 2
        def test_none(): assert average([]) == 0
        """,
    ),
    Program(
        "guard against None",
        """
        def labels(items, prefix=None):
            result = []
            for item in items:
                if prefix is not None:
                    item = prefix + item
                result.append(item)
            return result
        """,
        "        if prefix is not None:\n            item = prefix + item\n",
        "        item = prefix + item\n",
        """
        def test_prefix(): assert labels(["a"], "x-") == ["x-a"]
        def test_no_prefix(): assert labels(["a", "b"]) == ["a", "b"]
        """,
    ),
    Program(
        "missing return",
        """
        def describe(count, noun):
            if count == 1:
                return f"one {noun}"
            text = f"{count} {noun}s"
            return text
        """,
        "    return text\n",
        "",
        """
        def test_one(): assert describe(1, "egg") == "one egg"
        def test_many(): assert describe(3, "egg") == "3 eggs"
        """,
    ),
    Program(
        "missing break",
        """
        def until_stop(words):
            taken = []
            for word in words:
                if word == "stop":
                    taken.append(".")
                    break
                taken.append(word)
            return taken
        """,
        '            taken.append(".")\n            break\n',
        '            taken.append(".")\n',
        """
        def test_stops(): assert until_stop(["go", "stop", "now"]) == ["go", "."]
        def test_never(): assert until_stop(["go", "on"]) == ["go", "on"]
        """,
    ),
    Program(
        "wrong initial value",
        """
        def product(factors):
            result = 1
            for factor in factors:
                result *= factor
            return result
        """,
        "result = 1",
        "result = 0",
        """
        def test_some(): assert product([2, 3, 4]) == 24
        def test_none(): assert product([]) == 1
        """,
    ),
    Program(
        "slice bound",
        """
        def rotate(items, by):
            by %= len(items)
            return items[by:] + items[:by]
        """,
        "items[by:] + items[:by]",
        "items[by:] + items[by:]",
        """
        def test_one(): assert rotate([1, 2, 3], 1) == [2, 3, 1]
        def test_two(): assert rotate([1, 2, 3], 2) == [3, 1, 2]
        def test_all(): assert rotate([1, 2, 3], 3) == [1, 2, 3]
        """,
    ),
    Program(
        "missing call",
        """
        def same_letters(one, other):
            return sorted(one.lower()) == sorted(other.lower())
        """,
        "sorted(other.lower())",
        "sorted(other)",
        """
        def test_same(): assert same_letters("listen", "silent")
        def test_case(): assert same_letters("Dormitory", "DirtyRoom")
        def test_other(): assert not same_letters("abc", "abd")
        """,
    ),
    Program(
        "kind of exception",
        """
        def port(settings):
            try:
                return int(settings["port"])
            except KeyError:
                return 8000
        """,
        "except KeyError",
        "except IndexError",
        """
        def test_given(): assert port({"port": "99"}) == 99
        def test_default(): assert port({}) == 8000
        """,
    ),
    Program(
        "mutable default",
        """
        def tag(name, tags=None):
            if tags is None:
                tags = []
            tags.append(name)
            return tags
        """,
        "tags=None):\n    if tags is None:\n        tags = []\n",
        "tags=[]):\n",
        """
        def test_own_list(): assert tag("b", ["a"]) == ["a", "b"]
        def test_not_shared():
            tag("x")
            assert tag("a") == ["a"]
        """,
    ),
    Program(
        "missing await",
        """
        import asyncio

        async def fetch(key):
            await asyncio.sleep(0)
            return {"a": 1, "b": 2}.get(key)

        async def both(one, other):
            first = await fetch(one)
            second = await fetch(other)
            return first + second
        """,
        "second = await fetch",
        "second = fetch",
        """
        import asyncio
        def test_both(): assert asyncio.run(both("a", "b")) == 3
        """,
    ),
    Program(
        "bytes for text",
        """
        import hashlib

        def fingerprint(text):
            return hashlib.sha256(text.encode()).hexdigest()[:8]
        """,
        "text.encode()",
        "text",
        """
        def test_known(): assert fingerprint("abc") == "ba7816bf"
        """,
    ),
    Program(
        "forgotten prefix of a format string",
        """
        def greeting(name, hour):
            part = "morning" if hour < 12 else "evening"
            return f"Good {part}, {name}!"
        """,
        'f"Good',
        '"Good',
        """
        def test_morning(): assert greeting("Ann", 9) == "Good morning, Ann!"
        def test_evening(): assert greeting("Ann", 20) == "Good evening, Ann!"
        """,
    ),
    Program(
        "forgotten attribute",
        """
        class Window:
            def __init__(self, width, height, title):
                self.width = width
                self.height = height
                self.title = title

            def area(self):
                return self.width * self.height

            def caption(self):
                return self.title.upper()
        """,
        "        self.title = title\n",
        "",
        """
        def test_area(): assert Window(2, 3, "x").area() == 6
        def test_caption(): assert Window(2, 3, "x").caption() == "X"
        """,
    ),
    Program(
        "statement inside the loop",
        """
        def totals(rows):
            sums = []
            for row in rows:
                total = 0
                for value in row:
                    total += value
                sums.append(total)
            return sums
        """,
        "            total += value\n        sums.append(total)\n",
        "            total += value\n            sums.append(total)\n",
        """
        def test_rows(): assert totals([[1, 2], [3]]) == [3, 3]
        def test_one(): assert totals([[1, 2, 3]]) == [6]
        """,
    ),
    Program(
        "constant of the module",
        """
        SECONDS = {"s": 1, "m": 60, "h": 3600}

        def duration(text):
            number, unit = text[:-1], text[-1]
            return int(number) * SECONDS[unit]
        """,
        '"m": 60',
        '"m": 61',
        """
        def test_seconds(): assert duration("5s") == 5
        def test_minutes(): assert duration("2m") == 120
        def test_hours(): assert duration("1h") == 3600
        """,
    ),
)
