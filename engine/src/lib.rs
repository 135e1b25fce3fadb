//! The single writer: it takes what comes in, lets the scheduler decide, stores the decision, and only then answers
//! and acts.
//!
//! [`handle`] is the door, [`run`] the loop behind it, [`turn`] the pure heart of the loop. [`store`] keeps the rows,
//! `outbox` carries effects to sessions and backends, [`telemetry`] is what agents measure. [`session`] and [`payload`] are the server's side of the agents'
//! protocol without its socket. I/O happens in `run`, `outbox`, `store` and `data_dir` only.

pub mod clock;
pub mod data_dir;
pub mod error;
pub mod filter;
pub mod handle;
mod metrics;
mod outbox;
pub mod payload;
pub mod run;
#[cfg(any(test, feature = "test-support"))]
pub mod sample;
pub mod session;
pub mod store;
pub mod telemetry;
pub mod turn;

pub use handle::{Handle, OpenError, OpenSession, SubmitError};
pub use run::{Config, Engine, EngineTask, Fatal};

/// 128 random bits from the operating system.
///
/// # Panics
/// If the operating system has none, which it says only before it is up.
pub(crate) fn entropy() -> u128 {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system gives random bits");
    u128::from_ne_bytes(bytes)
}
