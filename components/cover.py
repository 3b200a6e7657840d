"""Covers: small images of titles, which take their room before they are loaded."""

from dash import html


def cover(image_hash: str, alt: str, *, aspect_ratio: float) -> html.Img:
    """Show the thumbnail of an image, as wide ÷ high as it is."""
    return html.Img(src=_address(image_hash), alt=alt, className="cover", style={"aspectRatio": f"{aspect_ratio:.4f}"})


def small_cover(image_hash: str, alt: str = "") -> html.Img:
    """Show the thumbnail of an image in a row, cut to one shape; loaded only once the row is scrolled to.

    Beside the name of what it shows, ``alt`` says nothing more.
    """
    return html.Img(src=_address(image_hash), alt=alt, className="cover", **{"data-loading": "lazy"})


def _address(image_hash: str) -> str:
    return f"/covers/{image_hash}.webp"
