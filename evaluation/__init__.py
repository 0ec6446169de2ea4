"""Measures the assistant as a visitor meets it: the real path, the real model, sets that nobody trained on."""
