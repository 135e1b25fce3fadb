//! One file per subcommand.

pub mod agent;
pub mod down;
pub mod hosts;
pub mod logs;
pub mod ps;
pub mod run;
pub mod server;
pub mod stop;
pub mod up;
