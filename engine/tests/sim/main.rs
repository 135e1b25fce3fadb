//! The deterministic simulation: the real state, turn, server sessions, agents and their reconciliation in a world whose
//! store, Docker, machines, network and clocks are fake and fail. One seed is one run, in one thread.
//!
//! `make sim SEED=…` runs one seed again and shows its last events. `BERTH_SIM_SEEDS` sets how many seeds run.
//!
//! [`world`] hands out what happens, in the order of [`queue`]; [`faults`] says what goes wrong; [`truth`] has the rules.

mod agent;
mod client;
mod cloud;
mod dice;
mod dispatch;
mod docker;
mod faults;
mod outbox;
mod planted;
mod queue;
mod request;
mod seeds;
mod server;
mod socket;
mod store;
mod truth;
mod world;
