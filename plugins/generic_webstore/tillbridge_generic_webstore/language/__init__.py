"""The language of profiles: its tables, how a file is read, and what is said of its mistakes."""
