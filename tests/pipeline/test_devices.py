"""Device names as streaming services write them."""

import pytest

from pipeline.importers.devices import device_type_of

NAMES = {
    "Samsung CE 2019 Tizen TV": "tv",
    "LG 2020 webOS TV": "tv",
    "Google Chromecast V3 Streaming Stick": "tv",
    "FireTV Stick": "tv",
    "Apple TV 4K": "tv",
    "Roku": "tv",
    "Sony Android TV": "tv",
    "PS4": "console",
    "PS5": "console",
    "Xbox One S": "console",
    "Apple iPad Air 2 Wi-Fi": "tablet",
    "Amazon Kindle Fire HD": "tablet",
    "iPhone 12": "mobile",
    "Apple iPhone XS": "mobile",
    "Android DefaultWidevineL3Phone Android Phone": "mobile",
    "DefaultWidevineAndroidPhone": "mobile",
    "OnePlus 6T": "mobile",
    "Chrome PC (Cadmium)": "desktop",
    "Netflix Windows App - Cadmium Windows Mobile": "mobile",
    "Netflix Windows App - Cadmium": "desktop",
    "Safari MAC": "desktop",
    "Mac (Cadmium)": "desktop",
    "Device Type 0": "other",
    "": "other",
}


@pytest.mark.parametrize(("name", "device_type"), NAMES.items())
def test_device_names(name: str, device_type: str) -> None:
    assert device_type_of(name) == device_type
