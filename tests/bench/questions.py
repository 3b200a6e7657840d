"""Three questions in every form that tests.bench.engines asks them in; days are text, so that all forms answer alike.

Hours: a play runs from ``local_at`` for ``run_ms``, a day at most, and its watch time lies evenly in that (decision
13). An account counts in an hour that holds some of the watch time of a play of 60 seconds or more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
ACTIVE_MS = 60_000
KINDS = ("film", "episode", "live")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: days from ``start_day`` up to, not with, ``end_day``, and values of two dimensions."""

    start_day: date
    end_day: date
    devices: tuple[str, ...]
    countries: tuple[str, ...]

    @property
    def hours(self) -> tuple[int, int]:
        """The first hour and the one after the last, counted from 1970."""
        first, end = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (self.start_day, self.end_day))
        return int(first.timestamp()) // 3600, int(end.timestamp()) // 3600


def names(values: Sequence[str]) -> str:
    """Return text values as a list in SQL."""
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


def plays_in_duckdb(plays: str, asked: Asked) -> dict[str, str]:
    """Return the questions in DuckDB's SQL over plays, by name."""
    first_hour, end_hour = asked.hours
    return {
        "daily active accounts": f"""
            select cast(local_day as varchar), count(distinct account_id)
            from {plays}
            where
                watch_ms >= {ACTIVE_MS} and kind in {names(KINDS)}
                and local_day >= date '{asked.start_day}' and local_day < date '{asked.end_day}'
            group by local_day
        """,
        "weekly retention": f"""
            with weeks as (
                select distinct account_id, cast(date_trunc('week', local_day) as date) as week
                from {plays}
                where watch_ms >= {ACTIVE_MS} and kind in {names(KINDS)} and is_of_cohort
            ),
            cohorts as (select account_id, min(week) as cohort from weeks group by account_id)
            select cast(cohort as varchar), cast(week as varchar), count(*)
            from weeks inner join cohorts using (account_id)
            group by cohort, week
        """,
        "hour and weekday": f"""
            with runs as (
                select
                    account_id, watch_ms, epoch_us(local_at) // 1000 as began_ms,
                    greatest(least(
                        coalesce(startup_ms, 0) + watch_ms + coalesce(paused_ms, 0) + coalesce(rebuffer_ms, 0), {DAY_MS}
                    ), 1) as run_ms
                from {plays}
                where
                    kind in {names(KINDS)}
                    and device_type in {names(asked.devices)} and account_country in {names(asked.countries)}
                    and local_day >= date '{asked.start_day}' - 1 and local_day < date '{asked.end_day}'
            ),
            hourly as (
                select *, unnest(range(began_ms // {HOUR_MS}, (began_ms + run_ms - 1) // {HOUR_MS} + 1)) as hour
                from runs
            ),
            parts as (
                select
                    *,
                    watch_ms * least((hour + 1) * {HOUR_MS} - began_ms, run_ms) // run_ms
                    - watch_ms * greatest(hour * {HOUR_MS} - began_ms, 0) // run_ms as part_ms
                from hourly
                where hour >= {first_hour} and hour < {end_hour}
            ),
            hours as (
                select
                    hour,
                    count(*) filter (where hour = began_ms // {HOUR_MS}) as plays,
                    sum(part_ms) as watch_ms,
                    count(distinct account_id) filter (where watch_ms >= {ACTIVE_MS} and part_ms > 0) as accounts
                from parts
                group by hour
            )
            select
                (hour // 24 + 3) % 7 + 1 as weekday, hour % 24 as hour_of_day, sum(plays), sum(watch_ms), sum(accounts)
            from hours
            group by weekday, hour_of_day
        """,
    }


def plays_in_clickhouse(plays: str, asked: Asked) -> dict[str, str]:
    """Return the questions in ClickHouse's SQL over plays, by name."""
    first_hour, end_hour = asked.hours
    return {
        "daily active accounts": f"""
            select toString(local_day), uniqExact(account_id)
            from {plays}
            where
                watch_ms >= {ACTIVE_MS} and kind in {names(KINDS)}
                and local_day >= toDate('{asked.start_day}') and local_day < toDate('{asked.end_day}')
            group by local_day
        """,
        "weekly retention": f"""
            select toString(arrayMin(weeks)) as cohort, toString(arrayJoin(weeks)) as week, count()
            from (
                select groupUniqArray(toMonday(local_day)) as weeks
                from {plays}
                where watch_ms >= {ACTIVE_MS} and kind in {names(KINDS)} and is_of_cohort
                group by account_id
            )
            group by cohort, week
        """,
        "hour and weekday": f"""
            with runs as (
                select
                    assumeNotNull(account_id) as account_id, assumeNotNull(watch_ms) as watch_ms,
                    toUnixTimestamp64Milli(assumeNotNull(local_at)) as began_ms,
                    greatest(least(
                        ifNull(startup_ms, 0) + watch_ms + ifNull(paused_ms, 0) + ifNull(rebuffer_ms, 0), {DAY_MS}
                    ), 1) as run_ms
                from {plays}
                where
                    kind in {names(KINDS)}
                    and device_type in {names(asked.devices)} and account_country in {names(asked.countries)}
                    and local_day >= toDate('{asked.start_day}') - 1 and local_day < toDate('{asked.end_day}')
            ),
            hourly as (
                select
                    *,
                    arrayJoin(range(intDiv(began_ms, {HOUR_MS}), intDiv(began_ms + run_ms - 1, {HOUR_MS}) + 1)) as hour
                from runs
            ),
            parts as (
                select
                    account_id, hour, watch_ms as play_watch_ms,
                    hour = intDiv(began_ms, {HOUR_MS}) as is_begun,
                    intDiv(watch_ms * least((hour + 1) * {HOUR_MS} - began_ms, run_ms), run_ms)
                    - intDiv(watch_ms * greatest(hour * {HOUR_MS} - began_ms, 0), run_ms) as part_ms
                from hourly
                where hour >= {first_hour} and hour < {end_hour}
            ),
            hours as (
                select
                    hour,
                    countIf(is_begun) as plays,
                    sum(part_ms) as watch_ms,
                    uniqExactIf(account_id, play_watch_ms >= {ACTIVE_MS} and part_ms > 0) as accounts
                from parts
                group by hour
            )
            select
                (intDiv(hour, 24) + 3) % 7 + 1 as weekday, hour % 24 as hour_of_day, sum(plays), sum(watch_ms),
                sum(accounts)
            from hours
            group by weekday, hour_of_day
        """,
    }


def plays_in_polars(plays: pl.LazyFrame, asked: Asked) -> dict[str, pl.LazyFrame]:
    """Return the questions as Polars' lazy frames over plays, by name."""
    of_kinds = pl.col("kind").is_in(KINDS)
    active = (pl.col("watch_ms") >= ACTIVE_MS) & of_kinds
    day, week, account = pl.col("local_day"), pl.col("week"), pl.col("account_id")
    weeks = plays.filter(active & pl.col("is_of_cohort")).select("account_id", week=day.dt.truncate("1w")).unique()
    first_hour, end_hour = asked.hours
    began_ms, run_ms, hour = pl.col("began_ms"), pl.col("run_ms"), pl.col("hour")
    hours = (
        plays.filter(
            of_kinds,
            pl.col("device_type").is_in(asked.devices),
            pl.col("account_country").is_in(asked.countries),
            day >= asked.start_day - timedelta(days=1),
            day < asked.end_day,
        )
        .select(
            "account_id",
            "watch_ms",
            began_ms=pl.col("local_at").dt.epoch("ms"),
            run_ms=pl.sum_horizontal("startup_ms", "watch_ms", "paused_ms", "rebuffer_ms").clip(1, DAY_MS),
        )
        .with_columns(hour=pl.int_ranges(began_ms // HOUR_MS, (began_ms + run_ms - 1) // HOUR_MS + 1))
        .explode("hour")
        .filter(hour >= first_hour, hour < end_hour)
        .with_columns(
            part_ms=pl.col("watch_ms") * pl.min_horizontal((hour + 1) * HOUR_MS - began_ms, run_ms) // run_ms
            - pl.col("watch_ms") * (hour * HOUR_MS - began_ms).clip(lower_bound=0) // run_ms
        )
        .group_by("hour")
        .agg(
            plays=(hour == began_ms // HOUR_MS).sum().cast(pl.Int64),
            watch_ms=pl.col("part_ms").sum(),
            accounts=account.filter(pl.col("watch_ms") >= ACTIVE_MS, pl.col("part_ms") > 0).n_unique().cast(pl.Int64),
        )
    )
    return {
        "daily active accounts": plays.filter(active, day >= asked.start_day, day < asked.end_day)
        .group_by("local_day")
        .agg(account.n_unique())
        .select(day.dt.to_string(), account),
        "weekly retention": weeks.with_columns(cohort=week.min().over("account_id"))
        .group_by("cohort", "week")
        .len()
        .select(pl.col("cohort").dt.to_string(), week.dt.to_string(), "len"),
        "hour and weekday": hours.group_by(weekday=(hour // 24 + 3) % 7 + 1, hour_of_day=hour % 24).agg(
            pl.sum("plays", "watch_ms", "accounts")
        ),
    }


def cubes_in_sql(
    asked: Asked, bits: dict[str, tuple[int, int]], tables: dict[str, str], *, bit_and: str
) -> dict[str, str]:
    """Return the questions over Marquee's cubes, by name, in SQL that DuckDB and ClickHouse read alike.

    ``tables`` says how the engine names the published tables, ``bits`` which bits of the sets of each sort are chosen,
    and ``bit_and`` how it writes what two masks have in common.
    """
    kinds = names(KINDS)
    in_range = f"period_start >= '{asked.start_day}' and period_start < '{asked.end_day}'"
    countries = f"account_country in {names(asked.countries)}"

    def chosen(sort: str) -> str:
        low, high = bits[sort]
        masks = (("mask_low", low), ("mask_high", high))
        return "(" + " or ".join(f"{bit_and.format(name, mask)} <> 0" for name, mask in masks if mask) + ")"

    return {
        "daily active accounts": f"""
            select cast(end_day - 1 as varchar), sum(accounts)
            from {tables["active_accounts"]}
            where
                calendar = 'local' and period = 'day' and counted_by = 'kind' and {chosen("kind")}
                and end_day > '{asked.start_day}' and end_day <= '{asked.end_day}'
            group by end_day
        """,
        "weekly retention": f"""
            select
                cast(cohort_start as varchar),
                cast(cohort_start + cast(7 * interval_number as integer) as varchar),
                sum(accounts)
            from {tables["cohort_cube"]}
            where
                calendar = 'local' and period = 'week' and cohort_split = 'none' and intervals_by = 'calendar'
                and cohort_begins = 'first_activity' and cohort_start is not null and interval_number is not null
            group by cohort_start, interval_number
        """,
        "hour and weekday": f"""
            select weekday, hour, sum(plays), sum(watch_ms), sum(account_hours)
            from (
                select weekday, hour, plays, watch_ms, one_way_account_hours as account_hours
                from {tables["hour_cube"]}
                where
                    calendar = 'local' and period = 'month' and split_by = 'all' and {in_range}
                    and kind in {kinds} and device_type in {names(asked.devices)} and {countries}
                union all
                select weekday, hour, 0 as plays, 0 as watch_ms, account_hours
                from {tables["hour_accounts"]}
                where
                    calendar = 'local' and period = 'month' and counted_by = 'all' and {in_range}
                    and {countries} and {chosen("all")}
            ) as hours
            group by weekday, hour
        """,
    }


def cubes_in_polars(
    asked: Asked, bits: dict[str, tuple[int, int]], tables: dict[str, pl.LazyFrame]
) -> dict[str, pl.LazyFrame]:
    """Return the questions over Marquee's cubes as Polars' lazy frames, by name; ``bits`` as for ``cubes_in_sql``."""
    local = pl.col("calendar") == "local"
    start, country = pl.col("period_start"), pl.col("account_country")
    months = (local, pl.col("period") == "month", start >= asked.start_day, start < asked.end_day)

    def chosen(sort: str) -> pl.Expr:
        low, high = bits[sort]
        return (pl.col("mask_low") & low != 0) | (pl.col("mask_high") & high != 0)

    end, interval = pl.col("end_day"), pl.col("interval_number")
    return {
        "daily active accounts": tables["active_accounts"]
        .filter(
            local,
            pl.col("period") == "day",
            pl.col("counted_by") == "kind",
            end > asked.start_day,
            end <= asked.end_day,
            chosen("kind"),
        )
        .group_by("end_day")
        .agg(pl.sum("accounts"))
        .select((end - timedelta(days=1)).dt.to_string(), "accounts"),
        "weekly retention": tables["cohort_cube"]
        .filter(
            local,
            pl.col("period") == "week",
            pl.col("cohort_split") == "none",
            pl.col("intervals_by") == "calendar",
            pl.col("cohort_begins") == "first_activity",
            pl.col("cohort_start").is_not_null(),
            interval.is_not_null(),
        )
        .group_by("cohort_start", "interval_number")
        .agg(pl.sum("accounts"))
        .select(
            pl.col("cohort_start").dt.to_string(),
            (pl.col("cohort_start") + pl.duration(weeks=interval)).dt.to_string(),
            "accounts",
        ),
        "hour and weekday": pl.concat(
            [
                tables["hour_cube"]
                .filter(
                    *months,
                    pl.col("split_by") == "all",
                    pl.col("kind").is_in(KINDS),
                    pl.col("device_type").is_in(asked.devices),
                    country.is_in(asked.countries),
                )
                .select("weekday", "hour", "plays", "watch_ms", account_hours="one_way_account_hours"),
                tables["hour_accounts"]
                .filter(*months, pl.col("counted_by") == "all", country.is_in(asked.countries), chosen("all"))
                .select(
                    "weekday",
                    "hour",
                    plays=pl.lit(0, pl.Int64),
                    watch_ms=pl.lit(0, pl.Int64),
                    account_hours="account_hours",
                ),
            ]
        )
        .group_by("weekday", "hour")
        .agg(pl.sum("plays", "watch_ms", "account_hours")),
    }
