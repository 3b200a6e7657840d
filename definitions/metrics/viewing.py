"""What was watched, how much of it, and when."""

from definitions.metric import Better, Metric, Unit

METRICS = (
    Metric(
        "plays",
        "Plays",
        Unit.COUNT,
        "Playbacks of one title on one device, from start to stop, however short.",
        "count of plays",
        needs=("plays.play_id",),
        better=Better.HIGHER,
    ),
    Metric(
        "watch_hours",
        "Watch time",
        Unit.HOURS,
        "Time with the playhead advancing; pauses, rebuffering, seeking and start-up are left out.",
        "Σ watch_ms ÷ 3,600,000",
        needs=("plays.watch_ms",),
        better=Better.HIGHER,
    ),
    Metric(
        "distinct_hours",
        "Distinct time",
        Unit.HOURS,
        "Length of the union of the intervals of the title that were played; a second replayed counts once.",
        "Σ length of the union of the played intervals",
        needs=("playback_events.position_ms",),
    ),
    Metric(
        "replayed_hours",
        "Replayed time",
        Unit.HOURS,
        "Time spent on seconds already played, at normal speed.",
        "watch time − distinct time",
        needs=("playback_events.position_ms",),
    ),
    Metric(
        "hours_per_active_account_day",
        "Daily hours per account",
        Unit.HOURS,
        "Watch time for each day on which an account was active.",
        "Σ watch time ÷ Σ daily active accounts",
        needs=("plays.watch_ms",),
        better=Better.HIGHER,
    ),
    Metric(
        "coverage",
        "Coverage",
        Unit.RATE,
        "How much of a title a profile has played, over all its plays to date; dated by the play that reaches a "
        "threshold. Estimated from the furthest position where the source has no intervals.",
        "distinct time ÷ runtime, at most 1",
        needs=("titles.runtime_ms",),
    ),
    Metric(
        "film_share",
        "Films' share",
        Unit.RATE,
        "Of the watch time of films and episodes, the share of films; at weekends against other days over whole weeks.",
        "watch time of films ÷ watch time of films and episodes",
        needs=("plays.watch_ms",),
    ),
    Metric(
        "watch_time_share",
        "Share of watch time",
        Unit.RATE,
        "Of the watch time of all that passes the filters, the share of one device, model, app version or place; the "
        "shares add up to 100 %, with those of which it is unknown.",
        "watch time of one ÷ watch time of all",
        needs=("plays.watch_ms",),
    ),
    Metric(
        "play_share",
        "Share of plays",
        Unit.RATE,
        "Of all plays that pass the filters, the share of one device, model or app version; they add up to 100 %.",
        "plays of one ÷ plays of all",
        needs=("plays.play_id",),
    ),
    Metric(
        "account_share",
        "Share of active accounts",
        Unit.RATE,
        "Of the accounts active in a day, the share that was active on one device, model or app version; over several "
        "days, of the days on which accounts were active. An account active on two counts for both, so the "
        "shares add up to more than 100 %. Of sets of devices, of the accounts active in the range: each has one.",
        "Σ daily active accounts of one ÷ Σ daily active accounts",
        needs=("plays.watch_ms",),
    ),
    Metric(
        "adoption_share",
        "Adoption",
        Unit.RATE,
        "Of the days on which accounts were active in a week, the share on which they were so on a model or app "
        "version; the weeks run from the day on which it was first seen.",
        "Σ daily active accounts of one ÷ Σ daily active accounts",
        needs=("plays.watch_ms",),
    ),
    Metric(
        "kids_share",
        "Kids profiles' share",
        Unit.RATE,
        "Of the watch time of profiles whose sort is known, the share of children's profiles.",
        "watch time of kids profiles ÷ watch time of profiles of known sort",
        needs=("profiles.profile_type",),
    ),
    Metric(
        "hour_share",
        "Share of the device's day",
        Unit.RATE,
        "Of all that was watched on a device in the range, the share that fell into an hour of the day; a play's watch "
        "time lies evenly between its beginning and its end.",
        "watch time in the hour ÷ watch time, of one device",
        needs=("plays.device_type",),
    ),
    Metric(
        "device_set_accounts",
        "Accounts by set of devices",
        Unit.COUNT,
        "Accounts active in the range, each counted once, by the set of device types on which they were active.",
        "count of accounts with ≥ 1 play of ≥ 60 s on just these device types",
        needs=("plays.device_type",),
    ),
    Metric(
        "finish_share",
        "Completed on",
        Unit.RATE,
        "Of the films and episodes that accounts began on one device in the range and completed by its end, the share "
        "completed on each device. A title is begun with the play with which its watch time reached two minutes, and "
        "completed with that with which coverage reached 90 %.",
        "titles completed on one device ÷ titles completed, of those begun on one device",
        needs=("plays.device_type", "titles.runtime_ms"),
    ),
    Metric(
        "finished_titles",
        "Completed titles",
        Unit.COUNT,
        "Films and episodes that accounts began in the range and completed by its end, each once for each account.",
        "count of accounts and titles with coverage ≥ 0.90",
        needs=("plays.watch_ms", "titles.runtime_ms"),
    ),
    Metric(
        "starters",
        "Starters",
        Unit.COUNT,
        "Accounts that, within 7 or 28 days of release or ever, reached two minutes of a film or an episode.",
        "distinct accounts with ≥ 2 minutes of watch time on the title",
        needs=("plays.watch_ms",),
        source="Netflix, letter to the UK Digital, Culture, Media and Sport Committee, 2019 (starters loosened)",
    ),
    Metric(
        "watchers",
        "Watchers",
        Unit.COUNT,
        "Accounts that, within 7 or 28 days of release or ever, covered 70 % of a film or 90 % of one episode.",
        "distinct accounts with coverage ≥ 0.70 of a film, or ≥ 0.90 of one episode",
        needs=("titles.runtime_ms",),
        source="Netflix, letter to the UK Digital, Culture, Media and Sport Committee, 2019",
    ),
    Metric(
        "completers",
        "Completers",
        Unit.COUNT,
        "Accounts that, within 7 or 28 days of release or ever, covered 90 % of a film or of all episodes of a season.",
        "distinct accounts with coverage ≥ 0.90 of the film, or of every episode of the season",
        needs=("titles.runtime_ms",),
        source="Netflix, letter to the UK Digital, Culture, Media and Sport Committee, 2019",
    ),
    Metric(
        "title_accounts",
        "Starters, watchers and completers",
        Unit.COUNT,
        "An account counts once for each film and each season. Of those that it began in the range, by the end of the "
        "range: starters reached two minutes of the film or an episode; watchers covered 70 % of the film or 90 % of "
        "one episode; completers covered 90 % of the film or of every episode of the season that is known. Within 7 or "
        "28 days of release, only what was begun and reached in these days counts, the day of release being the first; "
        "a season is released with the first of its episodes. Where a runtime is not known, nothing counts.",
        "count of accounts and films or seasons that reached the step",
        needs=("plays.watch_ms", "titles.runtime_ms"),
        source="Netflix, letter to the UK Digital, Culture, Media and Sport Committee, 2019 (starters loosened)",
    ),
    Metric(
        "completion_rate",
        "Completion rate",
        Unit.RATE,
        "Of the films and episodes that accounts began in the period (first reached two minutes), the share of which "
        "90 % was covered by the period's end; titles of unknown runtime are left out.",
        "completed by the period's end ÷ begun in the period",
        needs=("plays.watch_ms", "titles.runtime_ms"),
        better=Better.HIGHER,
    ),
    Metric(
        "views",
        "Views",
        Unit.COUNT,
        "One of four, by choice: plays of at least two minutes (the default); coverage first reaching 70 %, dated that "
        "day; hours divided by runtime, per title and period only; any start.",
        "count of plays with watch time ≥ 2 minutes",
        needs=("plays.watch_ms",),
        better=Better.HIGHER,
    ),
    Metric(
        "average_minute_audience",
        "Average minute audience",
        Unit.COUNT,
        "How many were watching in the average minute of the title.",
        "watch time ÷ runtime",
        needs=("titles.runtime_ms",),
    ),
    Metric(
        "abandoned",
        "Abandoned",
        Unit.COUNT,
        "Profiles and titles whose coverage stayed under 70 % for 30 days after the last play; undecided inside the "
        "last 30 days. Left and came back: a gap of 24 hours or more, then more.",
        "profile–title pairs with coverage < 0.70 and ≥ 30 days since the last play",
        needs=("titles.runtime_ms",),
        better=Better.LOWER,
    ),
    Metric(
        "sessions",
        "Sessions",
        Unit.COUNT,
        "Sittings: what the source calls one visit, where it does not, plays of a profile (of the account, where the "
        "profile is unknown) with gaps under 30 minutes. Each counts once, on the day and at the hour that it began, "
        "with the device, title and kind that most of its watch time was of. One that still goes on two days (UTC) "
        "after its first counts on as another each day.",
        "count of visits",
        needs=("plays.started_at", "plays.watch_ms"),
    ),
    Metric(
        "mean_session_hours",
        "Session length",
        Unit.HOURS,
        "From the first start of a session to its last end, with start-up, pauses, stalls and gaps: the mean over the "
        "sessions that began in the period.",
        "Σ length ÷ sessions",
        needs=("plays.started_at", "plays.watch_ms"),
    ),
    Metric(
        "abandonment_rate",
        "Abandonment rate",
        Unit.RATE,
        "Of the films and episodes that profiles settled, the share that they abandoned. Settled is what reached a "
        "coverage of 70 %, on that day, and what stayed below it for 30 days after the last play, on the 30th; so "
        "nothing is known of the data's first 30 days. Who plays on later has not abandoned: then earlier days "
        "are counted anew.",
        "abandoned ÷ (abandoned + coverage reached 0.70), both dated in the period",
        needs=("titles.runtime_ms",),
        better=Better.LOWER,
    ),
    Metric(
        "comeback_share",
        "Left and came back",
        Unit.RATE,
        "Of the films and episodes that profiles settled (see abandonment rate), the share that they left for 24 hours "
        "or more, from the end of one play to the start of the next, and came back to before 90 % was covered.",
        "settled with a gap of ≥ 24 h, then more ÷ settled in the period",
        needs=("titles.runtime_ms",),
    ),
    Metric(
        "rewatch_play_share",
        "Rewatching, of plays",
        Unit.RATE,
        "Of the plays of films and episodes whose runtime and coverage are known, the share begun after their profile "
        "had completed the title: after the beginning of the first play with a coverage of 90 %.",
        "plays of titles completed before ÷ plays",
        needs=("plays.play_id", "titles.runtime_ms"),
    ),
    Metric(
        "rewatch_time_share",
        "Rewatching, of watch time",
        Unit.RATE,
        "Of the watch time of films and episodes whose runtime and coverage are known, the share of plays begun after "
        "their profile had completed the title.",
        "watch time of titles completed before ÷ watch time",
        needs=("plays.watch_ms", "titles.runtime_ms"),
    ),
    Metric(
        "binge_sessions",
        "Binge sessions",
        Unit.COUNT,
        "Three or more different episodes of one series by one profile (by the account, where the profile is unknown) "
        "with gaps under 60 minutes, whatever else was played in between. Each counts once, on the day and at the hour "
        "that it began, on the device of most of its watch time. A binge racer completes a season within 24 hours of "
        "its release.",
        "runs of ≥ 3 episodes with gaps < 60 min",
        needs=("titles.series_id",),
    ),
    Metric(
        "binge_share",
        "Share of binge sessions",
        Unit.RATE,
        "Watch time of the binge sessions that began in the period, for all watch time of the plays that began in it; "
        "a session's counts whole on the day that it began.",
        "Σ watch time of binge sessions ÷ Σ watch time",
        needs=("titles.series_id", "plays.watch_ms"),
    ),
    Metric(
        "episode_starters",
        "Accounts that began the episode",
        Unit.COUNT,
        "Of the accounts that began a season in the range (first reached two minutes of one of its episodes), those "
        "that reached two minutes of the episode by the range's end. Finished: 90 % was covered; went on: the next was "
        "begun.",
        "distinct accounts with ≥ 2 minutes of watch time on the episode",
        needs=("titles.series_id", "titles.episode_number", "plays.watch_ms"),
    ),
    Metric(
        "season_finish_share",
        "Finish the season",
        Unit.RATE,
        "Of the accounts that began the season in the range and reached two minutes of the episode, the share that "
        "covered 90 % of every episode of the season by the range's end. The hooked episode is the first for which "
        "this is 70 % or more; who began late in the range has had little time.",
        "accounts that completed the season ÷ accounts that began the episode",
        needs=("titles.series_id", "titles.episode_number", "titles.runtime_ms"),
        better=Better.HIGHER,
        source="Netflix, “Do You Know When You Were Hooked? Netflix Does”, 2015",
    ),
    Metric(
        "audience_index",
        "Index against the service",
        Unit.RATIO,
        "How much more of the watch time of the film or series than of the whole service's falls to a group, under the "
        "same filters: 1 is as much, 2 twice as much.",
        "share of its watch time ÷ share of all watch time",
        needs=("plays.watch_ms",),
    ),
    Metric(
        "lift",
        "Lift",
        Unit.RATIO,
        "How much likelier its active accounts were to be active with another film or series in the range than all "
        "active accounts were. Of others that at least 20 accounts have in common with it.",
        "P(active with the other | active with this) ÷ P(active with the other)",
        needs=("plays.watch_ms",),
    ),
    Metric(
        "binge_sessions_per_release",
        "Binge sessions per release and day",
        Unit.COUNT,
        "Binge sessions that began so many days after the release of their latest season, for each season of which "
        "that day lies in the period; of seasons of three episodes or more that came out on one day, since one that "
        "comes out bit by bit cannot be binged at first.",
        "binge sessions on the n-th day after a release ÷ releases with that day in the period",
        needs=("titles.series_id", "titles.released_on"),
    ),
    Metric(
        "hours_per_day_to_finish",
        "Hours per day to finish",
        Unit.HOURS,
        "How fast a season is watched by those who finish it: watch time of each episode up to the play that completed "
        "it, for each day from that of the first episode to that of the last, both included.",
        "season hours ÷ days from first to last episode",
        needs=("titles.series_id", "titles.runtime_ms"),
    ),
    Metric(
        "finished_seasons",
        "Seasons finished",
        Unit.COUNT,
        "Seasons of which an account had covered 90 % of every episode that is known, on the day of the last; an "
        "account counts once for each season. Binge racers finish on the day of the season's release.",
        "count of accounts and seasons completed",
        needs=("titles.series_id", "titles.runtime_ms"),
        better=Better.HIGHER,
    ),
    Metric(
        "audience_curve",
        "Audience curve",
        Unit.RATE,
        "For each 10 s of a title, or each 1 % of its runtime, how often that part was played for each "
        "play; replays can lift it above 1. Of plays that player events tell; what lies beyond the title's end is cut.",
        "times the part was played ÷ plays",
        needs=("playback_events.position_ms",),
    ),
    Metric(
        "exit_hazard",
        "Exit hazard",
        Unit.RATE,
        "Of the plays still present at the start of a part of a title, the share that ended in it. Present is a play "
        "that played that place, however often; it ended where its playhead last advanced.",
        "exits in the bin ÷ plays present at its start",
        needs=("playback_events.position_ms",),
        better=Better.LOWER,
    ),
    Metric(
        "reached_share",
        "Reached",
        Unit.RATE,
        "The share of a title's plays that played something beyond a place. Of plays that player events tell.",
        "plays whose furthest place lies beyond ÷ plays",
        needs=("playback_events.position_ms",),
    ),
    Metric(
        "mean_share_played",
        "Average share watched",
        Unit.RATE,
        "How much of the title a play plays, in the mean; what is played again counts once. Of plays that player "
        "events tell.",
        "Σ distinct time ÷ (plays × runtime)",
        needs=("playback_events.position_ms", "titles.runtime_ms"),
        better=Better.HIGHER,
    ),
    Metric(
        "concurrent_streams",
        "Concurrent streams",
        Unit.COUNT,
        "Plays in progress at a UTC minute; the peak is the largest; by hour and weekday, the mean in that local hour.",
        "plays with start ≤ minute < end",
        needs=("plays.started_at", "plays.watch_ms"),
    ),
    Metric(
        "peak_concurrent_streams",
        "Peak concurrent streams",
        Unit.COUNT,
        "The most plays in progress at one minute of the period, by UTC whatever clock the days go by. A play is in "
        "progress from its beginning up to, not with, its end, through start-up, pauses and stalls, for a day at most.",
        "largest number of plays with start ≤ minute < end",
        needs=("plays.started_at", "plays.watch_ms"),
    ),
    Metric(
        "pauses_per_hour",
        "Pauses",
        Unit.PER_HOUR,
        "How often playback was paused in an hour watched, over plays where pauses were told.",
        "Σ pauses ÷ Σ hours of watch time of plays whose pauses are known",
        needs=("plays.watch_ms", "plays.pauses"),
    ),
    Metric(
        "rewinds_per_hour",
        "Rewinds",
        Unit.PER_HOUR,
        "How often the viewer went back (seeks back) in an hour watched, over plays where it was told.",
        "Σ seeks back ÷ Σ hours of watch time of plays whose seeks back are known",
        needs=("plays.watch_ms", "plays.seeks_back"),
    ),
    Metric(
        "fast_forwards_per_hour",
        "Fast-forwards",
        Unit.PER_HOUR,
        "How often the viewer went forward (seeks forward) in an hour watched, over plays where it was told.",
        "Σ seeks forward ÷ Σ hours of watch time of plays whose seeks forward are known",
        needs=("plays.watch_ms", "plays.seeks_forward"),
    ),
    Metric(
        "resumes_per_hour",
        "Resumes",
        Unit.PER_HOUR,
        "How often playback was resumed after a pause in an hour watched, over plays where resumes were told.",
        "Σ resumes ÷ Σ hours of watch time of plays whose resumes are known",
        needs=("plays.watch_ms", "plays.resumes"),
    ),
    Metric(
        "replayed_share",
        "Replayed share",
        Unit.RATE,
        "The share of watch time spent on seconds that the same play had already shown, over plays whose distinct time "
        "is known; at normal speed.",
        "Σ (watch time − distinct time) ÷ Σ watch time, of plays whose distinct time is known",
        needs=("plays.watch_ms", "plays.distinct_ms"),
    ),
    Metric(
        "autoplay_share",
        "Autoplay share",
        Unit.RATE,
        "The share of plays that began by themselves, of plays where it was told.",
        "plays begun by autoplay ÷ plays of which it is known",
        needs=("plays.autoplay",),
    ),
    Metric(
        "autoplay_watch_share",
        "Autoplay share of time",
        Unit.RATE,
        "The share of watch time in plays that began by themselves, of plays where it was told.",
        "Σ watch time of plays begun by autoplay ÷ Σ watch time of plays of which it is known",
        needs=("plays.watch_ms", "plays.autoplay"),
    ),
    Metric(
        "hourly_active_accounts",
        "Accounts by hour and weekday",
        Unit.COUNT,
        "Mean number of distinct active accounts in such an hour.",
        "Σ distinct active accounts per hour ÷ such hours",
        needs=("plays.started_at",),
    ),
)
