"""Layer 0, the rules: standard library only, no clock, no input or output. `now` is an argument."""
