//! Berth's nouns: typed ids, units, entities, and the wire shapes of the protocols Berth speaks.
//!
//! No I/O, no clock, no async here. [`ecs`] and [`logs`] are generated from the published service models (see
//! `codegen/`); [`acs`] and [`tcs`] are the agents' websockets, [`exec`] what commands in containers are spoken to over; the entities ([`task`], [`host`], [`cluster`], [`task_definition`])
//! are what the scheduler works on and what the store keeps, one row each; [`state_change`] is what is told of them.

pub mod access_key;
pub mod account_setting;
pub mod acs;
pub mod arn;
pub mod capacity_provider;
pub mod check;
pub mod cluster;
pub mod ecs;
pub mod epoch;
pub mod exec;
pub mod hash;
pub mod host;
pub mod id;
pub mod log_options;
pub mod logs;
pub mod multiline;
pub mod network;
pub mod secret;
pub mod sensitive;
pub mod state_change;
mod string_enum;
pub mod task;
pub mod task_definition;
pub mod tcs;
pub mod time;
pub mod unit;
pub mod uri;
