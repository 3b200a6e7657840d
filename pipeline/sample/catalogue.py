"""The sample's invented titles and people; any likeness to real ones is by chance."""

# Name, genre, country, language, whether for children.
FILMS: list[tuple[str, str, str, str, bool]] = [
    ("The Salt Year", "drama", "GB", "en", False),
    ("Copper Rain", "thriller", "US", "en", False),
    ("Monsoon Wedding Band", "comedy", "IN", "hi", False),
    ("Nine Doors Down", "horror", "US", "en", False),
    ("Letters to Lisbon", "romance", "BR", "pt", False),
    ("The Quiet Engine", "science fiction", "US", "en", False),
    ("Harbour of Glass", "thriller", "DE", "de", False),
    ("Kochi Express", "action", "IN", "ml", False),
    ("A Field Guide to Leaving", "drama", "FR", "fr", False),
    ("Second Violin", "drama", "DE", "de", False),
    ("Orbit of Small Things", "science fiction", "JP", "ja", False),
    ("The Last Lamplighter", "period drama", "GB", "en", False),
    ("Paper Tigers of Osaka", "action", "JP", "ja", False),
    ("Half Past Never", "comedy", "US", "en", False),
    ("The Beekeeper's Alibi", "crime", "FR", "fr", False),
    ("Northbound", "thriller", "US", "en", False),
    ("Sugar and Gravel", "romance", "US", "en", False),
    ("Midnight at the Aquarium", "horror", "GB", "en", False),
    ("Tango for a Tailor", "comedy", "ES", "es", False),
    ("The Cartographer's Daughter", "period drama", "ES", "es", False),
    ("Loud in Here", "documentary", "US", "en", False),
    ("Cold Harvest", "crime", "DE", "de", False),
    ("The Understudy's Revenge", "comedy", "GB", "en", False),
    ("Blue Hour Ferry", "drama", "JP", "ja", False),
    ("How Rivers Remember", "documentary", "IN", "en", False),
    ("Gravity's Orphans", "science fiction", "US", "en", False),
    ("Street of Eleven Clocks", "thriller", "BR", "pt", False),
    ("The Pepper Merchant", "period drama", "IN", "ml", False),
    ("Wolf Weather", "horror", "DE", "de", False),
    ("Every Other Sunday", "romance", "FR", "fr", False),
    ("Penalty Shoot-Out", "documentary", "BR", "pt", False),
    ("Understorey", "drama", "GB", "en", False),
    ("Six Seconds to Safe", "action", "US", "en", False),
    ("The Moth Collectors", "crime", "JP", "ja", False),
    ("Ballad of the Night Bus", "comedy", "IN", "hi", False),
    ("Pip and the Paper Moon", "family", "GB", "en", True),
    ("The Dragon Who Hiccupped", "family", "US", "en", True),
    ("Captain Marmalade", "family", "FR", "fr", True),
    ("Snow Fox Summer", "family", "JP", "ja", True),
    ("The Smallest Astronaut", "family", "US", "en", True),
]

# Name, genre, country, language, whether for children, seasons, episodes a season, minutes an episode.
SERIES: list[tuple[str, str, str, str, bool, int, int, int]] = [
    ("Tidewater", "crime", "GB", "en", False, 2, 6, 52),
    ("The Ninth Ministry", "thriller", "DE", "de", False, 1, 8, 48),
    ("Backbenchers", "comedy", "IN", "hi", False, 2, 6, 31),
    ("Hollow Moon", "science fiction", "US", "en", False, 2, 8, 55),
    ("Casa de Bruma", "drama", "ES", "es", False, 2, 7, 45),
    ("Ward Seventeen", "drama", "US", "en", False, 1, 10, 43),
    ("Ramen After Dark", "comedy", "JP", "ja", False, 1, 6, 26),
    ("Dust and Diamonds", "period drama", "BR", "pt", False, 1, 8, 50),
    ("Otter Academy", "kids", "GB", "en", True, 2, 6, 12),
    ("Zuzu's Garage", "kids", "US", "en", True, 1, 8, 11),
]

PEOPLE = (
    "Ada Marlowe", "Ishaan Verghese", "Lena Brandt", "Théo Lacombe", "Mariko Hayase", "Caio Serrano", "June Abernathy",
    "Devika Menon", "Rafael Ochoa", "Petra Lindqvist", "Omar Siddall", "Nora Whitlock", "Kenji Morita", "Bea Castellan",
    "Arjun Nambiar", "Sofia Valverde", "Gregor Haas", "Amélie Fournier", "Dario Pinheiro", "Ruth Okafor",
    "Milo Hartigan", "Yuki Tanabe", "Clara Weiss", "Anand Kurup", "Ines Barroso", "Walter Pym", "Leila Farrow",
    "Tomás Quiroga", "Hana Iwasaki", "Edda Falk",
)  # fmt: skip

TRAILER_SUBTYPES = ("trailer", "teaser", "hook")
