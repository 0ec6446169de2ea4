"""Layer 1, the database. May import core; never commits, never imports Flask."""
