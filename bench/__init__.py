"""The load bench: Halte beside the bare relay, in one run. See docs/performance.md."""
