"""Copies of the app with a few files more, so that a test can add to it and leave it as it is."""

import shutil
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("components", "definitions", "pages", "queries", "serving", "assets")
FRONT = ("app.py", "gunicorn.conf.py")


def checkout_with(folder: Path, files: Mapping[str, str]) -> Path:
    """Copy what the app needs to run into ``folder``, add the files, by path, and return the folder."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FRONT:
        shutil.copy(ROOT / name, folder)
    for path, text in files.items():
        (folder / path).write_text(text, encoding="utf-8")
    return folder
