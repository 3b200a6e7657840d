"""The contract's tables and the metrics' meanings, declared once, as data; imports nothing of ours."""
