"""A sandbox of Locally: a server of its own that keeps the plugin's contract, with faults on demand."""
