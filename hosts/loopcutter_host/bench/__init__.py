"""Measurements that need the whole host: `loopcutter-host bench …`."""
