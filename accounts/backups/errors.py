class BackupFailed(Exception):
    """Says to the operator what went wrong, and what to do."""
