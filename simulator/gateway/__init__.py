"""The long connection: discovery, sockets, frames, and the delivery of events."""
