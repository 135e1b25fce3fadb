//! Berth's verbs: what happens to tasks and hosts, and where tasks go.
//!
//! Pure and synchronous: [`event`]s in, [`step`]s out, no clock, no I/O, no randomness of its own, no logging. One
//! [`state::State`] holds everything that lives; its owner commits each step before anything of it is answered or done.

#![cfg_attr(not(test), warn(clippy::wildcard_enum_match_arm))]

// The fixture is shared with the tests in `tests/`, which name this crate from outside.
#[cfg(test)]
extern crate self as berth_scheduler;

mod access_key;
mod account_setting;
mod attribute;
mod capacity_provider;
pub mod cluster;
mod container;
pub mod demand;
mod drain;
pub mod event;
pub mod fargate;
#[cfg(test)]
mod fixture;
mod gpu;
mod health;
mod host;
mod liveness;
mod log_configuration;
mod machine;
mod network;
mod pass;
pub mod placement;
pub mod pool;
mod queue;
mod report;
mod run_task;
mod secret;
mod session;
pub mod setting;
mod start_task;
pub mod state;
pub mod step;
mod tag;
mod task;
pub mod task_definition;
mod timer;
mod volume;
