"""Layer 2, one function for each thing that someone can do. May import core and storage; never Flask."""
