"""One file per page: the question, its cards, its layout."""
