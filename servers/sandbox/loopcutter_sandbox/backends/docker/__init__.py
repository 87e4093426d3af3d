"""Isolation by containers of a Docker engine or Podman: a fresh, hardened container for every run."""

from loopcutter_sandbox.backends.docker.backend import ContainerRunner, Docker
from loopcutter_sandbox.backends.docker.image import DEFAULT as DEFAULT_IMAGE

__all__ = ["DEFAULT_IMAGE", "ContainerRunner", "Docker"]
