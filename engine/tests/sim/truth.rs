//! What really happened, kept beside the parts that only know their side of it, and the rules that are checked on it.

use std::collections::{BTreeMap, BTreeSet};

use berth_model::host::HostStatus;
use berth_model::id::{HostId, TaskId};
use berth_model::network::HOLDER;
use berth_model::task::{ContainerStatus, DesiredStatus, StopCode, Task, TaskStatus};
use berth_scheduler::step::{Effect, Order, Row, Step};

use crate::docker::Container;
use crate::queue::{MachineId, Sim};
use crate::store::Store;
use crate::world::World;

/// The rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Invariant {
    /// A task whose client was answered is in the store.
    AcknowledgedIsStored,
    /// Rows only move forward.
    OnlyForward,
    /// A container is started once, over all hosts, and not made anew afterwards.
    RunsOnce,
    /// Nothing of a task runs once its report STOPPED was taken, and nobody is told to run it.
    NothingAfterStopped,
    /// What runs on a machine fits on it, and no two hold the same port.
    FitsOnMachine,
    /// The exit code told is the real one.
    ExitCodeIsReal,
    /// A client token stands for the same tasks, however often it is sent.
    TokenIsOneRequest,
    /// A machine is only asked for once its row is stored.
    RowBeforeMachine,
    /// A machine is only ended once no task is on it.
    HostWithTasksStays,
    /// A report STOPPED is only acknowledged once it is stored.
    ReportIsStored,
    /// Sequence numbers to an agent rise.
    SequenceRises,
    /// A host that runs no containers gets no tasks.
    ImpairedIsPassedOver,
    /// `State::check`.
    StateAgrees,
    /// A process has in memory what is stored.
    MemoryIsStored,
    /// Where nothing happens to hosts, a task that nobody stops does its work.
    DoesItsWork,
    /// Once nothing goes wrong any more, all comes to its end.
    Settles,
    /// At the end nothing is left over and nothing is owed.
    NothingIsLeft,
    /// A container is started only while what holds its namespaces runs, and that goes last.
    HolderFirst,
    /// A task with a network of its own has told where it is.
    AddressIsTold,
    /// Nothing panics.
    NoPanic,
}

/// A rule that was broken, and how.
#[derive(Debug, Clone)]
pub(crate) struct Violation {
    pub(crate) invariant: Invariant,
    pub(crate) text: String,
}

/// What really happened to a container.
#[derive(Debug, Clone, Default)]
pub(crate) struct Real {
    pub(crate) started: u32,
    /// Its exit code, once it has ended.
    pub(crate) exit_code: Option<i32>,
    /// True if it went away without an end that an agent could see.
    pub(crate) is_vanished: bool,
    /// True if it could not be pulled, created or started.
    pub(crate) has_failed: bool,
}

impl Real {
    /// True if it ran and does not any more.
    pub(crate) fn is_over(&self) -> bool {
        self.exit_code.is_some() || self.is_vanished
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    pub(crate) containers: BTreeMap<(TaskId, String), Real>,
    /// Tasks that a client was told of.
    pub(crate) acknowledged: BTreeSet<TaskId>,
    /// What each client token's answers named.
    tokens: BTreeMap<String, BTreeSet<TaskId>>,
    /// Tasks whose report STOPPED an agent was told is taken.
    pub(crate) stop_taken: BTreeSet<TaskId>,
    /// Tasks that ended because their agent said so, and not because of what happened to their host.
    pub(crate) ended_by_report: BTreeSet<TaskId>,
    /// Tasks that a client asked to stop, whether that arrived or not.
    pub(crate) asked_to_stop: BTreeSet<TaskId>,
    /// Tasks whose record was lost with its disk before the server knew that it was there.
    pub(crate) may_run_again: BTreeSet<TaskId>,
    /// Tasks that need a secret that was not there when it was looked up.
    pub(crate) unpreparable: BTreeSet<TaskId>,
    /// What each task was ordered.
    sent: BTreeSet<(TaskId, DesiredStatus)>,
    /// Hosts that were said to run no containers.
    impaired: BTreeSet<HostId>,
    /// The highest sequence number sent to each host.
    sequences: BTreeMap<HostId, i64>,
}

impl Truth {
    pub(crate) fn real(&mut self, task: TaskId, container: &str) -> &mut Real {
        self.containers.entry((task, container.to_owned())).or_default()
    }

    /// A process that lives has made a container.
    pub(crate) fn created(&mut self, sim: &mut Sim, task: TaskId, container: &str) {
        let may_again = self.may_run_again.contains(&task);
        let real = self.real(task, container);
        // One that never ran is gone with the process that made it, and is made anew.
        if real.started > 0 && !may_again {
            sim.violate(Invariant::RunsOnce, format!("container {container} of task {task} was created again"));
        }
    }

    /// A container was started.
    pub(crate) fn started(&mut self, sim: &mut Sim, store: &Store, task: TaskId, container: &str) {
        let may_again = self.may_run_again.contains(&task);
        let is_over = self.stop_taken.contains(&task);
        let real = self.real(task, container);
        real.started += 1;
        if may_again {
            real.exit_code = None;
        } else if real.started > 1 {
            sim.violate(Invariant::RunsOnce, format!("container {container} of task {task} was started again"));
        }
        let row = store.task(task);
        let has_ended = row.is_none_or(|row| row.last_status == TaskStatus::Stopped);
        let host = row.and_then(|row| store.host(row.host?));
        let is_host_there = host.is_some_and(|host| host.status == HostStatus::Active && host.is_connected);
        // What ended because its host seemed lost ends there, too, but only once the host is back and was told so.
        let seemed_lost =
            row.and_then(|row| row.stop.as_ref()).is_some_and(|stop| stop.code == StopCode::TerminationNotice);
        if is_over || (has_ended && is_host_there && !may_again && !seemed_lost) {
            let text = format!("container {container} of task {task} was started after the task's end");
            sim.violate(Invariant::NothingAfterStopped, text);
        }
    }

    /// A client was answered.
    pub(crate) fn acknowledge(&mut self, sim: &mut Sim, store: &Store, token: Option<&str>, tasks: &[TaskId]) {
        self.acknowledged.extend(tasks);
        if let Some(lost) = tasks.iter().find(|task| store.task(**task).is_none()) {
            sim.violate(Invariant::AcknowledgedIsStored, format!("task {lost} was acknowledged and is not stored"));
        }
        if let Some(token) = token
            && !tasks.is_empty()
        {
            let named: BTreeSet<TaskId> = tasks.iter().copied().collect();
            let before = self.tokens.entry(token.to_owned()).or_insert_with(|| named.clone());
            if *before != named {
                let text = format!("token {token} stood for {before:?}, now for {named:?}");
                sim.violate(Invariant::TokenIsOneRequest, text);
            }
        }
    }

    /// A turn is about to be stored, in which this was said of hosts.
    pub(crate) fn placed(&mut self, sim: &mut Sim, store: &Store, step: &Step, said: &[(HostId, bool)]) {
        let is_news = |host: &HostId| said.iter().any(|(said, _)| said == host);
        for row in step.writes.values() {
            let Row::Task(task, _) = row else { continue };
            let is_new = store.task(task.id).is_none_or(|before| before.host.is_none());
            if let Some(host) = task.host.filter(|host| is_new && self.impaired.contains(host) && !is_news(host)) {
                let text = format!("task {} is placed on host {host}, which runs no containers", task.id);
                sim.violate(Invariant::ImpairedIsPassedOver, text);
            }
        }
        for (host, is_impaired) in said {
            if *is_impaired {
                self.impaired.insert(*host)
            } else {
                self.impaired.remove(host)
            };
        }
    }

    /// An effect is about to be carried out.
    pub(crate) fn dispatched(&mut self, sim: &mut Sim, store: &Store, effect: &Effect) {
        let Effect::Order { host, order, .. } = effect else { return };
        let sequence = match order {
            Order::Manifest { timeline, .. } => *timeline,
            Order::Run { sequence, task, .. } => {
                let is_over = store.task(task.id).is_some_and(|task| task.last_status == TaskStatus::Stopped);
                if is_over && store.host(*host).is_some_and(|host| host.status == HostStatus::Active) {
                    sim.violate(Invariant::NothingAfterStopped, format!("task {} is ordered to run again", task.id));
                }
                *sequence
            }
            Order::Stop { sequence, .. } => *sequence,
            Order::VerifyStop { .. } | Order::Close => return,
        };
        let highest = self.sequences.entry(*host).or_insert(i64::MIN);
        if sequence <= *highest {
            sim.violate(Invariant::SequenceRises, format!("host {host}: {highest}, then {sequence}"));
        }
        *highest = sequence.max(*highest);
    }

    /// True if a task was ordered to run, or to stop, before.
    pub(crate) fn was_sent(&mut self, effect: &Effect) -> bool {
        match effect {
            Effect::Order { order: Order::Run { task, .. }, .. } => {
                !self.sent.insert((task.id, DesiredStatus::Running))
            }
            Effect::Order { order: Order::Stop { task, .. }, .. } => {
                !self.sent.insert((task.id, DesiredStatus::Stopped))
            }
            Effect::Order { .. } | Effect::Launch { .. } | Effect::Terminate { .. } => false,
        }
    }

    /// The tasks on a machine whose disk was lost: what comes of them is forgotten, and those of which the server does
    /// not know that a record was there may be run once more.
    pub(crate) fn disk_lost(&mut self, store: &Store, host: HostId) {
        for task in store.tasks().filter(|task| task.host == Some(host) && task.last_status != TaskStatus::Stopped) {
            if !task.delivery.acknowledged {
                self.may_run_again.insert(task.id);
            }
            for container in &task.containers {
                self.real(task.id, &container.name).is_vanished = true;
            }
        }
    }
}

impl World {
    /// The rules that can be seen at every moment.
    pub(crate) fn check_stored(&mut self) {
        let Self { sim, store, truth, .. } = self;
        if let Some(lost) = truth.acknowledged.iter().find(|task| store.task(**task).is_none()) {
            sim.violate(Invariant::AcknowledgedIsStored, format!("task {lost} was acknowledged and is not stored"));
        }
        for (token, made) in &store.made {
            let wanted = self.clients.iter().find_map(|client| client.wanted(token)).unwrap_or_default();
            if made.len() > wanted {
                let text = format!("token {token} asked for {wanted} tasks, {} were made", made.len());
                sim.violate(Invariant::TokenIsOneRequest, text);
            }
        }
    }

    /// What runs on a machine must fit on it.
    pub(crate) fn check_room(&mut self, id: MachineId) {
        let Self { sim, store, machines, .. } = self;
        let Some(machine) = machines.get(&id) else { return };
        let (mut tasks, mut ports) = (BTreeSet::new(), BTreeSet::new());
        // A holder takes nothing, and may be there a little longer than its task.
        let takes = |container: &&Container| container.is_running() && !container.is_holder;
        for container in machine.docker.containers.values().filter(takes) {
            tasks.insert(container.task);
            for port in &container.ports {
                if !ports.insert(*port) {
                    sim.violate(Invariant::FitsOnMachine, format!("port {port} is taken twice on {id:?}"));
                }
            }
        }
        let demand = |task: &TaskId| store.task(*task).map(|task| task.demand.resources).unwrap_or_default();
        let used: berth_model::unit::Resources = tasks.iter().map(demand).sum();
        if !used.fits_in(machine.capacity) {
            let text = format!("{used} on {id:?} (host {:?}), which has {}: {tasks:?}", machine.host, machine.capacity);
            sim.violate(Invariant::FitsOnMachine, text);
        }
    }

    /// Slices of one machine share its network, which is for one task at a time.
    pub(crate) fn check_network(&mut self, id: MachineId) {
        let Self { sim, server, machines, .. } = self;
        let provider = machines.get(&id).and_then(|machine| machine.provider.as_ref());
        let pool = provider.and_then(|provider| server.settings.pool(provider));
        let Some(pool) = pool.filter(|pool| pool.shares_machine) else { return };
        let slices = machines.values().filter(|machine| machine.provider.as_ref() == Some(&pool.provider));
        let users = slices.flat_map(|machine| machine.docker.containers.values());
        let users = users.filter(|container| container.is_running() && container.has_host_network);
        let tasks: BTreeSet<TaskId> = users.map(|container| container.task).collect();
        if tasks.len() > 1 {
            sim.violate(Invariant::FitsOnMachine, format!("one network for {tasks:?}"));
        }
    }

    /// The rules for what is left at the end.
    pub(crate) fn check_end(&mut self) {
        self.check_stored();
        let Self { sim, store, truth, .. } = self;
        for task in store.tasks() {
            if let Err((invariant, text)) = check_result(task, truth, sim.weather.is_gentle) {
                sim.violate(invariant, format!("{text}: {task:?}\n{:?}", reals(task, truth)));
            }
        }
        if let Some(reason) = store.reasons().next() {
            sim.violate(Invariant::NothingIsLeft, format!("a reason to wait is left: {reason}"));
        }
        let (mut step, now) = (berth_scheduler::step::Step::default(), sim.wall());
        let Some(process) = &mut self.server.process else {
            return sim.violate(Invariant::Settles, "there is no server".to_owned());
        };
        process.state.owed(now, &mut step);
        if !step.effects.is_empty() || !step.writes.is_empty() {
            sim.violate(Invariant::NothingIsLeft, format!("owed at the end: {:?}", step.effects));
        }
        if let Err(text) = store.compare(&process.state) {
            sim.violate(Invariant::MemoryIsStored, text);
        }
    }
}

fn reals<'a>(task: &Task, truth: &'a Truth) -> Vec<(&'a str, &'a Real)> {
    let own = truth.containers.iter().filter(|((id, _), _)| *id == task.id);
    own.map(|((_, name), real)| (name.as_str(), real)).collect()
}

/// Compares what is told of a task's end with what happened.
fn check_result(task: &Task, truth: &Truth, is_gentle: bool) -> Result<(), (Invariant, &'static str)> {
    let fail = |invariant, text| Err((invariant, text));
    let Some(stop) = task.stop.as_ref().filter(|_| task.last_status == TaskStatus::Stopped) else {
        return fail(Invariant::Settles, "a task has not come to its end");
    };
    let none = Real::default();
    let mut has_failed = false;
    let mut has_worked = false;
    for container in &task.containers {
        let real = truth.containers.get(&(task.id, container.name.clone())).unwrap_or(&none);
        if container.last_status != ContainerStatus::Stopped {
            return fail(Invariant::Settles, "a container has not come to its end");
        }
        let is_lost = real.is_vanished || !truth.ended_by_report.contains(&task.id);
        match (container.exit_code, real.exit_code) {
            (Some(told), Some(code)) if told == code => {}
            (None, None) => {}
            (None, Some(_)) if is_lost => {}
            _ => return fail(Invariant::ExitCodeIsReal, "the exit code told is not the real one"),
        }
        has_failed |= real.has_failed;
        has_worked |= real.started > 0;
    }
    // What holds its namespaces is none of its containers, but it fails like one.
    let holder = truth.containers.get(&(task.id, HOLDER.to_owned())).unwrap_or(&none);
    has_failed |= holder.has_failed || holder.exit_code.is_some();
    let has_no_address = task.interface.is_some_and(|interface| interface.address.is_none());
    if has_no_address && is_gentle && has_worked && !has_failed && stop.code == StopCode::EssentialContainerExited {
        return fail(Invariant::AddressIsTold, "it ran and has no address");
    }
    let is_wanted = truth.asked_to_stop.contains(&task.id);
    match stop.code {
        StopCode::UserInitiated if !is_wanted => fail(Invariant::DoesItsWork, "nobody asked it to stop"),
        StopCode::EssentialContainerExited if !has_worked && !has_failed => {
            fail(Invariant::DoesItsWork, "it did not run")
        }
        StopCode::TerminationNotice if is_gentle => fail(Invariant::DoesItsWork, "its host was there all the time"),
        StopCode::TaskFailedToStart if is_gentle && !has_failed && !truth.unpreparable.contains(&task.id) => {
            fail(Invariant::DoesItsWork, "nothing kept it from starting")
        }
        StopCode::TaskFailedToStart
        | StopCode::EssentialContainerExited
        | StopCode::UserInitiated
        | StopCode::TerminationNotice => Ok(()),
    }
}
