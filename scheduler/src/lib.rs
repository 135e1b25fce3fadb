//! What happens to tasks and hosts, and where tasks go: pure.
