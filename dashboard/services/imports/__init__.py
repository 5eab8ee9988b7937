"""Importing statements: files that wait, what is said about them, and putting their rows into a book."""

from __future__ import annotations

from dashboard.services.imports.files import Order, check, clean_name, commit, import_file, receive

__all__ = ["Order", "check", "clean_name", "commit", "import_file", "receive"]
