class BackupError(Exception):
    """What is wrong with an archive, its key, or the place it comes from or goes to; Vietnamese."""
