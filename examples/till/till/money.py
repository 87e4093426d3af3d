"""Money as whole cents, so that nothing is lost in fractions."""


def parse(text: str) -> int:
    """The cents in `text`: "12.50" is 1250, "3" is 300."""
    whole, _, rest = text.strip().partition(".")
    if not whole.isdigit() or (rest and not rest.isdigit()) or len(rest) > 2:
        raise ValueError(f"{text!r} is not an amount of money; write it like 12.50")
    return int(whole) * 100 + int(rest.ljust(2, "0"))


def show(cents: int) -> str:
    """The amount as people read it: 1250 is "12.50"."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"
