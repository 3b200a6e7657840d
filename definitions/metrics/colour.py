"""What covers look like."""

from definitions.metric import Metric, Unit

NEEDS = ("artworks.path",)

METRICS = (
    Metric(
        "colour_vector",
        "216-bin vector",
        Unit.VECTOR,
        "Share of the cover's opaque pixels in each cell of the 6 × 6 × 6 sRGB cube, its ICC profile applied.",
        "level = (v + 25) // 51 for each channel; bin = 36·r + 6·g + b",
        needs=NEEDS,
    ),
    Metric(
        "palette",
        "Palette",
        Unit.VECTOR,
        "The smallest set of bins that covers 90 % of the cover, each drawn in the mean colour of its own pixels.",
        "largest bins until their shares reach 0.90",
        needs=NEEDS,
    ),
    Metric(
        "account_colour",
        "Average colour, last N days",
        Unit.VECTOR,
        "The watch-time-weighted mean of the vectors of the titles an account played in the N days, as a palette.",
        "Σ watch time · vector ÷ Σ watch time",
        needs=(*NEEDS, "plays.watch_ms"),
    ),
    Metric(
        "colour_share",
        "Share of a colour",
        Unit.RATE,
        "The share that a bin, or the bins of a family of colours, have in an average colour.",
        "Σ watch time · share on the cover ÷ Σ watch time",
        needs=(*NEEDS, "plays.watch_ms"),
    ),
    Metric(
        "colour_change",
        "Change of a colour",
        Unit.RATE,
        "By how much the share of a family of colours differs between the last N days and the N days before.",
        "share in the last N days − share in the N days before",
        needs=(*NEEDS, "plays.watch_ms"),
    ),
    Metric(
        "cover_likeness",
        "Likeness to the change",
        Unit.SCORE,
        "The cosine between a cover’s vector and the change of an average colour: 1 is all that grew, nothing else.",
        "cos(vector, average of the last N days − average of the N days before)",
        needs=(*NEEDS, "plays.watch_ms"),
    ),
    Metric(
        "cluster_accounts",
        "Accounts by colour",
        Unit.COUNT,
        "Accounts in a cluster of like average colours over the last 90 days of the data: k-means under the cosine, of "
        "2 to 6 clusters those with the largest mean silhouette.",
        "count of accounts whose nearest middle is the cluster’s",
        needs=(*NEEDS, "plays.watch_ms"),
    ),
    Metric(
        "colour_distance",
        "Colour distance",
        Unit.SCORE,
        "One of three: cosine (the default for customers), Jensen–Shannon, or the earth mover's over the bins with CIE "
        "Lab (D65) distance as its cost (the default for covers).",
        "1 − cos; √ of the base-2 divergence; least cost of turning one vector into the other",
        needs=NEEDS,
    ),
    Metric(
        "cover_features",
        "Brightness, saturation, warmth, contrast, colourfulness",
        Unit.SCORE,
        "Computed on the cover reduced to at most 256 px a side.",
        "mean L*; mean HSV S; share of warm hues; standard deviation of L*; Hasler–Süsstrunk",
        needs=NEEDS,
        source="Hasler and Süsstrunk, Human Vision and Electronic Imaging, 2003",
    ),
    *(
        Metric(f"cover_{name}", label, unit, f"The mean over covers of {of_what}.", formula, needs=NEEDS)
        for name, label, unit, of_what, formula in (
            ("brightness", "Brightness", Unit.SCORE, "the mean lightness L* of each, from 0 to 100", "mean L*"),
            ("saturation", "Saturation", Unit.RATE, "the mean saturation in HSV of each", "mean HSV S"),
            ("warmth", "Warmth", Unit.RATE, "the share of warm hues in each that has hues", "warm ÷ all hues"),
            ("contrast", "Contrast", Unit.SCORE, "how much L* varies over each", "standard deviation of L*"),
            ("colourfulness", "Colourfulness", Unit.SCORE, "that of each, from 0 to about 110", "Hasler–Süsstrunk"),
        )
    ),
    Metric(
        "colour_area_share",
        "Share of the covers",
        Unit.RATE,
        "The share of the area of covers that has a colour, each film or series counting as much.",
        "mean over covers of the shares of the colour’s bins",
        needs=NEEDS,
    ),
    Metric(
        "genre_distance",
        "Distance from the genre",
        Unit.RATIO,
        "How far a cover lies from the middle of its genre on the map of covers, as a multiple of the genre’s median "
        "distance; of several genres, from the one it is nearest to.",
        "distance from the genre’s median place ÷ median such distance",
        needs=(*NEEDS, "title_tags.tag"),
    ),
    Metric(
        "cover_gap",
        "Covers missing",
        Unit.SCORE,
        "How many fewer covers of a look a genre has than the looks of the whole catalogue would lead to; judged by "
        "Fisher’s exact test, corrected for all genres and looks (Holm).",
        "covers of the genre · share of the look − covers of the look in the genre",
        needs=(*NEEDS, "title_tags.tag"),
    ),
    Metric(
        "hours_per_title",
        "Watch time a title",
        Unit.HOURS,
        "Watch time by the films and series watched, each counted by the cover that it is shown by.",
        "watch time ÷ films and series watched",
        needs=(*NEEDS, "plays.watch_ms"),
    ),
    Metric(
        "colour_appeal",
        "Colour appeal",
        Unit.RATIO,
        "How many times as often an audience takes covers of a colour as its take rate of other covers and everybody’s "
        "take rates of the very same covers would lead to, within genres; an association.",
        "(taken ÷ expected) of the colour ÷ (taken ÷ expected) of the others, pooled over genres",
        needs=(*NEEDS, "impressions.on_screen_ms"),
        source="Mantel and Haenszel, Journal of the National Cancer Institute, 1959",
    ),
    Metric(
        "colour_effect",
        "Colour effect",
        Unit.RATIO,
        "Association of a colour feature with take rate after genre, popularity, row and position, with an interval; "
        "an association, unless it comes from an experiment.",
        "adjusted odds ratio of the feature",
        needs=(*NEEDS, "impressions.on_screen_ms"),
    ),
)
