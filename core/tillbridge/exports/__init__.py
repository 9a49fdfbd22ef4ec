"""The eCommerce export: stock and prices out to the webstores, only what changed, each with its receipt."""

from tillbridge.exports.rules import ExportRules, ExportSettings, export_settings, set_export
from tillbridge.exports.running import ExportResult, ExportWay, export, rest
from tillbridge.exports.schedule import due_exports
from tillbridge.exports.views import ExportItem, ExportState, export_items, export_states, release

__all__ = [
    "ExportItem",
    "ExportResult",
    "ExportRules",
    "ExportSettings",
    "ExportState",
    "ExportWay",
    "due_exports",
    "export",
    "export_items",
    "export_settings",
    "export_states",
    "release",
    "rest",
    "set_export",
]
