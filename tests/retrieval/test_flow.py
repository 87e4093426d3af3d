"""What is known of the objects that methods are called on."""

import time

from loopcutter_retrieval.python import Python


def calls(source: str, name: str) -> tuple[str, ...]:
    return next(one.calls for one in Python().outline(source.encode()).symbols if one.name == name)


def test_variable_holds_what_was_called_to_make_it() -> None:
    source = "def pay():\n    cart = shop.Cart(1)\n    bill = make(cart)\n    cart.total()\n    bill.send()\n"
    assert calls(source, "pay") == ("shop.Cart", "make", "<shop.Cart>cart.total", "<make>bill.send")


def test_parameter_and_variable_hold_what_their_annotations_say() -> None:
    source = """
def pay(cart: "Cart", till: Optional[Till] = None, box: Box | None = None, *, many: list[Cart], kind="x"):
    bill: Bill = kind
    for one in (cart, till, box, many, kind, bill):
        cart.a(); till.b(); box.c(); many.d(); kind.e(); bill.f()
"""
    assert calls(source, "pay") == ("<Cart>cart.a", "<Till>till.b", "<Box>box.c", "many.d", "kind.e", "<Bill>bill.f")


def test_annotated_variable_is_known_where_no_parameter_has_a_type() -> None:
    source = "cart: Cart = given\n\n\ndef pay(till):\n    box: Box = till\n    cart.total()\n    box.lift()\n"
    assert calls(source, "pay") == ("<Cart>cart.total", "<Box>box.lift")


def test_attribute_of_self_is_known_in_all_methods_of_its_class() -> None:
    source = """
class Till:
    cart: Cart

    def __init__(self, box: Box):
        self.box = box
        self.bill = None

    def open(self):
        self.bill = Bill()

    def ring(self):
        self.cart.total(); self.box.lift(); self.bill.send(); self.other.go(); self.box.lid.open()


class Other:
    def ring(self):
        self.box.lift()
"""
    assert calls(source, "Till.ring") == (
        *("<Cart>self.cart.total", "<Box>self.box.lift", "<Bill>self.bill.send"),
        *("self.other.go", "self.box.lid.open"),
    )
    assert calls(source, "Other.ring") == ("self.box.lift",)


def test_variable_of_the_module_is_known_where_no_other_has_its_name() -> None:
    source = """
cart = Cart()

def pay():
    cart.total()

def refund(cart):
    cart.total()

def swap():
    cart = 3
    cart.total()

def either():
    cart = Cart()
    cart = Till()
    cart.total()
"""
    assert [calls(source, name)[-1:] for name in ("pay", "refund", "swap", "either")] == [
        ("<Cart>cart.total",),
        ("cart.total",),
        ("cart.total",),
        ("cart.total",),
    ]


def test_variable_that_also_gets_another_value_is_not_known() -> None:
    source = """
def pay(lines):
    cart = Cart()
    cart = lines[0]
    bill = Bill()
    bill = bill.signed().sent
    box = Box().open()
    for till in lines:
        till = Till()
    cart.a(); bill.b(); box.c(); till.d()
"""
    assert calls(source, "pay")[-4:] == ("cart.a", "bill.b", "box.c", "till.d")


def test_long_lines_annotations_and_names_cost_no_more_than_their_length() -> None:
    one_line = "; ".join(f"a{at} = make{at}()" for at in range(40_000))
    long_parameter = f"def pay(cart: {' ' * 400_000}Cart, till: {'x ' * 200_000}): cart.total()\n"
    began = time.process_time()
    long_name = f"cart = {'a.' * 100_000}Cart()\n" + "".join(f"cart.f{at}()\n" for at in range(20_000))
    assert len(calls(one_line, "")) == 40_000
    assert sum(map(len, calls(long_name, ""))) < 1_000_000
    assert calls(long_parameter, "pay") == ("<Cart>cart.total",)
    assert time.process_time() - began < 20


def test_super_is_told_apart_from_self() -> None:
    source = "class Gift(Cart):\n    def total(self):\n        return super().total() + super(Gift, self).tax()\n"
    assert calls(source, "Gift.total") == ("super.total", "super", "super.tax")


def test_what_a_function_says_it_returns_is_kept() -> None:
    source = 'def make() -> "Cart":\n    def inner() -> Box: ...\n\n\ndef none() -> None: ...\n'
    facts = {one.name: one.facts for one in Python().outline(source.encode()).symbols}
    assert (facts["make"], facts["none"]) == (("returns Cart",), ())
