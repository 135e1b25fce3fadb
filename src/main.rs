//! The `berth` command: a control plane that speaks the Amazon ECS API, the agent of its hosts, and a client for people.
//!
//! Command line, configuration and wiring only; what happens is decided in the other crates.

mod cli;
mod client;
mod command;
mod config;
mod follow;
mod iam;
mod keys;
mod local;
mod output;
mod server;
mod signal;
mod simulate;
mod telemetry;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::cli::{Cli, Command};

/// What all commands but `run`, `exec` and `agent` end with if they fail.
const FAILED: u8 = 1;

#[tokio::main]
async fn main() -> ExitCode {
    output::exit_code(dispatch(Cli::parse().command).await, FAILED)
}

async fn dispatch(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Up(options) => command::up::run(options).await?,
        Command::Server(options) => command::server::run(options).await?,
        Command::Agent(options) => return command::agent::run(*options).await,
        Command::Run(options) => return Ok(Box::pin(command::run::run(options)).await),
        Command::Exec(options) => return Ok(Box::pin(command::exec::run(options)).await),
        Command::Ps(options) => command::ps::run(options).await?,
        Command::Hosts(options) => command::hosts::run(options).await?,
        Command::Logs(options) => command::logs::run(options).await?,
        Command::Stop(options) => command::stop::run(options).await?,
        Command::Keys(options) => command::keys::run(options).await?,
        Command::Down(options) => command::down::run(options).await?,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "berth", &mut script);
            output::line(&String::from_utf8(script)?)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
