"""Layer 1, the bot's client. May import core."""
