"""Records a live webstore's orders as a test: people and secrets replaced, everything else byte for byte."""
