"""Fresh programs about codes, words and tables: written by somebody who had not read the templates."""

from programs.draws import mixed, packed, spans, transformed
from programs.program import Program, word

PROGRAMS = (
    Program(
        "inverse_burrows_wheeler",
        """
        def inverse_burrows_wheeler(last):
            first = sorted(range(len(last)), key=lambda at: last[at])
            at = last.index("$")
            text = []
            for _ in range(len(last) - 1):
                at = first[at]
                text.append(last[at])
            return "".join(text)
        """,
        (("$",), ("a$",), ("annb$aa",), ("ab$",), ("b$a",), ("abn$baab",)),
        transformed,
        ('at = last.index("$")', "at = 0"),
    ),
    Program(
        "lzw_decode",
        """
        def lzw_decode(codes, alphabet):
            table = list(alphabet)
            previous = table[codes[0]]
            text = previous
            for code in codes[1:]:
                if code < len(table):
                    entry = table[code]
                else:
                    entry = previous + previous[0]
                text += entry
                table.append(previous + entry[0])
                previous = entry
            return text
        """,
        (
            ([0], "ab"),
            ([0, 1, 1], "ab"),
            ([0, 2, 3], "ab"),
            ([0, 1, 2, 4, 0], "ab"),
            ([2, 0, 3, 4], "abc"),
            ([1, 0, 0, 1, 2, 3], "ab"),
        ),
        packed,
        ("table.append(previous + entry[0])", "table.append(previous + entry[-1])"),
    ),
    Program(
        "z_array",
        """
        def z_array(text):
            size = len(text)
            z = [0] * size
            left = right = 0
            for i in range(1, size):
                if i < right:
                    z[i] = min(right - i, z[i - left])
                while i + z[i] < size and text[z[i]] == text[i + z[i]]:
                    z[i] += 1
                if i + z[i] > right:
                    left, right = i, i + z[i]
            return z
        """,
        (("",), ("a",), ("aaaa",), ("abcabc",), ("aabxaab",), ("abab",), ("aabaacaabaab",)),
        lambda dice: (word(dice, "ab", 14),),
        ("z[i] = min(right - i, z[i - left])", "z[i] = max(right - i, z[i - left])"),
    ),
    Program(
        "smallest_window",
        """
        from collections import Counter


        def smallest_window(text, letters):
            need = Counter(letters)
            missing = len(letters)
            best = None
            start = 0
            for end, letter in enumerate(text, 1):
                if need[letter] > 0:
                    missing -= 1
                need[letter] -= 1
                while missing == 0:
                    if best is None or end - start < len(best):
                        best = text[start:end]
                    need[text[start]] += 1
                    if need[text[start]] > 0:
                        missing += 1
                    start += 1
            return best
        """,
        (
            ("adobecodebanc", "abc"),
            ("a", "a"),
            ("a", "aa"),
            ("aab", "ab"),
            ("abcba", "ca"),
            ("bbaa", "aba"),
        ),
        lambda dice: (word(dice, "abc", 10), dice.choice("abc") + word(dice, "abc", 3)),
        (
            "            if need[text[start]] > 0:\n",
            "            if need[text[start]] >= 0:\n",
        ),
    ),
    Program(
        "huffman_lengths",
        """
        import heapq
        from collections import Counter


        def huffman_lengths(text):
            heap = [(count, letter) for letter, count in Counter(text).items()]
            heapq.heapify(heap)
            depth = dict.fromkeys(text, 0)
            while len(heap) > 1:
                light, some = heapq.heappop(heap)
                heavy, others = heapq.heappop(heap)
                for letter in some + others:
                    depth[letter] += 1
                heapq.heappush(heap, (light + heavy, some + others))
            return depth
        """,
        (
            ("",),
            ("aaa",),
            ("abab",),
            ("aaaabbc",),
            ("abracadabra",),
            ("mississippi river",),
        ),
        lambda dice: (word(dice, "aaabbcdef", 16),),
        ("heapq.heappush(heap, (light + heavy, some + others))", "heapq.heappush(heap, (heavy, some + others))"),
    ),
    Program(
        "is_interleaving",
        """
        def is_interleaving(first, second, mixed):
            if len(first) + len(second) != len(mixed):
                return False
            reach = [[False] * (len(second) + 1) for _ in range(len(first) + 1)]
            reach[0][0] = True
            for i in range(len(first) + 1):
                for j in range(len(second) + 1):
                    if i > 0 and first[i - 1] == mixed[i + j - 1]:
                        reach[i][j] |= reach[i - 1][j]
                    if j > 0 and second[j - 1] == mixed[i + j - 1]:
                        reach[i][j] |= reach[i][j - 1]
            return reach[-1][-1]
        """,
        (
            ("", "", ""),
            ("a", "", "a"),
            ("ab", "cd", "acbd"),
            ("ab", "cd", "cabd"),
            ("ab", "ab", "aabb"),
            ("aab", "abb", "bababa"),
            ("ab", "b", "bab"),
            ("baab", "b", "babab"),
        ),
        mixed,
        ("reach[i][j] |= reach[i][j - 1]", "reach[i][j] = reach[i][j - 1]"),
    ),
    Program(
        "weighted_intervals",
        """
        from bisect import bisect_right


        def weighted_intervals(jobs):
            jobs = sorted(jobs, key=lambda job: job[1])
            ends = [end for _, end, _ in jobs]
            best = [0]
            for i, (start, end, gain) in enumerate(jobs):
                compatible = bisect_right(ends, start, 0, i)
                best.append(max(best[-1], best[compatible] + gain))
            return best[-1]
        """,
        (
            ([],),
            ([(1, 3, 5)],),
            ([(1, 3, 5), (3, 6, 4)],),
            ([(1, 4, 5), (3, 6, 7), (5, 8, 4)],),
            ([(0, 2, 1), (2, 4, 1), (4, 6, 1), (0, 6, 2)],),
            ([(4, 9, 8), (0, 5, 3), (5, 7, 6)],),
        ),
        spans,
        ("jobs = sorted(jobs, key=lambda job: job[1])", "jobs = sorted(jobs)"),
    ),
    Program(
        "permutation_rank",
        """
        def factorial(n):
            return 1 if n < 2 else n * factorial(n - 1)


        def permutation_rank(items):
            rank = 0
            for i, item in enumerate(items):
                smaller = sum(1 for later in items[i + 1:] if later < item)
                rank += smaller * factorial(len(items) - i - 1)
            return rank
        """,
        (([],), ([1],), ([2, 1],), ([1, 2, 3],), ([3, 2, 1],), ([2, 3, 1],), ([4, 1, 3, 2],)),
        lambda dice: (dice.sample(range(9), dice.randint(0, 7)),),
        ("factorial(len(items) - i - 1)", "factorial(len(items) - i)"),
    ),
    Program(
        "chinese_remainder",
        """
        def inverse(number, modulus):
            old, new = modulus, number % modulus
            before, current = 0, 1
            while new > 1:
                quotient = old // new
                old, new = new, old - quotient * new
                before, current = current, before - quotient * current
            return current % modulus


        def chinese_remainder(pairs):
            product = 1
            for _, modulus in pairs:
                product *= modulus
            answer = 0
            for remainder, modulus in pairs:
                rest = product // modulus
                answer += remainder * rest * inverse(rest, modulus)
            return answer % product
        """,
        (
            ([(2, 3), (3, 5), (2, 7)],),
            ([(0, 3)],),
            ([(1, 2), (2, 3)],),
            ([(3, 4), (4, 9), (1, 5)],),
            ([],),
            ([(6, 7), (7, 11), (2, 13)],),
        ),
        lambda dice: ([(dice.randrange(each), each) for each in dice.sample([3, 4, 5, 7, 11], dice.randint(1, 4))],),
        ("answer += remainder * rest * inverse(rest, modulus)", "answer += remainder * rest * inverse(modulus, rest)"),
    ),
)
