"""What every server needs to be served: options, token, TLS, health, a clean stop, and a door for pushed trees."""

from loopcutter_serving.errors import Misconfigured, ServingError, Unavailable
from loopcutter_serving.options import ServingOptions, serving_options
from loopcutter_serving.running import run
from loopcutter_serving.store import store_option

__all__ = ["Misconfigured", "ServingError", "ServingOptions", "Unavailable", "run", "serving_options", "store_option"]
