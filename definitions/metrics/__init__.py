"""Every metric by name: one definition each, used on every page, in exports, in the glossary and in ``--help``."""

from definitions.metric import Metric
from definitions.metrics import audience, colour, discovery, habits, leaving, quality, value, viewing

SECTIONS: dict[str, tuple[Metric, ...]] = {
    "Viewing": viewing.METRICS,
    "Accounts and retention": (*audience.METRICS, *habits.METRICS, *leaving.METRICS),
    "What subscriptions are worth": value.METRICS,
    "Quality of experience": quality.METRICS,
    "Discovery, ratings, campaigns, experiments": discovery.METRICS,
    "Colour": colour.METRICS,
}

METRICS: dict[str, Metric] = {metric.name: metric for metrics in SECTIONS.values() for metric in metrics}
