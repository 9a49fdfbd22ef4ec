"""dlt: its REST source, page by page, appended to SQLite through its SQLAlchemy destination.

dlt unpacks every field that it meets into columns and child tables. It looks up no product and no customer,
sells nothing and moves no stock.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.peers.place import ORDERS_PATH, PeerPlace

# Before dlt is imported: nothing is told to anybody, and no setting of this machine's is read.
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "ERROR"


@contextmanager
def ready(place: PeerPlace) -> Iterator[Callable[[], int]]:
    """Import dlt and name source and destination; the work is one run of the pipeline."""
    os.environ["DLT_DATA_DIR"] = os.environ["DLT_PROJECT_DIR"] = str(place.folder)
    # Here: the settings above must come first.
    import dlt  # noqa: PLC0415  # as said above
    from dlt.sources.rest_api import rest_api_source  # noqa: PLC0415  # as said above

    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=str(place.folder / "pipelines"),
        destination=dlt.destinations.sqlalchemy(f"sqlite:///{place.database}"),
        dataset_name="main",
    )
    source = rest_api_source(_source(place))

    def work() -> int:
        pipeline.run(source).raise_on_failed_jobs()
        return int(pipeline.last_trace.last_normalize_info.row_counts["orders"])

    yield work


def _source(place: PeerPlace) -> dict[str, object]:
    return {
        "client": {
            "base_url": place.webstore_url,
            "paginator": {
                "type": "cursor",
                "cursor_path": "data.orders[-1].hash",
                "cursor_param": "after_hash",
                "has_more_path": "data.more",
            },
        },
        "resource_defaults": {"write_disposition": "append"},
        "resources": [
            {
                "name": "orders",
                "endpoint": {
                    "path": ORDERS_PATH,
                    "params": {"limit": place.page},
                    "data_selector": "data.orders",
                },
            }
        ],
    }
