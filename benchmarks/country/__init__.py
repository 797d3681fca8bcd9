"""A country in one database: 63 provinces, 705 districts, 10,599 communes, 100,000 agencies, five
years of rounds, and every page and paper measured on it against the same at the size of one city.

What "a country" means for an application of one city: docs/decisions/0024-size-of-a-country.md.
"""
