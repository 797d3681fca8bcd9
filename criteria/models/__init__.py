from criteria.models.points import PointItem, PointSet, Rating
from criteria.models.sets import CriteriaSet, Criterion, Indicator, LevelThreshold, Standard

__all__ = [
    "CriteriaSet",
    "Criterion",
    "Indicator",
    "LevelThreshold",
    "PointItem",
    "PointSet",
    "Rating",
    "Standard",
]
