from till.discount import discount


def test_small_purchases_cost_the_full_price():
    assert [discount(cents) for cents in (0, 1, 12_34, 49_99)] == [0, 0, 0, 0]


def test_the_more_one_buys_the_more_is_taken_off():
    assert [discount(cents) for cents in (60_00, 99_99, 150_00, 300_00)] == [3_00, 5_00, 15_00, 45_00]


def test_the_discount_starts_at_the_amount_on_the_sign():
    assert [discount(cents) for cents in (50_00, 100_00, 250_00)] == [2_50, 10_00, 37_50]


def test_half_a_cent_goes_to_the_customer():
    assert discount(50_10) == 2_51
