"""Layer 4, what all ways in share at the edge. May import Flask and the layers below."""
