//! The configuration of a control plane: one file, every key known, everything checked before a port opens.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use berth_api::throttle::{Rate, Rates};
use berth_api::tls::Files;
use berth_api::{InvalidWebhook, Webhook};
use berth_engine::session::HEARTBEAT_EVERY;
use berth_engine::store::log::LogBounds;
use berth_model::arn::ArnScope;
use berth_scheduler::setting::Settings;
use serde::{Deserialize, Serialize};

use crate::keys;

/// `berth server --config FILE`, in TOML. Units stand in the key names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Where to listen.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// The file with the key that access keys' secrets are sealed with; made if it is not there.
    #[serde(default)]
    pub master_key_file: Option<PathBuf>,
    /// Whether programs on this machine need no access key. Only on a loopback address.
    #[serde(default)]
    pub open: bool,
    /// Whether to listen beyond this machine without TLS: something in front brings it, or the network is trusted.
    #[serde(default)]
    pub allow_plaintext: bool,
    /// Stands in every ARN.
    #[serde(default = "default_region")]
    pub region: String,
    /// Twelve digits; stands in every ARN.
    #[serde(default = "default_account_id")]
    pub account_id: String,
    /// How long a stopped task can be described, in seconds.
    #[serde(default = "default_stopped_task_retention_seconds")]
    pub stopped_task_retention_seconds: u64,
    /// How long a host's agent may be away before its tasks count as lost, in seconds.
    #[serde(default = "default_host_lost_after_seconds")]
    pub host_lost_after_seconds: u64,
    /// How long a host's agent may be away before clients see it as disconnected, in seconds.
    #[serde(default = "default_host_disconnected_after_seconds")]
    pub host_disconnected_after_seconds: u64,
    /// How long a host of the pool that cannot run containers and has no tasks is kept, in seconds.
    #[serde(default = "default_impaired_host_replaced_after_seconds")]
    pub impaired_host_replaced_after_seconds: u64,
    /// How often hosts' agents hear of the server, in seconds, from 1 to 25; one that does not answer three times is gone.
    #[serde(default = "default_agent_heartbeat_seconds")]
    pub agent_heartbeat_seconds: u64,
    /// The pool behind FARGATE and `FARGATE_SPOT`.
    #[serde(default)]
    pub pool: PoolConfig,
    /// How often each access key may call.
    #[serde(default)]
    pub throttle: ThrottleConfig,
    /// TLS, for all clients.
    #[serde(default)]
    pub tls: Option<TlsConfig>,
    /// State change events: where they go, how long they are kept.
    #[serde(default)]
    pub events: EventsConfig,
    /// What containers print: how long and how much of it is kept.
    #[serde(default)]
    pub logs: LogsConfig,
    /// Where tasks' secrets and environment files are.
    #[serde(default)]
    pub secrets: SecretsConfig,
    /// The way to Amazon CloudWatch Logs, for output that is to go there.
    #[serde(default)]
    pub cloudwatch: CloudWatchConfig,
    /// What tasks may use of their roles.
    #[serde(default)]
    pub credentials: CredentialsConfig,
    /// Lines for people or JSON for programs.
    #[serde(default)]
    pub log_format: LogFormat,
}

/// The pool of hosts behind FARGATE.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct PoolConfig {
    /// Where hosts come from.
    pub backend: Backend,
    /// Most hosts at a time, from 1.
    pub hosts_max: usize,
    /// How long an idle host stays, in seconds.
    pub scale_in_after_seconds: u64,
    /// True if tasks that say FARGATE may have any size, and not only those that Fargate has.
    pub any_size: bool,
    /// When hosts pull images.
    pub image_pull_behavior: ImagePullBehavior,
    /// Most images that a host pulls at a time, from 1.
    pub image_pulls_max: usize,
    /// Whether hosts remove images again that they have pulled and that nothing has used for long.
    pub image_clean_up: bool,
    /// The runtime of Docker's that runs containers on hosts, such as `runsc` or `kata`; Docker's default if absent.
    pub docker_runtime: Option<String>,
}

/// The server's certificate. Both files are read again when they change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TlsConfig {
    /// The certificate and those that lead from it to one that clients know, in PEM.
    pub certificate: PathBuf,
    /// Its private key, in PEM.
    pub key: PathBuf,
}

/// How often each access key may call. All programs of an open machine count as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ThrottleConfig {
    /// Calls that only look, from 1.
    pub reads_per_second: u32,
    /// Calls that change something, from 1.
    pub changes_per_second: u32,
    /// Calls of hosts' agents, from 1.
    pub agent_calls_per_second: u32,
    /// After a pause, the calls of this many seconds may come at once; from 1.
    pub burst_seconds: u32,
}

impl From<&TlsConfig> for Files {
    fn from(config: &TlsConfig) -> Self {
        Self { certificate: config.certificate.clone(), key: config.key.clone() }
    }
}

impl Default for ThrottleConfig {
    fn default() -> Self {
        let Rates { reads, changes, agents } = Rates::DEFAULT;
        Self {
            reads_per_second: reads.per_second.get(),
            changes_per_second: changes.per_second.get(),
            agent_calls_per_second: agents.per_second.get(),
            burst_seconds: reads.burst.get() / reads.per_second.get(),
        }
    }
}

/// State change events.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct EventsConfig {
    /// Where events are delivered to: a URL that takes JSON arrays of events by POST. Nowhere by default.
    pub webhook: Option<String>,
    /// A file with the token that goes along as `Authorization: Bearer …`.
    pub webhook_token_file: Option<PathBuf>,
    /// How long events can be read, and delivered late, in seconds.
    pub retention_seconds: u64,
    /// Most events that are kept, however young, from 1.
    pub kept_max: u64,
}

/// What containers print.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LogsConfig {
    /// How long it is kept in log groups without a retention policy, in seconds, from 60.
    pub retention_seconds: u64,
    /// Most bytes of one log stream, from 1 MiB; the oldest go first.
    pub stream_bytes_max: u64,
    /// Most bytes of all log streams, from 64 MiB; the oldest go first.
    pub bytes_max: u64,
}

/// Where tasks' secrets and environment files are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SecretsConfig {
    /// The directory that they are files in. Without it a task that needs one does not start.
    pub directory: Option<PathBuf>,
}

/// The way to Amazon CloudWatch Logs. What task definitions say `awslogs` of goes there if there are credentials.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct CloudWatchConfig {
    /// A file of profiles, of which `default` signs.
    pub credentials_file: Option<PathBuf>,
    /// The region of the endpoint; the server's own if it is not there.
    pub region: Option<String>,
    /// Another endpoint than AWS's own of the region that a task definition names.
    pub endpoint: Option<String>,
}

impl CloudWatchConfig {
    /// What the agents of this machine's hosts are told of it.
    ///
    /// # Errors
    /// If the current directory is not to be had, from which a path starts.
    pub(crate) fn agent_options(&self, region: &str) -> Result<Vec<String>> {
        let Some(file) = &self.credentials_file else { return Ok(Vec::new()) };
        let file = std::path::absolute(file)?.display().to_string();
        let mut options = vec!["--cloudwatch-credentials".to_owned(), file];
        if let Some(endpoint) = &self.endpoint {
            let region = self.region.as_deref().unwrap_or(region);
            options.extend(["--cloudwatch-endpoint", endpoint, "--cloudwatch-region", region].map(str::to_owned));
        }
        Ok(options)
    }
}

/// Credentials of tasks' roles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct CredentialsConfig {
    /// A directory with a file `ROLE.json` for each role; read again when they change. No role has any by default.
    pub directory: Option<PathBuf>,
}

/// Where a pool's hosts come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Backend {
    /// Slices of this machine, on its Docker.
    #[default]
    Local,
    /// In this process, without Docker: tasks only pretend to run.
    Simulated,
}

/// When hosts pull images, as the ECS agent's setting of the same name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ImagePullBehavior {
    /// Each time; the cached image if that fails.
    #[default]
    Default,
    /// Each time; no task without it.
    Always,
    /// If no task on the host has pulled it before.
    Once,
    /// If the host does not have it.
    PreferCached,
}

/// The form of the log on standard error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LogFormat {
    /// A line of JSON each.
    #[default]
    Json,
    /// A line of text each.
    Text,
}

impl Default for PoolConfig {
    fn default() -> Self {
        Self {
            backend: Backend::default(),
            hosts_max: 16,
            scale_in_after_seconds: 300,
            any_size: false,
            image_pull_behavior: ImagePullBehavior::default(),
            image_pulls_max: 8,
            image_clean_up: true,
            docker_runtime: None,
        }
    }
}

impl Default for EventsConfig {
    fn default() -> Self {
        Self { webhook: None, webhook_token_file: None, retention_seconds: 86_400, kept_max: 100_000 }
    }
}

impl Default for LogsConfig {
    fn default() -> Self {
        let LogBounds { stream_bytes_max, bytes_max, retention } = LogBounds::default();
        Self { retention_seconds: retention.as_secs(), stream_bytes_max, bytes_max }
    }
}

impl LogsConfig {
    /// What the store of logs needs of it.
    pub(crate) fn bounds(&self) -> LogBounds {
        LogBounds {
            stream_bytes_max: self.stream_bytes_max,
            bytes_max: self.bytes_max,
            retention: Duration::from_secs(self.retention_seconds),
        }
    }
}

/// Without the webhook's address, which may be a secret: the whole configuration is logged at the start.
impl fmt::Debug for EventsConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventsConfig")
            .field("webhook", &self.webhook.as_ref().map(|_| "…"))
            .field("webhook_token_file", &self.webhook_token_file)
            .field("retention_seconds", &self.retention_seconds)
            .field("kept_max", &self.kept_max)
            .finish()
    }
}

impl EventsConfig {
    /// Where events are delivered to.
    ///
    /// # Errors
    /// If the URL cannot be posted to, or the token cannot be read; the text names the key.
    pub(crate) fn webhook(&self) -> Result<Option<Webhook>> {
        let Some(address) = &self.webhook else {
            ensure!(self.webhook_token_file.is_none(), "events.webhook_token_file: there is no events.webhook");
            return Ok(None);
        };
        let read = |path: &PathBuf| {
            let text = std::fs::read_to_string(path);
            text.with_context(|| format!("events.webhook_token_file: cannot read {}", path.display()))
        };
        let token = self.webhook_token_file.as_ref().map(read).transpose()?;
        let webhook = Webhook::new(address, token.as_deref()).map_err(|error| match error {
            InvalidWebhook::Token => anyhow::anyhow!("events.webhook_token_file: {error}"),
            error => anyhow::anyhow!("events.webhook: {error}"),
        })?;
        Ok(Some(webhook))
    }
}

impl Config {
    /// Everything by default, kept in `data_dir`.
    pub(crate) fn new(data_dir: PathBuf) -> Self {
        Self {
            listen: default_listen(),
            data_dir,
            master_key_file: None,
            open: false,
            allow_plaintext: false,
            region: default_region(),
            account_id: default_account_id(),
            stopped_task_retention_seconds: default_stopped_task_retention_seconds(),
            host_lost_after_seconds: default_host_lost_after_seconds(),
            host_disconnected_after_seconds: default_host_disconnected_after_seconds(),
            impaired_host_replaced_after_seconds: default_impaired_host_replaced_after_seconds(),
            agent_heartbeat_seconds: default_agent_heartbeat_seconds(),
            pool: PoolConfig::default(),
            throttle: ThrottleConfig::default(),
            tls: None,
            events: EventsConfig::default(),
            logs: LogsConfig::default(),
            secrets: SecretsConfig::default(),
            cloudwatch: CloudWatchConfig::default(),
            credentials: CredentialsConfig::default(),
            log_format: LogFormat::default(),
        }
    }

    /// Reads and checks a file.
    ///
    /// # Errors
    /// If it cannot be read, has an unknown key, or a value out of its range; the text names the key.
    pub(crate) fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let config: Self = toml::from_str(&text).with_context(|| format!("{} is not valid", path.display()))?;
        config.check().with_context(|| format!("{} is not valid", path.display()))?;
        Ok(config)
    }

    /// Checks what the types do not.
    ///
    /// # Errors
    /// If a value is out of its range; the text names the key.
    pub(crate) fn check(&self) -> Result<()> {
        let is_loopback = berth_api::is_loopback(&self.listen);
        ensure!(
            is_loopback || !self.open,
            "open: {} is not a loopback address, and strangers must have access keys",
            self.listen
        );
        ensure!(
            is_loopback || self.tls.is_some() || self.allow_plaintext,
            "listen: {} is not a loopback address: what is sent there can be read on the way; name a certificate in \
             [tls], or put a proxy with TLS in front and say `allow_plaintext = true`",
            self.listen
        );
        let account = &self.account_id;
        ensure!(
            account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()),
            "account_id: '{account}' is not twelve digits"
        );
        let region = &self.region;
        ensure!(
            !region.is_empty() && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
            "region: '{region}' is not a region's name (letters, digits and hyphens)"
        );
        let throttle = &self.throttle;
        let named = [
            ("reads_per_second", throttle.reads_per_second),
            ("changes_per_second", throttle.changes_per_second),
            ("agent_calls_per_second", throttle.agent_calls_per_second),
            ("burst_seconds", throttle.burst_seconds),
        ];
        for (key, number) in named {
            ensure!((1..=1_000_000).contains(&number), "throttle.{key}: not from 1 to 1000000");
        }
        let beat = HEARTBEAT_EVERY.as_secs();
        ensure!((1..=beat).contains(&self.agent_heartbeat_seconds), "agent_heartbeat_seconds: not from 1 to {beat}");
        ensure!(self.events.kept_max > 0, "events.kept_max: not from 1");
        ensure!((1..=1000).contains(&self.pool.image_pulls_max), "pool.image_pulls_max: not from 1 to 1000");
        let runtime = self.pool.docker_runtime.as_deref();
        ensure!(runtime != Some(""), "pool.docker_runtime: leave it out for Docker's default");
        self.events.webhook()?;
        let logs = &self.logs;
        let year = 366 * 86_400;
        ensure!((60..=10 * year).contains(&logs.retention_seconds), "logs.retention_seconds: not from 60 to 10 years");
        ensure!(logs.stream_bytes_max >= 1 << 20, "logs.stream_bytes_max: not from 1048576");
        ensure!(logs.bytes_max >= 64 << 20, "logs.bytes_max: not from 67108864");
        let cloudwatch = &self.cloudwatch;
        ensure!(
            cloudwatch.credentials_file.is_some() || (cloudwatch.region.is_none() && cloudwatch.endpoint.is_none()),
            "cloudwatch: there is no cloudwatch.credentials_file"
        );
        ensure!(
            cloudwatch.region.is_none() || cloudwatch.endpoint.is_some(),
            "cloudwatch.region: it is that of cloudwatch.endpoint, which is not there; else task definitions name it"
        );
        ensure!((1..=10_000).contains(&self.pool.hosts_max), "pool.hosts_max: not from 1 to 10000");
        Ok(())
    }

    /// The file with the master key.
    pub(crate) fn master_key_file(&self) -> PathBuf {
        self.master_key_file.clone().unwrap_or_else(|| self.data_dir.join(keys::MASTER_KEY_FILE))
    }

    /// Region and account, as they stand in ARNs.
    pub(crate) fn scope(&self) -> ArnScope {
        ArnScope { region: self.region.clone(), account: self.account_id.clone() }
    }

    /// What the edge needs of it.
    pub(crate) fn rates(&self) -> Rates {
        let ThrottleConfig { reads_per_second, changes_per_second, agent_calls_per_second, burst_seconds } =
            self.throttle;
        let rate = |per_second: u32| Rate::new(per_second, per_second.saturating_mul(burst_seconds));
        Rates { reads: rate(reads_per_second), changes: rate(changes_per_second), agents: rate(agent_calls_per_second) }
    }

    /// What the scheduler needs of it, without pools.
    pub(crate) fn settings(&self) -> Settings {
        Settings {
            fargate_any_size: self.pool.any_size,
            scope: self.scope(),
            host_lost_after: Duration::from_secs(self.host_lost_after_seconds),
            host_disconnected_after: Duration::from_secs(self.host_disconnected_after_seconds),
            impaired_host_replaced_after: Duration::from_secs(self.impaired_host_replaced_after_seconds),
            ..Settings::default()
        }
    }
}

/// The data directory if none was named.
///
/// # Errors
/// If there is no home directory either.
pub(crate) fn default_data_dir() -> Result<PathBuf> {
    if let Some(data) = std::env::var_os("XDG_DATA_HOME").filter(|value| !value.is_empty()) {
        return Ok(PathBuf::from(data).join("berth"));
    }
    let home = std::env::var_os("HOME").context("HOME is not set: say where to keep everything with --data")?;
    Ok(PathBuf::from(home).join(".local/share/berth"))
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

fn default_region() -> String {
    ArnScope::default().region
}

fn default_account_id() -> String {
    ArnScope::default().account
}

/// ECS shows stopped tasks for about an hour.
fn default_stopped_task_retention_seconds() -> u64 {
    3_600
}

fn default_host_lost_after_seconds() -> u64 {
    Settings::default().host_lost_after.as_secs()
}

fn default_host_disconnected_after_seconds() -> u64 {
    Settings::default().host_disconnected_after.as_secs()
}

fn default_impaired_host_replaced_after_seconds() -> u64 {
    Settings::default().impaired_host_replaced_after.as_secs()
}

fn default_agent_heartbeat_seconds() -> u64 {
    HEARTBEAT_EVERY.as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        let config: Config = toml::from_str(text).map_err(|error| error.to_string())?;
        config.check().map_err(|error| error.to_string())?;
        Ok(config)
    }

    #[test]
    fn a_data_directory_is_enough() {
        assert_eq!(parse("data_dir = '/var/lib/berth'"), Ok(Config::new("/var/lib/berth".into())));
    }

    #[test]
    fn the_readme_has_every_setting_with_its_default() {
        let example = example_of(include_str!("../README.md"));
        let mut config: Config = toml::from_str(&example).unwrap();
        let text = format!("{config:?}");
        assert!(!text.contains("None"), "a setting without a default is missing: {text}");
        let shown: toml::Table = toml::from_str(&example).unwrap();
        config.tls = None;
        config.master_key_file = None;
        config.events.webhook = None;
        config.events.webhook_token_file = None;
        config.pool.docker_runtime = None;
        config.secrets.directory = None;
        config.cloudwatch = CloudWatchConfig::default();
        config.credentials.directory = None;
        assert_eq!(config, Config::new("/var/lib/berth".into()));
        let all = toml::Table::try_from(&config).unwrap();
        for (key, value) in &all {
            let shown = shown.get(key).unwrap_or_else(|| panic!("{key} is missing"));
            for name in value.as_table().into_iter().flat_map(|table| table.keys()) {
                assert!(shown.get(name).is_some(), "{key}.{name} is missing");
            }
        }
    }

    /// All examples of the configuration as one.
    fn example_of(page: &str) -> String {
        page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect()
    }

    #[test]
    fn mistakes_are_named() {
        for (text, expected) in [
            ("data_dir = 'x'\nlisten = '0.0.0.0:80'", "listen:"),
            ("data_dir = 'x'\nlisten = '0.0.0.0:80'\nopen = true\nallow_plaintext = true", "open:"),
            ("data_dir = 'x'\naccount_id = '1'", "account_id:"),
            ("data_dir = 'x'\nregion = 'a b'", "region:"),
            ("data_dir = 'x'\ncolour = 'red'", "colour"),
            ("data_dir = 'x'\n[pool]\nhosts_max = 0", "pool.hosts_max:"),
            ("data_dir = 'x'\nagent_heartbeat_seconds = 26", "agent_heartbeat_seconds:"),
            ("data_dir = 'x'\n[pool]\nimage_pulls_max = 0", "pool.image_pulls_max:"),
            ("data_dir = 'x'\n[pool]\ndocker_runtime = ''", "pool.docker_runtime:"),
            ("data_dir = 'x'\n[throttle]\nburst_seconds = 0", "throttle.burst_seconds:"),
            ("data_dir = 'x'\n[pool]\nbackend = 'moon'", "moon"),
            ("data_dir = 'x'\n[events]\nkept_max = 0", "events.kept_max:"),
            ("data_dir = 'x'\n[logs]\nbytes_max = 0", "logs.bytes_max:"),
            ("data_dir = 'x'\n[logs]\nstream_bytes_max = 0", "logs.stream_bytes_max:"),
            ("data_dir = 'x'\n[logs]\nretention_seconds = 0", "logs.retention_seconds:"),
            ("data_dir = 'x'\n[cloudwatch]\nregion = 'x'", "cloudwatch.credentials_file"),
            ("data_dir = 'x'\n[cloudwatch]\ncredentials_file = 'f'\nregion = 'x'", "cloudwatch.region"),
            ("data_dir = 'x'\n[events]\nwebhook = 'ftp://x'", "events.webhook:"),
            (
                "data_dir = 'x'\n[events]\nwebhook = 'http://x'\nwebhook_token_file = '/no/file'",
                "events.webhook_token_file:",
            ),
            ("data_dir = 'x'\n[events]\nwebhook_token_file = '/no/file'", "events.webhook_token_file:"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
