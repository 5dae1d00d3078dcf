"""The steps of the walk, one file a room: each performs something on Kassa and does the same to the model."""
