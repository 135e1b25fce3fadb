//! The single writer: turn, run loop, store, outbox.
