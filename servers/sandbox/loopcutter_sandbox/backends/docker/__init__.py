"""Isolation by containers of a Docker engine or Podman: a fresh, hardened container for every run."""

from loopcutter_sandbox.backends.docker.backend import ContainerRunner, Docker

__all__ = ["ContainerRunner", "Docker"]
