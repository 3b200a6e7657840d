"""Measures in a demo world what is planted there, by plain SQL and numpy over the source, each with its standard error.

Nothing here reads the truth, except which cover has which palette and the names of what was planted: a source says
neither. A size of nought means that there is no effect. Where people's own plays are alike, the account is what varies.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from definitions.tables import CONTRACT
from pipeline.source import scan_sql, table_files
from tests.pipeline.effect_sizes import Effect, difference, log_odds_ratio, log_rate_ratio, log_ratio

PERIOD_DAYS = 40


class World:
    """A demo world's source, its tables as views, and the truth beside it."""

    def __init__(self, source: Path) -> None:
        self.truth: dict[str, Any] = json.loads((source.parent / "truth.json").read_text())
        self.strengths: dict[str, Any] = self.truth["strengths"]
        self._connection = duckdb.connect()
        self._connection.execute("set timezone = 'UTC'")
        for name in CONTRACT:
            if files := table_files(source, name):
                self._connection.execute(f"create view {name} as from {scan_sql(files)}")
        # Grain: one play, by its start; what was sent twice stands once.
        self._connection.execute(
            "create table starts as select distinct on (session_id) * from playback_events where event = 'start'"
        )

    def ask(self, sql: str, **parameters: object) -> Any:
        """Return the rows of a query as an array, a row each."""
        found = self._connection.execute(sql, parameters).fetchnumpy()
        return np.column_stack([np.ma.getdata(column) for column in found.values()])

    def names(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query as they are."""
        return self._connection.execute(sql).fetchall()


def weekday_contrast(world: World) -> Effect:
    """Films' share of plays: at weekends less on weekdays, in the viewers' own time."""
    return difference(
        world.ask("""
            select
                account_id, dayofweek(ts + to_minutes(utc_offset_min)) in (0, 6), count(*),
                count(*) filter (where title_id like 'film-%')
            from starts group by all
        """)
    )


def abandoned_title(world: World) -> Effect:
    """Share of stops within six seconds of minute 37: of the abandoned film less of the others."""
    return difference(
        world.ask("""
            select
                account_id, title_id = 'film-00002', count(*),
                count(*) filter (where position_ms between 2214000 and 2226000)
            from playback_events where event = 'stop' and title_id like 'film-%' group by all
        """)
    )


def _seeks(world: World, film: str, seek: str) -> Effect:
    return difference(
        world.ask(f"""
            with plays as (
                select account_id, session_id, title_id, bool_or(coalesce({seek}, false)) as seeks
                from playback_events where title_id like 'film-%' group by all
            )

            select account_id, title_id = '{film}', count(*), count(*) filter (where seeks) from plays group by all
        """)
    )


def skipped_scene(world: World) -> Effect:
    """Share of plays that skip minutes 30 to 35: of the film where they are dull, less of the others."""
    return _seeks(world, "film-00004", "event = 'seek' and position_ms = 1800000 and to_position_ms = 2100000")


def rewatched_scenes(world: World) -> Effect:
    """Share of plays that go back to minute 21: of the film with that scene, less of the others."""
    return _seeks(world, "film-00003", "event = 'seek' and to_position_ms = 1260000")


def colour_taste(world: World) -> Effect:
    """Take rate of covers in the palette of the account's group against that of other covers."""
    palettes = world.truth["names"]["colour_taste"]["palettes"]
    artworks = world.truth["names"]["colour_taste"]["palette_of_artwork"]
    return log_ratio(
        world.ask(
            """
            select
                account_id,
                ('0x' || substr(account_id, 9))::bigint % $palettes = $places[list_position($artworks, artwork_id)],
                count(*), count(starts.impression_id)
            from impressions left join starts using (impression_id, account_id, artwork_id)
            where impressions.experiment_id is null
            group by all
            """,
            palettes=len(palettes),
            artworks=list(artworks),
            places=[palettes.index(palette) for palette in artworks.values()],
        )
    )


def cover_test(world: World, experiment: str, planted_ratio: float | None = None) -> Effect:
    """Take rate of the second cover of an experiment against the first's, among the accounts exposed to it."""
    return log_ratio(
        world.ask(
            """
            select account_id, exposures.variant = 'B', count(*), count(starts.impression_id)
            from impressions
            inner join experiment_exposures as exposures using (experiment_id, account_id)
            left join starts using (impression_id, account_id)
            where experiment_id = $experiment group by all
            """,
            experiment=experiment,
        ),
        planted_ratio,
    )


def artwork_uplift(world: World) -> Effect:
    """The experiment whose second cover is taken more often."""
    return cover_test(world, "cover-uplift", world.strengths["artwork_uplift"])


def trailer_uplift(world: World) -> Effect:
    """Share of plays of a trailer that its film follows in the same visit: the second version against the first."""
    names = world.truth["names"]["trailer_uplift"]
    return log_ratio(
        world.ask(
            """
            with films as (select distinct visit_id from starts where title_id = $film)

            select account_id, exposures.variant = 'B', count(*), count(films.visit_id)
            from starts
            inner join experiment_exposures as exposures using (account_id)
            inner join experiments using (experiment_id)
            left join films using (visit_id)
            where experiment_id = $experiment and title_id in $trailers and starts.ts >= started_on group by all
            """,
            film=names["film_id"],
            experiment=names["experiment_id"],
            trailers=names["title_ids"],
        ),
        world.strengths["trailer_uplift"],
    )


def campaign_test(world: World, campaign: str) -> Effect:
    """Share of grown-ups' visits on the campaign's device that begin with its film: treated less holdout.

    Who goes on in the middle of a title was not there to be persuaded.
    """
    return difference(
        world.ask(
            """
            with reached as (
                select campaign_id, account_id, arm from campaign_touches
                where campaign_id = $campaign and event = 'assigned'
            )

            select
                account_id, arm = 'treated', count(*), count(*) filter (where starts.title_id = campaigns.title_id)
            from reached
            inner join campaigns using (campaign_id)
            inner join starts using (account_id)
            inner join profiles using (profile_id, account_id)
            where
                starts.device_type = campaigns.device_type and not starts.autoplay and starts.position_ms = 0
                and profile_type = 'standard'
                and starts.ts between campaigns.started_on + 1 and campaigns.ended_on + 1
            group by all
            """,
            campaign=campaign,
        )
    )


def campaign_uplift(world: World) -> Effect:
    """The campaign that works."""
    effect = campaign_test(world, "campaign-mobile")
    return Effect(effect.size, effect.error, world.strengths["campaign_uplift_share"])


def isp_incident(world: World, isp: str = "US-net-1") -> Effect:
    """Stalls a play of one provider's customers: in the days of the incident against the week before and after.

    Compared within accounts: one in a month of many stalls has most of them, incident or not.
    """
    return log_rate_ratio(
        world.ask(
            """
            with stalls as (
                select session_id, count(distinct event_id) as stalls
                from playback_events where event = 'rebuffer_start' group by all
            ),

            plays as (
                select
                    account_id, ts::date between '2026-05-11' and '2026-05-13' as in_incident,
                    coalesce(stalls, 0) as stalls
                from starts left join stalls using (session_id)
                where isp = $isp and ts::date between '2026-05-04' and '2026-05-20'
            )

            select
                coalesce(sum(stalls) filter (where in_incident), 0), count(*) filter (where in_incident),
                coalesce(sum(stalls) filter (where not in_incident), 0), count(*) filter (where not in_incident),
            from plays group by account_id
            """,
            isp=isp,
        ),
        world.strengths["incident_stall_factor"],
    )


def rising_micro_genres(world: World) -> dict[str, Effect]:
    """Return, by micro-genre, its share of the films that grown-ups chose: the last 40 days against the first 40.

    What a campaign sold or a trailer led on to was not chosen so. Micro-genres count when all their films were out
    before the first day, and when they have 50 plays in each period.
    """
    (first_day, days), *_ = world.names("""
        with days as (select ts::date as day from starts group by all having count(*) > 10)

        select min(day), count(*) from days
    """)
    rows = world.names(f"""
        with films as (
            select title_id, tag as micro_genre from title_tags
            inner join titles using (title_id)
            where tag_kind = 'micro_genre' and kind = 'film'
            qualify max(titles.released_on) over (partition by tag) < date '{first_day}'
        )

        select
            account_id, ts::date >= date '{first_day}' + {days - PERIOD_DAYS} as is_last, micro_genre, count(*) as plays
        from starts
        inner join profiles using (account_id, profile_id)
        left join films using (title_id)
        where
            title_id like 'film-%' and profile_type = 'standard' and origin <> 'campaign' and not autoplay
            and (ts::date < date '{first_day}' + {PERIOD_DAYS} or ts::date >= date '{first_day}' + {days - PERIOD_DAYS})
        group by all
    """)
    planted = world.strengths["rise_per_year"] ** ((days - PERIOD_DAYS) / 365)
    effects = {}
    for name in sorted({row[2] for row in rows if row[2]}):
        counts = [sum(row[3] for row in rows if row[2] == name and row[1] == is_last) for is_last in (False, True)]
        if min(counts) >= 50:
            effects[name] = log_ratio(
                np.array([[row[0], row[1], row[3], row[3] * (row[2] == name)] for row in rows], dtype=object), planted
            )
    return effects


def rising_micro_genre(world: World) -> Effect:
    """The micro-genre that rises most surely."""
    return max(rising_micro_genres(world).values(), key=lambda effect: effect.score)


def shared_audience(world: World) -> Effect:
    """Odds of having seen the actor's films: those who have seen the director's against those who have not.

    Accounts are compared with accounts that played as much else: who sees much sees both.
    """
    return log_odds_ratio(
        world.ask("""
            with standard_plays as (
                select
                    account_id, title_id in ('film-00001', 'film-00002') as director,
                    title_id in ('film-00003', 'film-00004') as actor,
                from starts inner join profiles using (account_id, profile_id)
                where profile_type = 'standard'
            ),

            viewers as (
                select
                    account_id, least(count(*) filter (where not director and not actor), 40) as other_plays,
                    bool_or(director) as director, bool_or(actor) as actor,
                from standard_plays group by account_id
            )

            select
                count(*) filter (where director and actor), count(*) filter (where director and not actor),
                count(*) filter (where actor and not director), count(*) filter (where not director and not actor),
            from viewers group by other_plays
        """)
    )


def binge_at_release(world: World) -> Effect:
    """Share of visits to a season, out as a whole, that see three episodes: in its first week less from its third.

    By the days from its release to the visit's first episode.
    """
    return difference(
        world.ask("""
            with seasons as (
                select series_id, season_number, any_value(released_on) as released_on from titles
                where kind = 'episode' group by all having count(distinct released_on) = 1
            ),

            visits as (
                select
                    account_id, min(ts)::date - seasons.released_on as age_days, count(distinct title_id) as episodes
                from starts
                inner join titles using (title_id)
                inner join seasons using (series_id, season_number)
                group by account_id, visit_id, series_id, season_number, seasons.released_on
            )

            select account_id, age_days < 7, count(*), count(*) filter (where episodes >= 3)
            from visits where age_days between 0 and 6 or age_days > 13 group by all
        """)
    )


# Grain: one month of 30 days of one subscription, over before the last ten days, in which a failed payment may still be
# recovered; whether the account left at its end, by a cancellation or by a payment that failed for good.
MONTHS = """
    with changes as (
        select
            *, lead(event) over (partition by account_id order by ts, event_id) as next_event,
            lead(ts) over (partition by account_id order by ts, event_id) as next_ts,
        from subscription_events
    ),

    ends as (
        select account_id, ts from changes
        where
            event = 'end' or (
                event = 'payment_failed'
                and (next_event is distinct from 'payment_recovered' or next_ts > ts + interval 10 days)
            )
    ),

    spells as (
        select
            account_id, ts as began_at,
            lead(ts) over (partition by account_id order by ts) as rejoined_at,
        from changes where event in ('start', 'rejoin')
    ),

    whole_spells as (
        select spells.account_id, began_at, min(ends.ts) as ended_at
        from spells
        left join ends
            on spells.account_id = ends.account_id and ends.ts > began_at
            and (rejoined_at is null or ends.ts < rejoined_at)
        group by all
    ),

    months as (
        select
            account_id, month, began_at + to_days(30 * month) as from_ts, began_at + to_days(30 * (month + 1)) as to_ts,
            coalesce(ended_at <= began_at + to_days(30 * (month + 1)), false) as leaves
        from whole_spells, generate_series(0, 59) as numbers (month)
        where
            began_at + to_days(30 * (month + 1)) <= date '2026-06-21'
            and (ended_at is null or began_at + to_days(30 * month) < ended_at)
    ),

    planned as (
        select months.*, changes.plan
        from months
        asof left join (select * from changes where plan is not null) as changes
            on months.account_id = changes.account_id and changes.ts <= months.from_ts
    )
"""


def churn_hazards(world: World) -> dict[tuple[str, bool], tuple[int, int]]:
    """Return, by plan and whether it is one of the first three, the months lived and how many of them were the last."""
    rows = world.names(
        MONTHS + "select plan, month < 3, count(*), count(*) filter (where leaves) from planned group by all"
    )
    return {(plan, early): (months, left) for plan, early, months, left in rows}


def churn_hazard(world: World) -> Effect:
    """Hazard of the plan with advertisements against the best one's, in the first three months."""
    return log_ratio(
        world.ask(
            MONTHS
            + """
            select account_id, plan = 'basic_ads', count(*), count(*) filter (where leaves)
            from planned where month < 3 and plan <> 'standard' group by all
            """
        )
    )


def rebuffering_churn(world: World) -> Effect:
    """Odds to leave after a month of five plays or more with a stall for every two, against other months of five plays.

    Compared within plan, and within the first three months or later.
    """
    return log_odds_ratio(
        world.ask(
            MONTHS
            + """,
            stalls as (
                select session_id, count(distinct event_id) as stalls
                from playback_events where event = 'rebuffer_start' group by all
            ),

            watched as (
                select
                    planned.account_id, planned.from_ts, planned.plan, planned.month < 3 as early, planned.leaves,
                    coalesce(sum(stalls), 0) / count(*) >= 0.5 as bad
                from planned
                inner join starts
                    on planned.account_id = starts.account_id and starts.ts between planned.from_ts and planned.to_ts
                left join stalls using (session_id)
                group by all having count(*) >= 5
            )

            select
                count(*) filter (where bad and leaves), count(*) filter (where bad and not leaves),
                count(*) filter (where leaves and not bad), count(*) filter (where not leaves and not bad),
            from watched group by plan, early
            """
        ),
        world.strengths["bad_month_odds_ratio"],
    )


EFFECTS: dict[str, Callable[[World], Effect]] = {
    effect.__name__: effect
    for effect in (
        churn_hazard,
        rebuffering_churn,
        rewatched_scenes,
        skipped_scene,
        abandoned_title,
        colour_taste,
        artwork_uplift,
        trailer_uplift,
        campaign_uplift,
        isp_incident,
        weekday_contrast,
        rising_micro_genre,
        shared_audience,
        binge_at_release,
    )
}
