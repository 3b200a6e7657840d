"""How many bins of colour there are, and what people call colours."""

LEVELS = 6
LEVEL_STEP = 51
BINS = LEVELS**3

CHROMATIC_FAMILIES = ("red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "brown")
GREY_FAMILIES = ("black", "grey", "white")
FAMILIES = (*CHROMATIC_FAMILIES, *GREY_FAMILIES)
