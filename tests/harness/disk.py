"""Files while others write them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path


def contents(directory: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file below a directory, and what is in it. An agent writes `x.new` and renames it to `x`: a file that is gone
    when it is read is passed over, and all are listed and read once more, so that it is seen by its new name."""
    for _ in range(2):
        for base, _, names in os.walk(directory):
            for path in (Path(base) / name for name in names):
                with contextlib.suppress(FileNotFoundError):
                    if path.is_file():
                        yield path, path.read_bytes()
