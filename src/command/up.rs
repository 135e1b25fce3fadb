//! `berth up`: everything on this machine, in the foreground.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::cli::Up;
use crate::config::{self, Backend, Config, ImagePullBehavior, LogFormat, PoolConfig, SecretsConfig};
use crate::server::{Server, Stopped};
use crate::signal::Signals;
use crate::{keys, local, output, telemetry};

/// Runs until Ctrl-C or SIGTERM, then stops the running tasks and ends the hosts; waiting tasks stay for the next start.
/// A second signal ends what still runs at once.
///
/// # Errors
/// If it cannot start, or something failed for good while it ran.
pub(crate) async fn run(options: Up) -> Result<()> {
    telemetry::init(LogFormat::Text, telemetry::FOR_PEOPLE);
    let config = config(options)?;
    config.check()?;
    if config.pool.backend == Backend::Local {
        // Hosts could only fail to start, one after another, while tasks wait for them.
        let checked = berth_agent::runtime::docker::check().await;
        checked.context("no Docker Engine answers; start one, or use --simulate, where tasks only pretend to run")?;
    }
    let mut signals = Signals::watch()?;
    let mut server = Server::start(&config).await?;
    let first_key = server.make_first_key().await?;
    // A script may read the first line only.
    output::unless_closed(greet(&server.url, &config, first_key.as_deref()))?;
    tokio::select! {
        () = signals.next() => {}
        error = server.failed() => return Err(error),
    }
    output::note("stopping the running tasks; again to end them at once");
    tokio::select! {
        closed = server.close() => if let Err(error) = closed {
            output::note(&format!("berth: {error:#}: ending everything at once"));
        },
        () = signals.next() => output::note("ending everything at once"),
        error = server.failed() => return Err(error),
    }
    let Stopped { data, hosts } = server.stop().await?;
    // Nothing is left to do here unless the tasks' time was cut short.
    if let Some(hosts) = hosts {
        local::end(&hosts).await?;
        local::down(data.path(), data.installation()).await?;
    }
    Ok(())
}

fn config(options: Up) -> Result<Config> {
    let data_dir = options.data.map_or_else(config::default_data_dir, Ok)?;
    let pool = PoolConfig {
        backend: if options.simulate { Backend::Simulated } else { Backend::Local },
        hosts_max: usize::from(options.max_hosts),
        scale_in_after_seconds: u64::from(options.scale_in_after),
        any_size: false,
        // On one's own machine an image that was just built should run, and be found without a registry.
        image_pull_behavior: ImagePullBehavior::PreferCached,
        // And one that was pulled once is there the next time, too: the disk is for its user to clear.
        image_clean_up: false,
        ..PoolConfig::default()
    };
    let secrets = SecretsConfig { directory: options.secrets };
    Ok(Config { listen: options.listen, open: options.open, pool, secrets, ..Config::new(data_dir) })
}

/// How to submit a task with curl, for who needs no key.
fn curl_example(url: &str) -> String {
    format!(
        "
or with curl:
  curl -s {url}/v1/RegisterTaskDefinition --json '{{\"family\":\"hello\",\"containerDefinitions\":
    [{{\"name\":\"main\",\"image\":\"busybox\",\"memory\":128,\"command\":[\"echo\",\"hello\"]}}]}}'
  curl -s {url}/v1/RunTask --json '{{\"taskDefinition\":\"hello\"}}'
"
    )
}

/// Says where it listens (scripts read the first line) and how to submit a task.
fn greet(url: &str, config: &Config, first_key: Option<&Path>) -> Result<()> {
    output::line(&format!("berth listens on {url} and keeps everything in {}", config.data_dir.display()))?;
    if let Some(path) = first_key {
        output::line(&format!("The access key of its administrator is in {}", path.display()))?;
    }
    let credentials = std::path::absolute(config.data_dir.join(keys::CREDENTIALS_FILE))?;
    let (which, key) = if config.open {
        ("any credentials will do", "export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any".to_owned())
    } else {
        ("with the administrator's key", format!("export AWS_SHARED_CREDENTIALS_FILE={}", credentials.display()))
    };
    let (curl, first) = if config.open { (curl_example(url), "") } else { (String::new(), key.as_str()) };
    output::line(&format!(
        "
Submit a task with berth:
{}  berth run --endpoint {url} busybox echo hello

with the aws CLI ({which}):
  {key}
  export AWS_DEFAULT_REGION={region} AWS_ENDPOINT_URL={url}
  aws ecs register-task-definition --family hello --container-definitions \\
    '[{{\"name\":\"main\",\"image\":\"busybox\",\"memory\":128,\"command\":[\"echo\",\"hello\"]}}]'
  aws ecs run-task --task-definition hello
{curl}
Where no registry can be reached, `berth-test/busybox:1` is an image that `make up` has made.
Ctrl-C ends it all; waiting tasks are kept for the next start.",
        if first.is_empty() { String::new() } else { format!("  {first}\n") },
        region = config.region
    ))
}
