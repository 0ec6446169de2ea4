"""Halte: site, chat and desk of an anonymous helpline. See docs/architecture.md."""
