"""Counts of tests' own that need no tracing: the coverage of tests is not measured, and tracing doubles their time."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def untraced(count: Callable[P, T]) -> Callable[P, T]:
    """Run a function of the tests without tracing it; whatever it calls is not traced either."""

    @wraps(count)
    def counted(*args: P.args, **kwargs: P.kwargs) -> T:
        tracer = sys.gettrace()
        sys.settrace(None)
        try:
            return count(*args, **kwargs)
        finally:
            sys.settrace(tracer)

    return counted
