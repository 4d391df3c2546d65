"""Make the pages from the published file: ``python -m reports``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from reports.data import PagesError
from reports.site import make_site

ROOT = Path(__file__).resolve().parent.parent


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Return the command line's arguments, with defaults from the environment."""
    parser = argparse.ArgumentParser(prog="python -m reports", description="Make the pages from the published file.")
    parser.add_argument(
        "--published-file",
        type=Path,
        default=Path(os.environ.get("RAMPLINE_PUBLISHED_FILE", ROOT / "warehouse/rampline.duckdb")),
    )
    parser.add_argument("--folder", type=Path, default=Path(os.environ.get("RAMPLINE_PAGES", ROOT / "warehouse/pages")))
    parser.add_argument(
        "--anonymous",
        action="store_true",
        default=os.environ.get("PAGES_ANONYMOUS", "").lower() in ("1", "true", "yes"),
        help="numbers in place of people's names (or PAGES_ANONYMOUS=1)",
    )
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Make the pages and say where they are; return the exit code."""
    options = arguments(argv)
    try:
        count = make_site(options.published_file, options.folder, options.anonymous, show_progress)
    except PagesError as error:
        print(f"No pages were made. {error}", file=sys.stderr)
        return 1
    print(f"{count} pages: open {options.folder / 'index.html'}")
    return 0


def show_progress(done: int, total: int) -> None:
    """Say on a terminal how far the pages of reps are."""
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\rpages of reps: {done} of {total}", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
