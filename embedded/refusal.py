"""Things the person at the keyboard has to mend."""

import errno


class Refusal(Exception):
    """Why a command can't go on, in one sentence for the person who called it."""


def sentence_for(error: OSError) -> str | None:
    """Return what to tell a person about a failed file operation, or None when it is a fault of ours."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full: free some space and try again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and error.filename:
        return f"{error.filename} can't be written: choose another folder with --data."
    return None
