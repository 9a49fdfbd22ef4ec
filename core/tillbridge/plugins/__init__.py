"""Loads, checks and reports plugins, and is the only caller of their hooks.

`load()` returns `Plugins`: what was loaded, what was not and why, and a typed call for each hook.
Nothing is kept in this package: two engines in one process have their own plugins.
"""

from tillbridge.plugins.calling import Plugins
from tillbridge.plugins.loading import load
from tillbridge.plugins.records import LoadedPlugin, PluginProblem

__all__ = ["LoadedPlugin", "PluginProblem", "Plugins", "load"]
