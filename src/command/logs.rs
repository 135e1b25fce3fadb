//! `berth logs`: what a task has printed.

use anyhow::Result;

use crate::cli::Logs;
use crate::client::{Caller, Client};
use crate::follow::{self, Output};

/// Prints a task's output so far, or until its end; as JSON, one object a line. Once it follows, it waits for a server
/// that is away.
///
/// # Errors
/// If the control plane cannot be reached, or does not know the task.
pub(crate) async fn run(options: Logs) -> Result<()> {
    let client = Client::new(&options.client)?;
    let (cluster, id) = (options.task.cluster(), &options.task.task);
    let mut caller = Caller::new(&client);
    // That it answers shows that the endpoint is right and the task is there.
    let mut task = follow::describe(&mut caller, cluster, id).await?;
    caller.is_patient = options.follow;
    let mut output = Output::of(&mut caller, &task, options.client.output).await?;
    output.print_new(&mut caller).await?;
    if !options.follow {
        return Ok(());
    }
    while !follow::is_over(&task) {
        tokio::time::sleep(follow::POLL_EVERY).await;
        task = follow::describe(&mut caller, cluster, id).await?;
        output.print_new(&mut caller).await?;
    }
    output.print_rest(&mut caller).await
}
