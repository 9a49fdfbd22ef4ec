"""Calls one hook of one plugin: holds its answer to the contract and translates what it raises."""

import logging
from collections.abc import Callable, Generator, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from tillbridge.model.errors import PayloadError, PluginError, ProviderError
from tillbridge.model.words import Words
from tillbridge.plugins.answers import FAULTS
from tillbridge.plugins.contract import specs
from tillbridge.plugins.faults import plugin_fault, wrong_answer
from tillbridge.plugins.hints import classes, shown
from tillbridge.plugins.records import Adopted, Probe

_log = logging.getLogger("tillbridge.plugins")
_END: Final = object()
# What a hook may raise beside this: nothing. It is then a fault of the plugin.
_MAY_RAISE: Final[Mapping[str, tuple[type[Exception], ...]]] = MappingProxyType(
    {"parse_order": (PayloadError,), "order_admin_url": ()}
)


class HookCall:
    """One hook of one plugin, with all that its calls need looked up once."""

    __slots__ = (
        "_after",
        "_before",
        "_caller",
        "_classes",
        "_fault",
        "_may_raise",
        "_probe",
        "hook",
        "plugin",
    )

    def __init__(self, adopted: Adopted, hook: str, probe: Probe) -> None:
        self.plugin = adopted.name
        self.hook = hook
        self._caller = adopted.callers[hook]
        self._classes = classes(specs()[hook].hints["return"])
        self._fault = FAULTS.get(hook)
        self._may_raise = _MAY_RAISE.get(hook, (ProviderError,))
        self._probe = probe
        self._before, self._after = f"before hook {hook}", f"after hook {hook}"

    def __call__(self, **arguments: Any) -> Any:
        """Call the hook once.

        Raises:
            ProviderError: of the kind that the hook may raise.
            PluginError: it raised something else, or answered what it must not.
        """
        answer = self.guarded(self._caller, **arguments)
        if not isinstance(answer, self._classes):
            raise self.wrong(Words.of(type(answer).__name__))
        if self._fault is not None and (fault := self._fault(answer)):
            raise self.wrong(fault)
        return answer

    def guarded(self, function: Callable[..., Any], **arguments: Any) -> Any:
        """Run the plugin's code between two points of the probe, and translate what it must not raise.

        What is no `Exception` passes as it is: a kill or an interrupt is no fault of the plugin.
        """
        self._probe(self._before)
        try:
            answer = function(**arguments)
        except self._may_raise:
            raise
        except Exception as error:
            raise plugin_fault(self.plugin, self.hook, error) from error
        self._probe(self._after)
        return answer

    def tell(self, event: object) -> None:
        """Call an observer; what it raises is logged."""
        self._probe(self._before)
        try:
            self._caller(event=event)
        except Exception:  # noqa: BLE001 - whatever an observer raises, nothing depends on it
            _log.exception("plugin %r failed in %s; nothing depends on it", self.plugin, self.hook)
        self._probe(self._after)

    def wrong(self, given: Words) -> PluginError:
        """Return the error for an answer that the hook must not give."""
        return wrong_answer(self.plugin, self.hook, given, shown(specs()[self.hook].hints["return"]))


def pages(
    call: HookCall, fault_of: Callable[[Any], Words | None], **arguments: Any
) -> Generator[Any, None, None]:
    """Consume a plugin's pages; the one place that does, so that they are always closed."""
    found: Iterator[Any] = call(**arguments)
    try:
        while (page := call.guarded(partial(next, found, _END))) is not _END:
            if fault := fault_of(page):
                raise call.wrong(fault)
            yield page
    finally:
        _close(call, found)


def _close(call: HookCall, found: Iterator[Any]) -> None:
    try:
        close = getattr(found, "close", None)  # generators have one, other iterators need none
        if close is not None:
            close()
    # The pages are read, or nobody wants more of them: an error would only hide what ended it.
    except Exception:  # noqa: BLE001 - see above
        _log.exception("plugin %r failed when %s was closed", call.plugin, call.hook)
