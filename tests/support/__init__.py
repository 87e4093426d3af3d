"""Small honest implementations that the tests use in the place of servers and models."""
