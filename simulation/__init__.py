"""The queue's policy tried out on the real rules of web/core with a simulated clock; see docs/queue.md."""
