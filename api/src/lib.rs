//! The HTTP edge: ECS API, logs, agent sessions, metrics.
