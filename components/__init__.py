"""What pages are made of: the shell, the filter bar, cards, and the pure functions that draw data frames."""
