//! `berth stop`: tells a task to end.

use anyhow::{Context as _, Result};

use crate::cli::{Output, Stop};
use crate::client::Client;
use crate::output;

/// Sends StopTask and prints the task's ARN; does not wait for its end.
///
/// # Errors
/// If the control plane cannot be reached, or does not know the task.
pub(crate) async fn run(options: Stop) -> Result<()> {
    let client = Client::new(&options.client)?;
    let call =
        client.ecs.stop_task().cluster(options.task.cluster()).task(&options.task.task).set_reason(options.reason);
    let answer = call.send().await.map_err(|error| client.explain(error))?;
    let task = answer.task().context("the answer names no task")?;
    match options.client.output {
        Output::Json => output::json(&output::task_json(task)),
        Output::Table => output::line(task.task_arn().unwrap_or_default()),
    }
}
