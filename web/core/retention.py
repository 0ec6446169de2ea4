"""What is due: how long silence, an unanswered turn, a closed conversation and a record may last."""

from datetime import timedelta

# A turn without an answer after this time died with its process; the bot's own limit is 2 s.
TURN_OVERDUE_AFTER = timedelta(seconds=6)
# Nobody has been at the conversation for this long: it is closed. Phones lock and people hesitate, so hours.
EXPIRE_AFTER = timedelta(hours=6)
# After closing: the key is destroyed and the rows are deleted. The site promises 24 hours at most.
DELETE_AFTER = timedelta(hours=23)
# A letter waits for an answer, and the answer for its reader: so long after the last words all of it is destroyed.
LETTER_AFTER = timedelta(days=30)
# Signals between processes are of no use any more.
SIGNAL_AFTER = timedelta(minutes=2)
# What people said afterwards: long enough to learn from, no longer.
FEEDBACK_AFTER = timedelta(days=90)
# Who held or released what, and when. Long enough for an inspection, no longer.
AUDIT_AFTER = timedelta(days=365)
