//! Containers on a Docker Engine, 20.10 or newer, cgroup v1 or v2.
//!
//! Every container carries the labels `berth.installation` and `berth.host-id`; nothing without this installation's and
//! this host's label is ever listed, stopped or removed. The name of a task's container follows from the task, so that the
//! engine itself refuses to create it twice.

mod cgroup;
mod container;
mod describe;
mod exec;
mod health;
mod holder;
mod image;
mod output;
mod registry;
mod usage;
mod volume;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use berth_model::id::{HostId, InstallationId};
use berth_model::task::HealthStatus;
use berth_model::unit::{CpuUnits, MemoryMib};
use bollard::errors::Error as DockerError;
use bollard::models::{ContainerInspectResponse, ContainerState, ContainerStateStatusEnum, SystemInfo};
use bollard::query_parameters::{
    CreateContainerOptionsBuilder, InspectContainerOptions, ListContainersOptionsBuilder,
    RemoveContainerOptionsBuilder, StartContainerOptions, StopContainerOptionsBuilder, WaitContainerOptionsBuilder,
};
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{BoxStream, StreamExt};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use self::cgroup::Groups;
use self::holder::spare::Spares;
use self::image::Pulls;
use self::image::clean_up::Ledger;
use super::{
    ARCHITECTURE, Chunk, Command, Created, Described, Ended, Error, Machine, Order, Output, Process, Pull, Runtime,
    Used,
};
use crate::config::{ImageCleanUp, ImagePullBehavior};
use crate::endpoint::Address;
use crate::error::chain;
use crate::holder::{self as holding, is_holder, shared};
use crate::record::{Binding, task_id};
use crate::session::{Found, FoundState};
use berth_model::time::Timestamp;

/// Said of a container that is gone.
const VANISHED: &str = "The container is no longer there, and its exit code is unknown";
/// Said of a container that the kernel ended for its memory.
const OUT_OF_MEMORY: &str = "OutOfMemoryError: Container killed due to memory usage";
/// First wait after Docker did not answer; doubles each time up to the other.
const RETRY_MIN: Duration = Duration::from_millis(100);
const RETRY_MAX: Duration = Duration::from_secs(5);
/// How long a removal that is under way may take before it is asked for again.
const REMOVED_WITHIN: Duration = Duration::from_secs(10);
/// How long creating and starting a container may take, all tries together, before the task fails.
const GIVE_UP: Duration = Duration::from_mins(4);

/// Most containers that Docker is asked to start at a time, for each processor. With more it does more work for each: of 50
/// tasks on two processors all run 4 % sooner with 8 at a time than with all at once.
const STARTS_PER_PROCESSOR: usize = 4;
/// A start that takes longer than this hangs, and no other waits for it any more.
const START_HANGS_AFTER: Duration = Duration::from_secs(5);

/// What the containers of one agent have in common.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Goes into the labels.
    pub installation: InstallationId,
    /// Goes into the labels.
    pub host_id: HostId,
    /// Goes into the labels.
    pub cluster: String,
    /// Goes into the environment.
    pub region: String,
    /// The address on which ports are published; all of the machine's if `None`.
    pub publish_address: Option<String>,
    /// When to pull images.
    pub image_pull_behavior: ImagePullBehavior,
    /// Most images pulled at a time, from 1.
    pub image_pulls_max: usize,
    /// When images go again that this agent has pulled; never if `None`.
    pub image_clean_up: Option<ImageCleanUp>,
    /// Where it is written down which images those are; in memory alone if `None`.
    pub pulled_images: Option<PathBuf>,
    /// The runtime of Docker's that runs containers; Docker's default if `None`.
    pub runtime: Option<String>,
    /// Where containers find what they can ask about themselves, if they can.
    pub(crate) endpoints: Option<Address>,
}

/// A Docker Engine as one agent sees it.
#[derive(Debug)]
pub struct Docker {
    engine: bollard::Docker,
    settings: Settings,
    /// The control groups of tasks, if they can have any.
    groups: Option<Groups>,
    /// True if Docker can bound what a container writes.
    has_sizes: bool,
    may_raise_limits: bool,
    pulls: Pulls,
    /// Room for starts.
    starts: Semaphore,
    /// Images that were pulled by this process, for the behaviour `once`.
    pulled: Mutex<BTreeSet<String>>,
    ledger: Ledger,
    meters: usage::Meters,
    /// Of the commands that this process runs in containers.
    mark: exec::Mark,
    /// Tells of new output, from when it is first needed; `None` if nothing can.
    watcher: OnceLock<Option<output::Watcher>>,
    /// Held while the holders' image is made.
    holder_image: tokio::sync::Mutex<()>,
    /// Holders made ahead.
    spares: Spares,
}

/// Asks the engine of `DOCKER_HOST`, or of this machine, for its version.
///
/// # Errors
/// If it does not answer.
pub async fn check() -> Result<(), Error> {
    bollard::Docker::connect_with_defaults()?.version().await?;
    Ok(())
}

impl Docker {
    /// Removes what was made for all containers of the host, once they are gone.
    ///
    /// # Errors
    /// If Docker does not do it.
    pub async fn retire(&self) -> Result<(), Error> {
        self.remove_holder_image().await
    }

    /// Connects to the engine of `DOCKER_HOST`, or of this machine.
    ///
    /// # Errors
    /// If it does not answer.
    pub async fn connect(settings: Settings) -> Result<Self, Error> {
        let engine = bollard::Docker::connect_with_defaults()?.negotiate_version().await?;
        let info = engine.info().await?;
        let groups = match Groups::open(&settings, &info) {
            Ok(groups) => Some(groups),
            Err(reason) => {
                tracing::warn!(reason, "tasks have no control groups here: their limits are laid on each container");
                None
            }
        };
        Ok(Self {
            engine,
            groups,
            has_sizes: has_sizes(&info),
            may_raise_limits: may_raise_limits(),
            pulls: Pulls::new(settings.image_pulls_max),
            starts: Semaphore::new(starts_max(&info)),
            pulled: Mutex::default(),
            ledger: Ledger::open(settings.pulled_images.clone()),
            meters: usage::Meters::default(),
            mark: exec::Mark::new(settings.host_id),
            watcher: OnceLock::new(),
            holder_image: tokio::sync::Mutex::default(),
            spares: Spares::default(),
            settings,
        })
    }

    /// What the machine offers to the containers of a task.
    fn offer(&self, order: Order<'_>) -> container::Offer {
        let group = self.groups.as_ref().map(|groups| groups.parent(order.task));
        container::Offer { group, has_sizes: self.has_sizes, may_raise_limits: self.may_raise_limits }
    }

    /// Does something with the tasks' control groups, if they have any.
    async fn in_groups<T: Default + Send + 'static>(
        &self,
        work: impl FnOnce(Groups) -> std::io::Result<T> + Send + 'static,
    ) -> std::io::Result<T> {
        let Some(groups) = self.groups.clone() else { return Ok(T::default()) };
        tokio::task::spawn_blocking(move || work(groups)).await.map_err(std::io::Error::other)?
    }

    async fn inspect(&self, runtime_id: &str) -> Result<Option<ContainerInspectResponse>, DockerError> {
        match self.engine.inspect_container(runtime_id, None::<InspectContainerOptions>).await {
            Ok(answer) => Ok(Some(answer)),
            Err(error) if status(&error) == Some(404) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What a container does, asked until Docker answers; `None` if it is gone.
    async fn inspect_state(&self, runtime_id: &str) -> Option<ContainerState> {
        self.inspect_surely(runtime_id).await.map(|answer| answer.state.unwrap_or_default())
    }

    /// A container, asked for until Docker answers; `None` if it is gone.
    async fn inspect_surely(&self, runtime_id: &str) -> Option<ContainerInspectResponse> {
        let mut wait = RETRY_MIN;
        loop {
            match self.inspect(runtime_id).await {
                Ok(answer) => return answer,
                Err(error) => tracing::warn!(runtime_id, %error, "container cannot be inspected"),
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(RETRY_MAX);
        }
    }

    async fn create_container(&self, order: Order<'_>, pull: Pull<'_>) -> Result<Created, String> {
        let failed = |text: String| format!("CannotCreateContainerError: {text}");
        let is_holder = is_holder(&order.container.name);
        let body = if is_holder {
            holder::body(&self.settings, order, &self.offer(order))
        } else {
            container::body(&self.settings, order, &self.offer(order))
        };
        let body = body.map_err(failed)?;
        container::check_api_version(order, self.engine.client_version()).map_err(failed)?;
        if is_holder && let Some(runtime_id) = self.take_spare(order).await {
            return Ok(Created { runtime_id, image_digest: None });
        }
        let name = container::name(&self.settings, order);
        let options = || Some(CreateContainerOptionsBuilder::default().name(&name).build());
        let image = order.container.image.as_str();
        let mut image_digest = None;
        let is_pulled = !is_holder && self.pulls_first(image);
        if is_pulled {
            image_digest = self.pull(image, registry::credentials(order.container), pull).await?;
        }
        self.make_volumes(order).await?;
        // Once more if the image has gone since: several agents may clear away on one machine.
        let mut may_pull = true;
        let mut wait = RETRY_MIN;
        let started_at = tokio::time::Instant::now();
        loop {
            let error = match self.engine.create_container(options(), body.clone()).await {
                Ok(answer) => {
                    self.ledger.touch(image);
                    if !is_pulled && image_digest.is_none() {
                        image_digest = self.digest(image).await;
                    }
                    return Ok(Created { runtime_id: answer.id, image_digest });
                }
                Err(error) => error,
            };
            match status(&error) {
                Some(404) if may_pull && is_holder => {
                    self.make_holder_image().await.map_err(failed)?;
                    may_pull = false;
                }
                Some(404) if may_pull && is_image_missing(&error) => {
                    image_digest = self.pull(image, registry::credentials(order.container), pull).await?;
                    may_pull = false;
                }
                Some(409) if is_holder && started_at.elapsed() < GIVE_UP => {
                    self.remove_left(&name).await.map_err(failed)?;
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(RETRY_MAX);
                }
                Some(409) => {
                    let runtime_id = self.find_created(&name, order).await.map_err(failed)?;
                    return Ok(Created { runtime_id, image_digest });
                }
                Some(_) => return Err(failed(text(&error))),
                None if started_at.elapsed() > GIVE_UP => return Err(failed(text(&error))),
                None => {
                    tracing::warn!(name, %error, "container cannot be created yet");
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(RETRY_MAX);
                }
            }
        }
    }

    /// Removes a holder that an earlier process has made or taken, and of which no record tells: nothing is in it yet.
    async fn remove_left(&self, name: &str) -> Result<(), String> {
        let Some(found) = self.inspect(name).await.map_err(|error| text(&error))? else { return Ok(()) };
        let labels = found.config.and_then(|config| config.labels).unwrap_or_default();
        if !container::owner(&self.settings).iter().all(|(key, value)| labels.get(key) == Some(value)) {
            return Err(format!("a container named {name} is there already"));
        }
        self.remove_container(&found.id.unwrap_or_default()).await.map_err(|error| chain(&error))
    }

    /// The container of that name, if it is this very one and was never started.
    async fn find_created(&self, name: &str, order: Order<'_>) -> Result<String, String> {
        let found = self.inspect(name).await.map_err(|error| text(&error))?.ok_or("its name was in use")?;
        let labels = found.config.and_then(|config| config.labels).unwrap_or_default();
        let is_ours =
            container::labels(&self.settings, order).iter().all(|(key, value)| labels.get(key) == Some(value));
        let state = found.state.unwrap_or_default();
        match found.id {
            Some(id) if is_ours && state.status == Some(ContainerStateStatusEnum::CREATED) => Ok(id),
            _ => Err(format!("a container named {name} is there already")),
        }
    }

    async fn start_container(&self, runtime_id: &str, order: Order<'_>) -> Result<Vec<Binding>, String> {
        let failed = |text: String| Err(format!("CannotStartContainerError: {text}"));
        let task = order.task.clone();
        // Also if it was there when the container was created: a machine that starts anew has none.
        if let Err(error) = self.in_groups(move |groups| groups.make(&task)).await {
            return failed(format!("the task's control group: {error}"));
        }
        let started_at = tokio::time::Instant::now();
        let mut wait = RETRY_MIN;
        loop {
            let start = self.engine.start_container(runtime_id, None::<StartContainerOptions>);
            let error = match self.in_turn(start).await {
                Ok(()) => break,
                Err(error) => error,
            };
            if status(&error).is_some() {
                return failed(text(&error));
            }
            // Nobody knows whether it was started: what it does now tells.
            match self.inspect_state(runtime_id).await.map(|state| state.status) {
                Some(Some(ContainerStateStatusEnum::CREATED)) if started_at.elapsed() < GIVE_UP => {}
                Some(Some(ContainerStateStatusEnum::CREATED)) | None => {
                    return failed(text(&error));
                }
                Some(_) => break,
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(RETRY_MAX);
        }
        Ok(self.bindings(runtime_id, order).await)
    }

    /// Has Docker start a container once there is room.
    async fn in_turn<T>(&self, start: impl Future<Output = T>) -> T {
        let room = self.starts.acquire().await;
        let mut start = std::pin::pin!(start);
        if let Ok(done) = tokio::time::timeout(START_HANGS_AFTER, &mut start).await {
            return done;
        }
        drop(room);
        start.await
    }

    /// Where a started container's ports are published. Docker is only asked if there are any.
    async fn bindings(&self, runtime_id: &str, order: Order<'_>) -> Vec<Binding> {
        if is_holder(&order.container.name) && shared(order.task).network {
            let found = self.inspect_surely(runtime_id).await;
            return found.as_ref().and_then(holder::binding).into_iter().collect();
        }
        let ports = container::published_ports(order);
        if ports.is_empty() {
            return Vec::new();
        }
        match self.inspect(runtime_id).await {
            Ok(found) => found.map(container::bindings).unwrap_or_default(),
            Err(error) => {
                tracing::warn!(runtime_id, %error, "published ports are unknown");
                Vec::new()
            }
        }
    }

    async fn wait_for_end(&self, runtime_id: &str, is_exact: bool) -> Ended {
        loop {
            let options = WaitContainerOptionsBuilder::default().condition("not-running").build();
            let answer = self.engine.wait_container(runtime_id, Some(options)).next().await;
            let code = match answer {
                Some(Ok(answer)) => Some(answer.status_code),
                Some(Err(DockerError::DockerContainerWaitError { code, .. })) => Some(code),
                Some(Err(_)) | None => None,
            };
            if code == Some(0) && !is_exact {
                return Ended { exit_code: Some(0), reason: None, at: None, began: None };
            }
            // What is not a plain success is looked at: it may have been the memory, or Docker that went away.
            let Some(state) = self.inspect_state(runtime_id).await else {
                let reason = Some(VANISHED.to_owned()).filter(|_| code.is_none());
                return Ended { exit_code: code.and_then(exit_code), reason, at: None, began: None };
            };
            if !is_live(&state) {
                return ended(&state);
            }
            tokio::time::sleep(RETRY_MIN).await;
        }
    }

    async fn find_all(&self) -> Result<Vec<Found>, Error> {
        let filters = [("label".to_owned(), container::owner_labels(&self.settings))].into();
        let options = ListContainersOptionsBuilder::default().all(true).filters(&filters).build();
        let mut found = Vec::new();
        for summary in self.engine.list_containers(Some(options)).await? {
            let runtime_id = summary.id.clone().ok_or(Error::Incomplete("container id"))?;
            let labels = summary.labels.clone().unwrap_or_default();
            let label = |name: &str| labels.get(name).cloned().unwrap_or_default();
            let Some(answer) = self.inspect(&runtime_id).await? else {
                continue;
            };
            let name = answer.name.as_deref().unwrap_or_default().trim_start_matches('/');
            if self.spares.has(name) {
                continue;
            }
            let (arn, name) = match holder::task_of(&self.settings, name) {
                Some(arn) => (arn, holding::NAME.to_owned()),
                None => (label(container::TASK_ARN), label(container::CONTAINER_NAME)),
            };
            let state = answer.state.clone().unwrap_or_default();
            let state = match state.status {
                Some(ContainerStateStatusEnum::CREATED) => FoundState::Created,
                _ if is_live(&state) && is_holder(&name) => {
                    FoundState::Running { bindings: holder::binding(&answer).into_iter().collect() }
                }
                _ if is_live(&state) => FoundState::Running { bindings: container::bindings(answer) },
                _ => {
                    let Ended { exit_code, reason, at, began } = ended(&state);
                    FoundState::Ended { exit_code: exit_code.unwrap_or_default(), reason, at, began }
                }
            };
            found.push(Found { runtime_id, arn, container: name, state });
        }
        Ok(found)
    }

    async fn stop_container(&self, runtime_id: &str, timeout: Duration) -> Result<(), Error> {
        let seconds = i32::try_from(timeout.as_secs()).unwrap_or(i32::MAX);
        let options = StopContainerOptionsBuilder::default().t(seconds).build();
        // Docker answers once it has ended.
        let engine = self.engine.clone().with_timeout(timeout.saturating_add(Duration::from_mins(1)));
        match engine.stop_container(runtime_id, Some(options)).await {
            Err(error) if status(&error) != Some(404) => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    async fn remove_container(&self, runtime_id: &str) -> Result<(), Error> {
        let options = RemoveContainerOptionsBuilder::default().force(true).v(true).build();
        match self.engine.remove_container(runtime_id, Some(options)).await {
            // Somebody has asked for it before, such as this agent before it was killed.
            Err(error) if status(&error) == Some(409) => self.see_removed(runtime_id, error).await,
            Err(error) if status(&error) != Some(404) => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Waits until a container is gone that is being removed.
    async fn see_removed(&self, runtime_id: &str, conflict: DockerError) -> Result<(), Error> {
        let started_at = tokio::time::Instant::now();
        while self.inspect(runtime_id).await?.is_some() {
            if started_at.elapsed() > REMOVED_WITHIN {
                return Err(conflict.into());
            }
            tokio::time::sleep(RETRY_MIN).await;
        }
        Ok(())
    }
}

impl Runtime for Docker {
    fn machine(&self) -> BoxFuture<'_, Result<Machine, Error>> {
        async {
            let info = self.engine.info().await?;
            let processors = info.ncpu.and_then(|count| u64::try_from(count).ok());
            let memory = info.mem_total.and_then(|bytes| u64::try_from(bytes).ok());
            let version = self.engine.client_version();
            Ok(Machine {
                cpu: CpuUnits(processors.ok_or(Error::Incomplete("number of processors"))? * 1024),
                memory: MemoryMib(memory.ok_or(Error::Incomplete("amount of memory"))? >> 20),
                architecture: ARCHITECTURE,
                version: info.server_version.unwrap_or_default(),
                api_minor: u32::try_from(version.minor_version).unwrap_or_default(),
                log_drivers: info.plugins.and_then(|plugins| plugins.log).unwrap_or_default(),
                has_task_limits: self.groups.is_some(),
                storage: info.docker_root_dir.map(PathBuf::from).filter(|path| path.is_dir()),
            })
        }
        .boxed()
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<Found>, Error>> {
        self.find_all().boxed()
    }

    fn create<'a>(&'a self, order: Order<'a>, pull: Pull<'a>) -> BoxFuture<'a, Result<Created, String>> {
        self.create_container(order, pull).boxed()
    }

    fn start<'a>(&'a self, runtime_id: &'a str, order: Order<'a>) -> BoxFuture<'a, Result<Vec<Binding>, String>> {
        self.start_container(runtime_id, order).boxed()
    }

    fn wait<'a>(&'a self, runtime_id: &'a str, is_exact: bool) -> BoxFuture<'a, Ended> {
        self.wait_for_end(runtime_id, is_exact).boxed()
    }

    fn stop<'a>(&'a self, runtime_id: &'a str, timeout: Duration) -> BoxFuture<'a, Result<(), Error>> {
        self.stop_container(runtime_id, timeout).boxed()
    }

    fn remove<'a>(&'a self, runtime_id: &'a str) -> BoxFuture<'a, Result<(), Error>> {
        self.remove_container(runtime_id).boxed()
    }

    fn leftovers(&self) -> BoxFuture<'_, Result<BTreeSet<String>, Error>> {
        async {
            let mut tasks = self.in_groups(|groups| groups.list()).await.map_err(Error::Groups)?;
            tasks.extend(self.tasks_with_volumes().await?);
            Ok(tasks)
        }
        .boxed()
    }

    fn clear<'a>(&'a self, task: &'a str, has_volumes: bool) -> BoxFuture<'a, Result<(), Error>> {
        async move {
            let id = task_id(task);
            self.in_groups(move |groups| groups.remove(&id)).await.map_err(Error::Groups)?;
            if has_volumes { self.remove_volumes(&task_id(task)).await } else { Ok(()) }
        }
        .boxed()
    }

    fn make_ready(&self) -> BoxFuture<'_, ()> {
        self.make_spares().boxed()
    }

    fn clean_images_up(&self) -> BoxFuture<'_, Result<(), Error>> {
        async {
            match &self.settings.image_clean_up {
                Some(settings) => self.clean_images_up(settings).await,
                None => Ok(()),
            }
        }
        .boxed()
    }

    fn describe<'a>(&'a self, runtime_id: &'a str) -> BoxFuture<'a, Result<Option<Described>, Error>> {
        async { Ok(self.inspect(runtime_id).await?.map(describe::described)) }.boxed()
    }

    fn statistics<'a>(&'a self, runtime_id: &'a str) -> BoxFuture<'a, Result<Option<serde_json::Value>, Error>> {
        describe::statistics(&self.engine, runtime_id).boxed()
    }

    fn output<'a>(
        &'a self,
        runtime_id: &'a str,
        since: Option<Timestamp>,
        ended: CancellationToken,
    ) -> BoxFuture<'a, Output> {
        self.read_output(runtime_id, since, ended).boxed()
    }

    fn health(&self, runtime_id: &str) -> BoxStream<'static, HealthStatus> {
        health::follow(&self.engine, runtime_id)
    }

    fn usage<'a>(&'a self, runtime_ids: &'a [String]) -> BoxFuture<'a, BTreeMap<String, Used>> {
        self.meters.read(&self.engine, runtime_ids).boxed()
    }

    fn check(&self) -> BoxFuture<'_, Result<(), Error>> {
        // A ping is answered by a daemon that can do nothing else any more; this needs its containers.
        async {
            let filters = [("label".to_owned(), container::owner_labels(&self.settings))].into();
            let options = ListContainersOptionsBuilder::default().limit(1).filters(&filters).build();
            self.engine.list_containers(Some(options)).await?;
            Ok(())
        }
        .boxed()
    }

    fn end_of_output<'a>(&'a self, runtime_id: &'a str) -> BoxFuture<'a, Result<Option<Chunk>, Error>> {
        output::end(&self.engine, runtime_id).boxed()
    }

    fn exec<'a>(&'a self, runtime_id: &'a str, command: Command<'a>) -> BoxFuture<'a, Result<Process, String>> {
        self.exec_in(runtime_id, command).boxed()
    }

    fn resize_exec<'a>(&'a self, id: &'a str, rows: u16, columns: u16) -> BoxFuture<'a, Result<(), Error>> {
        self.resize(id, rows, columns).boxed()
    }

    fn exec_code<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Option<i32>> {
        self.code_of(id).boxed()
    }

    fn hang_up<'a>(&'a self, id: &'a str) -> BoxFuture<'a, ()> {
        self.end_exec(id).boxed()
    }

    fn hang_up_left<'a>(&'a self, runtime_id: &'a str) -> BoxFuture<'a, ()> {
        self.end_execs_left(runtime_id).boxed()
    }
}

fn is_live(state: &ContainerState) -> bool {
    state.running == Some(true) || state.paused == Some(true) || state.restarting == Some(true)
}

fn ended(state: &ContainerState) -> Ended {
    let code = state.exit_code.and_then(exit_code);
    let ran_out = state.oom_killed == Some(true) && code != Some(0);
    let error = state.error.clone().filter(|error| !error.is_empty());
    let reason = if ran_out { Some(OUT_OF_MEMORY.to_owned()) } else { error };
    let moment = |text: &Option<String>| text.as_deref().and_then(output::moment).filter(|at| at.0 > 0);
    Ended { exit_code: code, reason, at: moment(&state.finished_at), began: moment(&state.started_at) }
}

fn starts_max(info: &SystemInfo) -> usize {
    let processors = info.ncpu.and_then(|count| usize::try_from(count).ok()).unwrap_or(1);
    processors.max(1) * STARTS_PER_PROCESSOR
}

/// True if Docker can bound what a container writes.
fn has_sizes(info: &SystemInfo) -> bool {
    let (driver, root) = (info.driver.as_deref(), info.docker_root_dir.as_deref());
    let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
    driver.zip(root).is_some_and(|(driver, root)| volume::has_sizes(driver, root, &mounts))
}

/// True if processes of this machine may raise their limits: in some sandboxes none may, and Docker cannot start a
/// container that is to have higher ones than Docker has.
fn may_raise_limits() -> bool {
    const SYS_RESOURCE: u64 = 1 << 24;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let bounding = status.lines().find_map(|line| line.strip_prefix("CapBnd:"));
    bounding.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).is_some_and(|set| set & SYS_RESOURCE != 0)
}

/// True if it is the image that is not there, and not a container that this one needs.
fn is_image_missing(error: &DockerError) -> bool {
    text(error).to_ascii_lowercase().contains("image")
}

fn exit_code(code: i64) -> Option<i32> {
    i32::try_from(code).ok()
}

fn status(error: &DockerError) -> Option<u16> {
    match error {
        DockerError::DockerResponseServerError { status_code, .. } => Some(*status_code),
        _ => None,
    }
}

/// A failure as Docker's own client words it; on the way to Docker with all its causes.
fn text(error: &DockerError) -> String {
    match error {
        DockerError::DockerResponseServerError { message, .. } => {
            format!("Error response from daemon: {message}")
        }
        DockerError::DockerStreamError { error } => error.clone(),
        // Its own line repeats the first cause.
        DockerError::HyperLegacyError { err } => chain(err),
        other => chain(other),
    }
}
