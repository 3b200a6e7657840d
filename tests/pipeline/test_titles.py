"""Titles split into series, season and episode, as they occur in real exports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.importers.titles import ParsedTitle, name_id, normalised, parse_title

EPISODES = [
    ("Arrow: Season 1: An Innocent Man (Episode 4)", "Arrow", 1, 4),
    ("All of Us Are Dead: Season 1: Episode 10", "All of Us Are Dead", 1, 10),
    ("Jujutsu Kaisen: Season 1: Episode14", "Jujutsu Kaisen", 1, 14),
    ("Guardian: The Lonely and Great God: Season 1: Episode 16", "Guardian: The Lonely and Great God", 1, 16),
    ("Money Heist: Part 5: A Family Tradition (Episode 10)", "Money Heist", 5, 10),
    ("Money Heist: Part 1: Episode 1", "Money Heist", 1, 1),
    ("Lupin: Part 1: Chapter 2 (Episode 2)", "Lupin", 1, 2),
    ("Man Vs Bee: Season 1: Chapter 1 (Episode 1)", "Man Vs Bee", 1, 1),
    ("Jane The Virgin: Season 1: Chapter One: Pilot (Episode 1)", "Jane The Virgin", 1, 1),
    ("Stranger Things: Stranger Things 4: Chapter Eight: Papa (Episode 8)", "Stranger Things", 4, 8),
    ("Stranger Things: Season 1: Chapter One: The Vanishing of Will Byers (Episode 1)", "Stranger Things", 1, 1),
    ("Beyond Stranger Things: Beyond 2: Mind Blown (Episode 1)", "Beyond Stranger Things", 2, 1),
    ("Unsolved Mysteries: Volume 1: 13 Minutes (Episode 2)", "Unsolved Mysteries", 1, 2),
    ("Boys Over Flowers: Volume 1: Episode 1", "Boys Over Flowers", 1, 1),
    ("Sherlock: Series 1: A Study in Pink (Episode 1)", "Sherlock", 1, 1),
    ("The IT Crowd: Series 5: The Final Episode", "The IT Crowd", 5, None),
    ("Inventing Anna: Limited Series: Life of a VIP (Episode 1)", "Inventing Anna", 1, 1),
    ("Harry & Meghan: Limited Series: Episode 3", "Harry & Meghan", 1, 3),
    (
        "Vatican Girl: The Disappearance of Emanuela Orlandi: Limited Series: Part 1 (Episode 1)",
        "Vatican Girl: The Disappearance of Emanuela Orlandi",
        1,
        1,
    ),
    ("Avatar: Book Two: Earth: The Swamp (Episode 4)", "Avatar", 2, 4),
    ("Explained: Collection 3: Royalty (Episode 1)", "Explained", 3, 1),
    ("Narcos: Mexico: Season 3: 12 Steps (Episode 1)", "Narcos: Mexico", 3, 1),
    ("Brooklyn Nine-Nine: Season 4: Coral Palms: Part 1 (Episode 1)", "Brooklyn Nine-Nine", 4, 1),
    ("BAKI: Season 1: Part 1: A formidable team (Episode 7)", "BAKI", 1, 7),
    ("DEATH NOTE: Death Note: New World (Episode 37)", "DEATH NOTE", None, 37),
    ("Tokyo Ghoul: Tokyo Ghoul:re: START: Those Who Hunt (Episode 1)", "Tokyo Ghoul", None, 1),
    ("Bleach: The Substitute: A Shinigami's Work (Episode 2)", "Bleach", None, 2),
    ("Bleach: BLEACH Thousand-Year Blood War: The Blood Warfare (Episode 1)", "Bleach", None, 1),
    (
        "Demon Slayer: Kimetsu no Yaiba: Swordsmith Village Arc: A Connected Bond: Daybreak (Episode 11)",
        "Demon Slayer: Kimetsu no Yaiba",
        None,
        11,
    ),
    ("DAHMER: Monster: The Jeffrey Dahmer Story: Episode One", "DAHMER: Monster: The Jeffrey Dahmer Story", None, 1),
    ("Plain Show: A Name (Episode 3)", "Plain Show", None, 3),
    ("Plain Show (Episode 3)", "Plain Show", None, 3),
]

FILMS = [
    "Chernobyl 1986",
    "2012",
    "13 Hours: The Secret Soldiers of Benghazi",
    "The Hangover: Part II",
    "The Twilight Saga: Breaking Dawn: Part 2",
    "Kill Bill: Vol. 1",
    "Dune: Part Two",
    "Mission: Impossible - Fallout",
    "Kingdom: Ashin of the North",
    "Episode One",
    "Spider-Man: Into the Spider-Verse",
]


@pytest.mark.parametrize(("title", "series", "season", "episode"), EPISODES, ids=[row[0] for row in EPISODES])
def test_episodes(title: str, series: str, season: int | None, episode: int | None) -> None:
    assert parse_title(title) == ParsedTitle(series, season, episode)


@pytest.mark.parametrize("title", FILMS)
def test_films(title: str) -> None:
    assert parse_title(title) == ParsedTitle()


@given(text=st.text(max_size=60), number=st.integers(min_value=1, max_value=999))
def test_a_number_in_brackets_always_makes_an_episode(text: str, number: int) -> None:
    parsed = parse_title(f"{text} (Episode {number})")
    assert parsed.series_name is not None
    assert parsed.episode_number == number


@given(text=st.text(max_size=60))
def test_any_text_can_be_parsed_and_named(text: str) -> None:
    parse_title(text)
    assert name_id(text) == name_id(text)


def test_an_id_is_readable_and_tells_a_film_from_its_trailer() -> None:
    # printf "\nBarfi!" | sha256sum. An id that changed would make every earlier import strange to the next one.
    assert name_id("Barfi!") == "barfi-18d91606acdf"
    assert name_id("Barfi!", "trailer") != name_id("Barfi!")
    assert name_id("日本").startswith("日本-")


def test_names_are_compared_without_case_accents_and_punctuation() -> None:
    assert normalised("Spider-Man:  Far from Home") == normalised("spider man far FROM home")
    assert normalised("Café Ocean’s & Co.") == normalised("Cafe Oceans Co")
    assert normalised("!?") == ""
