//! `berth logs`: what a task has printed.

use anyhow::{Context as _, Result, bail};
use berth_model::id::TaskId;

use crate::cli::Logs;
use crate::client::{Caller, Client};
use crate::follow::{self, Output};
use crate::output;

/// Prints a task's output so far, or until its end; as JSON, one object a line. Once it follows, it waits for a server
/// that is away. Output is kept longer than the task it is of.
///
/// # Errors
/// If the control plane cannot be reached, or knows neither the task nor output of it.
pub(crate) async fn run(options: Logs) -> Result<()> {
    let client = Client::new(&options.client)?;
    let (cluster, id) = (options.task.cluster(), &options.task.task);
    let mut caller = Caller::new(&client);
    // That it answers shows that the endpoint is right.
    let Some(mut task) = follow::find(&mut caller, cluster, id).await? else {
        return print_kept(&mut caller, &options).await;
    };
    caller.is_patient = options.follow;
    let mut output = Output::of(&mut caller, &task, options.client.output).await?;
    output.print_new(&mut caller).await?;
    if !options.follow {
        output.note_unread(follow::is_over(&task));
        return Ok(());
    }
    while !follow::is_over(&task) {
        tokio::time::sleep(follow::POLL_EVERY).await;
        task = follow::describe(&mut caller, cluster, id).await?;
        output.name_streams(&task);
        output.print_new(&mut caller).await?;
    }
    output.print_rest(&mut caller).await
}

/// Prints what is kept of a task that the server does not know any more.
async fn print_kept(caller: &mut Caller<'_>, options: &Logs) -> Result<()> {
    let (cluster, id) = (options.task.cluster(), &options.task.task);
    let gone = || format!("there is no task {id} in cluster {cluster}");
    let task: TaskId = output::short(Some(id)).parse().with_context(gone)?;
    let kept = Output::kept(caller, task, options.client.output).await;
    let Some(mut output) = kept.with_context(|| format!("{}, and its output cannot be looked for", gone()))? else {
        bail!(gone());
    };
    output::note(&format!("{} any more; its output is kept", gone()));
    output.print_new(caller).await?;
    Ok(())
}
