//! The way to Amazon CloudWatch Logs, for hosts that send there what task definitions say `awslogs` of.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, future};
use aws_sdk_cloudwatchlogs as logs;
use aws_smithy_http_client::tls;
use berth_model::log_options::REGION;

/// One call's limit. It is tried again, for as long as the output may wait.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The longest part of a host's name.
const REGION_BYTES_MAX: usize = 63;

/// Where it is, and who calls.
#[derive(Debug, Clone)]
pub struct CloudWatch {
    /// The region of the endpoint.
    pub region: String,
    /// Another endpoint than AWS's own of the region that a task definition names, such as `http://127.0.0.1:5000`.
    pub endpoint: Option<String>,
    /// A file of profiles, of which `default` signs. Read again every quarter of an hour.
    pub credentials: PathBuf,
    /// Reads a profile in the content of such a file.
    pub parse: fn(&str) -> Option<Credentials>,
}

impl CloudWatch {
    /// A client. Nothing is sent or read yet.
    fn client(&self, region: String, connections: logs::config::SharedHttpClient) -> logs::Client {
        let timeouts = logs::config::timeout::TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_timeout(CALL_TIMEOUT)
            .build();
        let mut config = logs::Config::builder()
            .behavior_version(logs::config::BehaviorVersion::latest())
            .region(logs::config::Region::new(region))
            .http_client(connections)
            .credentials_provider(self.clone())
            .retry_config(logs::config::retry::RetryConfig::disabled())
            .timeout_config(timeouts);
        config.set_endpoint_url(self.endpoint.clone());
        logs::Client::from_conf(config.build())
    }

    async fn read(&self) -> provider::Result {
        let text = tokio::fs::read_to_string(&self.credentials).await.map_err(CredentialsError::provider_error)?;
        (self.parse)(&text).ok_or_else(|| CredentialsError::not_loaded("it has no access key in the profile default"))
    }
}

impl ProvideCredentials for CloudWatch {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.read())
    }
}

/// A client for each region in which there was output.
#[derive(Debug)]
pub(crate) struct Regions {
    settings: CloudWatch,
    connections: logs::config::SharedHttpClient,
    clients: BTreeMap<String, logs::Client>,
}

impl Regions {
    pub(crate) fn new(settings: CloudWatch) -> Self {
        let provider = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc);
        let connections = aws_smithy_http_client::Builder::new().tls_provider(provider).build_https();
        Self { settings, connections, clients: BTreeMap::new() }
    }

    /// The client for output of which a task definition says that it goes to `region`. An endpoint of one's own takes
    /// all.
    ///
    /// # Errors
    /// If that cannot be the name of a region: it becomes a part of the name of a host.
    pub(crate) fn of(&mut self, region: &str) -> Result<logs::Client, String> {
        let Self { settings, connections, clients } = self;
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let region = match &settings.endpoint {
            Some(_) => settings.region.as_str(),
            None if region.len() <= REGION_BYTES_MAX && region.bytes().all(is_plain) => region,
            None => return Err(format!("'{REGION}' '{region}' is not the name of a region")),
        };
        let client = clients.entry(region.to_owned());
        Ok(client.or_insert_with(|| settings.client(region.to_owned(), connections.clone())).clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regions(endpoint: Option<&str>) -> Regions {
        Regions::new(CloudWatch {
            region: "us-east-1".to_owned(),
            endpoint: endpoint.map(str::to_owned),
            credentials: PathBuf::new(),
            parse: |_| None,
        })
    }

    fn region(regions: &mut Regions, named: &str) -> Option<String> {
        regions.of(named).ok().and_then(|client| client.config().region().map(ToString::to_string))
    }

    #[test]
    fn output_goes_to_the_region_that_is_named() {
        let mut it = regions(None);
        for named in ["eu-west-1", "us-gov-west-1", "eu-west-1"] {
            assert_eq!(region(&mut it, named).as_deref(), Some(named));
        }
        assert_eq!(it.clients.len(), 2, "each region has one");
        for named in ["example.com/", "EU-WEST-1", &"a".repeat(64)] {
            assert_eq!(region(&mut it, named), None, "{named}");
        }
    }

    #[test]
    fn an_endpoint_of_ones_own_takes_all() {
        let mut it = regions(Some("http://127.0.0.1:5000"));
        assert_eq!(region(&mut it, "eu-west-1").as_deref(), Some("us-east-1"));
        assert_eq!(region(&mut it, "any where").as_deref(), Some("us-east-1"));
    }
}
