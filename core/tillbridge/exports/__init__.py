"""The eCommerce export: stock and prices out to the webstores, only what changed, each with its receipt."""

from tillbridge.exports.checking import ListingCheck, ListingProblem, listing_check, listing_counts
from tillbridge.exports.listing import look_again, read_listings
from tillbridge.exports.releasing import release
from tillbridge.exports.results import ExportResult, ExportWay
from tillbridge.exports.rules import ExportRules, ExportSettings, export_settings, set_export
from tillbridge.exports.running import export
from tillbridge.exports.schedule import due_exports
from tillbridge.exports.timing import rest
from tillbridge.exports.views import (
    ExportCauses,
    ExportItem,
    ExportState,
    export_causes,
    export_items,
    export_states,
    exported,
)

__all__ = [
    "ExportCauses",
    "ExportItem",
    "ExportResult",
    "ExportRules",
    "ExportSettings",
    "ExportState",
    "ExportWay",
    "ListingCheck",
    "ListingProblem",
    "due_exports",
    "export",
    "export_causes",
    "export_items",
    "export_settings",
    "export_states",
    "exported",
    "listing_check",
    "listing_counts",
    "look_again",
    "read_listings",
    "release",
    "rest",
    "set_export",
]
