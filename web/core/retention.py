"""What is due: how long silence, an unanswered turn and a closed conversation may last."""

from datetime import timedelta

# A turn without an answer after this time died with its process; the bot's own limit is 2 s.
TURN_OVERDUE_AFTER = timedelta(seconds=6)
# Nobody has been at the conversation for this long: it is closed. Phones lock and people hesitate, so hours.
EXPIRE_AFTER = timedelta(hours=6)
# After closing: the key is destroyed and the rows are deleted. The site promises 24 hours at most.
DELETE_AFTER = timedelta(hours=23)
# Signals between processes are of no use any more.
SIGNAL_AFTER = timedelta(minutes=2)
