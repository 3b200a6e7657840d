"""The locks cover what is declared, with hashes, and running and testing use the same versions."""

import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.project import pyproject, text_of

PIN = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)


def _pins(lock: str) -> dict[str, str]:
    return {canonicalize_name(name): version for name, version in PIN.findall(text_of(Path("requirements", lock)))}


@pytest.mark.parametrize(
    ("lock", "declared"),
    [
        ("run.txt", pyproject()["project"]["dependencies"]),
        ("run.txt", pyproject()["build-system"]["requires"]),
        ("test.txt", pyproject()["project"]["dependencies"] + pyproject()["dependency-groups"]["test"]),
        ("bench.txt", [wanted for group in pyproject()["dependency-groups"].values() for wanted in group]),
    ],
)
def test_a_lock_satisfies_what_is_declared(lock: str, declared: list[str]) -> None:
    pins = _pins(lock)
    for requirement in map(Requirement, declared):
        version = pins.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not locked; run make lock"
        assert requirement.specifier.contains(version), f"{requirement} but {version} is locked; run make lock"


@pytest.mark.parametrize(("lock", "wider"), [("run.txt", "test.txt"), ("test.txt", "bench.txt")])
def test_tests_and_benches_run_on_what_is_served(lock: str, wider: str) -> None:
    pins = _pins(wider)
    assert {name: version for name, version in _pins(lock).items() if pins.get(name) != version} == {}


@pytest.mark.parametrize("lock", ["bootstrap.txt", "run.txt", "test.txt", "bench.txt"])
def test_every_pin_has_hashes(lock: str) -> None:
    blocks = re.split(r"^(?=[\w.-]+==)", text_of(Path("requirements", lock)), flags=re.MULTILINE)
    assert [block.split()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block] == []
