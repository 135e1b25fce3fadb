//! `berth agent`: the agent of one host, in the foreground.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, anyhow};
use berth_agent::CloudWatch;
use berth_agent::config::{CheckSettings, ImageCleanUp, ImagePullBehavior};
use berth_model::unit::{CpuUnits, MemoryMib};

use crate::cli;
use crate::config::LogFormat;
use crate::{keys, output, signal, telemetry};

/// Runs the agent until SIGTERM or Ctrl-C; its containers run on. Or, with `--retire`, removes them and ends. Ends with 5
/// if starting it again cannot help, as the stock ECS agent does.
///
/// # Errors
/// If an option is not valid.
pub(crate) async fn run(options: cli::Agent) -> Result<ExitCode> {
    telemetry::init(LogFormat::Text, telemetry::FOR_PEOPLE);
    let is_retiring = options.retire;
    let config = config(options)?;
    let result = if is_retiring {
        berth_agent::retire(config).await
    } else {
        berth_agent::run(config, signal::shutdown()?).await
    };
    Ok(match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let code = error.exit_code();
            output::note(&format!("berth: {:#}", anyhow!(error)));
            ExitCode::from(code)
        }
    })
}

fn config(options: cli::Agent) -> Result<berth_agent::Config> {
    let pull: ImagePullBehavior =
        options.image_pull_behavior.parse().map_err(|text| anyhow!("--image-pull-behavior: {text}"))?;
    let seconds = |number: u32| Duration::from_secs(number.into());
    let clean_up = options.image_clean_up.then(|| ImageCleanUp {
        every: seconds(options.image_clean_up_every),
        minimum_age: seconds(options.image_minimum_age),
        unused_for: seconds(options.image_unused_for),
        disk_used_percent: options.image_disk_used,
        deleted_max: options.images_deleted_max.into(),
    });
    let ids = |list: String| list.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect();
    let gpus = options.gpus.map(ids);
    let cloudwatch = options.cloudwatch_credentials.map(|credentials| CloudWatch {
        region: options.cloudwatch_region.unwrap_or_else(|| options.region.clone()),
        endpoint: options.cloudwatch_endpoint,
        credentials,
        parse: keys::default_profile,
    });
    Ok(berth_agent::Config {
        region: options.region,
        cloudwatch,
        cpu: options.cpu.map(CpuUnits),
        memory: options.memory.map(MemoryMib),
        host_id: options.host_id,
        installation: options.installation,
        publish_address: options.publish_address.map(|address| address.to_string()),
        machine: options.machine,
        image_pull_behavior: pull,
        image_pulls_max: options.image_pulls_max.into(),
        image_clean_up: clean_up,
        pulled_images: options.pulled_images,
        docker_runtime: options.docker_runtime,
        gpus,
        metrics_every: Duration::from_secs(options.metrics_every),
        check: CheckSettings {
            every: Duration::from_secs(options.check_every),
            within: Duration::from_secs(options.check_within),
            disk_floor_mib: options.disk_floor,
        },
        credentials: keys::find_credentials()?,
        ..berth_agent::Config::new(options.backend, options.cluster, Some(options.data))
    })
}
