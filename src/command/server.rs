//! `berth server`: the control plane as a configuration file says.

use anyhow::Result;

use crate::cli;
use crate::config::Config;
use crate::server::Server;
use crate::signal::Signals;
use crate::{output, telemetry};

/// Runs until SIGTERM or Ctrl-C. Hosts and their containers run on; the next start finds them again.
///
/// # Errors
/// If the configuration is not valid, it cannot start, or something failed for good while it ran.
pub(crate) async fn run(options: cli::Server) -> Result<()> {
    let config = Config::load(&options.config)?;
    telemetry::init(config.log_format, telemetry::EVERYTHING);
    tracing::info!(?config, "configuration");
    let mut signals = Signals::watch()?;
    let mut server = Server::start(&config).await?;
    output::unless_closed(output::line(&format!("berth listens on {}", server.url)))?;
    if !config.open && !server.has_keys() {
        let data = config.data_dir.display();
        let master = config.master_key_file.as_ref();
        let master = master.map(|path| format!(" --master-key-file {}", path.display())).unwrap_or_default();
        tracing::warn!(
            "there is no access key yet, so nobody can call: end this and run `berth keys create admin --data {data}{master}`"
        );
    }
    tokio::select! {
        () = signals.next() => {}
        error = server.failed() => return Err(error),
    }
    server.stop().await?;
    Ok(())
}
