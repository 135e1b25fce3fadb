//! Runs on a host: holds the session, runs the tasks on Docker.
//!
//! [`session`] and [`reconcile`] decide, without any I/O; [`run()`] feeds them what happens and carries out what they
//! want; [`runtime`] runs the containers; `telemetry` tells how they are. An agent survives its own `kill -9` at any moment: [`session`] says how.

mod client;
mod clock;
mod cloudwatch;
pub mod config;
mod connection;
mod disk;
mod endpoint;
mod error;
mod exec;
mod gpu;
pub mod holder;
mod log;
pub mod reconcile;
pub mod record;
mod register;
mod run;
pub mod runtime;
mod seal;
pub mod session;
pub mod socket;
mod telemetry;

pub use client::Clients;
pub use cloudwatch::CloudWatch;
pub use config::Config;
pub use disk::records_in;
pub use error::Error;
pub use log::GROUP as LOG_GROUP;
pub use run::{retire, run};
