//! `berth run`: one container image as a task, from registration to exit code.

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use aws_sdk_ecs::types::{ContainerDefinition, ContainerOverride, KeyValuePair, NetworkMode, Task, TaskOverride};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::cli::{self, Output as OutputForm};
use crate::client::{Caller, Client};
use crate::follow::{self, Output};
use crate::output;

/// The one container's name.
const CONTAINER: &str = "main";

/// Runs the task and follows it. The container's exit code becomes the command's; a failure of the command's own is told
/// from those by its number.
pub(crate) async fn run(options: cli::Run) -> ExitCode {
    output::exit_code(run_task(options).await, output::NEVER_RAN)
}

async fn run_task(options: cli::Run) -> Result<ExitCode> {
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

/// Shows each state on standard error and the output on standard output, and waits for a server that is away. The first
/// Ctrl-C stops the task, as it would end `docker run`; its end is then awaited as any other. The second leaves it, and so
/// does the first if the server cannot be told.
async fn follow_to_end(client: &Client, options: &cli::Run, mut task: Task, interrupts: &mut Signal) -> Result<Task> {
    let arn = task.task_arn().context("the answer names no task")?.to_owned();
    let mut progress = Progress::begin(&task, &arn);
    let mut caller = Caller::patient(client);
    let mut output = None;
    let mut is_stopped_by_us = false;
    loop {
        progress.show(&task);
        if follow::is_over(&task) {
            break;
        }
        let step = async {
            begun(&mut output, &mut caller, &task, options).await?.print_new(&mut caller).await?;
            tokio::time::sleep(follow::POLL_EVERY).await;
            follow::describe(&mut caller, &options.cluster, &arn).await
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
                    stopped = call.send() => {
                        let stopped = stopped.map_err(|error| client.explain(error));
                        stopped.with_context(|| format!("left the task {arn}: it may not have been told to stop"))?;
                    }
                    _ = interrupts.recv() => bail!("left the task {arn}: it may not have been told to stop"),
                }
            }
        }
    }
    let rest = async { begun(&mut output, &mut caller, &task, options).await?.print_rest(&mut caller).await };
    tokio::select! {
        printed = rest => printed?,
        _ = interrupts.recv() => output::note("left what may be missing of the output"),
    }
    Ok(task)
}

/// The output as the task stands now. It is begun with the first look at it: that may have to wait for the server as
/// every other.
async fn begun<'a>(
    output: &'a mut Option<Output>,
    caller: &mut Caller<'_>,
    task: &Task,
    options: &cli::Run,
) -> Result<&'a mut Output> {
    match output {
        Some(output) => {
            output.name_streams(task);
            Ok(output)
        }
        none => Ok(none.insert(Output::of(caller, task, options.client.output).await?)),
    }
}

fn exit_code(task: &Task) -> ExitCode {
    let code = task.containers().iter().find_map(aws_sdk_ecs::types::Container::exit_code);
    match code {
        Some(code) => ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX)),
        None => ExitCode::from(output::NEVER_RAN),
    }
}

/// Says on standard error what state the task is in and why, once for each change.
struct Progress(String);

impl Progress {
    /// Says as what the task is known, so that whoever is left without this command can name it.
    fn begin(task: &Task, arn: &str) -> Self {
        let status = task.last_status().unwrap_or("UNKNOWN");
        output::note(&format!("{status}: {arn}"));
        Self(status.to_owned())
    }

    fn show(&mut self, task: &Task) {
        let status = task.last_status().unwrap_or("UNKNOWN");
        let text = output::why(task).map_or_else(|| status.to_owned(), |why| format!("{status}: {why}"));
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
