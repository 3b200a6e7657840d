"""What the columns of customers' colours mean that stand beside metrics, by name."""

from collections.abc import Mapping
from types import MappingProxyType

CUSTOMER_COLOUR_MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "bin": "The cell of the 6 × 6 × 6 sRGB cube, 0 to 215: 36·r + 6·g + b.",
        "colour_family": "What the colour is called.",
        "colour_hex": "The mean colour of the pixels in the bin, weighted by watch time, as style sheets write it.",
        "palette_rank": "The place among the bins that cover 90 %, the largest 1; without one beyond them.",
        "side": "Which of the two: first is the account named or all chosen, second what it is compared with.",
        "distance_name": "Which of the three distances.",
        "common_share": "How much of the two average colours is the same: the lesser share of each bin, summed.",
        "earlier_share": "The share that the family had in as many days before.",
        "cluster": "The cluster that the account’s average colour is nearest to; 1 has the most accounts.",
        "map_x": "Where the account lies on the map; the unit means nothing.",
        "map_y": "The same, upwards.",
        "cluster_palette": "The largest bins that cover 90 % of the cluster’s average colour, each with its share.",
        "more_watched_genres": "Up to three genres of which the cluster watches most more than all do, by share.",
        "brightness": "The mean brightness of the covers watched, weighted by watch time, 0 to 100.",
        "saturation": "Their mean saturation, 0 to 1.",
        "warmth": "Their mean share of warm hues, 0 to 1.",
    }
)
