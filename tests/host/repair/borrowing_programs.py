"""Small programs whose bug is mended by something that stands elsewhere in them."""

from .programs import Program

BORROWING = (
    Program(
        "missing term",
        """
        def distances(steps):
            travelled = 0
            seen = []
            for step in steps:
                seen.append(travelled + step)
                travelled += step
            return seen
        """,
        "append(travelled + step)",
        "append(step)",
        "def test_it(): assert distances([1, 2, 3]) == [1, 3, 6]",
    ),
    Program(
        "missing maximum",
        """
        def longest(runs):
            best = 0
            for run in runs:
                best = max(best, len(run))
            return best
        """,
        "max(best, len(run))",
        "len(run)",
        """
        def test_first(): assert longest(["aaa", "b"]) == 3
        def test_last(): assert longest(["a", "bbb"]) == 3
        """,
    ),
    Program(
        "forgotten flag",
        """
        def words(text):
            quoted, found, word = False, [], ""
            for letter in text:
                if letter == "'":
                    quoted = not quoted
                elif letter == " " and not quoted:
                    found.append(word)
                    word = ""
                else:
                    word += letter
            quoted = False
            return [*found, word]
        """,
        'letter == " " and not quoted',
        'letter == " "',
        """
        def test_plain(): assert words("a b") == ["a", "b"]
        def test_quoted(): assert words("'a b' c") == ["a b", "c"]
        """,
    ),
    Program(
        "what fills the same place elsewhere",
        """
        def scaled(image, factor):
            return [value * factor for value in image]

        def thumbnail(image, factor, border):
            small = scaled(image, factor)
            return [border, *small]

        def poster(image, factor, border):
            large = scaled(image, factor)
            return [*large, border]
        """,
        "large = scaled(image, factor)",
        "large = scaled(None, factor)",
        """
        def test_small(): assert thumbnail([1, 2], 2, 0) == [0, 2, 4]
        def test_large(): assert poster([1, 2], 2, 0) == [2, 4, 0]
        """,
    ),
    Program(
        "lost countdown",
        """
        class Queue:
            def __init__(self):
                self.items, self.size = [], 0

            def put(self, item):
                self.items.append(item)
                self.size += 1

            def take(self):
                item = self.items.pop(0)
                self.size -= 1
                return item
        """,
        "        self.size -= 1\n",
        "",
        """
        def test_it():
            queue = Queue()
            queue.put("a")
            assert (queue.take(), queue.size) == ("a", 0)
        """,
    ),
    Program(
        "a loop that ends at once",
        """
        def total(numbers):
            result = 0
            for number in numbers:
                result += number
            return result
        """,
        "result += number\n",
        "result += number\n        break\n",
        "def test_it(): assert total([1, 2, 3]) == 6",
    ),
    Program(
        "never set",
        """
        def count(numbers, wanted):
            found = 0
            for number in numbers:
                if number == wanted:
                    found += 1
            return found
        """,
        "    found = 0\n",
        "",
        "def test_it(): assert count([1, 2, 1], 1) == 2",
    ),
    Program(
        "once instead of again and again",
        """
        def without_twos(number):
            while number % 2 == 0:
                number //= 2
            return number
        """,
        "while number % 2 == 0",
        "if number % 2 == 0",
        """
        def test_once(): assert without_twos(6) == 3
        def test_thrice(): assert without_twos(24) == 3
        """,
    ),
    Program(
        "wrong base case",
        """
        def rail(text, rows):
            if rows == 1:
                return text
            step, lines, row = 1, [""] * rows, 0
            for letter in text:
                lines[row] += letter
                step = 1 if row == 0 else -1 if row == rows - 1 else step
                row += step
            return "".join(lines)
        """,
        "    if rows == 1:\n        return text\n",
        "",
        """
        def test_one(): assert rail("abc", 1) == "abc"
        def test_two(): assert rail("abc", 2) == "acb"
        """,
    ),
)
