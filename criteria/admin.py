"""The catalogue for operators: to look at only. It is loaded by `manage.py load_reference`."""

from django.contrib import admin

from criteria.models import (
    CriteriaSet,
    Criterion,
    Indicator,
    LevelThreshold,
    PointItem,
    PointSet,
    Rating,
    Standard,
)


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(CriteriaSet)
class CriteriaSetAdmin(ReadOnly):
    list_display = ["code", "title", "subject", "valid_from", "valid_to"]


@admin.register(LevelThreshold)
class LevelThresholdAdmin(ReadOnly):
    list_display = ["criteria_set", "level", "percent", "inclusive"]
    list_select_related = ["criteria_set"]


@admin.register(Standard)
class StandardAdmin(ReadOnly):
    list_display = ["code", "text", "criteria_set"]
    list_select_related = ["criteria_set"]


@admin.register(Criterion)
class CriterionAdmin(ReadOnly):
    list_display = ["code", "text", "standard"]
    list_select_related = ["standard"]


@admin.register(Indicator)
class IndicatorAdmin(ReadOnly):
    list_display = ["code", "short_name", "role", "criteria_set"]
    list_filter = ["criteria_set", "role"]
    list_select_related = ["criteria_set"]
    search_fields = ["code", "text", "short_name"]


@admin.register(PointSet)
class PointSetAdmin(ReadOnly):
    list_display = ["code", "version", "title", "subject", "recorded_by", "recorded_at"]


@admin.register(PointItem)
class PointItemAdmin(ReadOnly):
    list_display = ["code", "text", "maximum", "point_set"]
    list_select_related = ["point_set"]


@admin.register(Rating)
class RatingAdmin(ReadOnly):
    list_display = ["label", "minimum", "is_good_or_better", "point_set"]
    list_select_related = ["point_set"]
