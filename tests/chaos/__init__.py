"""`make chaos`: kill what the application stands on while people work, then count what is lost.

It brings up all of it on loopback in a folder of its own, as `docs/van-hanh` has it run; nothing of
the machine's own services is touched. Started by hand: a full length takes half an hour.
"""
