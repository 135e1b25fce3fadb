//! Berth's verbs: what happens to tasks and hosts, and where tasks go.
//!
//! Pure and synchronous: [`event`]s in, [`step`]s out, no clock, no I/O, no randomness of its own, no logging. One
//! [`state::State`] holds everything that lives; its owner commits each step before anything of it is answered or done.

#![warn(clippy::wildcard_enum_match_arm)]

pub mod cluster;
pub mod demand;
pub mod event;
pub mod fargate;
mod host;
mod liveness;
mod machine;
mod pass;
pub mod placement;
pub mod pool;
mod queue;
mod report;
mod run_task;
mod session;
pub mod setting;
pub mod state;
pub mod step;
mod task;
pub mod task_definition;
mod timer;
