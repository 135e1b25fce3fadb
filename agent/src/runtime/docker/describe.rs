//! Reading what Docker says of a container.

use bollard::models::{ContainerInspectResponse, Health};
use bollard::query_parameters::StatsOptionsBuilder;
use chrono::DateTime;
use futures_util::StreamExt;
use serde_json::Value;

use super::status;
use crate::runtime::{Check, Described, Error};

/// What Docker says of a container.
pub(super) fn described(container: ContainerInspectResponse) -> Described {
    let state = container.state.unwrap_or_default();
    let networks = container.network_settings.and_then(|settings| settings.networks).unwrap_or_default();
    let has_address = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    let network = networks.into_values().find(|network| has_address(&network.ip_address)).unwrap_or_default();
    // Docker writes a moment that has not come as the year 1.
    let moment = |text: Option<String>| text.filter(|text| !text.starts_with("0001-")).unwrap_or_default();
    let known = |text: Option<String>| text.filter(|text| !text.is_empty());
    let log = container.host_config.and_then(|config| config.log_config).and_then(|log| log.typ);
    let check = state.health.and_then(|health| last_check(health, state.started_at.as_deref()));
    Described {
        name: container.name.unwrap_or_default().trim_start_matches('/').to_owned(),
        image_id: container.image.unwrap_or_default(),
        labels: container.config.and_then(|config| config.labels).unwrap_or_default().into_iter().collect(),
        created_at: container.created.unwrap_or_default(),
        started_at: moment(state.started_at),
        finished_at: moment(state.finished_at),
        log_driver: log.unwrap_or_default(),
        check,
        pid: state.pid.and_then(|pid| i32::try_from(pid).ok()).filter(|pid| *pid > 0),
        address: known(network.ip_address),
        prefix: network.ip_prefix_len.and_then(|bits| u8::try_from(bits).ok()),
        gateway: known(network.gateway),
        mac_address: known(network.mac_address),
    }
}

/// The newest of the checks that Docker remembers, if it is one of this run of the container.
fn last_check(health: Health, started_at: Option<&str>) -> Option<Check> {
    let last = health.log?.pop()?;
    let moment = |text: Option<&str>| DateTime::parse_from_rfc3339(text?).ok();
    if moment(last.start.as_deref()).zip(moment(started_at)).is_some_and(|(check, run)| check < run) {
        return None;
    }
    Some(Check { exit_code: last.exit_code.unwrap_or_default(), output: last.output.unwrap_or_default() })
}

/// What a container uses, measured over a time, so that Docker can say how much of the processor it is.
pub(super) async fn statistics(engine: &bollard::Docker, runtime_id: &str) -> Result<Option<Value>, Error> {
    let options = StatsOptionsBuilder::default().stream(false).one_shot(false).build();
    match engine.stats(runtime_id, Some(options)).next().await {
        Some(Ok(usage)) => Ok(serde_json::to_value(usage).ok()),
        Some(Err(error)) if status(&error) != Some(404) => Err(error.into()),
        Some(Err(_)) | None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use bollard::models::HealthcheckResult;

    use super::*;

    #[test]
    fn a_check_of_an_earlier_run_is_not_told() {
        let check = |start: &str| {
            let result = HealthcheckResult {
                start: Some(start.to_owned()),
                exit_code: Some(1),
                output: Some("no".to_owned()),
                ..HealthcheckResult::default()
            };
            let health = Health { log: Some(vec![result]), ..Health::default() };
            last_check(health, Some("2026-11-28T10:00:00.5Z"))
        };
        assert_eq!(check("2026-11-28T10:00:00.4Z"), None);
        let told = Some(Check { exit_code: 1, output: "no".to_owned() });
        assert_eq!(check("2026-11-28T11:00:00.6+01:00"), told, "Docker tells it in the machine's own time");
    }
}
