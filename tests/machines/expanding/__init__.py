"""A version to come: one column and one index more than the code that runs knows of."""
