"""Command line of the generator: ``python -m tools.generate --size S --folder warehouse/bench/S/raw``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from .company import ACTIVITIES_PER_REP, SIZES, YEARS, Plan, dbt_vars, generate, plan_of_size


def main(argv: list[str] | None = None) -> int:
    """Generate what the arguments say; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.generate", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the raw files go; made afresh")
    parser.add_argument(
        "--size", choices=SIZES, help="by name: " + ", ".join(f"{k} {v:,} activities" for k, v in SIZES.items())
    )
    parser.add_argument("--reps", type=int, help="instead of a name: places in the sales team")
    parser.add_argument("--years", type=int, default=YEARS, help="years up to the as-of date")
    parser.add_argument("--activities-per-rep", type=int, default=ACTIVITIES_PER_REP, help="in all these years")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same rows")
    options = parser.parse_args(argv)
    if (options.size is None) == (options.reps is None):
        parser.error("say either --size or --reps")
    plan = (
        plan_of_size(options.size, options.seed)
        if options.size
        else Plan(options.reps, options.years, options.activities_per_rep, options.seed)
    )
    started = time.monotonic()
    truth = generate(plan, options.folder)
    rows = sum(item["rows"] for item in truth["objects"].values())
    print(f"{rows:,} rows in {options.folder}, {time.monotonic() - started:.0f} s")
    print(f"Next: .venv/bin/dbt build --vars '{json.dumps(dbt_vars(options.folder))}'")
    return 0


if __name__ == "__main__":
    sys.exit(main())
