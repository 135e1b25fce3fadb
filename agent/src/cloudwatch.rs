//! The way to Amazon CloudWatch Logs, for hosts that send there what task definitions say `awslogs` of.

use std::path::PathBuf;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials, future};
use aws_sdk_cloudwatchlogs as logs;
use aws_smithy_http_client::tls;

/// One call's limit. It is tried again, for as long as the output may wait.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Where it is, and who calls.
#[derive(Debug, Clone)]
pub struct CloudWatch {
    /// The region.
    pub region: String,
    /// Another endpoint than AWS's own of the region, such as `http://127.0.0.1:5000`.
    pub endpoint: Option<String>,
    /// A file of profiles, of which `default` signs. Read again every quarter of an hour.
    pub credentials: PathBuf,
    /// Reads a profile in the content of such a file.
    pub parse: fn(&str) -> Option<Credentials>,
}

impl CloudWatch {
    /// A client. Nothing is sent or read yet.
    pub fn client(&self) -> logs::Client {
        let provider = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc);
        let timeouts = logs::config::timeout::TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .operation_timeout(CALL_TIMEOUT)
            .build();
        let mut config = logs::Config::builder()
            .behavior_version(logs::config::BehaviorVersion::latest())
            .region(logs::config::Region::new(self.region.clone()))
            .http_client(aws_smithy_http_client::Builder::new().tls_provider(provider).build_https())
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
