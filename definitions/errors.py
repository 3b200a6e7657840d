"""The one kind of error that people see as a sentence."""


class UserError(Exception):
    """Something a person can put right; the message says what was expected, what was found and what to do."""
