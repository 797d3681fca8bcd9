"""A backup: the rows and the files of one moment in one archive, and the way back.

making   →  archive  →  encryption          see docs/decisions for the format and its reasons
checking, restoring  ↗
"""
