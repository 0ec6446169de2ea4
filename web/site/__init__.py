"""Layer 5, the information pages."""
