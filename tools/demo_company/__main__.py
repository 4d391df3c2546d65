"""Write the demo company: python -m tools.demo_company [folder]."""

from __future__ import annotations

import sys
from pathlib import Path

from .build import build_company
from .writer import write_seeds, write_truth

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "seeds" / "demo"


def main(arguments: list[str]) -> None:
    """Generate into the folder."""
    folder = Path(arguments[0]) if arguments else DEFAULT_FOLDER
    company, truth = build_company()
    write_seeds(company, folder)
    write_truth(truth, folder)


if __name__ == "__main__":
    main(sys.argv[1:])
