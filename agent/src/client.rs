//! Calls to the server, through the unmodified AWS SDKs.

use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_cloudwatchlogs as logs;
use aws_sdk_ecs as ecs;
use aws_sdk_ecs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ecs::types;
use aws_smithy_http_client::tls;
use berth_model::time::Timestamp;

use crate::session::{ContainerReport, Outcome, Report};

/// One call's limit. A server answers in milliseconds; one that does not answer for this long is asked again.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// The connections to one server. Cloning shares them.
#[derive(Debug, Clone)]
pub struct Clients {
    pub(crate) ecs: ecs::Client,
    pub(crate) logs: logs::Client,
    pub(crate) credentials: Credentials,
    pub(crate) region: String,
    pub(crate) backend: String,
    connections: ecs::config::SharedHttpClient,
}

impl Clients {
    /// Clients of `backend` that sign with an access key. Nothing is sent yet.
    pub fn new(backend: &str, region: &str, credentials: Credentials) -> Self {
        let provider = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc);
        let connections = aws_smithy_http_client::Builder::new().tls_provider(provider).build_https();
        Self::over(connections, backend, region, credentials)
    }

    /// The same connections, for an agent with another key.
    #[must_use]
    pub fn signing_with(&self, credentials: Credentials) -> Self {
        Self::over(self.connections.clone(), &self.backend, &self.region, credentials)
    }

    fn over(connections: ecs::config::SharedHttpClient, backend: &str, region: &str, credentials: Credentials) -> Self {
        // Each caller has its own rules for trying again.
        let timeouts = || {
            ecs::config::timeout::TimeoutConfig::builder()
                .connect_timeout(Duration::from_secs(5))
                .operation_timeout(CALL_TIMEOUT)
                .build()
        };
        let ecs = ecs::Config::builder()
            .behavior_version(ecs::config::BehaviorVersion::latest())
            .endpoint_url(backend)
            .region(ecs::config::Region::new(region.to_owned()))
            .http_client(connections.clone())
            .credentials_provider(credentials.clone())
            .retry_config(ecs::config::retry::RetryConfig::disabled())
            .timeout_config(timeouts())
            .build();
        let logs = logs::Config::builder()
            .behavior_version(logs::config::BehaviorVersion::latest())
            .endpoint_url(backend)
            .region(logs::config::Region::new(region.to_owned()))
            .http_client(connections.clone())
            .credentials_provider(credentials.clone())
            .retry_config(logs::config::retry::RetryConfig::disabled())
            .timeout_config(timeouts())
            .build();
        Self {
            ecs: ecs::Client::from_conf(ecs),
            logs: logs::Client::from_conf(logs),
            credentials,
            region: region.to_owned(),
            backend: backend.to_owned(),
            connections,
        }
    }

    /// SubmitTaskStateChange.
    pub(crate) async fn submit(&self, cluster: &str, report: Report) -> Outcome {
        let call = self
            .ecs
            .submit_task_state_change()
            .cluster(cluster)
            .task(&report.arn)
            .status(report.status.as_str())
            .set_reason(report.reason)
            .set_containers(Some(report.containers.into_iter().map(change).collect()))
            .set_pull_started_at(report.pull_started_at.map(moment))
            .set_pull_stopped_at(report.pull_stopped_at.map(moment))
            .set_execution_stopped_at(report.execution_stopped_at.map(moment));
        match call.send().await {
            Ok(_) => Outcome::Accepted,
            Err(error) => {
                let outcome = outcome(&error);
                let error = ecs::error::DisplayErrorContext(&error).to_string();
                match outcome {
                    Outcome::Accepted | Outcome::Unavailable => {
                        tracing::debug!(task = report.arn, error, "report not taken");
                    }
                    Outcome::Discarded => {
                        tracing::error!(task = report.arn, error, "report refused for good");
                    }
                    Outcome::Rejected => tracing::warn!(task = report.arn, error, "report refused"),
                }
                outcome
            }
        }
    }
}

fn change(container: ContainerReport) -> types::ContainerStateChange {
    let binding = |binding: crate::record::Binding| {
        let at = types::NetworkBinding::builder().bind_ip(binding.address);
        if binding.container_port == 0 {
            return at.build();
        }
        at.container_port(i32::from(binding.container_port))
            .host_port(i32::from(binding.host_port))
            .protocol(types::TransportProtocol::from(binding.protocol.as_str()))
            .build()
    };
    types::ContainerStateChange::builder()
        .container_name(container.name)
        .status(container.status.as_str())
        .set_exit_code(container.exit_code)
        .set_reason(container.reason)
        .set_runtime_id(container.runtime_id)
        .set_image_digest(container.image_digest)
        .set_network_bindings(Some(container.bindings.into_iter().map(binding).collect()))
        .build()
}

fn moment(at: Timestamp) -> ecs::primitives::DateTime {
    ecs::primitives::DateTime::from_millis(at.0)
}

/// The rules of the ECS agent for a report that was not taken.
fn outcome<E: ProvideErrorMetadata>(error: &SdkError<E>) -> Outcome {
    match refusal(error) {
        Some("InvalidParameterException") => Outcome::Discarded,
        Some(code) if is_passing(code) || is_about_key(code) => Outcome::Unavailable,
        Some(_) if status(error).is_some_and(|status| (400..500).contains(&status)) => Outcome::Rejected,
        _ => Outcome::Unavailable,
    }
}

/// The error's type, if the server itself refused the call.
pub(crate) fn refusal<E: ProvideErrorMetadata>(error: &SdkError<E>) -> Option<&str> {
    error.as_service_error().and_then(ProvideErrorMetadata::code)
}

pub(crate) fn status<E>(error: &SdkError<E>) -> Option<u16> {
    error.raw_response().map(|response| response.status().as_u16())
}

/// Errors of the key or of the clock: a report waits until they are put right, as it is not to blame for them.
fn is_about_key(code: &str) -> bool {
    matches!(
        code,
        "InvalidSignatureException"
            | "UnrecognizedClientException"
            | "MissingAuthenticationTokenException"
            | "IncompleteSignatureException"
    )
}

/// Errors that pass by themselves.
pub(crate) fn is_passing(code: &str) -> bool {
    matches!(code, "ThrottlingException" | "ServerException" | "LimitExceededException" | "InternalServerError")
}
