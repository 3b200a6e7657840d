"""The shape of the project: where things are, how big they are, what they may import."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.project import ROOMS, ROOT, project_files, pyproject, text_of

MODULE_MAX_LINES = 500
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "shared"}
MACHINE_PATH = re.compile(r"(?<![\w.:~-])/(?:work|root|opt)/[\w.-]")
REGISTRY = re.compile(r"--(?:extra-)?index-url|--find-links|pypi\.org/simple|pythonhosted\.org|/artifactory/|/nexus/")
OWN_ASSETS = {".css", ".js", ".svg", ".ico", ".png"}
LICENSED_ASSETS = ("fonts", "maps")


def _sql_files() -> list[Path]:
    folders = (Path("queries"), Path("pipeline/build"))
    return [path for path in project_files() if path.suffix == ".sql" and path.parent in folders]


@pytest.mark.parametrize("path", _sql_files(), ids=str)
def test_sql_states_its_grain_first(path: Path) -> None:
    assert text_of(path).startswith("-- Grain: ")


def test_no_module_is_long() -> None:
    lengths = {
        path: len(text_of(path).splitlines()) for path in project_files() if path.suffix in {".py", ".sql", ".js"}
    }
    assert {path: length for path, length in lengths.items() if length > MODULE_MAX_LINES} == {}


def test_names_say_something() -> None:
    assert [path for path in project_files() if SAYS_NOTHING & {path.stem, *path.parts[:-1]}] == []


def test_packages_are_declared() -> None:
    folders = {
        ".".join(path.parent.parts)
        for path in project_files()
        if path.name == "__init__.py" and path.parts[0] != "tests"
    }
    assert set(pyproject()["tool"]["setuptools"]["packages"]) == folders


def test_modules_at_the_root_are_declared() -> None:
    modules = {path.stem for path in project_files() if path.suffix == ".py" and path.parent == Path()}
    assert modules - {"gunicorn.conf"} == set(pyproject()["tool"]["setuptools"]["py-modules"])


def test_the_front_door_for_browsers_imports_what_it_shows() -> None:
    assert set(_imported_rooms(Path("app.py"))) <= {"components", "pages", "serving"}


def test_the_front_door_for_terminals_imports_late() -> None:
    assert set(_imported_rooms(Path("cli.py"), at_start=True)) <= {"definitions"}


def test_nothing_names_this_machine_or_a_registry() -> None:
    found = [
        (str(path), match[0])
        for path in project_files()
        if path.suffix not in {".woff2", ".png", ".jpg", ".ico"} and ROOT / path != Path(__file__)
        for pattern in (MACHINE_PATH, REGISTRY)
        for match in pattern.finditer(text_of(path))
    ]
    assert found == []


def test_third_party_assets_are_fonts_and_maps_beside_their_licence() -> None:
    for path in project_files():
        if path.parts[0] != "assets":
            continue
        if path.parts[1] in LICENSED_ASSETS:
            licences = [*(ROOT / path.parent).glob("*.txt"), *(ROOT / path.parent).glob("LICENSE*")]
            assert licences, f"{path} lies beside no licence"
        else:
            assert path.suffix in OWN_ASSETS, f"{path} is no asset of our own"
            assert ".min." not in path.name, f"{path} is somebody's build"


def _imported_rooms(path: Path, *, at_start: bool = False) -> Iterator[str]:
    """Give the rooms that a module imports; with ``at_start``, only as it is imported itself."""
    tree = ast.parse(text_of(path))
    for node in tree.body if at_start else ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        yield from (room for name in names if (room := name.partition(".")[0]) in ROOMS)
