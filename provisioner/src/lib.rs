//! The host pool: a pure plan and the backends that carry it out.
//!
//! [`plan`] decides which hosts to launch and which to end; it is pure, and the scheduler turns its answer into rows.
//! [`backend`] is the only place with I/O: it asks a provider for machines and gives them back. Neither knows the other.

pub mod backend;
pub mod plan;
