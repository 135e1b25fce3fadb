//! The edge before a real engine over a real store: requests go in as clients send them, answers are read as clients
//! read them. Only machines and containers are played by the tests.

#[cfg(test)]
mod account_setting;
#[cfg(test)]
mod capacity_provider;
#[cfg(test)]
mod cluster;
#[cfg(test)]
mod connection;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod host;
#[cfg(test)]
mod logs;
#[cfg(test)]
mod protocol;
#[cfg(test)]
mod session;
#[cfg(test)]
mod tag;
#[cfg(test)]
mod task;
#[cfg(test)]
mod task_definition;
