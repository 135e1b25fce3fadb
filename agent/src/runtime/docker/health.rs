//! What Docker's health checks find: the present, then each change as Docker's events tell it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use berth_model::task::HealthStatus;
use bollard::errors::Error as DockerError;
use bollard::models::{EventMessage, HealthStatusEnum};
use bollard::query_parameters::{EventsOptionsBuilder, InspectContainerOptions};
use futures_util::stream::{BoxStream, StreamExt};

use super::output::moment;
use super::{RETRY_MAX, RETRY_MIN};

/// Docker's events are asked for from this much before the look at the present: nothing falls in between.
const OVERLAP: Duration = Duration::from_secs(2);

/// How an action of Docker's events begins that tells of a container's health.
const ACTION: &str = "health_status: ";

/// Goes on for ever: whoever follows it knows of the container's end.
pub(super) fn follow(engine: &bollard::Docker, runtime_id: &str) -> BoxStream<'static, HealthStatus> {
    let follower = Follower {
        engine: engine.clone(),
        runtime_id: runtime_id.to_owned(),
        events: None,
        started_at: 0,
        wait: Duration::ZERO,
    };
    futures_util::stream::unfold(follower, |mut follower| async move { Some((follower.next().await, follower)) })
        .boxed()
}

struct Follower {
    engine: bollard::Docker,
    runtime_id: String,
    events: Option<BoxStream<'static, Result<EventMessage, DockerError>>>,
    /// When the container was started: what was found before is of an earlier run.
    started_at: i64,
    wait: Duration,
}

impl Follower {
    async fn next(&mut self) -> HealthStatus {
        loop {
            let Some(events) = &mut self.events else {
                if let Some(status) = self.begin().await {
                    return status;
                }
                continue;
            };
            match events.next().await {
                Some(Ok(event)) => {
                    self.wait = Duration::ZERO;
                    if event.time_nano.is_some_and(|nanos| nanos / 1_000_000 < self.started_at) {
                        continue;
                    }
                    if let Some(status) = event.action.as_deref().and_then(|action| action.strip_prefix(ACTION)) {
                        return status_of(status);
                    }
                }
                Some(Err(_)) | None => self.events = None,
            }
        }
    }

    /// Looks at the present, and has the events that follow ready.
    async fn begin(&mut self) -> Option<HealthStatus> {
        tokio::time::sleep(self.wait).await;
        self.wait = (self.wait * 2).clamp(RETRY_MIN, RETRY_MAX);
        let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().saturating_sub(OVERLAP);
        let answer = self.engine.inspect_container(&self.runtime_id, None::<InspectContainerOptions>).await.ok()?;
        let filters = [
            ("type".to_owned(), vec!["container".to_owned()]),
            ("container".to_owned(), vec![self.runtime_id.clone()]),
            ("event".to_owned(), vec!["health_status".to_owned()]),
        ];
        let since = began.as_secs().to_string();
        let options = EventsOptionsBuilder::default().since(&since).filters(&filters.into()).build();
        self.events = Some(self.engine.events(Some(options)).boxed());
        let state = answer.state.unwrap_or_default();
        self.started_at = state.started_at.as_deref().and_then(moment).map_or(0, |at| at.0);
        let status = state.health.and_then(|health| health.status);
        Some(status.map_or(HealthStatus::Unknown, |status| match status {
            HealthStatusEnum::HEALTHY => HealthStatus::Healthy,
            HealthStatusEnum::UNHEALTHY => HealthStatus::Unhealthy,
            HealthStatusEnum::EMPTY | HealthStatusEnum::NONE | HealthStatusEnum::STARTING => HealthStatus::Unknown,
        }))
    }
}

fn status_of(word: &str) -> HealthStatus {
    match word {
        "healthy" => HealthStatus::Healthy,
        "unhealthy" => HealthStatus::Unhealthy,
        _ => HealthStatus::Unknown,
    }
}
