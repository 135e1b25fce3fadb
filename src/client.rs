//! The command's own way to the control plane: the unmodified AWS SDKs, as any user's program would.

use anyhow::{Result, anyhow};
use aws_sdk_ecs::config::Region;
use aws_sdk_ecs::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

use crate::{cli, keys};

/// Clients of the two APIs a control plane speaks.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    /// Tasks, hosts, clusters.
    pub ecs: aws_sdk_ecs::Client,
    /// Container output.
    pub logs: aws_sdk_cloudwatchlogs::Client,
    endpoint: String,
}

impl Client {
    /// Clients for the endpoint and region that were asked for. Opens no connection yet.
    ///
    /// # Errors
    /// If there are credentials that cannot be read.
    pub(crate) fn new(options: &cli::Client) -> Result<Self> {
        let credentials = keys::find_credentials()?;
        let ecs = aws_sdk_ecs::Config::builder()
            .behavior_version_latest()
            .endpoint_url(&options.endpoint)
            .region(Region::new(options.region.clone()))
            .credentials_provider(credentials.clone())
            .build();
        let logs = aws_sdk_cloudwatchlogs::Config::builder()
            .behavior_version_latest()
            .endpoint_url(&options.endpoint)
            .region(Region::new(options.region.clone()))
            .credentials_provider(credentials)
            .build();
        Ok(Self {
            ecs: aws_sdk_ecs::Client::from_conf(ecs),
            logs: aws_sdk_cloudwatchlogs::Client::from_conf(logs),
            endpoint: options.endpoint.clone(),
        })
    }

    /// Says in one line what went wrong with a call.
    pub(crate) fn explain<E, R>(&self, error: SdkError<E, R>) -> anyhow::Error
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
    {
        match &error {
            SdkError::ServiceError(service) => {
                let code = service.err().code().unwrap_or("error without a code");
                match service.err().message() {
                    Some(message) => anyhow!("{message} ({code})"),
                    None => anyhow!("{code}"),
                }
            }
            SdkError::DispatchFailure(_) | SdkError::TimeoutError(_) => {
                anyhow!("no answer from {}: is `berth up` running, and is --endpoint right?", self.endpoint)
            }
            _ => anyhow!("{}", DisplayErrorContext(error)),
        }
    }
}
