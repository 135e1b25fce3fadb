//! The pool whose hosts are slices of this machine.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use berth_api::auth::{Credentials, Keyring};
use berth_model::id::{HostId, InstallationId};
use berth_provisioner::backend::HostBackend as _;
use berth_provisioner::backend::local::{self, HostKeys, LocalBackend, Machine};
use futures_util::future::join_all;

use crate::config::{Config, ImagePullBehavior};

/// How long a host that could not be ended is tried again. Another call needs 10 s for an agent that does not listen, and
/// some for its containers; longer keeps people waiting where Docker is gone.
const END_AGAIN_WITHIN: Duration = Duration::from_secs(30);

/// How often.
const END_AGAIN_EVERY: Duration = Duration::from_millis(250);

/// The backend. Takes over what an earlier process of this installation left.
///
/// # Errors
/// If this machine does not say what it has, or the data directory cannot be used.
pub(crate) async fn backend(
    config: &Config,
    installation: InstallationId,
    server: SocketAddr,
    machine: Machine,
    keyring: &Arc<Keyring>,
) -> Result<LocalBackend> {
    let pull = match config.pool.image_pull_behavior {
        ImagePullBehavior::Default => "default",
        ImagePullBehavior::Always => "always",
        ImagePullBehavior::Once => "once",
        ImagePullBehavior::PreferCached => "prefer-cached",
    };
    let program = std::env::current_exe().context("cannot tell where this program is")?;
    // Agents outlive the server and are started by its next process with what that one says: the path must not depend on
    // where either was started.
    let data_dir = std::path::absolute(&config.data_dir)?;
    let server = format!("http://{server}");
    let keyring = Arc::clone(keyring);
    let keys = move |host| {
        let Credentials { id, secret } = keyring.host_key(host);
        (id, secret.into_inner())
    };
    let config = local::Config {
        keys: Some(HostKeys(Arc::new(keys))),
        region: config.region.clone(),
        image_pull_behavior: pull.to_owned(),
        image_pulls_max: config.pool.image_pulls_max,
        has_image_clean_up: config.pool.image_clean_up,
        docker_runtime: config.pool.docker_runtime.clone(),
        agent_options: config.cloudwatch.agent_options(&config.region)?,
        ..local::Config::new(program, server, data_dir, installation, machine)
    };
    Ok(LocalBackend::start(config).await?)
}

/// Ends the hosts that this process keeps running. A call of the engine's that still ends one of them holds on to the
/// backend and so to all its hosts, whose agents would be started again behind the back of whoever ends them; and two that
/// end the same host end each other's work. What is not ended in time is at least kept running no longer.
///
/// # Errors
/// If the hosts cannot be seen.
pub(crate) async fn end(backend: &LocalBackend) -> Result<()> {
    let hosts = backend.list().await?;
    join_all(hosts.into_iter().map(|host| end_host(backend, host))).await;
    Ok(())
}

/// Ends a host. As long as another call does, that is refused.
async fn end_host(backend: &LocalBackend, host: HostId) {
    let began = Instant::now();
    while let Err(error) = backend.terminate(host).await {
        tracing::debug!(host_id = %host, error = &error as &dyn std::error::Error, "host not ended yet");
        if began.elapsed() > END_AGAIN_WITHIN {
            return;
        }
        tokio::time::sleep(END_AGAIN_EVERY).await;
    }
}

/// Ends every host of the installation that keeps its data here, and whatever runs on it.
///
/// # Errors
/// If something could not be ended.
pub(crate) async fn down(data_dir: &Path, installation: InstallationId) -> Result<()> {
    let program = std::env::current_exe().context("cannot tell where this program is")?;
    let data_dir = std::path::absolute(data_dir)?;
    // There is no server and nothing to launch: neither an address nor a size is asked for.
    let config = local::Config::new(program, "", data_dir, installation, Machine::detect()?);
    Ok(local::down(config).await?)
}
