"""What the end-to-end tests stand on: the real binary as processes, real clients, and checks that nothing is left."""
