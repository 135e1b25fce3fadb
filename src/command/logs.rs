//! `berth logs`: what a task has printed.

use anyhow::Result;

use crate::cli::Logs;
use crate::client::Client;
use crate::follow::{self, Output};

/// Prints a task's output so far, or until its end; as JSON, one object a line.
///
/// # Errors
/// If the control plane cannot be reached, or does not know the task.
pub(crate) async fn run(options: Logs) -> Result<()> {
    let client = Client::new(&options.client)?;
    let (cluster, id) = (options.task.cluster(), &options.task.task);
    let mut task = follow::describe(&client, cluster, id).await?;
    let mut output = Output::of(&client, &task, options.client.output).await?;
    output.print_new(&client).await?;
    if !options.follow {
        return Ok(());
    }
    while !follow::is_over(&task) {
        tokio::time::sleep(follow::POLL_EVERY).await;
        task = follow::describe(&client, cluster, id).await?;
        output.print_new(&client).await?;
    }
    output.print_rest(&client).await
}
