"""Run a command in a process of its own and measure it."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

# A run that takes less is repeated, and the medians count.
SHORT_SECONDS = 60


@dataclass(frozen=True)
class Measurement:
    """What a run took: seconds by the clock, seconds of all cores, bytes of memory at the highest."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    runs: int = 1

    def as_dict(self) -> dict:
        """Return it for JSON."""
        return asdict(self)


class RunFailedError(Exception):
    """A measured command that failed; the message has its last lines."""


def run(command: list[str], settings: dict[str, str], log: Path) -> Measurement:
    """Run python with arguments once. CPU and memory are those of the process and of all that it waited for."""
    log.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, *command], env=os.environ | settings, stdout=file, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        lines = log.read_text(encoding="utf-8").splitlines()[-15:]
        raise RunFailedError(f"{' '.join(command)} failed. The log is {log}.\n" + "\n".join(lines))
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return Measurement(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def measure(once: Callable[[], Measurement], runs: int) -> Measurement:
    """Run once, and what is short as often as runs says; return the medians, and the highest memory."""
    measured = [once()]
    while measured[0].wall_seconds < SHORT_SECONDS and len(measured) < runs:
        measured.append(once())
    return Measurement(
        statistics.median(item.wall_seconds for item in measured),
        statistics.median(item.cpu_seconds for item in measured),
        max(item.peak_bytes for item in measured),
        len(measured),
    )
