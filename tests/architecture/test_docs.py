"""What can be set is documented, and what the documents point to exists."""

import re
from pathlib import Path

import pytest

from definitions.options import OPTIONS
from queries.filters import PARAMETERS
from tests.architecture.project import ROOT, project_files, text_of

SETTING = re.compile(r"\bMARQUEE_[A-Z_]*[A-Z]\b")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)[^)]*\)")
PAGES = [path for path in project_files() if path.suffix == ".md"]


def test_every_setting_is_documented() -> None:
    code = [path for path in project_files() if path.suffix == ".py" and path.parts[0] != "tests"]
    settings = {setting for path in code for setting in SETTING.findall(text_of(path))}
    assert settings == set(SETTING.findall(text_of(Path("docs/operations.md"))))


def test_every_filter_is_documented() -> None:
    guide = text_of(Path("docs/user-guide.md"))
    assert [name for name in PARAMETERS if f"`{name}`" not in guide] == []


def test_every_option_is_documented() -> None:
    guide = text_of(Path("docs/user-guide.md"))
    rows = {
        option.name: f"| `{option.name}` | "
        + ("any" if option.is_open else f"{', '.join(f'`{value}`' for value in option.choices)} |")
        for option in OPTIONS
    }
    assert [row for row in rows.values() if row not in guide] == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    targets = [ROOT / page.parent / target for target in LINK.findall(text_of(page))]
    assert [str(target) for target in targets if not target.exists()] == []
