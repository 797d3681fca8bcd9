"""The steps of `make country`, each a `run(places)` that gives how many aims it missed."""
