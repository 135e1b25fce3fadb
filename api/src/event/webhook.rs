//! Delivers state change events to one address: in order, at least once, as long as they are kept.
//!
//! Each request is a JSON array of events; any status of 2xx counts as taken. Until then the same events are sent again,
//! at growing intervals, and nothing behind them. How far it has come is stored, so that the next process goes on there;
//! what was sent and not yet stored as taken is sent again, with the same `id`s. Begins with what happens after it was
//! first configured.

use std::time::Duration;

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use axum::http::{HeaderValue, Request, Uri};
use berth_engine::handle::{Handle, SubmitError};
use berth_engine::store::{ChangeFilter, StoreError};
use berth_model::state_change::{Sequence, Sink};
use berth_scheduler::event::Event;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, ResponseFuture};
use hyper_util::rt::TokioExecutor;
use prometheus::{IntCounter, IntCounterVec, IntGauge, Opts, Registry};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::Renderer;

/// Most events of one request: some 200 KiB.
const EVENTS_MAX: usize = 100;

/// How long one request may take. Longer holds up everything behind it, shorter sends twice to who is only slow.
const REQUEST_WITHIN: Duration = Duration::from_secs(10);

/// How long to wait after the first failure. Doubles with each that follows, up to [`RETRY_AFTER_MAX`].
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// Longest wait between two tries: how late events come at most once the other side is back.
const RETRY_AFTER_MAX: Duration = Duration::from_mins(1);

/// How much of an answer's body is read, so that its connection can be used again.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

const OUTCOMES: [&str; 3] = ["delivered", "refused", "failed"];

/// Where events are delivered to.
#[derive(Clone)]
pub struct Webhook {
    address: Uri,
    client: Http,
    authorization: Option<HeaderValue>,
}

/// With or without TLS: what needs no roots of trust does not fail where there are none.
#[derive(Debug, Clone)]
enum Http {
    Plain(Client<HttpConnector, Full<Bytes>>),
    Tls(Client<HttpsConnector<HttpConnector>, Full<Bytes>>),
}

impl Http {
    fn new(scheme: &str) -> Result<Self, InvalidWebhook> {
        let builder = Client::builder(TokioExecutor::new());
        if scheme == "http" {
            return Ok(Self::Plain(builder.build_http()));
        }
        let roots = HttpsConnectorBuilder::new().with_native_roots().or(Err(InvalidWebhook::Roots))?;
        Ok(Self::Tls(builder.build(roots.https_only().enable_http1().build())))
    }

    fn request(&self, request: Request<Full<Bytes>>) -> ResponseFuture {
        match self {
            Self::Plain(client) => client.request(request),
            Self::Tls(client) => client.request(request),
        }
    }
}

/// Why an address or a token cannot be used. Neither stands in the text: they may hold secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidWebhook {
    /// Not an address that can be posted to.
    #[error("not a URL that begins with http:// or https:// and names a host")]
    Address,
    /// It names a user.
    #[error("a URL with a user name or a password: put a token into a file instead")]
    Credentials,
    /// Nobody's certificate could be checked.
    #[error("there are no root certificates on this machine to check the other side's with")]
    Roots,
    /// Not a token.
    #[error("the token is empty, or has characters that no header takes")]
    Token,
}

impl Webhook {
    /// Checks an address, and the bearer token to be sent there if there is one.
    ///
    /// # Errors
    /// [`InvalidWebhook`]
    pub fn new(address: &str, token: Option<&str>) -> Result<Self, InvalidWebhook> {
        let address: Uri = address.parse().or(Err(InvalidWebhook::Address))?;
        let authority = address.authority().filter(|authority| !authority.host().is_empty());
        let scheme = address.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"));
        let (Some(scheme), Some(authority)) = (scheme, authority) else { return Err(InvalidWebhook::Address) };
        if authority.as_str().contains('@') {
            return Err(InvalidWebhook::Credentials);
        }
        let client = Http::new(scheme)?;
        let bearer = |token: &str| {
            let token = token.trim();
            let value = HeaderValue::try_from(format!("Bearer {token}")).ok().filter(|_| !token.is_empty());
            let mut value = value.ok_or(InvalidWebhook::Token)?;
            value.set_sensitive(true);
            Ok(value)
        };
        Ok(Self { client, authorization: token.map(bearer).transpose()?, address })
    }
}

/// Shows where to, but not the path: it may be the secret.
impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let authority = self.address.authority().map_or("", |authority| authority.as_str());
        write!(f, "{}://{authority}", self.address.scheme_str().unwrap_or_default())
    }
}

/// What is counted. There with or without a webhook.
#[derive(Debug, Clone)]
struct Metrics {
    requests: IntCounterVec,
    backlog: IntGauge,
    lost: IntCounter,
}

impl Metrics {
    fn register(registry: &Registry) -> prometheus::Result<Self> {
        let requests = Opts::new("berth_webhook_requests_total", "Requests to the webhook, by how they came out");
        let metrics = Self {
            requests: IntCounterVec::new(requests, &["outcome"])?,
            backlog: IntGauge::new("berth_webhook_backlog_events", "Events that the webhook has not taken yet")?,
            lost: IntCounter::new("berth_webhook_lost_events_total", "Events removed before the webhook took them")?,
        };
        registry.register(Box::new(metrics.requests.clone()))?;
        registry.register(Box::new(metrics.backlog.clone()))?;
        registry.register(Box::new(metrics.lost.clone()))?;
        for outcome in OUTCOMES {
            metrics.requests.with_label_values(&[outcome]);
        }
        Ok(metrics)
    }
}

/// Delivers until `ending`; without a webhook there is nothing to do but to show its metrics.
///
/// # Errors
/// If the registry has the metrics already: there is one webhook to a registry.
pub fn deliver(
    handle: Handle,
    webhook: Option<Webhook>,
    registry: &Registry,
    ending: CancellationToken,
) -> prometheus::Result<impl Future<Output = ()> + Send + use<>> {
    let metrics = Metrics::register(registry)?;
    Ok(async move {
        if let Some(webhook) = webhook {
            tracing::info!(webhook = ?webhook, "events are delivered");
            let mut courier = Courier::new(handle, webhook, metrics);
            // What is on its way when the server ends is not known to be taken: the next process sends it again.
            tokio::select! {
                biased;
                () = ending.cancelled() => {}
                () = courier.run() => {}
            }
        }
    })
}

struct Courier {
    handle: Handle,
    webhook: Webhook,
    metrics: Metrics,
    renderer: Renderer,
    newest: watch::Receiver<Sequence>,
}

/// Why events were not taken.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the webhook answered {0}")]
    Refused(u16),
    #[error("the webhook did not answer in time")]
    Late,
    #[error("the webhook cannot be reached")]
    Unreachable(#[source] hyper_util::client::legacy::Error),
    #[error("events cannot be read")]
    Store(#[from] StoreError),
}

impl Courier {
    fn new(handle: Handle, webhook: Webhook, metrics: Metrics) -> Self {
        Self { renderer: Renderer::new(handle.clone()), newest: handle.newest_change(), handle, webhook, metrics }
    }

    /// Ends with the engine.
    async fn run(&mut self) {
        let mut failures = 0_u32;
        let mut after = loop {
            match self.begin().await {
                Ok(after) => break after,
                Err(failure) => self.rest(&failure, &mut failures).await,
            }
        };
        loop {
            let newest = *self.newest.borrow_and_update();
            self.metrics.backlog.set(i64::try_from(newest.0.saturating_sub(after.0)).unwrap_or(i64::MAX));
            if after >= newest {
                if self.newest.changed().await.is_err() {
                    return;
                }
                continue;
            }
            match self.send_next(after).await {
                Ok(taken) => {
                    (after, failures) = (taken, 0);
                    if self.store(after).await == Err(SubmitError::Closed) {
                        return;
                    }
                }
                Err(failure) => self.rest(&failure, &mut failures).await,
            }
        }
    }

    /// Where to go on. The first time that is here, and is stored, so that nothing is passed over from now on.
    async fn begin(&self) -> Result<Sequence, Failure> {
        if let Some(delivered) = self.handle.store().delivered(Sink::Webhook).await? {
            return Ok(delivered);
        }
        let newest = *self.newest.borrow();
        // If the store takes no writes just now, there are no events either.
        self.store(newest).await.unwrap_or_default();
        Ok(newest)
    }

    /// Sends what follows `after` and gives the last that was taken.
    async fn send_next(&mut self, after: Sequence) -> Result<Sequence, Failure> {
        let page = self.handle.store().changes(after, ChangeFilter::default(), EVENTS_MAX).await?;
        let Some((first, _)) = page.changes.first() else {
            return self.pass_over(after, page.oldest.previous().max(after));
        };
        if *first > after.next() {
            return self.pass_over(after, first.previous());
        }
        let mut body = String::from("[");
        for (n, (sequence, change)) in page.changes.iter().enumerate() {
            body.push_str(if n == 0 { "" } else { "," });
            body.push_str(&self.renderer.render(*sequence, change).await?);
        }
        body.push(']');
        let sent = self.post(body).await;
        let outcome = match &sent {
            Ok(()) => "delivered",
            Err(Failure::Refused(_)) => "refused",
            Err(Failure::Late | Failure::Unreachable(_) | Failure::Store(_)) => "failed",
        };
        self.metrics.requests.with_label_values(&[outcome]).inc();
        sent?;
        Ok(page.seen)
    }

    /// What the webhook did not take in time is gone.
    #[expect(clippy::unnecessary_wraps, reason = "an outcome of its caller")]
    fn pass_over(&self, after: Sequence, upto: Sequence) -> Result<Sequence, Failure> {
        let lost = upto.0.saturating_sub(after.0);
        self.metrics.lost.inc_by(lost);
        tracing::error!(%after, %upto, lost, "events were removed before the webhook took them");
        Ok(upto)
    }

    async fn post(&self, body: String) -> Result<(), Failure> {
        let mut request = Request::post(self.webhook.address.clone())
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, concat!("berth/", env!("CARGO_PKG_VERSION")));
        if let Some(authorization) = &self.webhook.authorization {
            request = request.header(AUTHORIZATION, authorization);
        }
        let request = request.body(Full::new(Bytes::from(body))).expect("address and headers were checked");
        let asked = async {
            let answer = self.webhook.client.request(request).await.map_err(Failure::Unreachable)?;
            let status = answer.status();
            // What it says beside its status is of no use here; an answer cut off has been given all the same.
            drop(Limited::new(answer.into_body(), ANSWER_BYTES_MAX).collect().await);
            if status.is_success() { Ok(()) } else { Err(Failure::Refused(status.as_u16())) }
        };
        tokio::time::timeout(REQUEST_WITHIN, asked).await.unwrap_or(Err(Failure::Late))
    }

    async fn store(&self, sequence: Sequence) -> Result<(), SubmitError> {
        self.handle.report(Event::Delivered { sink: Sink::Webhook, sequence }).await.map(drop)
    }

    async fn rest(&self, failure: &Failure, failures: &mut u32) {
        let wait = RETRY_AFTER.saturating_mul(1 << (*failures).min(16)).min(RETRY_AFTER_MAX);
        *failures = failures.saturating_add(1);
        let cause = std::error::Error::source(failure).map(ToString::to_string).unwrap_or_default();
        tracing::warn!(webhook = ?self.webhook, error = %failure, cause, failures, "events were not delivered");
        tokio::time::sleep(wait).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_tokens_are_checked() {
        for good in ["http://localhost:1/x", "https://events.example.com", "https://example.com/a?b=c"] {
            assert!(Webhook::new(good, None).is_ok(), "{good}");
        }
        for bad in ["", "events.example.com", "ftp://example.com", "/path", "http:///x", "https://:80/"] {
            assert_eq!(Webhook::new(bad, None).unwrap_err(), InvalidWebhook::Address, "{bad}");
        }
        assert_eq!(Webhook::new("https://a:b@example.com", None).unwrap_err(), InvalidWebhook::Credentials);
        for bad in ["", " \n", "a\nb"] {
            assert_eq!(Webhook::new("http://example.com", Some(bad)).unwrap_err(), InvalidWebhook::Token, "{bad:?}");
        }
    }

    #[test]
    fn secrets_do_not_show() {
        let webhook = Webhook::new("https://example.com/secret?key=secret", Some("secret\n")).unwrap();
        assert_eq!(format!("{webhook:?}"), "https://example.com");
        assert!(!format!("{:?}", webhook.authorization).contains("secret"));
    }
}
