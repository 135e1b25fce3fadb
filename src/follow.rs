//! Reading what a task's containers print, while it runs and after.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::time::Duration;

use anyhow::{Context as _, Result};
use aws_sdk_cloudwatchlogs::error::ProvideErrorMetadata as _;
use aws_sdk_cloudwatchlogs::operation::describe_log_streams::DescribeLogStreamsError;
use aws_sdk_cloudwatchlogs::types::{LogStream, OutputLogEvent};
use aws_sdk_ecs::types::{ContainerDefinition, LogConfiguration, Task};
use berth_model::id::TaskId;
use berth_model::log_options::{AWSLOGS, GROUP, STREAM_PREFIX};
use serde_json::json;

use crate::client::{Caller, Client};
use crate::{cli, output};

/// The log group in which the agents keep the output of containers without a log configuration of their own.
const LOG_GROUP: &str = berth_agent::LOG_GROUP;

/// How often a task is asked for its state and its output. Short enough to feel immediate, long enough to cost the
/// control plane nothing.
pub(crate) const POLL_EVERY: Duration = Duration::from_millis(100);

/// How long after a task's end its last output may still be on its way.
const OUTPUT_SETTLES_WITHIN: Duration = Duration::from_millis(500);

/// The same if the server was away meanwhile: its agents tell of the end before they have brought all that they kept.
const OUTPUT_SETTLES_WITHIN_AFTER_WAIT: Duration = Duration::from_secs(5);

/// One task as it stands now; `None` if the control plane does not know it, or not any more.
///
/// # Errors
/// If the control plane cannot be reached.
pub(crate) async fn find(caller: &mut Caller<'_>, cluster: &str, task: &str) -> Result<Option<Task>> {
    let answer =
        caller.call(async |client| client.ecs.describe_tasks().cluster(cluster).tasks(task).send().await).await;
    let answer = answer.map_err(|error| caller.client.explain(error))?;
    Ok(answer.tasks.unwrap_or_default().pop())
}

/// One task as it stands now.
///
/// # Errors
/// If the control plane cannot be reached or does not know the task.
pub(crate) async fn describe(caller: &mut Caller<'_>, cluster: &str, task: &str) -> Result<Task> {
    let found = find(caller, cluster, task).await?;
    found.with_context(|| format!("there is no task {task} in cluster {cluster}"))
}

/// True once nothing of the task runs any more.
pub(crate) fn is_over(task: &Task) -> bool {
    task.last_status() == Some("STOPPED")
}

/// The output of one task's containers, read on from where the last reading ended.
#[derive(Debug)]
pub(crate) struct Output {
    streams: Vec<Stream>,
    form: Form,
}

/// How output is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As the one container wrote it.
    Plain,
    /// With the container's name before each line.
    Named,
    /// A JSON object each line: container, timestamp (ms since the epoch), message.
    Json,
}

#[derive(Debug)]
struct Stream {
    container: String,
    group: String,
    /// `None` as long as it has none: Docker's id names it, and the container has not been started.
    name: Option<String>,
    token: Option<String>,
    /// True if its task definition names its group. In the default one a container that has printed nothing has no stream.
    has_own_group: bool,
    /// True once it was there.
    is_there: bool,
}

/// Where a container's output goes, as its task definition says it.
#[derive(Debug)]
enum Logs {
    /// To a group of the server, and to a stream with this prefix if there is one.
    Named { group: String, prefix: Option<String> },
    /// To the default group.
    Default,
    /// To another log driver of its host.
    Driver(String),
}

/// What a task definition says of its containers' output, by their names. One that is deleted says nothing any more.
async fn logs_of(caller: &mut Caller<'_>, definition: &str) -> BTreeMap<String, Logs> {
    let answer = caller
        .call(async |client| client.ecs.describe_task_definition().task_definition(definition).send().await)
        .await;
    let Ok(answer) = answer else { return BTreeMap::new() };
    let containers = answer.task_definition.and_then(|definition| definition.container_definitions);
    let logs = |configuration: Option<&LogConfiguration>| {
        let Some(configuration) = configuration else { return Logs::Default };
        let option = |name: &str| configuration.options().and_then(|options| options.get(name)).cloned();
        match configuration.log_driver().as_str() {
            AWSLOGS => Logs::Named { group: option(GROUP).unwrap_or_default(), prefix: option(STREAM_PREFIX) },
            "json-file" => Logs::Default,
            other => Logs::Driver(other.to_owned()),
        }
    };
    let named = |container: &ContainerDefinition| {
        (container.name().unwrap_or_default().to_owned(), logs(container.log_configuration()))
    };
    containers.unwrap_or_default().iter().map(named).collect()
}

impl Output {
    /// Starts before the first line.
    ///
    /// # Errors
    /// If the answer lacks what names a stream.
    pub(crate) async fn of(caller: &mut Caller<'_>, task: &Task, form: cli::Output) -> Result<Self> {
        let definition = output::short(task.task_definition_arn());
        let family = definition.rsplit_once(':').context("the task names no task definition")?.0;
        let id = output::short(task.task_arn());
        let logs = logs_of(caller, task.task_definition_arn().unwrap_or_default()).await;
        let mut streams = Vec::new();
        for container in task.containers() {
            let name = container.name().unwrap_or_default();
            let (group, stream, has_own_group) = match logs.get(name).unwrap_or(&Logs::Default) {
                Logs::Named { group, prefix } => {
                    (group.as_str(), prefix.as_ref().map(|prefix| format!("{prefix}/{name}/{id}")), true)
                }
                Logs::Default => (LOG_GROUP, Some(format!("{family}/{name}/{id}")), false),
                Logs::Driver(driver) => {
                    let text = "what it prints goes to the log driver of its host and cannot be read here";
                    output::note(&format!("{name}: {text} ({driver})"));
                    continue;
                }
            };
            streams.push(Stream { has_own_group, ..Stream::new(name, group, stream) });
        }
        let mut output = Self::new(streams, form);
        output.name_streams(task);
        Ok(output)
    }

    /// What is kept of a task that the control plane does not know any more; `None` if nothing is. How such a task's
    /// definition named its streams is not known either, so only those of the default group are found.
    ///
    /// # Errors
    /// If the control plane cannot be reached, or does not list streams for this caller.
    pub(crate) async fn kept(caller: &mut Caller<'_>, task: TaskId, form: cli::Output) -> Result<Option<Self>> {
        let task = task.to_string();
        let is_not_there = DescribeLogStreamsError::is_resource_not_found_exception;
        let mut streams = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let call = async |client: &Client| {
                let call = client.logs.describe_log_streams().log_group_name(LOG_GROUP);
                call.set_next_token(token.clone()).send().await
            };
            let page = match caller.call(call).await {
                Ok(page) => page,
                Err(error) if error.as_service_error().is_some_and(is_not_there) => return Ok(None),
                Err(error) => return Err(caller.client.explain(error)),
            };
            for name in page.log_streams().iter().filter_map(LogStream::log_stream_name) {
                if let [_, container, id] = name.split('/').collect::<Vec<_>>()[..]
                    && id == task
                {
                    streams.push(Stream::new(container, LOG_GROUP, Some(name.to_owned())));
                }
            }
            token = page.next_token;
            if token.is_none() {
                break;
            }
        }
        Ok((!streams.is_empty()).then(|| Self::new(streams, form)))
    }

    fn new(streams: Vec<Stream>, form: cli::Output) -> Self {
        let form = match form {
            cli::Output::Json => Form::Json,
            cli::Output::Table if streams.len() > 1 => Form::Named,
            cli::Output::Table => Form::Plain,
        };
        Self { streams, form }
    }

    /// Names the streams that Docker's ids name, as far as their containers have been started by now.
    pub(crate) fn name_streams(&mut self, task: &Task) {
        for stream in self.streams.iter_mut().filter(|stream| stream.name.is_none()) {
            let container = task.containers().iter().find(|one| one.name() == Some(&stream.container));
            stream.name = container.and_then(|container| container.runtime_id().map(str::to_owned));
        }
    }

    /// Says of which containers nothing can be read, and why; `is_over` if the task is.
    pub(crate) fn note_unread(&self, is_over: bool) {
        for stream in &self.streams {
            let Stream { container, group, name, .. } = stream;
            match name {
                None => output::note(&format!(
                    "{container}: has not been started, and its log stream has no name before that"
                )),
                Some(name) if is_over && stream.has_own_group && !stream.is_there => output::note(&format!(
                    "{container}: there is no log stream {name} in the group {group} here; Amazon CloudWatch Logs may have it"
                )),
                Some(_) => {}
            }
        }
    }

    /// Prints what has come since the last call; true if there was anything.
    ///
    /// # Errors
    /// If the control plane cannot be reached, or standard output is closed.
    pub(crate) async fn print_new(&mut self, caller: &mut Caller<'_>) -> Result<bool> {
        let mut any = false;
        for stream in &mut self.streams {
            while stream.print_page(caller, self.form).await? {
                any = true;
            }
        }
        Ok(any)
    }

    /// Prints what is left of a task that is over: until nothing has come for a while. Says then what cannot be read.
    ///
    /// # Errors
    /// As [`Output::print_new`].
    pub(crate) async fn print_rest(&mut self, caller: &mut Caller<'_>) -> Result<()> {
        let mut quiet = Duration::ZERO;
        while quiet < if caller.has_waited() { OUTPUT_SETTLES_WITHIN_AFTER_WAIT } else { OUTPUT_SETTLES_WITHIN } {
            if self.print_new(caller).await? {
                quiet = Duration::ZERO;
            }
            tokio::time::sleep(POLL_EVERY).await;
            quiet += POLL_EVERY;
        }
        self.note_unread(true);
        Ok(())
    }
}

impl Stream {
    fn new(container: &str, group: &str, name: Option<String>) -> Self {
        let (container, group) = (container.to_owned(), group.to_owned());
        Self { container, group, name, token: None, has_own_group: false, is_there: false }
    }

    /// Prints one page; true if there was anything on it.
    async fn print_page(&mut self, caller: &mut Caller<'_>, form: Form) -> Result<bool> {
        let Some(name) = &self.name else { return Ok(false) };
        let call = async |client: &Client| {
            let call = client.logs.get_log_events().log_group_name(&self.group).log_stream_name(name);
            call.start_from_head(true).set_next_token(self.token.clone()).send().await
        };
        let page = match caller.call(call).await {
            Ok(page) => page,
            Err(error) => match error.code() {
                // It may yet be made.
                Some("ResourceNotFoundException") => return Ok(false),
                // Whose a stream is that Docker's id names is known to a user of some clusters once it is made.
                Some("AccessDeniedException") if !name.contains('/') => return Ok(false),
                _ => return Err(caller.client.explain(error)),
            },
        };
        // Nothing is awaited from here on: what is printed is counted as printed, also if the caller is cut short.
        output::printed(self.print(page.events(), form))?;
        self.is_there = true;
        self.token = page.next_forward_token;
        Ok(page.events.is_some_and(|events| !events.is_empty()))
    }

    fn print(&self, events: &[OutputLogEvent], form: Form) -> io::Result<()> {
        let mut out = io::stdout().lock();
        for event in events {
            let message = event.message().unwrap_or_default();
            match form {
                Form::Plain => writeln!(out, "{message}")?,
                Form::Named => writeln!(out, "{} | {message}", self.container)?,
                Form::Json => {
                    let line = json!({"container": self.container, "timestamp": event.timestamp(), "message": message});
                    writeln!(out, "{line}")?;
                }
            }
        }
        out.flush()
    }
}
