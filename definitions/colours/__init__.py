"""What the colours of a cover are: the one measure that the build takes of covers and the pages of uploaded images."""
