//! `berth run`: one container image as a task, from registration to exit code.

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use aws_sdk_ecs::types::{ContainerDefinition, ContainerOverride, KeyValuePair, NetworkMode, Task, TaskOverride};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::cli::{self, Output as OutputForm};
use crate::client::Client;
use crate::follow::{self, Output};
use crate::output;

/// The one container's name.
const CONTAINER: &str = "main";

/// What the command ends with if the container never ran; the same number as `docker run` uses.
const NEVER_RAN: u8 = 125;

/// Runs the task and follows it. The container's exit code becomes the command's.
///
/// # Errors
/// If the control plane cannot be reached, or refuses the task.
pub(crate) async fn run(options: cli::Run) -> Result<ExitCode> {
    let client = Client::new(&options.client)?;
    let mut interrupts = signal(SignalKind::interrupt()).context("cannot watch for Ctrl-C")?;
    let task = tokio::select! {
        task = submit(&client, &options) => task?,
        _ = interrupts.recv() => bail!("left before the answer came: `berth ps` shows whether there is a task"),
    };
    if options.detach {
        match options.client.output {
            OutputForm::Json => output::json(&output::task_json(&task))?,
            OutputForm::Table => output::line(task.task_arn().unwrap_or_default())?,
        }
        return Ok(ExitCode::SUCCESS);
    }
    let task = follow_to_end(&client, &options, task, &mut interrupts).await?;
    if options.client.output == OutputForm::Json {
        output::line(&output::task_json(&task).to_string())?;
    }
    Ok(exit_code(&task))
}

async fn submit(client: &Client, options: &cli::Run) -> Result<Task> {
    let definition = definition(client, options).await?;
    start(client, options, &definition).await
}

/// The revision to run: the newest of the image's family if it says the same, else a new one. What differs from run to
/// run (command, environment) goes into the overrides, so that a loop of runs does not fill the list of revisions.
async fn definition(client: &Client, options: &cli::Run) -> Result<String> {
    let family = family(&options.image);
    let (cpu, memory) = (options.cpu.to_string(), options.memory.to_string());
    if let Ok(answer) = client.ecs.describe_task_definition().task_definition(&family).send().await
        && let Some(known) = answer.task_definition()
        && known.cpu() == Some(&cpu)
        && known.memory() == Some(&memory)
        && let [container] = known.container_definitions()
        && container.image() == Some(&options.image)
        && container.name() == Some(CONTAINER)
    {
        return known.task_definition_arn().map(str::to_owned).context("the answer names no task definition");
    }
    let container = ContainerDefinition::builder().name(CONTAINER).image(&options.image).essential(true).build();
    let call = client
        .ecs
        .register_task_definition()
        .family(family)
        .network_mode(NetworkMode::Bridge)
        .cpu(cpu)
        .memory(memory)
        .container_definitions(container);
    let answer = call.send().await.map_err(|error| client.explain(error))?;
    let arn = answer.task_definition().and_then(|definition| definition.task_definition_arn());
    arn.map(str::to_owned).context("the answer names no task definition")
}

/// `run-` and the image's name without registry and tag, in the characters a family may have.
fn family(image: &str) -> String {
    let name = image.rsplit('/').next().unwrap_or(image);
    let name = name.split(['@', ':']).next().unwrap_or(name);
    let plain = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' });
    format!("run-{}", plain.take(200).collect::<String>())
}

async fn start(client: &Client, options: &cli::Run, definition: &str) -> Result<Task> {
    let environment = options.env.iter().map(|(name, value)| KeyValuePair::builder().name(name).value(value).build());
    let container = ContainerOverride::builder()
        .name(CONTAINER)
        .set_command((!options.command.is_empty()).then(|| options.command.clone()))
        .set_environment((!options.env.is_empty()).then(|| environment.collect()))
        .build();
    let call = client
        .ecs
        .run_task()
        .cluster(&options.cluster)
        .task_definition(definition)
        .started_by("berth run")
        .enable_execute_command(true)
        .overrides(TaskOverride::builder().container_overrides(container).build());
    let answer = call.send().await.map_err(|error| client.explain(error))?;
    if let Some(failure) = answer.failures().first() {
        bail!("the task found no place: {}", failure.reason().unwrap_or("no reason was given"));
    }
    answer.tasks.unwrap_or_default().pop().context("the answer names no task")
}

/// Shows each state on standard error and the output on standard output. The first Ctrl-C stops the task, as it would
/// end `docker run`; its end is then awaited as any other. The second leaves it.
async fn follow_to_end(client: &Client, options: &cli::Run, mut task: Task, interrupts: &mut Signal) -> Result<Task> {
    let arn = task.task_arn().context("the answer names no task")?.to_owned();
    let mut progress = Progress::default();
    let mut output = Output::of(client, &task, options.client.output).await?;
    let mut is_stopped_by_us = false;
    loop {
        progress.show(&task);
        if follow::is_over(&task) {
            break;
        }
        let step = async {
            output.print_new(client).await?;
            tokio::time::sleep(follow::POLL_EVERY).await;
            follow::describe(client, &options.cluster, &arn).await
        };
        // Whatever a step waits for, it gives up for Ctrl-C: what it has printed it has also counted as printed.
        tokio::select! {
            described = step => task = described?,
            _ = interrupts.recv() => {
                if is_stopped_by_us {
                    bail!("left the task {arn} to end by itself");
                }
                is_stopped_by_us = true;
                let call = client.ecs.stop_task().cluster(&options.cluster).task(&arn).reason("Ctrl-C on berth run");
                tokio::select! {
                    stopped = call.send() => { stopped.map_err(|error| client.explain(error))?; }
                    _ = interrupts.recv() => bail!("left the task {arn}: it may not have been told to stop"),
                }
            }
        }
    }
    output.print_rest(client).await?;
    Ok(task)
}

fn exit_code(task: &Task) -> ExitCode {
    let code = task.containers().iter().find_map(aws_sdk_ecs::types::Container::exit_code);
    match code {
        Some(code) => ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX)),
        None => ExitCode::from(NEVER_RAN),
    }
}

/// Says on standard error what state the task is in and why, once for each change.
#[derive(Default)]
struct Progress(String);

impl Progress {
    fn show(&mut self, task: &Task) {
        let status = task.last_status().unwrap_or("UNKNOWN");
        let why = output::waiting(task).or(task.stopped_reason());
        let text = why.map_or_else(|| status.to_owned(), |why| format!("{status}: {why}"));
        if self.0 != text {
            output::note(&text);
            self.0 = text;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::family;

    #[test]
    fn a_family_is_named_after_the_image() {
        for (image, expected) in [
            ("busybox", "run-busybox"),
            ("registry.example:5000/team/web.app:1.2", "run-web-app"),
            ("a/b@sha256:00", "run-b"),
        ] {
            assert_eq!(family(image), expected);
        }
    }
}
