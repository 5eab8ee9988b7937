"""Sample data: a made-up household for an empty book, put in as one change and taken out as one."""

from __future__ import annotations

from dashboard.services.demo.demo import load, remove

__all__ = ["load", "remove"]
