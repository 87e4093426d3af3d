"""A car park with a bug: the project that models of every temperament are set on."""

PARKING = '''"""What parking costs."""

FREE = 15
HOUR = 200
DAY = 1500


def hours(minutes):
    """Hours to be paid; every hour begun counts."""
    return minutes // 60


def price(minutes):
    """Cents for parking so long; a day is the most it can cost."""
    if minutes <= FREE:
        return 0
    return min(hours(minutes) * HOUR, DAY)


class Gate:
    def __init__(self, places):
        self.places = places
        self.inside = 0

    def enter(self):
        if self.inside >= self.places:
            raise ValueError("full")
        self.inside += 1
'''
TESTS = """from parking import Gate, price


def test_hour_begun_counts():
    assert price(61) == 400, f"got {price(61)}"


def test_full_hour():
    assert price(60) == 200


def test_short_stay_is_free():
    assert price(15) == 0


def test_gate_lets_in():
    Gate(1).enter()
"""
FILES = {"parking.py": PARKING, "tests/test_parking.py": TESTS}
ISSUE = "Parking for 61 minutes costs one hour only."

OLD = "    return minutes // 60\n"
NEW = "    return -(-minutes // 60)\n"
FUNCTION = f'def hours(minutes):\n    """Hours to be paid; every hour begun counts."""\n{NEW}'
FILE = PARKING.replace(OLD, NEW)
BLOCK = f"parking.py\n<<<<<<< SEARCH\n{OLD}=======\n{NEW}>>>>>>> REPLACE\n"
DIFF = (
    "--- a/parking.py\n+++ b/parking.py\n@@ -8,3 +8,3 @@ def hours(minutes):\n"
    f'     """Hours to be paid; every hour begun counts."""\n-{OLD}+{NEW}'
)
