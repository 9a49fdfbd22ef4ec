"""The Singer target: the SDK's own SQL target, told where its SQLite file is."""

from typing import Any

from singer_sdk import typing as th
from singer_sdk.sql import SQLConnector, SQLSink, SQLTarget


class SqliteConnector(SQLConnector):
    """Names the file."""

    allow_temp_tables = False
    allow_column_alter = False

    def get_sqlalchemy_url(self, config: Any) -> str:
        """Return the URL of the file."""
        return f"sqlite:///{config['file']}"


class SqliteSink(SQLSink[SqliteConnector]):
    """Writes a stream's records as the SDK does."""

    connector_class = SqliteConnector


class BenchTarget(SQLTarget):
    """The target."""

    name = "target-bench"
    default_sink_class = SqliteSink
    config_jsonschema = th.PropertiesList(th.Property("file", th.StringType, required=True)).to_dict()


if __name__ == "__main__":
    BenchTarget.cli()
