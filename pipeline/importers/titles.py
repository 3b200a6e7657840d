"""Splitting a title such as ``Money Heist: Part 5: A Family Tradition (Episode 10)`` into series, season, episode.

Only the title's own text decides, so that a title means the same in every export, with or without a catalogue.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

# fmt: off
_NUMBERS = {
    word: number
    for words in (
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
         "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
        ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"),
    )
    for number, word in enumerate(words, start=1)
}
# fmt: on
_NUMBER = rf"(\d+|{'|'.join(_NUMBERS)})"

_EPISODE_SUFFIX = re.compile(r"\s*\(Episode (\d+)\)$", re.IGNORECASE)
_EPISODE = re.compile(rf"(?:Episode|Chapter)\s*{_NUMBER}", re.IGNORECASE)
# These name a season wherever an episode follows; the others also occur in the names of films.
_SEASON = re.compile(rf"(?:Season|Series|Collection)\s*{_NUMBER}|(Limited Series)", re.IGNORECASE)
_PART = re.compile(rf"(?:Part|Volume|Vol\.?|Book|Chapter)\s*{_NUMBER}", re.IGNORECASE)
_NAMED_SEASON = re.compile(r".+ (?:Arc|Saga)", re.IGNORECASE)
_TRAILING_NUMBER = re.compile(r"\s(\d+)$")

_SLUG_MAX_CHARS = 40
_HASH_CHARS = 12


@dataclass(frozen=True, slots=True)
class ParsedTitle:
    """What a title says: a film when ``series_name`` is None, an episode otherwise; numbers are from 1."""

    series_name: str | None = None
    season_number: int | None = None
    episode_number: int | None = None


def parse_title(title: str) -> ParsedTitle:
    """Split ``title`` into series, season and episode; a title that does not say it is an episode is a film."""
    suffix = _EPISODE_SUFFIX.search(title)
    parts = _EPISODE_SUFFIX.sub("", title).split(": ")
    last = _EPISODE.fullmatch(parts[-1])
    episode_number = int(suffix[1]) if suffix else _number(last[1]) if last and len(parts) > 1 else None
    is_episode = len(parts) > 1 and last is not None and last[0].casefold().startswith("episode")

    for index, part in enumerate(parts[1:-1], start=1):
        season = _SEASON.fullmatch(part)
        if season:
            return ParsedTitle(": ".join(parts[:index]), 1 if season[2] else _number(season[1]), episode_number)
    if suffix is None and not is_episode:
        return ParsedTitle()
    for index, part in enumerate(parts[1:-1], start=1):
        if repeated := _repeats_series(part, parts[0]):
            return ParsedTitle(": ".join(parts[:index]), repeated, episode_number)
        if volume := _PART.fullmatch(part):
            return ParsedTitle(": ".join(parts[:index]), _number(volume[1]), episode_number)
        if part.casefold().startswith(parts[0].casefold()) or _NAMED_SEASON.fullmatch(part):
            return ParsedTitle(": ".join(parts[:index]), None, episode_number)
    if suffix is None:
        return ParsedTitle(": ".join(parts[:-1]), None, episode_number)
    return ParsedTitle(": ".join(parts[:-2] or parts[:1]), None, episode_number)


def _repeats_series(part: str, series_name: str) -> int | None:
    """Return 4 for ``Stranger Things 4`` in the series Stranger Things; None when ``part`` is no such season."""
    number = _TRAILING_NUMBER.search(part)
    if number is None or _TRAILING_NUMBER.sub("", part).casefold() not in series_name.casefold():
        return None
    return int(number[1])


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS[text.casefold()]


@cache
def normalised(name: str) -> str:
    """Return ``name`` without case, accents, punctuation and extra spaces, for comparing names."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(re.sub(r"[\W_]+", " ", re.sub(r"['’`´]", "", kept)).split())


@cache
def name_id(name: str, word: str = "") -> str:
    """Return the id of a title or series: a readable form of ``name`` and a hash of it and ``word``.

    ``word`` tells titles of one name apart: a film (empty) and its trailer. The id is the same in every import.
    """
    digest = hashlib.sha256(f"{word}\n{unicodedata.normalize('NFC', name)}".encode()).hexdigest()
    readable = normalised(name).replace(" ", "-")[:_SLUG_MAX_CHARS].strip("-")
    return f"{readable}-{digest[:_HASH_CHARS]}" if readable else digest[:_HASH_CHARS]
