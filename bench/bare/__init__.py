"""The bare relay: the yardstick."""
