//! Machines that are only imagined: for tests, for the simulation and for `berth up --simulate`.
//!
//! [`Cloud`] is the whole of it, synchronous and with the time passed in, so that a simulated world can drive it by its
//! own clock. [`FakeBackend`] puts it behind the trait, on tokio's clock, and starts an agent on each machine that has
//! booted, if it is given a [`Starter`].

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use berth_model::host::InstanceType;
use berth_model::id::HostId;
use berth_model::time::Timestamp;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::{BackendError, BoxFuture, HostBackend, LaunchOrder};

/// How long a machine takes to be had again after it was refused for want of capacity or asked for too often.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// A provider of machines in memory.
#[derive(Debug, Clone)]
pub struct Cloud {
    catalogue: Vec<InstanceType>,
    boot: Duration,
    machines: BTreeMap<HostId, Machine>,
    without_capacity: BTreeSet<String>,
    failures: VecDeque<Failure>,
}

/// A machine of a [`Cloud`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// What was asked for.
    pub order: LaunchOrder,
    /// When its agent can start.
    pub boots_at: Timestamp,
    /// True once [`Cloud::booted`] has named it.
    is_booted: bool,
}

/// A failure that the script of a test asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// [`BackendError::Transient`], and nothing was done.
    Transient,
    /// [`BackendError::Transient`], but it was done: the answer was lost.
    AnswerLost,
    /// [`BackendError::Throttled`].
    Throttled,
    /// [`BackendError::Misconfigured`].
    Misconfigured,
    /// [`BackendError::Gone`].
    Gone,
}

impl Cloud {
    /// A cloud without machines, each of which takes `boot` to start.
    pub fn new(catalogue: Vec<InstanceType>, boot: Duration) -> Self {
        Self {
            catalogue,
            boot,
            machines: BTreeMap::new(),
            without_capacity: BTreeSet::new(),
            failures: VecDeque::new(),
        }
    }

    /// What it can provide.
    pub fn catalogue(&self) -> &[InstanceType] {
        &self.catalogue
    }

    /// The machines, also those that boot.
    pub fn machines(&self) -> &BTreeMap<HostId, Machine> {
        &self.machines
    }

    /// From now on there is no machine of this type, or there are some again.
    pub fn set_capacity(&mut self, instance_type: &str, has_capacity: bool) {
        if has_capacity {
            self.without_capacity.remove(instance_type);
        } else {
            self.without_capacity.insert(instance_type.to_owned());
        }
    }

    /// The next calls of [`Self::launch`], [`Self::terminate`] and [`Self::list`] fail like this, one each.
    pub fn fail_next(&mut self, failures: impl IntoIterator<Item = Failure>) {
        self.failures.extend(failures);
    }

    /// The machine dies, with all that runs on it. False if there was none.
    pub fn kill(&mut self, host: HostId) -> bool {
        self.machines.remove(&host).is_some()
    }

    /// See [`HostBackend::launch`].
    ///
    /// # Errors
    /// As the script wants; [`BackendError::Misconfigured`] for a type that is not in the catalogue.
    pub fn launch(&mut self, order: &LaunchOrder, now: Timestamp) -> Result<(), BackendError> {
        self.scripted(|cloud| {
            if cloud.machines.contains_key(&order.host) {
                return Ok(());
            }
            let kind = &order.instance_type;
            if !cloud.catalogue.iter().any(|known| known.name == *kind) {
                let text = format!("there is no host type {kind}");
                return Err(BackendError::Misconfigured { text, cause: None });
            }
            if cloud.without_capacity.contains(kind) {
                return Err(BackendError::NoCapacity { text: format!("no host of type {kind} is to be had") });
            }
            let machine = Machine { order: order.clone(), boots_at: now + cloud.boot, is_booted: false };
            cloud.machines.insert(order.host, machine);
            Ok(())
        })
    }

    /// See [`HostBackend::terminate`].
    ///
    /// # Errors
    /// As the script wants.
    pub fn terminate(&mut self, host: HostId) -> Result<(), BackendError> {
        self.scripted(|cloud| {
            cloud.machines.remove(&host);
            Ok(())
        })
    }

    /// See [`HostBackend::list`].
    ///
    /// # Errors
    /// As the script wants.
    pub fn list(&mut self) -> Result<BTreeSet<HostId>, BackendError> {
        self.scripted(|cloud| Ok(cloud.machines.keys().copied().collect()))
    }

    /// The machines that have booted since this was last asked.
    pub fn booted(&mut self, now: Timestamp) -> Vec<LaunchOrder> {
        let due = self.machines.values_mut().filter(|machine| !machine.is_booted && machine.boots_at <= now);
        let boot = |machine: &mut Machine| {
            machine.is_booted = true;
            machine.order.clone()
        };
        due.map(boot).collect()
    }

    /// When the next machine will have booted.
    pub fn next_boot(&self) -> Option<Timestamp> {
        self.machines.values().filter(|machine| !machine.is_booted).map(|machine| machine.boots_at).min()
    }

    fn scripted<T>(&mut self, call: impl FnOnce(&mut Self) -> Result<T, BackendError>) -> Result<T, BackendError> {
        let text = "the script of the test wants it".to_owned();
        Err(match self.failures.pop_front() {
            None => return call(self),
            Some(Failure::Transient) => BackendError::Transient { text, cause: None },
            Some(Failure::AnswerLost) => {
                call(self)?;
                BackendError::Transient { text, cause: None }
            }
            Some(Failure::Throttled) => BackendError::Throttled { retry_after: RETRY_AFTER, text },
            Some(Failure::Misconfigured) => BackendError::Misconfigured { text, cause: None },
            Some(Failure::Gone) => BackendError::Gone { text },
        })
    }
}

/// Starts the agent of a machine that has booted. The future is the agent: it is dropped when the machine ends, and
/// started again when it is over before.
pub type Starter = Arc<dyn Fn(LaunchOrder) -> BoxFuture<'static, ()> + Send + Sync>;

/// How long after its end an agent is started again, as a supervisor on the machine would.
const AGENT_RESTART_PAUSE: Duration = Duration::from_secs(1);

/// A [`Cloud`] behind the trait. Its machines end with it.
pub struct FakeBackend {
    cloud: Mutex<Cloud>,
    starter: Option<Starter>,
    agents: Mutex<BTreeMap<HostId, JoinHandle<()>>>,
    /// The moment 0 of the cloud's clock.
    began: Instant,
}

impl fmt::Debug for FakeBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeBackend").field("cloud", &*self.cloud()).finish_non_exhaustive()
    }
}

impl FakeBackend {
    /// A backend whose machines have no agents.
    pub fn new(cloud: Cloud) -> Self {
        Self::with(cloud, None)
    }

    /// A backend that starts an agent on each machine once it has booted.
    pub fn with_agents(cloud: Cloud, starter: Starter) -> Self {
        Self::with(cloud, Some(starter))
    }

    fn with(cloud: Cloud, starter: Option<Starter>) -> Self {
        Self { cloud: Mutex::new(cloud), starter, agents: Mutex::default(), began: Instant::now() }
    }

    /// The cloud, to script failures and to look at.
    pub fn cloud(&self) -> MutexGuard<'_, Cloud> {
        // A panic elsewhere leaves the cloud as whole as any call does.
        self.cloud.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The machine dies, with its agent. False if there was none.
    pub fn kill(&self, host: HostId) -> bool {
        self.stop_agent(host);
        self.cloud().kill(host)
    }

    fn now(&self) -> Timestamp {
        Timestamp(0) + self.began.elapsed()
    }

    fn launch_now(&self, order: LaunchOrder) -> Result<(), BackendError> {
        let answer = self.cloud().launch(&order, self.now());
        // Also when the answer is a failure: it may be the answer that is lost, not the machine.
        let boots_at = self.cloud().machines().get(&order.host).map(|machine| machine.boots_at);
        if let (Some(starter), Some(boots_at)) = (&self.starter, boots_at) {
            let mut agents = self.agents();
            agents.entry(order.host).or_insert_with(|| {
                let starter = Arc::clone(starter);
                let boots_at = self.began + boots_at.since(Timestamp(0));
                tokio::spawn(async move {
                    tokio::time::sleep_until(boots_at).await;
                    loop {
                        starter(order.clone()).await;
                        tokio::time::sleep(AGENT_RESTART_PAUSE).await;
                    }
                })
            });
        }
        answer
    }

    fn terminate_now(&self, host: HostId) -> Result<(), BackendError> {
        let answer = self.cloud().terminate(host);
        if !self.cloud().machines().contains_key(&host) {
            self.stop_agent(host);
        }
        answer
    }

    fn stop_agent(&self, host: HostId) {
        if let Some(agent) = self.agents().remove(&host) {
            agent.abort();
        }
    }

    fn agents(&self) -> MutexGuard<'_, BTreeMap<HostId, JoinHandle<()>>> {
        self.agents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for FakeBackend {
    fn drop(&mut self) {
        for agent in self.agents().values() {
            agent.abort();
        }
    }
}

impl HostBackend for FakeBackend {
    fn catalogue(&self) -> Vec<InstanceType> {
        self.cloud().catalogue().to_vec()
    }

    fn launch(&self, order: LaunchOrder) -> BoxFuture<'_, Result<(), BackendError>> {
        Box::pin(async move { self.launch_now(order) })
    }

    fn terminate(&self, host: HostId) -> BoxFuture<'_, Result<(), BackendError>> {
        Box::pin(async move { self.terminate_now(host) })
    }

    fn list(&self) -> BoxFuture<'_, Result<BTreeSet<HostId>, BackendError>> {
        Box::pin(async move { self.cloud().list() })
    }
}

#[cfg(test)]
mod tests {
    use berth_model::task::Architecture;
    use berth_model::unit::{MicroDollarsPerHour, Resources};
    use tokio::sync::mpsc;

    use super::*;

    fn cloud() -> Cloud {
        let kind = InstanceType {
            name: "small".to_owned(),
            capacity: Resources::new(1024, 2048),
            architecture: Architecture::X86_64,
            price: MicroDollarsPerHour(1_000),
        };
        Cloud::new(vec![kind], Duration::from_secs(5))
    }

    fn order(host: u128) -> LaunchOrder {
        LaunchOrder { host: HostId(host), instance_type: "small".to_owned(), capacity: Resources::new(1024, 2048) }
    }

    #[test]
    fn machines_boot_once_and_in_their_time() {
        let mut cloud = cloud();
        cloud.launch(&order(1), Timestamp(0)).unwrap();
        cloud.launch(&order(1), Timestamp(4_000)).unwrap();
        assert_eq!(cloud.next_boot(), Some(Timestamp(5_000)));
        assert_eq!(cloud.booted(Timestamp(4_999)), vec![]);
        assert_eq!(cloud.booted(Timestamp(5_000)), vec![order(1)]);
        assert_eq!(cloud.booted(Timestamp(6_000)), vec![]);
        assert_eq!(cloud.next_boot(), None);
    }

    #[test]
    fn failures_come_as_scripted() {
        let mut cloud = cloud();
        cloud.fail_next([Failure::Throttled, Failure::Transient, Failure::AnswerLost]);
        assert!(matches!(cloud.launch(&order(1), Timestamp(0)), Err(BackendError::Throttled { .. })));
        assert!(matches!(cloud.launch(&order(1), Timestamp(0)), Err(BackendError::Transient { .. })));
        assert!(cloud.machines().is_empty());
        assert!(matches!(cloud.launch(&order(1), Timestamp(0)), Err(BackendError::Transient { .. })));
        assert_eq!(cloud.list().unwrap(), BTreeSet::from([HostId(1)]));
        cloud.set_capacity("small", false);
        assert!(matches!(cloud.launch(&order(2), Timestamp(0)), Err(BackendError::NoCapacity { .. })));
        cloud.set_capacity("small", true);
        cloud.launch(&order(2), Timestamp(0)).unwrap();
        assert!(cloud.kill(HostId(2)));
        assert!(!cloud.kill(HostId(2)));
    }

    #[tokio::test]
    async fn it_keeps_to_the_contract() {
        crate::backend::contract::check(&FakeBackend::new(cloud())).await;
    }

    #[tokio::test(start_paused = true)]
    async fn agents_start_with_their_machines_and_end_with_them() {
        let (started, mut starts) = mpsc::channel(8);
        let (ended, mut ends) = mpsc::channel::<()>(1);
        let starter: Starter = Arc::new(move |order| {
            let (started, ended) = (started.clone(), ended.clone());
            Box::pin(async move {
                started.send(order.host).await.unwrap();
                if order.host == HostId(1) {
                    std::future::pending::<()>().await;
                }
                drop(ended);
            })
        });
        let backend = FakeBackend::with_agents(cloud(), starter);
        let began = Instant::now();
        backend.launch(order(1)).await.unwrap();
        backend.launch(order(1)).await.unwrap();
        assert_eq!(starts.recv().await, Some(HostId(1)));
        assert_eq!(began.elapsed(), Duration::from_secs(5));
        backend.terminate(HostId(1)).await.unwrap();
        // An agent that ends by itself is started again.
        backend.launch(order(2)).await.unwrap();
        assert_eq!(starts.recv().await, Some(HostId(2)));
        assert_eq!(starts.recv().await, Some(HostId(2)));
        assert!(backend.kill(HostId(2)));
        drop(backend);
        assert_eq!(ends.recv().await, None);
    }
}
