"""The door to the model on its laptop: token and TLS in front of a model server that has neither."""
