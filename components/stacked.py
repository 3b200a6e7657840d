"""A table of few rows and many columns, whose rows stand one below the other where the screen is narrow."""

from collections.abc import Container, Sequence

from dash import html


def stacked_table(
    heads: Sequence[str], body: Sequence[html.Tr], label: str, class_name: str, *, numbers: Container[int] = ()
) -> html.Div:
    """Return a table that scrolls where it is too large; ``numbers`` are the places of heads that stand over numbers.

    On a narrow screen each row is a block (assets/stacked.css), in which every cell has its head before it. The roles
    are told since a browser may take a table that is laid out otherwise for none.
    """
    for row in body:
        row.role = "row"
        for head, cell in zip(heads, row.children, strict=True):
            is_head = isinstance(cell, html.Th)
            cell.role = "rowheader" if is_head else "cell"
            if not is_head:
                setattr(cell, "data-head", head)
    columns = [
        html.Th(head, scope="col", role="columnheader", className="number" if place in numbers else None)
        for place, head in enumerate(heads)
    ]
    head = html.Thead(html.Tr(columns, role="row"), role="rowgroup")
    table = html.Table(
        [head, html.Tbody(list(body), role="rowgroup")], role="table", className=f"measures stacked {class_name}"
    )
    return html.Div(table, className="table-scroll", tabIndex=0, role="region", **{"aria-label": label})
