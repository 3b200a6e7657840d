"""Every table of the data contract, by name."""

from definitions.contract import Table
from definitions.tables import audience, catalogue, discovery, marketing, playback

CONTRACT: dict[str, Table] = {
    table.name: table
    for table in (
        *catalogue.TABLES,
        *audience.TABLES,
        *playback.TABLES,
        *discovery.TABLES,
        *marketing.TABLES,
    )
}
