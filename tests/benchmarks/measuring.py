"""How a figure is taken and said: in turn with its floor, the median, and whether what is aimed at is reached."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

ROUNDS = 7
_results: list[tuple[str, str, str, str]] = []


def report(what: str, figure: str, reach: str, met: bool | None = None) -> None:
    """Print one row and keep it for the verdict."""
    verdict = "" if met is None else "ok" if met else "MISSED"
    _results.append((what, figure, reach, verdict))
    print(f"{what:<58} {figure:<44} {reach:<18} {verdict}", flush=True)


def missed() -> list[str]:
    """Return what was aimed at and not reached."""
    return [what.strip() for what, _, _, verdict in _results if verdict == "MISSED"]


def in_turn(runs: list[Callable[[], object]], rounds: int = ROUNDS) -> list[float]:
    """Time several things in turn, once before it counts, and return their medians in milliseconds."""
    times: list[list[float]] = [[] for _ in runs]
    for turn in range(rounds + 1):
        for kept, run in zip(times, runs, strict=True):
            begun = time.perf_counter()
            run()
            if turn:
                kept.append((time.perf_counter() - begun) * 1000)
    return [statistics.median(kept) for kept in times]


def alternate(one: Callable[[], object], other: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Time two things in turn and return their medians in milliseconds."""
    mine, least = in_turn([one, other], rounds)
    return mine, least
