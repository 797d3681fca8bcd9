"""`make machines`: two machines that share PostgreSQL, Redis and an S3 store, and nothing else.

As root each is a network namespace with a name, a line and a folder of its own; others have two
addresses of the loopback and a folder each. It takes some minutes and is started by hand.
"""
