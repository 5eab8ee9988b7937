"""Reading bank files: bytes in, rows and reasons out. Knows no database and no web."""

from __future__ import annotations

from dashboard.statements.reader import read
from dashboard.statements.shapes import Ends, Hints, Option, Part, Proof, Question, Reading, Rejected, Row, Statement

__all__ = ["Ends", "Hints", "Option", "Part", "Proof", "Question", "Reading", "Rejected", "Row", "Statement", "read"]
