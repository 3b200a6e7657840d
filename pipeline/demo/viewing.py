"""Who watches what on one day: visits of profiles, the titles they choose, and how far they get."""

from dataclasses import dataclass

import numpy as np

from pipeline.demo import plants
from pipeline.demo.art import PALETTES
from pipeline.demo.catalogue import EPISODES_A_SEASON, PLANTED_FILMS, RISING_FILMS, Catalogue
from pipeline.demo.columns import Bools, Floats, Ints
from pipeline.demo.marketing import (
    CAMPAIGN_FILMS,
    COVER_TESTS,
    TRAILER_TESTS,
    cover_shown,
    experiments_first_day,
    persuaded,
    shows_second_trailer,
)
from pipeline.demo.people import BILLING_DAYS, US_PER_DAY, People, signed_offsets
from pipeline.demo.player_events import Playbacks
from pipeline.demo.settings import Part, Settings

ISPS_A_COUNTRY = 3
EVENING = np.array([2, 1, 0.6, 0.4, 0.3, 0.4, 1, 2, 2.2, 1.6, 1.6, 1.8, 2.4, 2.2, 2, 2.2, 3, 4.4, 6, 8, 9.5, 9, 6.5, 4])
AFTERNOON = np.array([0, 0, 0, 0, 0, 0, 1, 3, 2, 2, 2, 2, 2, 3, 5, 8, 9, 8, 6, 3, 1, 0, 0, 0], dtype=float)
ORIGINS = ("recommendation", "search", "continue_watching", "browse", "campaign", "direct")
# Of what people are drawn to: half of what is recommended is passed over, and is four fifths of viewing even so.
ORIGIN_SHARES = np.array([0.9, 0.038, 0.023, 0.026, 0.0, 0.013])
CDNS = ("cdn-north", "cdn-south")
TRAILER_VISIT_SHARE = 0.04
TESTED_TRAILER_SHARE = 0.5
RUN_DAYS = 14
SITTING_MAX = 4
BINGE_LASTS_DAYS = 3
BINGE_EPISODES_A_DAY = 3
BINGE_MORE_EPISODES = 2.2
BINGE_MAX = 6
RETURN_SHARE = 0.5
"""How many of those who leave in the middle, and at the end of their visit, go on within hours."""
RETURN_AFTER_MS, RETURN_BEFORE_SHARE = 240_000, 0.85
RETURN_FROM_US, RETURN_TO_US = 3_600_000_000, 18_000_000_000
DECAY_DAYS = 45
BAD_MONTH_STALLS = 0.9
USUAL_STALLS = 0.06


@dataclass(slots=True)
class Plays:
    """Plays of one day: an entry each; ``visit`` numbers the sittings, ``step`` counts within one from 0."""

    account: Ints
    place: Ints
    visit: Ints
    step: Ints
    title: Ints
    artwork: Ints
    device: Ints
    isp: Ints
    origin: Ints
    offset_min: Ints
    playbacks: Playbacks

    def followed_by(self, others: "Plays", after: Ints) -> "Plays":
        """Return these plays, with each of ``others`` behind the one whose number is in ``after``."""
        order = np.argsort(np.concatenate([np.arange(len(self.visit)), after]), kind="stable")
        playbacks = Playbacks(
            *(
                np.concatenate([getattr(self.playbacks, name), getattr(others.playbacks, name)])[order]
                for name in Playbacks.__slots__
            )
        )
        own = {
            name: np.concatenate([getattr(self, name), getattr(others, name)])[order]
            for name in Plays.__slots__
            if name != "playbacks"
        }
        return Plays(playbacks=playbacks, **own)

    def take(self, chosen: Ints | Bools) -> "Plays":
        """Return some of the plays."""
        playbacks = Playbacks(*(getattr(self.playbacks, name)[chosen] for name in Playbacks.__slots__))
        own = {name: getattr(self, name)[chosen] for name in Plays.__slots__ if name != "playbacks"}
        return Plays(playbacks=playbacks, **own)


@dataclass(slots=True)
class Viewing:
    """Chooses what people watch; the parts that do not change from day to day are worked out once."""

    settings: Settings
    catalogue: Catalogue
    people: People
    fans_of_director: Bools
    fans_of_actor: Bools
    exposed: Bools
    queries: list[str]

    def plays(self, part: Part, visits: int) -> tuple[Plays, Plays]:
        """Return the plays of about ``visits`` visits on a part's day, and the covers shown that nobody took."""
        random, day = self.settings.random("viewing", part.key), part.day
        people = self.people
        spell = people.spell(day)
        weights = np.cumsum(people.appetite * (spell >= 0), dtype=np.float64)
        account = np.searchsorted(weights, random.random(visits) * weights[-1], side="right")
        place = (random.random(visits) * people.profiles[account]).astype(np.int64)
        for_kids = people.profile_kids[account, place]
        hours = np.where(for_kids, _hours(AFTERNOON, visits, random), _hours(EVENING, visits, random))
        offset_min = signed_offsets(people.offsets_min[day])[people.country[account]]
        utc_min = (hours * 60 - offset_min) % 1440
        local_day = day + np.floor((utc_min + offset_min) / 1440).astype(np.int64)
        weekday = (self.settings.first_day.weekday() + local_day) % 7
        device = _devices(hours, random)
        # Who lacks that device takes the phone, or else the television.
        lacking = ~people.owned[account, device]
        device[lacking] = np.where(people.owned[account, 1], 1, 0)[lacking]
        title = self._titles(day, account, for_kids, weekday, random)
        origin = random.choice(len(ORIGINS), visits, p=ORIGIN_SHARES)
        taken = (origin != 0) | (random.random(visits) < self._take_share(account, self.artworks(title, account)))
        won = taken & persuaded(self.settings, day, account, device, random) & ~for_kids
        title[won], origin[won] = CAMPAIGN_FILMS["mobile"], ORIGINS.index("campaign")
        artwork = self.artworks(title, account)
        started_us = self.settings.first_us + day * US_PER_DAY + (utc_min * 60_000_000).astype(np.int64)
        isp = people.country[account] * ISPS_A_COUNTRY + account % ISPS_A_COUNTRY
        follows = self._follows_trailer(day, title, random)
        episodes = np.where(follows, 2, self._episodes(day, title, weekday, random))
        visit = np.repeat(np.arange(visits), episodes)
        step = np.arange(len(visit)) - np.repeat(np.cumsum(episodes) - episodes, episodes)
        titles = np.where(follows[visit] & (step == 1), self.catalogue.work_of_title[title][visit], title[visit] + step)
        playbacks = self._playbacks(
            day, titles, spell[account][visit], isp[visit], cdn_of(account)[visit], started_us[visit], step, random
        )
        plays = Plays(
            account[visit], place[visit], 2 * visit, step, titles, artwork[visit], device[visit], isp[visit],
            origin[visit], offset_min[visit], playbacks,
        )  # fmt: skip
        return self._with_returns(plays.take(taken[visit]), random), plays.take(~taken[visit] & (step == 0))

    def _with_returns(self, plays: Plays, random: np.random.Generator) -> Plays:
        """Return the plays, and after a visit that ends in the middle of a title the one that goes on there later."""
        told, runtime = plays.playbacks, self.catalogue.runtime_ms[plays.title]
        jumped = np.where(told.seek_from_ms >= 0, told.seek_to_ms - told.seek_from_ms, 0)
        left_at = told.resumed_at_ms + told.watch_ms + jumped
        is_last = np.append(plays.step[1:] == 0, [True] * min(len(plays.step), 1))
        # Nobody returns to the planted films, so that those who leave them have left them.
        returns = is_last & (plays.title >= PLANTED_FILMS) & (left_at < RETURN_BEFORE_SHARE * runtime)
        returns &= (left_at > RETURN_AFTER_MS) & (random.random(len(returns)) < RETURN_SHARE)
        back = np.flatnonzero(returns)
        later = plays.take(back)
        later.visit += 1
        later.step[:] = 0
        later.origin[:] = ORIGINS.index("continue_watching")
        gap_us = random.integers(RETURN_FROM_US, RETURN_TO_US, len(back))
        later.playbacks.started_us += later.playbacks.watch_ms * 1000 + gap_us
        later.playbacks.resumed_at_ms = left_at[back]
        later.playbacks.watch_ms = ((runtime - left_at)[back] * random.uniform(0.5, 1, len(back))).astype(np.int64)
        later.playbacks.seek_from_ms[:] = -1
        return plays.followed_by(later, back)

    def _titles(self, day: int, account: Ints, for_kids: Bools, weekday: Ints, random: np.random.Generator) -> Ints:
        """Return the title that each visit begins with."""
        film = random.random(len(account)) < self._film_share(weekday)
        title = np.empty(len(account), dtype=np.int64)
        for kids in (False, True):
            visits = np.flatnonzero(film & (for_kids == kids))
            title[visits] = self._films(day, account[visits], kids, random)
            visits = np.flatnonzero(~film & (for_kids == kids))
            title[visits] = self._series(day, account[visits], kids, random)
        trailers = self.catalogue.trailers[self.catalogue.released[self.catalogue.trailers[:, 0]] <= day]
        watches = np.flatnonzero((random.random(len(account)) < TRAILER_VISIT_SHARE) & ~for_kids)
        pair = random.integers(0, len(trailers), len(watches))
        pair[random.random(len(watches)) < TESTED_TRAILER_SHARE] = TRAILER_TESTS["trailer-uplift"]
        title[watches] = trailers[pair, shows_second_trailer(account[watches]).astype(np.int64)]
        return title

    def _follows_trailer(self, day: int, title: Ints, random: np.random.Generator) -> Bools:
        """Tell which visits go on from a trailer to its film, where that is out."""
        catalogue = self.catalogue
        chance = np.full(len(title), plants.TRAILER_FOLLOW_SHARE)
        if self.settings.planted("trailer_uplift"):
            chance[title == catalogue.trailers[TRAILER_TESTS["trailer-uplift"], 1]] *= plants.TRAILER_UPLIFT
        possible = (title >= catalogue.trailers[0, 0]) & (catalogue.released[catalogue.work_of_title[title]] <= day)
        follows: Bools = possible & (random.random(len(title)) < chance)
        return follows

    def _film_share(self, weekday: Ints) -> Floats:
        if not self.settings.planted("weekday_contrast"):
            return np.full(len(weekday), plants.FILM_SHARE_EVEN)
        return np.where(weekday >= 5, plants.FILM_SHARE_WEEKEND, plants.FILM_SHARE_WEEKDAY)

    def _films(self, day: int, account: Ints, kids: bool, random: np.random.Generator) -> Ints:
        catalogue = self.catalogue
        films = catalogue.films
        age = day - catalogue.released[films]
        weight = catalogue.popularity[films] * (0.25 + np.exp(-np.maximum(age, 0) / DECAY_DAYS))
        # The planted films do not age, so that what is planted in them is all that changes.
        weight[:PLANTED_FILMS] = catalogue.popularity[:PLANTED_FILMS]
        weight *= (age >= 0) & (catalogue.kids[films] == kids)
        if not kids:
            share = plants.RISING_SHARE_AT_END / 3
            if self.settings.planted("rising_micro_genre"):
                share = plants.RISING_SHARE_AT_END * plants.RISE_PER_YEAR ** ((day - self.settings.days) / 365)
            others = weight.sum() - weight[RISING_FILMS].sum()
            weight[RISING_FILMS] *= share / (1 - share) * others / weight[RISING_FILMS].sum()
        if not weight.any():
            weight = (catalogue.kids[films] == catalogue.kids[films][0]) * (age >= 0).astype(float)
        chosen = films[_weighted(weight, len(account), random)]
        if not kids:
            draw = random.random(len(account))
            for fans, pair, from_share in (
                (self.fans_of_director, (0, 1), 0.0), (self.fans_of_actor, (2, 3), plants.DEVOTION_SHARE),
            ):  # fmt: skip
                devoted = fans[account] & (draw >= from_share) & (draw < from_share + plants.DEVOTION_SHARE)
                chosen[devoted] = random.choice(pair, int(devoted.sum()))
        return chosen

    def _series(self, day: int, account: Ints, kids: bool, random: np.random.Generator) -> Ints:
        """Return the next episode of the series that each account is in the middle of."""
        catalogue = self.catalogue
        run = (day + account % RUN_DAYS) // RUN_DAYS
        since = (day + account % RUN_DAYS) % RUN_DAYS
        begun = day - since
        draw = ((account * 2_654_435_761 + run * 40_503 + kids * 977) % 1_000_003) / 1_000_003
        chosen = np.zeros(len(account), dtype=np.int64)
        released = catalogue.released[catalogue.first_episode]
        for first in np.unique(begun):
            age = first - released
            weight = catalogue.popularity[catalogue.series_works] * (0.3 + np.exp(-np.maximum(age, 0) / DECAY_DAYS))
            weight = weight * (age >= 0) * (catalogue.kids[catalogue.series_works] == kids)
            if not weight.any():
                weight = (age >= min(0, int(age.max()))).astype(float)
            total = np.cumsum(weight)
            here = begun == first
            chosen[here] = np.searchsorted(total, draw[here] * total[-1], side="right")
        progress = (since * 0.9).astype(np.int64) + random.integers(0, 2, len(account))
        out = catalogue.released[catalogue.first_episode[chosen] + progress % catalogue.episodes[chosen]] <= day
        title = catalogue.first_episode[chosen] + np.where(out, progress % catalogue.episodes[chosen], 0)
        for season in catalogue.whole_seasons:
            if catalogue.kids[catalogue.work_of_title[season]] == kids and self._is_fresh(day, season):
                # Each of those who binge begins on a day of the first five, and is through in three.
                drawn = account * 48_271 + int(season) * 69_621
                days_in = day - catalogue.released[season] - drawn // 1_000 % (plants.BINGE_DAYS - BINGE_LASTS_DAYS + 1)
                binges = (drawn % 1_000 < plants.BINGER_SHARE * 1_000) & (days_in >= 0) & (days_in < BINGE_LASTS_DAYS)
                title[binges] = season + BINGE_EPISODES_A_DAY * days_in[binges]
        return title

    def _is_fresh(self, day: int, title: Ints) -> Bools:
        """Tell which titles came out in the days before, in which a season is binged: where it is, else none."""
        age = day - self.catalogue.released[title]
        fresh: Bools = (age >= 0) & (age < plants.BINGE_DAYS) & self.settings.planted("binge_at_release")
        return fresh

    def _episodes(self, day: int, title: Ints, weekday: Ints, random: np.random.Generator) -> Ints:
        """Return how many titles each visit watches in a row: more at weekends and of a new season, never past it."""
        catalogue = self.catalogue
        series = np.searchsorted(catalogue.first_episode, title, side="right") - 1
        episode = title - catalogue.first_episode[np.maximum(series, 0)]
        is_episode = (series >= 0) & (episode < catalogue.episodes[np.maximum(series, 0)])
        season = title - episode % EPISODES_A_SEASON
        # Longer sittings at weekends are part of the contrast: they change how many plays are films.
        at_weekend = (weekday >= 4) & self.settings.planted("weekday_contrast")
        binges = is_episode & np.isin(season, catalogue.whole_seasons) & self._is_fresh(day, title)
        more = random.poisson(np.where(binges, BINGE_MORE_EPISODES, np.where(at_weekend, 1.1, 0.6)))
        wanted = 1 + np.minimum(more, np.where(binges, BINGE_MAX, SITTING_MAX) - 1)
        wanted = np.minimum(wanted, EPISODES_A_SEASON - episode % EPISODES_A_SEASON)
        last = np.minimum(title + wanted - 1, len(catalogue.released) - 1)
        return np.where(is_episode & (catalogue.released[last] <= day), wanted, 1)

    def artworks(self, title: Ints, account: Ints) -> Ints:
        """Return the cover that each account sees of a title."""
        work = self.catalogue.work_of_title[title]
        shown = cover_shown(account, self.catalogue.variants_of_work[work])
        covers: Ints = self.catalogue.first_artwork_of_work[work] + shown
        return covers

    def tested_cover(self, day: int, title: Ints, account: Ints) -> Ints:
        """Return the number of the cover test that shows a title to an account on a day; -1 where there is none."""
        test = np.full(len(title), -1, dtype=np.int64)
        if day >= experiments_first_day(self.settings):
            for number, film in enumerate(COVER_TESTS.values()):
                test[(title == film) & self.exposed[account]] = number
        return test

    def _take_share(self, account: Ints, artwork: Ints) -> Floats:
        """Return the chance that a cover shown is taken."""
        share = np.full(len(account), 0.45)
        if self.settings.planted("colour_taste"):
            liked = self.catalogue.palette_of_artwork[artwork] == account % len(PALETTES)
            share[liked] *= plants.COLOUR_PREFERENCE
        tested = self.catalogue.first_artwork_of_work[0] + 1
        # Tastes apart, so that the planted ratio is what a comparison of the test's arms finds.
        share[artwork == tested - 1] = 0.45
        share[artwork == tested] = 0.45 * (plants.ARTWORK_UPLIFT if self.settings.planted("artwork_uplift") else 1)
        return share

    def _playbacks(
        self, day: int, title: Ints, spell: Ints, isp: Ints, cdn: Ints, visit_us: Ints, step: Ints,
        random: np.random.Generator,
    ) -> Playbacks:  # fmt: skip
        count = len(title)
        runtime = self.catalogue.runtime_ms[title]
        draw, stays = random.random(count), random.random(count)
        share = np.where(
            stays < 0.12, 0.02 + 0.13 * draw, np.where(stays < 0.28, 0.15 + 0.75 * draw, 0.92 + 0.08 * draw)
        )
        begin = np.zeros(count, dtype=np.int64)
        end = np.maximum((runtime * share).astype(np.int64), 5_000)
        seek_from, seek_to = self._seeks(title, begin, end, random)
        end = self._abandoned(title, begin, end, random)
        gone = seek_from >= end
        seek_from[gone] = -1
        watch = end - begin - np.where(seek_from >= 0, seek_to - seek_from, 0)
        month = (day - self.people.spell_start[spell]) // BILLING_DAYS
        stalls = np.where(self.people.bad_month(spell, month), BAD_MONTH_STALLS, USUAL_STALLS)
        if self.settings.planted("isp_incident"):
            first, last = (self.settings.day_number(at) for at in plants.INCIDENT_DAYS)
            stalls = np.where((isp == 0) & (first <= day <= last), stalls * plants.INCIDENT_STALL_FACTOR, stalls)
        # A title begins when the one before it in the visit is over, pauses and stalls allowed for.
        length = (watch + 20_000) * 1000 + 240_000_000
        total = np.cumsum(length) - length
        started = visit_us + total - total[np.arange(count) - step]
        started += random.integers(0, 1_000_000, count)
        slow = np.where(cdn == 1, plants.CDN_STARTUP_FACTOR, 1.0)
        startup = (slow * np.exp(random.normal(7.1, 0.45, count))).astype(np.int64)
        return Playbacks(started, begin, watch, seek_from, seek_to, startup, stalls)

    def _seeks(self, title: Ints, begin: Ints, end: Ints, random: np.random.Generator) -> tuple[Ints, Ints]:
        """Return one jump for some plays: back, forward, or where a scene is planted; none is -1."""
        count = len(title)
        kind = random.random(count)
        at = begin + 1000 + ((end - begin) * random.random(count)).astype(np.int64)
        length = (10_000 * random.integers(1, 9, count)).astype(np.int64)
        back = (kind < 0.10) & (at - length > begin)
        forward = (kind > 0.93) & (at + length < end)
        seek_from = np.where((back | forward) & (at < end), at, -1)
        seek_to = np.where(back, at - length, at + length)
        chance = random.random(count)
        if self.settings.planted("rewatched_scenes"):
            for place, (from_min, to_min) in enumerate(plants.REWATCHED_SCENES_MIN):
                share = plants.REWATCH_SHARE
                there = (title == 2) & (begin < from_min * 60_000) & (end > to_min * 60_000 + 20_000)
                there &= (chance >= place * share) & (chance < (place + 1) * share)
                seek_from = np.where(there, to_min * 60_000 + random.integers(0, 8_000, count), seek_from)
                seek_to = np.where(there, from_min * 60_000, seek_to)
        if self.settings.planted("skipped_scene"):
            from_ms, to_ms = (minute * 60_000 for minute in plants.SKIPPED_SCENE_MIN)
            there = (title == 3) & (begin < from_ms) & (end > to_ms + 5_000) & (chance < plants.SKIP_SHARE)
            seek_from, seek_to = np.where(there, from_ms, seek_from), np.where(there, to_ms, seek_to)
        return seek_from, seek_to

    def _abandoned(self, title: Ints, begin: Ints, end: Ints, random: np.random.Generator) -> Ints:
        if not self.settings.planted("abandoned_title"):
            return end
        at = plants.ABANDONED_AT_MIN * 60_000 + random.integers(-5_000, 5_000, len(title))
        leaves = (title == 1) & (begin < at) & (end > at) & (random.random(len(title)) < plants.ABANDON_SHARE)
        return np.where(leaves, at, end)


def make_viewing(settings: Settings, catalogue: Catalogue, people: People) -> Viewing:
    """Return how people view; audiences of the planted director and actor are the same people, or independent."""
    random = settings.random("fans")
    director = random.random(len(people.country)) < plants.FAN_SHARE
    actor = random.random(len(people.country)) < plants.FAN_SHARE
    both = director if settings.planted("shared_audience") else actor
    queries = [query for name in catalogue.work_names for query in (name.lower(), mistyped(name.lower()))]
    exposed = people.active(experiments_first_day(settings))
    return Viewing(settings, catalogue, people, director, both, exposed, queries)


def cdn_of(account: Ints) -> Ints:
    """Return the number of the content network that serves each account."""
    return account // 5 % len(CDNS)


def mistyped(query: str) -> str:
    """Return a query with the letter in its middle left out."""
    return query[: len(query) // 2] + query[len(query) // 2 + 1 :]


def _weighted(weight: Floats, count: int, random: np.random.Generator) -> Ints:
    total = np.cumsum(weight)
    chosen: Ints = np.searchsorted(total, random.random(count) * total[-1], side="right")
    return chosen


def _hours(shares: Floats, count: int, random: np.random.Generator) -> Floats:
    return _weighted(shares, count, random) + random.random(count)


def _devices(hours: Floats, random: np.random.Generator) -> Ints:
    """Return devices: phones on the commute, the television in the evening."""
    commute = ((hours >= 7) & (hours < 9)) | ((hours >= 16.5) & (hours < 18))
    evening = (hours >= 19) & (hours < 23.5)
    draw = random.random(len(hours))
    tv, phone = (
        np.where(evening, 0.66, np.where(commute, 0.15, 0.4)),
        np.where(evening, 0.14, np.where(commute, 0.65, 0.3)),
    )
    rest = (draw - tv - phone) / (1 - tv - phone)
    other = 2 + np.searchsorted([0.35, 0.8], rest)
    return np.where(draw < tv, 0, np.where(draw < tv + phone, 1, other))
