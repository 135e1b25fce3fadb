//! The command's own way to the control plane: the unmodified AWS SDKs, as any user's program would.

use std::time::Duration;

use anyhow::{Result, anyhow};
use aws_sdk_ecs::config::Region;
use aws_sdk_ecs::config::http::HttpResponse;
use aws_sdk_ecs::config::timeout::TimeoutConfig;
use aws_sdk_ecs::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

use crate::{cli, keys, output};

/// How long an answer may take to begin. Without it, a call to a machine that is gone from the network waits for a quarter
/// of an hour or for ever. No call takes as long in a server that works.
const ANSWER_WITHIN: Duration = Duration::from_mins(1);

/// The first pause after a call that found no server; each is twice as long as the one before.
const PAUSE_MIN: Duration = Duration::from_millis(250);

/// The longest of these pauses. Longer makes people wait for a server that is back, shorter helps nobody.
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// The HTTP status of a caller who calls too often.
const TOO_MANY_REQUESTS: u16 = 429;

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
        let timeouts = TimeoutConfig::builder().read_timeout(ANSWER_WITHIN).build();
        let ecs = aws_sdk_ecs::Config::builder()
            .behavior_version_latest()
            .endpoint_url(&options.endpoint)
            .region(Region::new(options.region.clone()))
            .timeout_config(timeouts.clone())
            .credentials_provider(credentials.clone())
            .build();
        let logs = aws_sdk_cloudwatchlogs::Config::builder()
            .behavior_version_latest()
            .endpoint_url(&options.endpoint)
            .region(Region::new(options.region.clone()))
            .timeout_config(timeouts)
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

/// Makes the calls of one command after another, and may wait for a server that is away: restarted, overloaded, or out of
/// reach. What it asks for only reads, so it can be asked again.
#[derive(Debug)]
pub(crate) struct Caller<'a> {
    /// What it calls with.
    pub client: &'a Client,
    /// Whether it waits, however long it takes, or fails.
    pub is_patient: bool,
    has_waited: bool,
}

impl<'a> Caller<'a> {
    /// One that fails.
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client, is_patient: false, has_waited: false }
    }

    /// One that waits.
    pub(crate) fn patient(client: &'a Client) -> Self {
        Self { is_patient: true, ..Self::new(client) }
    }

    /// True if a call had to wait for the server.
    pub(crate) fn has_waited(&self) -> bool {
        self.has_waited
    }

    /// Calls, again and again while the server is away if this one is patient; says so once on standard error. The SDK
    /// has tried a few times before it says that a call has failed.
    ///
    /// # Errors
    /// Whatever the server refuses, and if this one is not patient, that it is away.
    pub(crate) async fn call<T, E: ProvideErrorMetadata>(
        &mut self,
        call: impl AsyncFn(&Client) -> Result<T, SdkError<E, HttpResponse>>,
    ) -> Result<T, SdkError<E, HttpResponse>> {
        let mut pause = PAUSE_MIN;
        loop {
            match call(self.client).await {
                Err(error) if self.is_patient && is_away(&error) => {}
                answered => return answered,
            }
            if pause == PAUSE_MIN {
                output::note("the server does not answer; waiting for it");
            }
            self.has_waited = true;
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }
}

/// True if the same call may succeed later: there was no answer, or half of one, or the server cannot answer now.
fn is_away<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    match error {
        SdkError::DispatchFailure(failure) => !failure.is_user(),
        SdkError::TimeoutError(_) | SdkError::ResponseError(_) => true,
        SdkError::ServiceError(service) => {
            let status = service.raw().status();
            let is_throttled = service.err().code().is_some_and(|code| code.starts_with("Throttl"));
            status.is_server_error() || status.as_u16() == TOO_MANY_REQUESTS || is_throttled
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_ecs::config::http::HttpResponse;
    use aws_sdk_ecs::error::{ConnectorError, ErrorMetadata, SdkError};
    use aws_smithy_types::body::SdkBody;

    use super::is_away;

    #[test]
    fn who_is_away_may_answer_later() {
        type Error = SdkError<ErrorMetadata, HttpResponse>;
        let answer = |status: u16| HttpResponse::new(status.try_into().unwrap(), SdkBody::empty());
        let refused = |status, code| Error::service_error(ErrorMetadata::builder().code(code).build(), answer(status));
        for (error, expected) in [
            (Error::dispatch_failure(ConnectorError::io("refused".into())), true),
            (Error::dispatch_failure(ConnectorError::timeout("silence".into())), true),
            (Error::dispatch_failure(ConnectorError::user("no such scheme".into())), false),
            (Error::timeout_error("silence"), true),
            (Error::response_error("cut short", answer(200)), true),
            (Error::construction_failure("no region"), false),
            (refused(500, "ServerException"), true),
            (refused(503, "x"), true),
            (refused(429, "x"), true),
            (refused(400, "ThrottlingException"), true),
            (refused(400, "ClientException"), false),
            (refused(403, "AccessDeniedException"), false),
        ] {
            assert_eq!(is_away(&error), expected, "{error:?}");
        }
    }
}
