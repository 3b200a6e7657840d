"""Pseudonyms and the key they are made with."""

import hashlib
import hmac
import stat
from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.identity import KEY_VARIABLE, Identity, key_file, load_identity


@pytest.fixture
def configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder of its own, and no key in the environment."""
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config"


def test_a_pseudonym_is_the_keyed_hash_of_column_and_id() -> None:
    expected = hmac.new(b"k" * 32, b"account_id:ada", hashlib.sha256).hexdigest()[:32]
    assert Identity(b"k" * 32).pseudonym("account_id", "ada") == expected


def test_pseudonyms_differ_by_column_id_and_key() -> None:
    identity, other = Identity(b"k" * 32), Identity(b"l" * 32)
    found = {
        identity.pseudonym("account_id", "ada"),
        identity.pseudonym("profile_id", "ada"),
        identity.pseudonym("account_id", "bob"),
        other.pseudonym("account_id", "ada"),
    }
    assert len(found) == 4


def test_the_key_comes_from_the_environment(configuration: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, f" {'k' * 32}\n")
    assert load_identity() == Identity(b"k" * 32)
    assert not configuration.exists()


@pytest.mark.parametrize("key", ["", "k" * 31])
def test_a_short_key_is_refused(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv(KEY_VARIABLE, key)
    with pytest.raises(SourceError, match=f"has {len(key)} characters, expected at least 32"):
        load_identity()


def test_a_key_file_is_created_once_for_its_owner_only(configuration: Path) -> None:
    first, second = load_identity(), load_identity()
    path = configuration / "marquee" / "id-key"
    assert (first.new_key_file, second.new_key_file) == (path, None)
    assert first.key == second.key
    assert len(first.key) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert str(path) in first.notes()[0]
    assert second.notes() == []


def test_without_a_configuration_folder_the_key_lies_under_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/ada")
    assert key_file() == Path("/home/ada/.config/marquee/id-key")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_file_that_others_may_read_is_refused(configuration: Path, mode: int) -> None:
    load_identity()
    (configuration / "marquee" / "id-key").chmod(mode)
    with pytest.raises(SourceError, match="chmod 600"):
        load_identity()


def test_a_key_file_inside_the_source_is_refused_and_not_created(configuration: Path) -> None:
    with pytest.raises(SourceError, match="must not lie in"):
        load_identity(configuration.parent)
    assert not configuration.exists()


def test_a_key_file_that_cannot_be_written_is_explained(configuration: Path) -> None:
    configuration.write_text("a file where a folder should be")
    with pytest.raises(SourceError, match="cannot be written there"):
        load_identity()
