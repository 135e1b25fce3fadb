//! One file per subcommand.

pub(crate) mod agent;
pub(crate) mod down;
pub(crate) mod exec;
pub(crate) mod hosts;
pub(crate) mod keys;
pub(crate) mod logs;
pub(crate) mod ps;
pub(crate) mod run;
pub(crate) mod server;
pub(crate) mod stop;
pub(crate) mod up;
