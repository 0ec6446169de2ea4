"""Layer 5, the visitor's chat."""
