"""Layer 5, the worker process: what must happen without anybody asking."""
