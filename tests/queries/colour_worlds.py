"""Demo worlds as far as colours of covers matter: what accounts are shown and take, by the build's own statements.

Covers are not drawn and nothing else is built, so that many worlds take minutes: what a cover's colour is called stands
for its palette, one for each, plays are the player events' starts, and an account's country stands for the palette that
it likes, so that there is an audience that the page knows of and everybody in it likes the same.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pandas as pd
import pytest

from pipeline.build.statements import create
from pipeline.demo import write_demo_source
from pipeline.demo.art import PALETTES
from pipeline.demo.plants import COLOUR_PREFERENCE
from pipeline.source import scan_sql, table_files

# Few accounts and many titles, so that many worlds take minutes; and what `make run` serves.
SMALL = partial(write_demo_source, events=300_000, days=120, accounts=250, titles=600)
AS_SERVED = partial(write_demo_source, events=2_000_000, accounts=2_000)
FAMILIES = ("red", "blue", "green", "purple", "black", "pink", "orange", "teal")
TABLES = ("impressions", "titles", "title_tags", "accounts", "artworks")
PUBLISHED = """
    create schema published;
    create schema derived;
    create view published.impressions as select *, ts::date as utc_day from source.impressions;
    create table published.plays as
    select distinct on (session_id)
        session_id as play_id, impression_id, ts as started_at, ts::date as utc_day, account_id, profile_id, title_id
    from source.playback_events where event = 'start';
    create view published.titles as
    select *, coalesce('series ' || series_id, 'title ' || title_id) as show_id from source.titles;
    create view published.shows as
    select
        coalesce('series ' || series_id, 'title ' || title_id) as show_id,
        string_agg(tag, '; ' order by tag) as genres
    from source.title_tags where tag_kind = 'genre' group by all;
    create view published.accounts as
    select *, 'C' || ('0x' || substr(account_id, 9))::bigint % 8 as account_country from source.accounts;
    create view published.artwork_images as select artwork_id, artwork_id as image_hash from source.artworks;
"""
# As colour_audiences, of tastes for colours alone, with how many times as likely as others a cover is to be taken.
TRUTH = """
    with shown as (
        select
            takes.*,
            takes.impressions * case
                when palette_of.family_number = ('0x' || substr(takes.account_id, 9))::bigint % $families
                then $preference else 1
            end as taken
        from published.cover_takes as takes
        inner join palette_of using (artwork_id)
        where takes.kind in ('film', 'episode')
    ),

    expected as (
        select *, impressions * sum(taken) over cover / sum(impressions) over cover as expected_taken
        from shown
        window cover as (partition by month_start, show_id, artwork_id)
    )

    select
        $audience_by as audience_by,
        case $audience_by
            when 'country' then 'C' || ('0x' || substr(shown.account_id, 9))::bigint % 8
            else coalesce(tastes.taste, 'unknown')
        end as audience,
        colours.colour_family, (hash(shows.genres, hash(shown.show_id) % 2) >> 1)::bigint as stratum,
        parts_of, part, sum(shown.impressions)::bigint as impressions, sum(shown.taken) as taken_impressions,
        sum(shown.expected_taken) as expected_taken,
        min(shown.month_start) as first_month, max(shown.month_start) as last_month,
        count(distinct shown.account_id) as shown_accounts
    from expected as shown
    cross join lateral (
        values
            ('accounts', (hash(shown.account_id) % 20)::bigint), ('titles', (hash(shown.show_id) % 20)::bigint),
            ('both', ((hash(shown.account_id) % 20 + hash(shown.show_id) % 20) % 20)::bigint)
    ) as parts (parts_of, part)
    inner join published.image_colours as colours on shown.artwork_id = colours.image_hash
    inner join published.shows as shows using (show_id)
    left join derived.account_tastes as tastes
        on shown.account_id = tastes.account_id and hash(shown.show_id) % 2 <> tastes.title_half
        and tastes.told_by = 'colour'
    group by all
"""
CELLS = """
    select
        audience_by, audience, colour_family, (hash(genres, title_half) >> 1)::bigint as stratum, parts_of, part,
        sum(impressions)::bigint as impressions, sum(taken_impressions)::bigint as taken_impressions,
        sum(expected_taken) as expected_taken, min(month_start) as first_month,
        max(month_start) as last_month, max(accounts) as shown_accounts
    from derived.colour_audiences where audience_by = $audience_by group by all
"""


class ColourWorld:
    """What the accounts of a demo world were shown and took, and what they like."""

    def __init__(self, source: Path) -> None:
        self._connection = duckdb.connect()
        self._connection.execute("set timezone = 'UTC'")
        self._connection.execute("create schema source")
        for name in (*TABLES, "playback_events"):
            self._connection.execute(f"create view source.{name} as from {scan_sql(table_files(source, name))}")
        truth = json.loads((source.parent / "truth.json").read_text(encoding="utf-8"))
        self._publish(truth)
        days = {"from_day": date(2025, 1, 1), "to_day": date(2026, 7, 2)}
        for name in ("shown_covers", "cover_takes"):
            create(self._connection, f"derived.{name}", name, days)
        self._connection.execute("create view published.cover_takes as from derived.cover_takes")
        for name in ("account_tastes", "colour_audiences"):
            create(self._connection, f"derived.{name}", name, {})
        self._preference = COLOUR_PREFERENCE if truth["planted"]["colour_taste"] else 1.0

    def _publish(self, truth: dict[str, Any]) -> None:
        palettes = truth["names"]["colour_taste"]["palette_of_artwork"]
        self._connection.execute(PUBLISHED)
        self._connection.execute(
            "create table palette_of as select unnest($artworks) as artwork_id, unnest($numbers) as family_number",
            {"artworks": list(palettes), "numbers": [PALETTES.index(palette) for palette in palettes.values()]},
        )
        self._connection.execute(
            "create table published.image_colours as "
            "select artwork_id as image_hash, $families[family_number + 1] as colour_family from palette_of",
            {"families": list(FAMILIES)},
        )

    def cells(self, audience_by: str) -> pd.DataFrame:
        """Return what colour_appeal_by_audience asks, over all months."""
        return self._connection.execute(CELLS, {"audience_by": audience_by}).df()

    def true_cells(self, audience_by: str) -> pd.DataFrame:
        """Return the same of countries or of colours, with how likely covers were to be taken for what was taken."""
        return self._connection.execute(
            TRUTH, {"audience_by": audience_by, "families": len(FAMILIES), "preference": self._preference}
        ).df()


@contextmanager
def colour_world(seed: int, without: Iterable[str] = (), write: Callable[..., int] = SMALL) -> Iterator[ColourWorld]:
    """Give a demo world, without the plants named, of the size that ``write`` makes."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("pipeline.demo.world.draw_covers", lambda *_: None)
            write(source, seed=seed, without=without, processes=1)
        yield ColourWorld(source)
