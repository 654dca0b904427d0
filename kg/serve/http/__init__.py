"""Bytes from the network → asks for the workers, and replies → responses: the protocol, who may ask, and what."""
