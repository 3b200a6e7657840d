"""What goes wrong through the user's data, files or settings; shown as a message, never as a stack trace."""

from definitions.errors import UserError


class SourceError(UserError):
    """Something a user can put right: the message says where, what was expected, what was found and what to do."""
