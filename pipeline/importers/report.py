"""What an import did, in numbers that add up."""

from dataclasses import dataclass, field

EXAMPLES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class FileCounts:
    """The rows of one input file: ``rows`` = ``kept`` + ``duplicates`` + ``rejected``."""

    file: str
    rows: int
    kept: int
    duplicates: int
    rejected: int


@dataclass(frozen=True, slots=True)
class TableCounts:
    """The rows given to one table: ``rows`` = added + updated + unchanged + duplicates + rejected.

    ``removed`` counts stored rows that the import replaced by none; ``rejections`` holds the first few reasons.
    """

    table: str
    rows: int
    added: int
    updated: int
    unchanged: int
    duplicates: int
    rejected: int
    removed: int = 0
    rejections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JoinCounts:
    """How many of the imported films, or series, were found in the catalogue, and names of those that were not."""

    what: str
    matched: int
    unmatched: tuple[str, ...]
    ambiguous: tuple[str, ...]


@dataclass(slots=True)
class ImportReport:
    """The counts of one import by file and by table, the catalogue join, and what the user should know."""

    files: list[FileCounts] = field(default_factory=list)
    tables: list[TableCounts] = field(default_factory=list)
    catalogue: list[JoinCounts] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def table(self, name: str) -> TableCounts:
        """Return the counts of table ``name``; raises KeyError when the import did not touch it."""
        for counts in self.tables:
            if counts.table == name:
                return counts
        raise KeyError(name)

    def file(self, name: str) -> FileCounts:
        """Return the counts of input file ``name``; raises KeyError when the import did not read it."""
        for counts in self.files:
            if counts.file == name:
                return counts
        raise KeyError(name)

    def lines(self) -> list[str]:
        """Return the report as lines of text for a terminal."""
        return [*self._file_lines(), *self._table_lines(), *self._catalogue_lines(), *self.notes]

    def _file_lines(self) -> list[str]:
        return [
            f"{counts.file}: {counts.rows:,} rows = {counts.kept:,} kept + {counts.duplicates:,} duplicates "
            f"+ {counts.rejected:,} rejected"
            for counts in self.files
        ]

    def _table_lines(self) -> list[str]:
        lines = []
        for counts in self.tables:
            removed = f"; {counts.removed:,} stored rows removed" if counts.removed else ""
            lines.append(
                f"{counts.table}: {counts.rows:,} rows = {counts.added:,} added + {counts.updated:,} updated "
                f"+ {counts.unchanged:,} unchanged + {counts.duplicates:,} duplicates "
                f"+ {counts.rejected:,} rejected{removed}"
            )
            lines += [f"  rejected: {reason}" for reason in counts.rejections]
            if counts.rejected > len(counts.rejections):
                lines.append(f"  … all of them in rejected/{counts.table}-import.parquet")
        return lines

    def _catalogue_lines(self) -> list[str]:
        lines = []
        for join in self.catalogue:
            lines.append(
                f"catalogue, {join.what}: {join.matched:,} matched, {len(join.unmatched):,} not found, "
                f"{len(join.ambiguous):,} ambiguous"
            )
            for word, names in (("not found", join.unmatched), ("ambiguous", join.ambiguous)):
                if names:
                    more = ", …" if len(names) > EXAMPLES_SHOWN else ""
                    lines.append(f"  {word}: {', '.join(names[:EXAMPLES_SHOWN])}{more}")
        return lines
