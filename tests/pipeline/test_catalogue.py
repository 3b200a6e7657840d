"""The catalogue join: names that are the same, and never a guess."""

from pathlib import Path

import pytest

from pipeline.errors import SourceError
from pipeline.importers.catalogue import FILM, SERIES, read_catalogue

HEADER = "show_id,type,title,director,cast,country,date_added,release_year,rating,duration,listed_in\n"
ROWS = """\
s1,Movie,Barfi!,Anurag Basu,"Ranbir Kapoor, Harry Connick, Jr., Priyanka Chopra",India,,2012,TV-14,150 min,"Comedies, Dramas"
s2,TV Show,Dark,,,"Germany, Austria",,2017,TV-MA,3 Seasons,Crime TV Shows
s3,Movie,Dark,,,South Korea,,2019,R,93 min,Dramas
s4,Movie,Louis C.K.: Hilarious,Louis C.K.,Louis C.K.,United States,,2010,84 min,,Movies
s5,Movie,Love in a Puff,,,Hong Kong,,2010,NR,103 min,Dramas
s6,Movie,Love in a Puff,,,Hong Kong,,2010,NR,104 min,Dramas
s7,Movie,Café,,,East Germany,,2010,NR,80 min,Dramas
s8,Movie,CAFE,,,,,2011,NR,81 min,Dramas
"""  # noqa: E501


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "catalogue.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def test_a_film_carries_its_facts(path: Path) -> None:
    (film,) = read_catalogue(path).candidates(FILM, "Barfi!")
    assert film.runtime_ms == 150 * 60_000
    assert (film.maturity, film.country) == ("TV-14", "IN")
    assert film.directors == ("Anurag Basu",)
    assert film.cast == ("Ranbir Kapoor", "Harry Connick, Jr.", "Priyanka Chopra")
    assert film.genres == ("Comedies", "Dramas")


def test_only_a_single_country_with_a_code_is_taken(path: Path) -> None:
    catalogue = read_catalogue(path)
    assert catalogue.candidates(SERIES, "Dark")[0].country is None
    assert catalogue.candidates(FILM, "Dark")[0].country == "KR"
    assert catalogue.candidates(FILM, "Café")[0].country is None


def test_a_runtime_in_the_rating_column_is_found(path: Path) -> None:
    (film,) = read_catalogue(path).candidates(FILM, "LOUIS C.K. Hilarious")
    assert (film.runtime_ms, film.maturity) == (84 * 60_000, None)


def test_the_type_must_agree(path: Path) -> None:
    catalogue = read_catalogue(path)
    assert catalogue.candidates(SERIES, "Dark")[0].runtime_ms is None
    assert catalogue.candidates(FILM, "Dark")[0].runtime_ms == 93 * 60_000
    assert catalogue.candidates(SERIES, "Barfi!") == []


def test_the_join_counts_every_name_once(path: Path) -> None:
    # barfi: alike. Café: exact, though CAFE is alike. cafe: two alike. Love in a Puff: two of one name.
    names = ["barfi", "Café", "cafe", "Love in a Puff", "Unheard Of", "Unheard Of", "!"]
    matched, counts = read_catalogue(path).join(FILM, names)
    assert sorted(matched) == ["Café", "barfi"]
    assert matched["Café"].runtime_ms == 80 * 60_000
    assert (counts.what, counts.matched) == ("films", 2)
    assert counts.unmatched == ("!", "Unheard Of")
    assert counts.ambiguous == ("Love in a Puff", "cafe")


def test_a_catalogue_that_cannot_be_used_is_explained(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="expected a catalogue CSV, found no file"):
        read_catalogue(tmp_path / "absent.csv")
    (tmp_path / "short.csv").write_text("type,title\nMovie,Barfi!\n")
    with pytest.raises(SourceError, match="expected the columns director, cast, country, rating, duration, listed_in"):
        read_catalogue(tmp_path / "short.csv")
