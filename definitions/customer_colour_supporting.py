"""What the columns of customers' colours mean that stand beside metrics, by name."""

from collections.abc import Mapping
from types import MappingProxyType

CUSTOMER_COLOUR_MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "colour_hex": "The mean colour of the pixels in the bin, weighted by watch time, as style sheets write it.",
        "side": "Which of the two: first is the account named or all chosen, second what it is compared with.",
        "distance_name": "Which of the three distances.",
        "in_common_share": "How much of the two average colours is the same: the lesser share of each bin, summed.",
        "earlier_share": "The share that the family had in as many days before.",
        "decisive_hex": "The mean colour that the bin which adds most to the likeness has in the cover.",
        "decisive_family": "The family of colours that this bin belongs to.",
        "decisive_change": "By how much the share of this bin changed.",
        "cluster": "The cluster that the account’s average colour is nearest to; 1 has the most accounts.",
        "map_x": "Where the account lies on the map; the unit means nothing.",
        "map_y": "The same, upwards.",
        "cluster_palette": "The largest bins that cover 90 % of the cluster’s average colour, each with its share.",
        "more_watched_genres": "Up to three genres of which the cluster watches most more than all do, by share.",
    }
)
