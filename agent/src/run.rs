//! The driver: starts up, then feeds the session what happens and carries out what it wants, until told to end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use berth_model::acs::{ExecOrder, PayloadTask, ToAgent, ToServer};
use berth_model::id::{HostId, InstallationId};
use berth_model::task::TaskStatus;
use futures_util::{FutureExt, StreamExt};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::client::Clients;
use crate::clock::Clock;
use crate::cloudwatch;
use crate::config::{Config, RuntimeKind};
use crate::connection::{Connection, SEND_QUEUE};
use crate::disk::{Disk, Writer};
use crate::endpoint::{self, Endpoints, Known, Question};
use crate::error::{Error, chain};
use crate::exec::{COMMANDS_MAX, Exec};
use crate::log::{self, Destination, Shipment};
use crate::record::{Identity, Record};
use crate::register::register;
use crate::runtime::docker::{self, Docker};
use crate::runtime::simulated::Simulated;
use crate::runtime::{Created, Ended, Machine, Order, Pull, Runtime};
use crate::session::{Action, Found, FoundState, Input, Observation, Output, Session};
use crate::telemetry::{self, Signs, Telemetry};

/// News that wait to be taken in. Whoever brings more waits.
const NEWS: usize = 1024;
/// Questions of containers that wait for an answer. Whoever asks more waits.
const QUESTIONS: usize = 64;
/// Wait before asking again for a runtime that does not answer at the start.
const RUNTIME_RETRY: Duration = Duration::from_secs(1);
/// How often to look for containers without a record: those that an earlier process asked for and that came into being
/// after its end. The first look comes early.
const SWEEP_FIRST: Duration = Duration::from_secs(10);
const SWEEP_EVERY: Duration = Duration::from_mins(5);
/// How often clearing up after a task is tried before it is left to the next sweep, and the wait between.
const CLEAR_TRIES: u32 = 5;
const CLEAR_RETRY: Duration = Duration::from_secs(1);
/// How long another agent may take to let go of the data directory.
const LOCK_WITHIN: Duration = Duration::from_secs(10);
/// [`retire`] ends once nothing has been there in so many looks, this far apart: a container that an ended agent
/// asked for may come into being late.
const RETIRE_LOOKS: u32 = 3;
const RETIRE_LOOK_EVERY: Duration = Duration::from_millis(300);

/// For how long nothing must have begun before the runtime makes things ready for the next task: what that takes of the
/// machine would hold up others.
const QUIET: Duration = Duration::from_millis(500);
/// What a start that waits for Docker or the server gets to come to an end.
const START_END_WITHIN: Duration = Duration::from_secs(2);
/// How long an agent that is told to end still ships the output of containers that have ended, and reports their tasks.
/// It may be the machine's last moments. Well below what its supervisor gives it before SIGKILL.
const DRAIN_WITHIN: Duration = Duration::from_secs(3);

/// Runs an agent until `shutdown`; its containers run on. May be used many times in one process.
///
/// # Errors
/// If the server will not have it, or its data directory cannot be used (see [`Error::is_permanent`]).
pub async fn run(config: Config, shutdown: CancellationToken) -> Result<(), Error> {
    let cut = async {
        shutdown.cancelled().await;
        tokio::time::sleep(START_END_WITHIN).await;
    };
    let (driver, found, received) = tokio::select! {
        started = Box::pin(start(config)) => started?,
        () = cut => return Ok(()),
    };
    driver.run(found, received, shutdown).await;
    Ok(())
}

/// Removes all containers of the data directory's installation and host, running or not. The agent must have ended.
///
/// # Errors
/// If the data directory or the runtime cannot be used.
pub async fn retire(config: Config) -> Result<(), Error> {
    let disk = open_disk(&config).await?;
    let Some((_, identity)) = read_disk(disk.as_ref(), &config)? else {
        return Ok(());
    };
    let runtime = match config.runtime {
        RuntimeKind::Docker => {
            Docker::connect(docker_settings(&config, &identity, None)).await.map_err(Error::Runtime)?
        }
        RuntimeKind::Simulated => return Ok(()), // Its containers ended with their process.
    };
    let mut looks = 0;
    while looks < RETIRE_LOOKS {
        let found = runtime.list().await.map_err(Error::Runtime)?;
        looks = if found.is_empty() { looks + 1 } else { 0 };
        for container in found {
            runtime.remove(&container.runtime_id).await.map_err(Error::Runtime)?;
        }
        tokio::time::sleep(RETIRE_LOOK_EVERY).await;
    }
    for task in runtime.leftovers().await.map_err(Error::Runtime)? {
        clear(&runtime, &task, true).await.map_err(Error::Runtime)?;
    }
    runtime.retire().await.map_err(Error::Runtime)
}

/// Gets the driver ready, with the containers that are there and what brings it news.
async fn start(config: Config) -> Result<(Driver, Vec<Found>, mpsc::Receiver<Input>), Error> {
    let disk = open_disk(&config).await?;
    let known = read_disk(disk.as_ref(), &config)?;
    let (records, mut identity) = known.unwrap_or_else(|| (Vec::new(), new_identity(&config)));
    if let Some(disk) = &disk {
        // Containers must be found by these labels again, so they are on disk before the first one is made.
        disk.write_identity(&identity).map_err(Error::Data)?;
    }
    let endpoints = find_endpoints(&config, disk.as_ref()).await?;
    let address = endpoints.as_ref().map(|(address, _)| address.clone());
    let (runtime, machine, found) = connect(&config, &identity, address.as_ref()).await;
    let clients = match &config.clients {
        Some(clients) => clients.signing_with(config.credentials.clone()),
        None => Clients::new(&config.backend, &config.region, config.credentials.clone()),
    };
    identity.container_instance_arn = Some(register(&clients, &config, &identity, &machine).await?);
    if let Some(disk) = &disk {
        disk.write_identity(&identity).map_err(Error::Data)?;
    }
    tracing::info!(container_instance = identity.container_instance_arn, records = records.len(), "host registered");
    let seed = u64::from_le_bytes(*uuid::Uuid::new_v4().as_bytes().first_chunk().expect("a uuid has 16 bytes"));
    let session = Session::new(config.session.clone(), seed, identity.sequence, records);
    let (news, received) = mpsc::channel(NEWS);
    let writer = Writer::default();
    let mut tasks = JoinSet::new();
    tasks.spawn(writer.clone().run(disk, news.clone()));
    let signs = Signs::default();
    let (telemetry_asks, telemetry_questions) = mpsc::channel(1);
    let engine_version = machine.version.clone();
    if config.runtime == RuntimeKind::Docker {
        let (runtime, clients) = (Arc::clone(&runtime), clients.clone());
        let telemetry =
            Telemetry::run(config.clone(), identity.clone(), machine, runtime, clients, telemetry_asks, signs.clone());
        tasks.spawn(telemetry);
    }
    let (asks, questions) = mpsc::channel(QUESTIONS);
    let endpoints = endpoints.map(|(address, listener)| Endpoints::new(address, Arc::clone(&runtime), listener, asks));
    let cloudwatch = config.cloudwatch.clone().map(cloudwatch::Regions::new);
    let driver = Driver {
        cloudwatch,
        endpoints,
        questions,
        config,
        identity,
        engine_version,
        runtime,
        clients,
        session,
        writer,
        news,
        tasks,
        connection: None,
        cancels: BTreeMap::new(),
        ends: BTreeMap::new(),
        removals: BTreeMap::new(),
        probes: BTreeMap::new(),
        telemetry_questions,
        signs,
        server: watch::Sender::new(false),
        log_room: log::Room::default(),
        quiet_at: Some(tokio::time::Instant::now() + QUIET),
        is_ending: false,
        commands: Arc::new(Semaphore::new(COMMANDS_MAX)),
        ending: CancellationToken::new(),
        clock: Clock::new(),
    };
    Ok((driver, found, received))
}

/// Where containers find their endpoints, with a listener for those in the machine's own network. `None` if this agent
/// cannot serve any.
async fn find_endpoints(
    config: &Config,
    disk: Option<&Arc<Disk>>,
) -> Result<Option<(endpoint::Address, Option<TcpListener>)>, Error> {
    let (RuntimeKind::Docker, Some(disk)) = (config.runtime, disk) else { return Ok(None) };
    if let Err(error) = endpoint::check().await {
        tracing::warn!(%error, "containers get no metadata and no credentials: the agent may not make network namespaces");
        return Ok(None);
    }
    let known = disk.endpoints().map_err(Error::Data)?;
    let listener = match endpoint::listen(known.as_ref().map(endpoint::Address::port)).await {
        Ok(listener) => Some(listener),
        Err(error) => {
            tracing::warn!(%error, "containers in host mode get no metadata and no credentials: the port is taken");
            None
        }
    };
    let address = if let Some(address) = known {
        address
    } else {
        let port = listener.as_ref().and_then(|listener| listener.local_addr().ok()).map_or(0, |at| at.port());
        let address = endpoint::Address::new(port);
        disk.write_endpoints(&address).map_err(Error::Data)?;
        address
    };
    Ok(Some((address.on_machine(listener.is_some()), listener)))
}

async fn open_disk(config: &Config) -> Result<Option<Arc<Disk>>, Error> {
    let Some(directory) = &config.data else {
        return Ok(None);
    };
    Disk::open(directory, LOCK_WITHIN).await.map(|disk| Some(Arc::new(disk))).map_err(Error::Data)
}

/// What an earlier process left, checked against what this one was told.
fn read_disk(disk: Option<&Arc<Disk>>, config: &Config) -> Result<Option<(Vec<Record>, Identity)>, Error> {
    let Some(disk) = disk else { return Ok(None) };
    let Some(identity) = disk.identity().map_err(Error::Data)? else {
        return Ok(None);
    };
    let refuse = |what: &str| Err(Error::Misconfigured(format!("the data directory belongs to another {what}")));
    if identity.cluster != config.cluster.as_str() {
        return refuse("cluster's host");
    }
    if config.host_id.is_some_and(|host_id| host_id != identity.host_id) {
        return refuse("host");
    }
    if config.installation.is_some_and(|installation| installation != identity.installation) {
        return refuse("installation");
    }
    Ok(Some((disk.records().map_err(Error::Data)?, identity)))
}

fn new_identity(config: &Config) -> Identity {
    let random = || uuid::Uuid::new_v4().as_u128();
    Identity {
        cluster: config.cluster.as_str().to_owned(),
        installation: config.installation.unwrap_or_else(|| InstallationId(random())),
        host_id: config.host_id.unwrap_or_else(|| HostId(random())),
        container_instance_arn: None,
        sequence: -1,
    }
}

fn docker_settings(config: &Config, identity: &Identity, endpoints: Option<&endpoint::Address>) -> docker::Settings {
    docker::Settings {
        installation: identity.installation,
        host_id: identity.host_id,
        cluster: identity.cluster.clone(),
        region: config.region.clone(),
        publish_address: config.publish_address.clone(),
        image_pull_behavior: config.image_pull_behavior,
        image_pulls_max: config.image_pulls_max,
        image_clean_up: config.image_clean_up.clone(),
        pulled_images: config.pulled_images.clone().or_else(|| Some(config.data.as_ref()?.join("images.json"))),
        runtime: config.docker_runtime.clone(),
        endpoints: endpoints.cloned(),
    }
}

/// Waits for the runtime; gives what the machine has and which containers are there.
async fn connect(
    config: &Config,
    identity: &Identity,
    endpoints: Option<&endpoint::Address>,
) -> (Arc<dyn Runtime>, Machine, Vec<Found>) {
    loop {
        match try_connect(config, identity, endpoints).await {
            Ok(ready) => return ready,
            Err(error) => tracing::warn!(error = %chain(&error), "the runtime does not answer"),
        }
        tokio::time::sleep(RUNTIME_RETRY).await;
    }
}

async fn try_connect(
    config: &Config,
    identity: &Identity,
    endpoints: Option<&endpoint::Address>,
) -> Result<(Arc<dyn Runtime>, Machine, Vec<Found>), crate::runtime::Error> {
    let runtime: Arc<dyn Runtime> = match config.runtime {
        RuntimeKind::Docker => Arc::new(Docker::connect(docker_settings(config, identity, endpoints)).await?),
        RuntimeKind::Simulated => Arc::new(Simulated::default()),
    };
    let machine = runtime.machine().await?;
    let found = runtime.list().await?;
    Ok((runtime, machine, found))
}

/// Names a container: its task's ARN and its name.
type Key = (String, String);

#[derive(Debug)]
struct Driver {
    config: Config,
    identity: Identity,
    engine_version: String,
    runtime: Arc<dyn Runtime>,
    clients: Clients,
    /// Those of Amazon CloudWatch Logs, if output may go there.
    cloudwatch: Option<cloudwatch::Regions>,
    session: Session,
    writer: Writer,
    news: mpsc::Sender<Input>,
    /// What containers can ask about themselves, if this agent can serve it.
    endpoints: Option<Endpoints>,
    /// What they have asked.
    questions: mpsc::Receiver<Question>,
    /// All that is under way; ends with the driver.
    tasks: JoinSet<()>,
    connection: Option<(u64, mpsc::Sender<ToServer>, CancellationToken)>,
    /// Ends the pull of a container's image.
    cancels: BTreeMap<Key, CancellationToken>,
    /// Told when a container has ended whose output is being shipped.
    ends: BTreeMap<Key, CancellationToken>,
    /// Told when a container was removed whose output has been shipped or given up. Dropped if it is shipped again instead.
    removals: BTreeMap<Key, watch::Sender<bool>>,
    /// Ends the following of a container's health.
    probes: BTreeMap<Key, CancellationToken>,
    /// From those who look after what runs.
    telemetry_questions: mpsc::Receiver<telemetry::Question>,
    signs: Signs,
    /// True while the server is there. Told anew with each return, for what waits for it.
    server: watch::Sender<bool>,
    /// What output waits on the whole host.
    log_room: log::Room,
    /// When enough time has passed since something began; `None` if nothing has since it was over.
    quiet_at: Option<tokio::time::Instant>,
    /// True once it was told to end: it takes no more orders.
    is_ending: bool,
    /// Room for commands in containers.
    commands: Arc<Semaphore>,
    /// Ends those that run.
    ending: CancellationToken,
    clock: Clock,
}

impl Driver {
    async fn run(mut self, found: Vec<Found>, mut received: mpsc::Receiver<Input>, shutdown: CancellationToken) {
        self.hang_up_left(&found);
        self.handle(Input::Inventory(found));
        let mut sweep = tokio::time::interval_at(tokio::time::Instant::now() + SWEEP_FIRST, SWEEP_EVERY);
        let clean_up_every = self.config.image_clean_up.as_ref().map(|settings| settings.every);
        let mut clean_up = clean_up_every.map(tokio::time::interval);
        loop {
            let quiet_at = self.quiet_at;
            tokio::select! {
                () = shutdown.cancelled() => break,
                () = self.step(&mut received) => {}
                _ = sweep.tick() => self.sweep(),
                () = next(&mut clean_up) => self.clean_images_up(),
                () = at(quiet_at) => self.make_ready(),
            }
        }
        self.is_ending = true;
        if let Some(endpoints) = &self.endpoints {
            endpoints.end();
        }
        self.ending.cancel();
        self.close();
        let drain = async {
            while let Ok(input) = received.try_recv() {
                self.handle(input);
            }
            while self.has_ends_to_tell() || self.commands.available_permits() < COMMANDS_MAX {
                self.step(&mut received).await;
            }
        };
        if tokio::time::timeout(DRAIN_WITHIN, drain).await.is_err() {
            tracing::warn!("ended before all output of ended containers was shipped, or a command was over");
        }
    }

    /// Takes in the next thing that happens. May be dropped at any moment.
    async fn step(&mut self, received: &mut mpsc::Receiver<Input>) {
        let now = self.clock.now();
        let tick = self.session.next_deadline().map(|at| at.since(now));
        tokio::select! {
            Some(input) = received.recv() => self.handle(input),
            // Whoever asked may have gone.
            Some(question) = self.telemetry_questions.recv() => drop(question.send(self.session.running())),
            Some(question) = self.questions.recv() => {
                // Who does not wait any more need not know.
                let record = self.session.record(&question.arn).cloned();
                let running = self.session.running_of(&question.arn);
                drop(question.answer.send(record.map(|record| Known { record, running })));
            }
            () = tokio::time::sleep(tick.unwrap_or(SWEEP_EVERY)), if tick.is_some() => self.handle(Input::Tick),
            Some(ended) = self.tasks.join_next() => {
                if let Err(error) = ended && error.is_panic() {
                    std::panic::resume_unwind(error.into_panic());
                }
            }
        }
    }

    /// True while output of an ended container is being shipped, or the server does not know of a task's end.
    fn has_ends_to_tell(&self) -> bool {
        self.ends.values().any(CancellationToken::is_cancelled)
            || self.session.records().any(|record| record.is_over() && !record.is_stop_acknowledged)
    }

    fn handle(&mut self, input: Input) {
        if let Input::Observed { arn, container, observation } = &input {
            self.note(arn, container, observation);
        }
        if matches!(input, Input::Connected { .. }) {
            self.server.send_replace(true);
            self.signs.server.notify_one();
        }
        if matches!(input, Input::Frame { frame: ToAgent::HeartbeatMessage(_), .. }) {
            self.signs.check.notify_one();
        }
        let is_health = matches!(input, Input::Observed { observation: Observation::Health(_), .. });
        let mut outputs = Vec::new();
        let now = self.clock.now();
        self.session.handle(now, input, &mut outputs);
        if !self.session.is_connected() {
            self.server.send_if_modified(std::mem::take);
        }
        for output in outputs {
            self.carry_out(output);
        }
        if is_health {
            self.signs.health.notify_one();
        }
    }

    fn carry_out(&mut self, output: Output) {
        match output {
            Output::Connect { .. } if self.is_ending => {}
            Output::Connect { connection, is_first } => self.open(connection, is_first),
            Output::Send { connection, frame } => self.send(connection, frame),
            Output::Close { connection } => {
                if self.connection.as_ref().is_some_and(|(open, ..)| *open == connection) {
                    self.close();
                }
            }
            Output::Save(record) => self.writer.save(record),
            Output::Forget { arn } => self.writer.forget(arn),
            Output::SaveSequence { sequence } => {
                self.identity.sequence = sequence;
                self.writer.save_identity(self.identity.clone());
            }
            Output::Submit(report) => {
                if let Some(endpoints) = self.endpoints.as_ref().filter(|_| report.status == TaskStatus::Stopped) {
                    endpoints.forget(&report.arn);
                }
                tracing::info!(task = report.arn, status = report.status.as_str(), "task reported");
                let (clients, cluster) = (self.clients.clone(), self.identity.cluster.clone());
                let arn = report.arn.clone();
                self.spawn(async move { Input::Submitted { arn, outcome: clients.submit(&cluster, *report).await } });
            }
            Output::Act { arn, container, action } => self.act(arn, container, action),
            Output::Exec { order, container } => self.exec(order, container),
            Output::Clear { task, has_volumes } => self.clear(task, has_volumes),
            Output::Credentials { arn, credentials } => {
                if let Some(endpoints) = &self.endpoints {
                    endpoints.keep(arn, *credentials);
                }
            }
            Output::RemoveOrphan { runtime_id } => {
                tracing::info!(runtime_id, "removing a container of no task that is known here");
                let runtime = Arc::clone(&self.runtime);
                self.spawn(async move {
                    let is_gone = runtime.remove(&runtime_id).await.is_ok();
                    Input::OrphanRemoved { runtime_id, is_gone }
                });
            }
        }
    }

    /// Runs a command in a container, in the background.
    fn exec(&mut self, order: ExecOrder, container: Result<String, String>) {
        let Ok(room) = Arc::clone(&self.commands).try_acquire_owned() else {
            // The server gives it up by itself.
            tracing::warn!(exec_id = order.exec_id, "no command begun: there are too many at a time");
            return;
        };
        let exec = Exec {
            clients: self.clients.clone(),
            container_instance_arn: self.identity.container_instance_arn.clone().unwrap_or_default(),
            order,
            container,
            runtime: Arc::clone(&self.runtime),
            ending: self.ending.clone(),
        };
        self.tasks.spawn(async move {
            exec.run().await;
            drop(room);
        });
    }

    /// Ends commands that an earlier process ran in these containers: nobody listens to them any more.
    fn hang_up_left(&mut self, found: &[Found]) {
        let runs = |found: &&Found| matches!(found.state, FoundState::Running { .. });
        let running: Vec<String> = found.iter().filter(runs).map(|found| found.runtime_id.clone()).collect();
        let runtime = Arc::clone(&self.runtime);
        self.tasks.spawn(async move {
            for runtime_id in running {
                runtime.hang_up_left(&runtime_id).await;
            }
        });
    }

    /// Does something in the background and tells the session what came of it.
    fn spawn(&mut self, work: impl Future<Output = Input> + Send + 'static) {
        let news = self.news.clone();
        self.tasks.spawn(async move {
            let input = work.await;
            // If nobody listens any more, the agent is ending.
            drop(news.send(input).await);
        });
    }

    fn sweep(&mut self) {
        let (runtime, news) = (Arc::clone(&self.runtime), self.news.clone());
        self.tasks.spawn(async move {
            match runtime.list().await {
                Ok(found) => drop(news.send(Input::Inventory(found)).await),
                Err(error) => tracing::warn!(error = %chain(&error), "containers cannot be listed"),
            }
            match runtime.leftovers().await {
                Ok(tasks) => drop(news.send(Input::Leftovers(tasks)).await),
                Err(error) => tracing::warn!(error = %chain(&error), "what tasks have left cannot be listed"),
            }
        });
    }

    /// Removes what an ended task has beside containers.
    fn clear(&mut self, task: String, has_volumes: bool) {
        let runtime = Arc::clone(&self.runtime);
        self.tasks.spawn(async move {
            if let Err(error) = clear(runtime.as_ref(), &task, has_volumes).await {
                tracing::warn!(task, error = %chain(&error), "task not cleared up after, to be tried again later");
            }
        });
    }

    fn make_ready(&mut self) {
        self.quiet_at = None;
        let runtime = Arc::clone(&self.runtime);
        self.tasks.spawn(async move { runtime.make_ready().await });
    }

    fn clean_images_up(&mut self) {
        let runtime = Arc::clone(&self.runtime);
        self.tasks.spawn(async move {
            if let Err(error) = runtime.clean_images_up().await {
                tracing::warn!(error = %chain(&error), "images not cleaned up");
            }
        });
    }

    fn open(&mut self, id: u64, is_first: bool) {
        self.close();
        let (sender, frames) = mpsc::channel(SEND_QUEUE);
        let closed = CancellationToken::new();
        let connection = Connection {
            id,
            is_first,
            clients: self.clients.clone(),
            identity: self.identity.clone(),
            engine_version: self.engine_version.clone(),
            frames,
            closed: closed.clone(),
            news: self.news.clone(),
        };
        self.connection = Some((id, sender, closed));
        self.tasks.spawn(connection.run());
    }

    fn send(&mut self, connection: u64, frame: ToServer) {
        let Some((open, sender, closed)) = &self.connection else {
            return;
        };
        if *open == connection && sender.try_send(frame).is_err() {
            // It does not take what it is sent. The session hears of its end from the connection itself.
            closed.cancel();
        }
    }

    fn close(&mut self) {
        if let Some((_, _, closed)) = self.connection.take() {
            closed.cancel();
        }
    }

    /// Keeps what was waiting for a container informed.
    fn note(&mut self, arn: &str, container: &str, observation: &Observation) {
        let key = (arn.to_owned(), container.to_owned());
        match observation {
            Observation::Ended { .. } => {
                if let Some(endpoints) = &self.endpoints {
                    endpoints.close(arn, container);
                }
                if let Some(ended) = self.ends.get(&key) {
                    ended.cancel();
                }
                if let Some(probe) = self.probes.remove(&key) {
                    probe.cancel();
                }
            }
            Observation::StartFailed { .. } => {
                if let Some(endpoints) = &self.endpoints {
                    endpoints.close(arn, container);
                }
            }
            Observation::Created { .. } | Observation::CreateFailed { .. } => {
                self.cancels.remove(&key);
            }
            Observation::OutputShipped => {
                self.ends.remove(&key);
            }
            Observation::Removed => {
                if let Some(is_removed) = self.removals.remove(&key) {
                    is_removed.send_replace(true);
                }
            }
            _ => {}
        }
    }

    /// Where a container's output goes, and through whom.
    fn log_target(&mut self, task: &PayloadTask, at: usize, runtime_id: &str) -> Target {
        match log::driver(task, &task.containers[at], runtime_id) {
            log::Driver::Docker => Target::Docker,
            log::Driver::Broken(text) => Target::Broken(text),
            log::Driver::Shipped(destination) => match (&mut self.cloudwatch, &destination.region) {
                (Some(regions), Some(region)) => match regions.of(region) {
                    Ok(client) => Target::Shipped { destination, client, is_berth: false },
                    Err(text) => Target::Broken(text),
                },
                _ => Target::Shipped { destination, client: self.clients.logs.clone(), is_berth: true },
            },
        }
    }

    /// Opens the endpoints of a container that runs, unless that was done when it was started: an agent before this one
    /// may have started it.
    fn reopen(&mut self, (arn, name): &Key, runtime_id: &str) {
        let Some(endpoints) = self.endpoints.clone() else { return };
        let Some(task) = self.session.record(arn).and_then(|record| record.task.clone()) else { return };
        let Some(at) = task.containers.iter().position(|container| container.name == *name) else { return };
        let runtime_id = runtime_id.to_owned();
        self.tasks.spawn(async move { endpoints.open(&task, &task.containers[at], &runtime_id).await });
    }

    fn act(&mut self, arn: String, container: String, action: Action) {
        let runtime = Arc::clone(&self.runtime);
        if matches!(action, Action::Create { .. } | Action::Start { .. }) {
            self.quiet_at = Some(tokio::time::Instant::now() + QUIET);
        }
        let key = (arn.clone(), container.clone());
        let observed = move |observation| Input::Observed { arn, container, observation };
        match action {
            Action::Create { task, at } => {
                let cancel = CancellationToken::new();
                self.cancels.insert(key.clone(), cancel.clone());
                let progress = pull_progress(self.news.clone(), key);
                self.spawn(async move { observed(create(runtime, &task, at, &cancel, &progress).await) });
            }
            Action::Cancel => {
                if let Some(cancel) = self.cancels.get(&key) {
                    cancel.cancel();
                }
            }
            Action::Start { runtime_id, task, at } => {
                let logs = self.log_target(&task, at, &runtime_id);
                let endpoints = self.endpoints.clone();
                self.spawn(async move {
                    let order = Order { task: &task, container: &task.containers[at] };
                    if let Some(endpoints) = &endpoints {
                        endpoints.admit(&task, order.container);
                    }
                    let started = match logs.prepare().await {
                        Ok(()) => runtime.start(&runtime_id, order).await,
                        Err(reason) => Err(reason),
                    };
                    observed(match started {
                        Ok(bindings) => {
                            if let Some(endpoints) = endpoints {
                                endpoints.open(&task, order.container, &runtime_id).await;
                            }
                            Observation::Started { bindings }
                        }
                        Err(reason) => Observation::StartFailed { reason },
                    })
                });
            }
            Action::Watch { runtime_id, is_exact } => {
                self.reopen(&key, &runtime_id);
                self.spawn(async move {
                    let Ended { exit_code, reason, at, began } = runtime.wait(&runtime_id, is_exact).await;
                    observed(Observation::Ended { exit_code, reason, at, began })
                });
            }
            Action::Probe { runtime_id } => {
                let (ended, news) = (CancellationToken::new(), self.news.clone());
                self.probes.insert(key.clone(), ended.clone());
                self.tasks.spawn(ended.run_until_cancelled_owned(probe(runtime, runtime_id, key, news)).map(drop));
            }
            Action::Stop { runtime_id, timeout } => {
                let news = self.news.clone();
                self.tasks.spawn(async move {
                    if let Err(error) = runtime.stop(&runtime_id, timeout).await {
                        tracing::warn!(runtime_id, error = %chain(&error), "container not stopped yet");
                        drop(news.send(observed(Observation::StopFailed)).await);
                    }
                });
            }
            Action::Remove { runtime_id } => self.spawn(async move {
                observed(match runtime.remove(&runtime_id).await {
                    Ok(()) => Observation::Removed,
                    Err(error) => {
                        tracing::warn!(runtime_id, error = %chain(&error), "container not removed yet");
                        Observation::RemoveFailed
                    }
                })
            }),
            Action::Follow { runtime_id, task, at, is_resumed } => {
                let Target::Shipped { destination, client, is_berth } = self.log_target(&task, at, &runtime_id) else {
                    // Docker's own drivers do it themselves.
                    return self.spawn(async move { observed(Observation::OutputShipped) });
                };
                let ended = CancellationToken::new();
                let is_over = self.session.has_ended(&key.0, &key.1);
                let (removal, mut is_removed) = watch::channel(false);
                self.removals.insert(key.clone(), removal);
                self.ends.insert(key, ended.clone());
                if is_over {
                    ended.cancel();
                }
                let shipment = Shipment {
                    runtime,
                    client,
                    is_berth,
                    runtime_id,
                    destination: Arc::new(destination),
                    is_resumed,
                    ended,
                    wait: log::Wait { served: self.config.output_wait, longest: self.config.output_wait_longest },
                    server: self.server.subscribe(),
                    room: self.log_room.clone(),
                };
                let news = self.news.clone();
                self.tasks.spawn(async move {
                    let rest = shipment.run().await;
                    drop(news.send(observed(Observation::OutputShipped)).await);
                    if let Some(rest) = rest
                        && is_removed.wait_for(|it| *it).await.is_ok()
                    {
                        rest.tell().await;
                    }
                });
            }
        }
    }
}

/// Removes what an ended task has beside containers. What holds it may need a moment to let go.
async fn clear(runtime: &dyn Runtime, task: &str, has_volumes: bool) -> Result<(), crate::runtime::Error> {
    let mut tries = 1;
    loop {
        match runtime.clear(task, has_volumes).await {
            Err(error) if tries < CLEAR_TRIES => tracing::debug!(task, error = %chain(&error), "still held"),
            done => return done,
        }
        tries += 1;
        tokio::time::sleep(CLEAR_RETRY).await;
    }
}

/// A moment, if there ever is one.
async fn at(moment: Option<tokio::time::Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// The next tick, if there ever is one.
async fn next(interval: &mut Option<tokio::time::Interval>) {
    match interval {
        Some(interval) => drop(interval.tick().await),
        None => std::future::pending().await,
    }
}

/// Tells the session what a container's health check finds.
async fn probe(runtime: Arc<dyn Runtime>, runtime_id: String, (arn, container): Key, news: mpsc::Sender<Input>) {
    let mut found = runtime.health(&runtime_id);
    while let Some(status) = found.next().await {
        let observation = Observation::Health(status);
        let input = Input::Observed { arn: arn.clone(), container: container.clone(), observation };
        if news.send(input).await.is_err() {
            return;
        }
    }
}

/// Where a container's output goes, and through whom.
#[derive(Debug)]
enum Target {
    /// The agent ships it.
    Shipped { destination: Destination, client: aws_sdk_cloudwatchlogs::Client, is_berth: bool },
    /// Docker's own driver has it.
    Docker,
    /// The settings cannot be read.
    Broken(String),
}

impl Target {
    /// Does what a log driver does before its container starts.
    async fn prepare(&self) -> Result<(), String> {
        match self {
            Self::Shipped { destination, client, is_berth } if destination.region.is_some() => {
                log::prepare(client, destination, *is_berth).await
            }
            Self::Shipped { .. } | Self::Docker => Ok(()),
            Self::Broken(text) => Err(log::not_started(text)),
        }
    }
}

/// Tells the session how a pull goes, in the background: the pull must not wait for it.
fn pull_progress(news: mpsc::Sender<Input>, (arn, container): Key) -> impl Fn(bool) + Send + Sync {
    move |has_begun| {
        let observation = if has_begun { Observation::PullStarted } else { Observation::PullStopped };
        let input = Input::Observed { arn: arn.clone(), container: container.clone(), observation };
        // A full queue only loses two moments of the report.
        drop(news.try_send(input));
    }
}

async fn create(
    runtime: Arc<dyn Runtime>,
    task: &PayloadTask,
    at: usize,
    cancel: &CancellationToken,
    progress: &(dyn Fn(bool) + Send + Sync),
) -> Observation {
    let order = Order { task, container: &task.containers[at] };
    match runtime.create(order, Pull { cancel, progress }).await {
        Ok(Created { runtime_id, image_digest }) => Observation::Created { runtime_id, image_digest },
        Err(reason) => Observation::CreateFailed { reason },
    }
}
