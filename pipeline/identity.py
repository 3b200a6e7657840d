"""Pseudonyms: each person's id is replaced by a keyed hash that nobody can reverse without the key."""

import hashlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SourceError

KEY_VARIABLE = "MARQUEE_ID_KEY"
KEY_MIN_CHARS = 32
PSEUDONYM_CHARS = 32


@dataclass(frozen=True, slots=True)
class Identity:
    """The key of a deployment's pseudonyms; ``new_key_file`` is the file just created for it, if one was."""

    key: bytes
    new_key_file: Path | None = None

    def pseudonym(self, column: str, identifier: str) -> str:
        """Return the pseudonym, 32 hex digits, of ``identifier`` in ``column`` (account_id, profile_id)."""
        message = f"{column}:{identifier}".encode()
        return hmac.new(self.key, message, hashlib.sha256).hexdigest()[:PSEUDONYM_CHARS]

    def notes(self) -> list[str]:
        """Return what the user must be told: where a key file was created, if one was."""
        if self.new_key_file is None:
            return []
        return [
            f"A new key for pseudonyms was written to {self.new_key_file}. Keep it: without it, people imported later "
            "would not be recognised as the same."
        ]


def load_identity(*kept_apart_from: Path) -> Identity:
    """Return the key from ``MARQUEE_ID_KEY`` or the key file, which is created with mode 600 when there is none.

    Raises SourceError when the key is too short, the file is readable by others, or it lies in one of the folders
    ``kept_apart_from`` (the source, the warehouse).
    """
    from_environment = os.environ.get(KEY_VARIABLE)
    if from_environment is not None:
        return Identity(_checked(from_environment, f"the environment variable {KEY_VARIABLE}"))
    path = key_file()
    for folder in kept_apart_from:
        if path.resolve().is_relative_to(folder.resolve()):
            raise SourceError(
                f"{path}: the key of the pseudonyms must not lie in {folder}: a copy of the data would undo them. "
                f"Set XDG_CONFIG_HOME to another folder, or the key itself in {KEY_VARIABLE}."
            )
    if path.exists():
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SourceError(f"{path}: others may read the key of the pseudonyms. Run: chmod 600 {path}")
        return Identity(_checked(path.read_text(encoding="utf-8"), str(path)))
    return _create(path)


def key_file() -> Path:
    """Return where the key file lies: ``marquee/id-key`` in the user's configuration folder."""
    configuration = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(configuration, "marquee", "id-key")


def _create(path: Path) -> Identity:
    key = secrets.token_hex(32)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise SourceError(
            f"{path}: the key of the pseudonyms cannot be written there ({error.strerror}). "
            f"Set XDG_CONFIG_HOME to a folder you may write to, or the key itself in {KEY_VARIABLE}."
        ) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    return Identity(key.encode(), new_key_file=path)


def _checked(key: str, place: str) -> bytes:
    key = key.strip()
    if len(key) < KEY_MIN_CHARS:
        raise SourceError(
            f"{place}: the key of the pseudonyms has {len(key)} characters, expected at least {KEY_MIN_CHARS}. "
            "Make one with: openssl rand -hex 32"
        )
    return key.encode()
