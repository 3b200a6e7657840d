"""How many digits the minor units of currencies have, after ISO 4217."""

USUAL_MINOR_DIGITS = 2
# All others have the usual number; a yen is its own smallest unit, and a dinar of Kuwait has a thousand fils.
CURRENCIES_BY_MINOR_DIGITS = {
    0: (
        *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"),
        *("PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
    ),
    3: ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"),
    4: ("CLF", "UYW"),
}
_MINOR_DIGITS = {currency: digits for digits, group in CURRENCIES_BY_MINOR_DIGITS.items() for currency in group}


def minor_digits(currency: str) -> int:
    """Return how many digits the minor unit of a currency has, by its three-letter code."""
    return _MINOR_DIGITS.get(currency, USUAL_MINOR_DIGITS)
