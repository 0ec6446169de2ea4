"""The assistant of the helpline: what Rasa loads, and the commands that train and serve it."""
