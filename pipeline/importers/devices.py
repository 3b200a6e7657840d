"""What sort of device a streaming service's own device name means."""

import re
from functools import cache

OTHER = "other"

# The first pattern found in the name decides, so the narrower ones stand first.
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("console", r"\bps ?[2345]\b|playstation|\bxbox|nintendo|\bwii\b|\bps vita\b"),
    ("tv", r"chromecast|fire ?tv|fire stick|apple ?tv|roku|tizen|web ?os|android ?tv|google ?tv|bravia|nvidia shield"),
    ("tv", r"smart ?tv|set.?top|\bstb\b|\btv\b|blu.?ray|\bbd\b|streaming stick|vizio|vidaa|hisense|panasonic|philips"),
    ("tv", r"\blg (?:20\d\d|webos|mstar|media)|samsung (?:ce )?20\d\d|sony (?:ce|android)|\btcl\b|airtel|\bjio.*box"),
    ("tablet", r"ipad|tablet|galaxy tab|\bsm-[tx]\d|kindle|fire hd|mediapad|matepad"),
    ("mobile", r"iphone|ipod|windows phone|android.*phone|phone.*android|\bphone\b|mobile|defaultwidevine\w*phone"),
    ("mobile", r"\bsm-[aefgjmns]\d|oneplus|redmi|\bmi \w|\bpixel|huawei|oppo|vivo|realme|motorola|nokia"),
    ("desktop", r"cadmium|chrome|firefox|safari|\bedge\b|opera|silverlight|internet explorer"),
    ("desktop", r"windows|\bmac\b|macos|macbook|\bpc\b|linux|browser|\bweb\b"),
)
_COMPILED = tuple((device_type, re.compile(pattern, re.IGNORECASE)) for device_type, pattern in _PATTERNS)


@cache
def device_type_of(name: str) -> str:
    """Return the device type (tv, mobile, tablet, desktop, console) that ``name`` means; ``other`` when unknown."""
    return next((device_type for device_type, pattern in _COMPILED if pattern.search(name)), OTHER)
