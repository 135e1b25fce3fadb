//! Berth's verbs: what happens to tasks and hosts, and where tasks go.
//!
//! Pure and synchronous: [`event`]s in, [`step`]s out, no clock, no I/O, no randomness of its own, no logging. One
//! [`state::State`] holds everything that lives; its owner commits each step before anything of it is answered or done.

pub mod event;
pub mod pool;
pub mod setting;
pub mod step;
