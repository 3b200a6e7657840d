"""How what is made of a query's rows asks other queries: under the same filters, or of another build."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from queries.db import Build
from queries.filters import FilterState


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks queries for what is made of the rows of one, which was asked with ``filters`` of ``build``."""

    filters: FilterState
    build: Build
    answer: Callable[[str, FilterState, Build], pd.DataFrame]

    def __call__(self, name: str) -> pd.DataFrame:
        """Return the rows of another query under the same filters; raises QueryError."""
        return self.answer(name, self.filters, self.build)
