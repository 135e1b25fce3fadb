//! The loop over the real scheduler, with a store that can be held up and can fail.

use std::collections::BTreeSet;
use std::sync::Mutex;

use berth_model::ecs;
use berth_model::host::InstanceType;
use berth_model::id::HostId;
use berth_model::task::{Architecture, TaskRequest, TaskStatus};
use berth_model::time::Timestamp;
use berth_model::unit::{MicroDollarsPerHour, Resources};
use berth_provisioner::backend::{BackendError, BoxFuture, LaunchOrder};
use berth_scheduler::event::{ClientToken, Event, LaunchTarget, RegisterHost, RunTask};
use berth_scheduler::placement::wish::Wishes;
use berth_scheduler::pool::Pool;
use berth_scheduler::step::{Order, Rejection, Reply};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::*;
use crate::handle::{OpenError, OpenSession, SubmitError};
use crate::store::memory::{Fault, MemoryStore};
use crate::store::{Page, Reader as _};

const FARGATE: &str = "FARGATE";

/// A backend that says yes and remembers.
#[derive(Debug, Default)]
struct Machines {
    launched: Mutex<BTreeSet<HostId>>,
    changed: Notify,
    has_capacity: bool,
}

impl Machines {
    async fn first(&self) -> HostId {
        loop {
            let changed = self.changed.notified();
            if let Some(host) = self.launched.lock().unwrap().first() {
                return *host;
            }
            changed.await;
        }
    }
}

impl HostBackend for Machines {
    fn catalogue(&self) -> Vec<InstanceType> {
        vec![instance_type()]
    }

    fn launch(&self, order: LaunchOrder) -> BoxFuture<'_, Result<(), BackendError>> {
        Box::pin(async move {
            assert_eq!(order.capacity, instance_type().capacity);
            if !self.has_capacity {
                return Err(BackendError::NoCapacity { text: "sold out".to_owned() });
            }
            self.launched.lock().unwrap().insert(order.host);
            self.changed.notify_waiters();
            Ok(())
        })
    }

    fn terminate(&self, host: HostId) -> BoxFuture<'_, Result<(), BackendError>> {
        Box::pin(async move {
            self.launched.lock().unwrap().remove(&host);
            Ok(())
        })
    }

    fn list(&self) -> BoxFuture<'_, Result<BTreeSet<HostId>, BackendError>> {
        Box::pin(async { Ok(self.launched.lock().unwrap().clone()) })
    }
}

fn instance_type() -> InstanceType {
    InstanceType {
        name: "slice".to_owned(),
        capacity: Resources::new(4096, 8192),
        architecture: Architecture::X86_64,
        price: MicroDollarsPerHour(1000),
    }
}

struct Fixture {
    store: Arc<MemoryStore>,
    machines: Arc<Machines>,
    shutdown: CancellationToken,
    registry: Registry,
    handle: Handle,
    task: EngineTask,
    _directory: tempfile::TempDir,
}

impl Fixture {
    async fn new() -> Self {
        Self::on(Arc::new(MemoryStore::default()), true).await
    }

    async fn on(store: Arc<MemoryStore>, has_capacity: bool) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let machines = Arc::new(Machines { has_capacity, ..Machines::default() });
        let pool = Pool {
            provider: FARGATE.parse().unwrap(),
            aliases: Vec::new(),
            catalogue: machines.catalogue(),
            hosts_max: 10,
            quota: None,
            scale_in_after: Duration::from_mins(1),
            shares_machine: false,
        };
        let logs = LogStore::open(directory.path().to_owned(), crate::store::log::LogBounds::default()).unwrap();
        let settings = Settings { pools: vec![pool], host_disconnected_after: Duration::ZERO, ..Settings::default() };
        let started = Instant::now();
        let config = Config {
            clock: WallClock::new(move || Timestamp(1_800_000_000_000) + started.elapsed()),
            ..Config::new(settings, InstallationId(1), logs)
        };
        let (shutdown, registry) = (config.shutdown.clone(), config.registry.clone());
        let backends = vec![(FARGATE.parse().unwrap(), Arc::clone(&machines) as Arc<dyn HostBackend>)];
        let (handle, task) = Engine::start(config, Arc::clone(&store) as Arc<dyn Store>, backends).await.unwrap();
        Self { store, machines, shutdown, registry, handle, task, _directory: directory }
    }

    async fn register_definition(&self) {
        let request = serde_json::json!({
            "family": "web", "cpu": "256", "memory": "512",
            "containerDefinitions": [{ "name": "main", "image": "busybox", "essential": true }],
        });
        let request: ecs::RegisterTaskDefinitionRequest = serde_json::from_value(request).unwrap();
        let event = Event::RegisterTaskDefinition {
            family: "web".parse().unwrap(),
            request: Box::new(request),
            by: "me".to_owned(),
        };
        let reply = self.handle.submit(event).await.unwrap();
        assert!(matches!(reply, Reply::TaskDefinition(_)), "{reply:?}");
    }

    async fn run_tasks(&self, count: u32) -> Vec<berth_model::task::Task> {
        match self.handle.submit(run_task(count, None)).await.unwrap() {
            Reply::Tasks { tasks, failures } => {
                assert_eq!(failures, []);
                tasks
            }
            other => panic!("{other:?}"),
        }
    }

    /// Registers the machine of a host, as its agent would, and opens its session.
    async fn connect(&self, host: HostId) -> OpenSession {
        let reply = self.handle.report(register(host)).await.unwrap();
        assert!(matches!(reply, Reply::Host(_)), "{reply:?}");
        self.handle.open_session(host, ecs::VersionInfo::default()).await.unwrap()
    }
}

fn run_task(count: u32, token: Option<&str>) -> Event {
    let token = token.map(|token| ClientToken { token: token.to_owned(), fingerprint: "f".to_owned(), hit: None });
    Event::RunTask(Box::new(RunTask {
        cluster: "default".parse().unwrap(),
        definition: berth_model::arn::DefinitionRef::Latest("web".parse().unwrap()),
        count,
        target: LaunchTarget::ClusterDefault,
        request: TaskRequest::default(),
        wishes: Wishes::default(),
        propagate_tags: false,
        has_managed_tags: false,
        token,
    }))
}

fn register(host: HostId) -> Event {
    Event::RegisterHost(Box::new(RegisterHost {
        cluster: berth_model::host::FARGATE_CLUSTER.parse().unwrap(),
        known_as: None,
        host_id: Some(host),
        is_external: false,
        capacity: instance_type().capacity,
        gpus: BTreeSet::new(),
        reserved_ports: BTreeSet::new(),
        architecture: Some(Architecture::X86_64),
        machine: None,
        ec2_instance_id: None,
        attributes: Vec::new(),
        tags: Vec::new(),
        token: None,
        key: None,
    }))
}

fn create_cluster(name: &str) -> Event {
    Event::CreateCluster { name: name.parse().unwrap(), tags: Vec::new(), options: Box::default(), by: String::new() }
}

/// True if the future does not end although everything else has come to rest.
async fn stalls<T>(future: impl Future<Output = T>) -> bool {
    tokio::time::timeout(Duration::from_millis(50), future).await.is_err()
}

#[tokio::test(start_paused = true)]
async fn a_fresh_installation_has_the_default_cluster() {
    let it = Fixture::new().await;
    assert!(it.handle.is_ready());
    let names = it.handle.store().list_clusters(Page::first(10)).await.unwrap();
    assert_eq!(names, ["default".parse().unwrap()]);
}

#[tokio::test(start_paused = true)]
async fn no_reply_leaves_before_its_commit() {
    let store = Arc::new(MemoryStore::gated());
    store.let_pass(1);
    let it = Fixture::on(store, true).await;
    let handle = it.handle.clone();
    let mut request = tokio::spawn(async move { handle.submit(create_cluster("a")).await });
    assert!(stalls(&mut request).await);
    assert_eq!(it.store.list_clusters(Page::first(10)).await.unwrap().len(), 1, "and nothing is visible");
    it.store.let_pass(1);
    assert!(matches!(request.await.unwrap(), Ok(Reply::Cluster(_))));
    assert_eq!(it.store.list_clusters(Page::first(10)).await.unwrap().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn no_machine_is_asked_for_before_its_row_is_stored() {
    let store = Arc::new(MemoryStore::gated());
    store.let_pass(2);
    let it = Fixture::on(store, true).await;
    it.register_definition().await;
    let handle = it.handle.clone();
    let request = tokio::spawn(async move { handle.submit(run_task(1, None)).await });
    assert!(stalls(it.machines.first()).await);
    it.store.let_pass(100);
    let host = it.machines.first().await;
    assert_eq!(it.store.rows().hosts[0].id, host);
    assert!(matches!(request.await.unwrap(), Ok(Reply::Tasks { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_task_finds_its_way_to_the_agent() {
    let it = Fixture::new().await;
    it.register_definition().await;
    let task = it.run_tasks(1).await.remove(0);
    assert_eq!(task.last_status, TaskStatus::Provisioning);
    let mut session = it.connect(it.machines.first().await).await;
    assert!(matches!(session.orders.recv().await, Some(Order::Manifest { .. })));
    let Some(Order::Run { task: ordered, definition, .. }) = session.orders.recv().await else { panic!("no order") };
    assert_eq!((ordered.id, definition.id.revision), (task.id, 1));
    assert_eq!(it.store.task(task.id).unwrap().last_status, TaskStatus::Pending);
    let text = prometheus::TextEncoder::new().encode_to_string(&it.registry.gather()).unwrap();
    assert!(
        text.contains("berth_host_launches_total{capacity_provider=\"FARGATE\",outcome=\"succeeded\"} 1"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_launch_that_finds_no_capacity_is_told_to_those_who_wait() {
    let it = Fixture::on(Arc::new(MemoryStore::default()), false).await;
    it.register_definition().await;
    let task = it.run_tasks(1).await.remove(0);
    let waits = async {
        loop {
            let waiting = it.store.tasks(vec![task.id]).await.unwrap().remove(0).waiting;
            if waiting.as_ref().is_some_and(|reason| reason.contains("sold out")) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), waits).await.expect("the reason is stored");
}

#[tokio::test(start_paused = true)]
async fn a_full_lane_turns_clients_away_at_once_and_nobody_else() {
    let store = Arc::new(MemoryStore::gated());
    store.let_pass(1);
    let it = Fixture::on(store, true).await;
    let mut waiting = Vec::new();
    // One batch goes to the commit and is held there, then the lane fills.
    let throttled = loop {
        let handle = it.handle.clone();
        let name = format!("c{}", waiting.len());
        let mut request = Box::pin(async move { handle.submit(create_cluster(&name)).await });
        match futures_poll(&mut request).await {
            Some(Err(error)) => break error,
            Some(other) => panic!("{other:?}"),
            None => waiting.push(request),
        }
        assert!(waiting.len() <= CLIENT_LANE_EVENTS_MAX + 2 * batch::BATCH_ROWS_MAX, "the lane has no end");
    };
    assert_eq!(throttled, SubmitError::Throttled);
    let mut report = Box::pin(it.handle.report(Event::Tick));
    assert!(futures_poll(&mut report).await.is_none(), "a report waits");
    it.store.let_pass(1000);
    assert!(report.await.is_ok());
    for request in waiting {
        assert!(matches!(request.await, Ok(Reply::Cluster(_))));
    }
    assert!(it.store.commits() < 50, "{} commits for thousands of requests", it.store.commits());
}

/// The result, if the future has one after a moment's work.
async fn futures_poll<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    let result = tokio::select! {
        biased;
        result = future => Some(result),
        () = std::future::ready(()) => None,
    };
    tokio::task::yield_now().await;
    result
}

#[tokio::test(start_paused = true)]
async fn a_commit_of_unknown_outcome_ends_the_engine_and_answers_nobody() {
    for (fault, is_stored) in [(Fault::LostBefore, false), (Fault::LostAfter, true)] {
        let mut it = Fixture::new().await;
        it.store.set_fault(Some(fault));
        let handle = it.handle.clone();
        assert_eq!(handle.submit(create_cluster("a")).await.unwrap_err(), SubmitError::Closed);
        assert!(matches!(it.task.ended().await, Err(Fatal::Commit(_))));
        assert!(!handle.is_ready());
        assert_eq!(handle.submit(create_cluster("b")).await.unwrap_err(), SubmitError::Closed);
        assert_eq!(handle.report(Event::Tick).await.unwrap_err(), SubmitError::Closed);
        it.store.set_fault(None);
        // The next engine on the same store sees what is there and nothing else.
        let next = Fixture::on(Arc::clone(&it.store), true).await;
        let clusters = next.handle.store().clusters(vec!["a".parse().unwrap()]).await.unwrap();
        assert_eq!(clusters.len(), usize::from(is_stored));
    }
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_refuses_changes_and_is_got_over() {
    let it = Fixture::new().await;
    it.register_definition().await;
    it.run_tasks(1).await;
    let host = it.machines.first().await;
    let mut session = it.connect(host).await;
    while !matches!(session.orders.recv().await, Some(Order::Run { .. })) {}
    it.store.set_fault(Some(Fault::Full));
    assert_eq!(it.handle.submit(run_task(1, None)).await.unwrap_err(), SubmitError::Unwritable);
    assert!(!it.handle.is_ready());
    assert_eq!(it.handle.report(create_cluster("a")).await.unwrap_err(), SubmitError::Unwritable);
    assert_eq!(it.handle.store().list_clusters(Page::first(9)).await.unwrap().len(), 1, "reads go on");
    it.store.set_fault(None);
    // The session is still open, and begins anew with what the store says.
    assert!(matches!(session.orders.recv().await, Some(Order::Manifest { .. })));
    assert!(it.handle.is_ready());
    it.run_tasks(1).await;
    let ran = async { while !matches!(session.orders.recv().await, Some(Order::Run { .. })) {} };
    tokio::time::timeout(Duration::from_secs(5), ran).await.expect("the new task is ordered on the old session");
    assert_eq!(it.store.all_tasks().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_client_token_makes_a_repeat_harmless_also_after_a_crash() {
    let it = Fixture::new().await;
    it.register_definition().await;
    let tasks = |reply| match reply {
        Reply::Tasks { tasks, .. } => tasks.iter().map(|task| task.id).collect::<Vec<_>>(),
        Reply::Repeated { tasks, .. } => tasks,
        other => panic!("{other:?}"),
    };
    let first = tasks(it.handle.submit(run_task(2, Some("t"))).await.unwrap());
    assert_eq!(tasks(it.handle.submit(run_task(2, Some("t"))).await.unwrap()), first);
    let next = Fixture::on(Arc::clone(&it.store), true).await;
    assert_eq!(tasks(next.handle.submit(run_task(2, Some("t"))).await.unwrap()), first);
    let mut other = run_task(3, Some("t"));
    if let Event::RunTask(request) = &mut other {
        request.token.as_mut().unwrap().fingerprint = "g".to_owned();
    }
    let conflict = next.handle.submit(other).await.unwrap();
    assert!(matches!(conflict, Reply::Rejected(Rejection::TokenConflict { .. })), "{conflict:?}");
    assert_eq!(it.store.all_tasks().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_shutdown_signal_answers_what_is_taken_and_closes_the_rest() {
    let mut it = Fixture::new().await;
    let handle = it.handle.clone();
    it.shutdown.cancel();
    it.task.ended().await.unwrap();
    assert!(!handle.is_ready());
    assert_eq!(handle.submit(create_cluster("a")).await.unwrap_err(), SubmitError::Closed);
    let refused = handle.open_session(HostId(1), ecs::VersionInfo::default()).await.unwrap_err();
    assert_eq!(refused, OpenError::Submit(SubmitError::Closed));
}

#[tokio::test(start_paused = true)]
async fn a_stranger_gets_no_session() {
    let it = Fixture::new().await;
    let refused = it.handle.open_session(HostId(1), ecs::VersionInfo::default()).await.unwrap_err();
    assert!(matches!(refused, OpenError::Rejected(_)), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn a_dropped_session_is_noticed_and_a_newer_one_ends_the_older() {
    let it = Fixture::new().await;
    it.register_definition().await;
    it.run_tasks(1).await;
    let host = it.machines.first().await;
    let mut old = it.connect(host).await;
    let new = it.handle.open_session(host, ecs::VersionInfo::default()).await.unwrap();
    while old.orders.recv().await.is_some() {}
    drop(old);
    it.handle.report(Event::Tick).await.unwrap();
    assert!(it.store.rows().hosts[0].is_connected, "the newer session stands");
    drop(new);
    it.handle.report(Event::Tick).await.unwrap();
    assert!(!it.store.rows().hosts[0].is_connected);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_does_not_keep_up_is_ended() {
    let it = Fixture::new().await;
    it.register_definition().await;
    it.run_tasks(1).await;
    let host = it.machines.first().await;
    let session = it.connect(host).await;
    // Nobody takes the orders: once a minute everything unacknowledged is owed again, until the queue is full.
    tokio::time::timeout(Duration::from_hours(24), async {
        while it.store.rows().hosts[0].is_connected {
            it.handle
                .report(Event::StopCandidates {
                    host,
                    session: session.id,
                    message_id: "m".to_owned(),
                    tasks: Vec::new(),
                })
                .await
                .unwrap();
        }
    })
    .await
    .expect("the session is ended");
}
