//! The fake Docker of one machine. It outlives the agent; what a killed agent asked of it may still come about.

use std::collections::{BTreeMap, BTreeSet};

use berth_agent::holder::{NAME, is_holder, shared};
use berth_agent::record::{Binding, task_id};
use berth_agent::session::{Action, Found, FoundState, Input, Observation};
use berth_model::acs::PayloadTask;
use berth_model::id::TaskId;
use berth_model::task::{HostPort, Protocol};
use berth_model::time::Timestamp;

use crate::faults::Fault;
use crate::queue::{Happening, Life, MachineId, Operation, Work};
use crate::socket::SECRET;
use crate::truth::Invariant;
use crate::world::World;

/// The exit code of a process that ends on SIGTERM, and of one that has to be killed.
const TERMINATED: i32 = 143;
const KILLED: i32 = 137;

/// Said of a container that was there and is not any more, as the runtime does.
const VANISHED: &str = "The container is no longer there, and its exit code is unknown";

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Docker {
    /// By the runtime's id.
    pub(crate) containers: BTreeMap<String, Container>,
    /// The tasks that have something beside containers, as their control groups are: from the first start on.
    pub(crate) groups: BTreeSet<String>,
    /// What was asked and has not come about.
    pub(crate) operations: BTreeMap<u32, Operation>,
    /// Whose end is waited for, and whose output, by which process.
    watched: BTreeSet<(String, Life)>,
    followed: BTreeSet<(String, Life)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Container {
    pub(crate) arn: String,
    pub(crate) task: TaskId,
    pub(crate) name: String,
    pub(crate) ports: Vec<HostPort>,
    /// It uses the machine's own network.
    pub(crate) has_host_network: bool,
    /// It holds namespaces that others of its task are in, a network among them.
    pub(crate) is_holder: bool,
    /// It is in the namespaces of a holder.
    is_held: bool,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Created,
    Running,
    Ended { exit_code: i32, at: Timestamp },
}

impl Container {
    /// A holder has an address of its task's own.
    fn bindings(&self) -> Vec<Binding> {
        let number = u32::try_from(self.task.0 & 0xff_ffff).unwrap_or_default();
        let address = std::net::Ipv4Addr::from(0x0a00_0000 | number);
        self.is_holder.then(|| Binding::all(address.to_string())).into_iter().collect()
    }

    pub(crate) fn is_running(&self) -> bool {
        self.phase == Phase::Running
    }
}

/// The id in a task's ARN.
pub(crate) fn task_of(arn: &str) -> TaskId {
    let id = arn.rsplit('/').next().unwrap_or_default();
    id.parse().expect("the server's ARNs end in a task id")
}

fn ports(task: &PayloadTask, at: usize) -> Vec<HostPort> {
    // A task with a network of its own takes none of the machine's ports.
    let is_own = shared(task).network;
    let fixed = task.containers[at].port_mappings.iter().filter(|mapping| mapping.host_port != 0 && !is_own);
    fixed.map(|mapping| HostPort { protocol: Protocol::Tcp, port: mapping.host_port }).collect()
}

impl Docker {
    /// All containers, as an agent lists them.
    pub(crate) fn list(&self) -> Vec<Found> {
        let found = |(runtime_id, container): (&String, &Container)| Found {
            runtime_id: runtime_id.clone(),
            arn: container.arn.clone(),
            container: container.name.clone(),
            state: match container.phase {
                Phase::Created => FoundState::Created,
                Phase::Running => FoundState::Running { bindings: container.bindings() },
                Phase::Ended { exit_code, at } => {
                    FoundState::Ended { exit_code, reason: None, at: Some(at), began: None }
                }
            },
        };
        self.containers.iter().map(found).collect()
    }

    fn named(&self, arn: &str, name: &str) -> Option<(&String, &Container)> {
        self.containers.iter().find(|(_, container)| container.arn == arn && container.name == name)
    }
}

impl World {
    /// An agent asks its Docker for something.
    pub(crate) fn ask_docker(&mut self, id: MachineId, operation: Operation) {
        let Some(machine) = self.machines.get_mut(&id) else { return };
        let Operation { arn, container, .. } = &operation;
        let takes = match &operation.work {
            Work::Act(Action::Cancel) => {
                let pulls = |other: &&mut Operation| {
                    let is_same = (&other.arn, &other.container) == (arn, container);
                    is_same && matches!(other.work, Work::Act(Action::Create { .. }))
                };
                machine.docker.operations.values_mut().filter(pulls).for_each(|other| other.is_cancelled = true);
                return;
            }
            Work::Act(Action::Create { .. }) if self.sim.strikes(Fault::PullSlow) => {
                self.sim.dice.between(1_000, 60_000)
            }
            Work::Act(Action::Create { .. } | Action::Start { .. }) => self.sim.dice.latency(300),
            Work::Act(_) | Work::RemoveOrphan(_) => self.sim.dice.latency(50),
        };
        let number = self.sim.fresh();
        machine.docker.operations.insert(number, operation);
        self.sim.after(takes, Happening::DockerActs { machine: id, operation: number });
    }

    /// Docker does what it was asked.
    pub(crate) fn docker_acts(&mut self, id: MachineId, number: u32) {
        let Some(machine) = self.machines.get_mut(&id) else { return };
        let Some(operation) = machine.docker.operations.remove(&number) else { return };
        let is_alive = machine.life() == Some(operation.life);
        if !is_alive && (operation.is_cancelled || !operation.is_late) {
            return;
        }
        let Operation { life, arn, container, work, is_cancelled, .. } = operation;
        match work {
            Work::RemoveOrphan(runtime_id) => {
                let is_gone = !self.sim.strikes(Fault::RemoveFailed);
                if is_gone {
                    self.remove(id, &runtime_id);
                }
                self.tell_agent(id, life, Input::OrphanRemoved { runtime_id, is_gone });
            }
            Work::Act(action) => {
                for observation in self.act(id, life, &arn, &container, action, is_cancelled) {
                    let input = Input::Observed { arn: arn.clone(), container: container.clone(), observation };
                    self.tell_agent(id, life, input);
                }
            }
        }
    }

    /// A process was killed: what it asked of the engine comes to nothing, or soon about.
    pub(crate) fn leave_operations(&mut self, id: MachineId, life: Life) {
        let Some(machine) = self.machines.get_mut(&id) else { return };
        let left = machine.docker.operations.iter_mut().filter(|(_, operation)| operation.life == life);
        for (number, operation) in left {
            // Waiting and pulling end with the request.
            let is_wait = matches!(
                operation.work,
                Work::Act(Action::Watch { .. } | Action::Probe { .. } | Action::Follow { .. })
            );
            if !is_wait && self.sim.strikes(Fault::LateDockerOperation) {
                operation.is_late = true;
                let late = self.sim.dice.between(0, 1_500);
                self.sim.after(late, Happening::DockerActs { machine: id, operation: *number });
            }
        }
    }

    /// What a process that was killed has asked and the engine has begun happens before the engine answers the next
    /// process about the same container.
    pub(crate) fn finish_starts(&mut self, id: MachineId) {
        let Some(machine) = self.machines.get(&id) else { return };
        let is_start = |operation: &Operation| matches!(operation.work, Work::Act(Action::Start { .. }));
        let starts: Vec<u32> =
            machine.docker.operations.iter().filter(|(_, operation)| is_start(operation)).map(|(n, _)| *n).collect();
        for number in starts {
            self.docker_acts(id, number);
        }
    }

    fn act(
        &mut self,
        id: MachineId,
        life: Life,
        arn: &str,
        name: &str,
        action: Action,
        is_cancelled: bool,
    ) -> Vec<Observation> {
        match action {
            Action::Create { task, at } => self.create(id, life, &task, at, is_cancelled),
            Action::Cancel | Action::Probe { .. } => Vec::new(),
            Action::Start { runtime_id, .. } => vec![self.start(id, &runtime_id)],
            Action::Watch { runtime_id, .. } => self.watch(id, life, runtime_id),
            Action::Follow { runtime_id, .. } => self.follow(id, life, runtime_id),
            Action::Stop { runtime_id, timeout } => {
                if self.sim.strikes(Fault::StopFailed) {
                    return vec![Observation::StopFailed];
                }
                let is_deaf = self.sim.dice.one_in(4);
                let seconds = i64::try_from(timeout.as_millis()).unwrap_or(i64::MAX);
                let (takes, exit_code) =
                    if is_deaf { (seconds, KILLED) } else { (self.sim.dice.latency(200), TERMINATED) };
                self.sim.after(takes, Happening::ContainerEnds { machine: id, runtime_id, exit_code });
                Vec::new()
            }
            Action::Remove { runtime_id } => {
                if self.sim.strikes(Fault::RemoveFailed) {
                    return vec![Observation::RemoveFailed];
                }
                self.sim.say(|| format!("  {name} of {arn} is removed"));
                let all = self.machines.get(&id).map(|machine| &machine.docker.containers);
                // One that a killed process asked for may come into being late; it is none of the task's any more.
                let is_other = |other: &&Container| other.arn == arn && !other.is_holder && other.is_running();
                if is_holder(name) && all.is_some_and(|all| all.values().any(|other| is_other(&other))) {
                    self.sim.violate(Invariant::HolderFirst, format!("the holder of {arn} went before the others"));
                }
                self.remove(id, &runtime_id);
                vec![Observation::Removed]
            }
        }
    }

    fn create(
        &mut self,
        id: MachineId,
        life: Life,
        task: &PayloadTask,
        at: usize,
        is_cancelled: bool,
    ) -> Vec<Observation> {
        let name = &task.containers[at].name;
        let id_of_task = task_of(&task.arn);
        let failed = |reason: &str| vec![Observation::CreateFailed { reason: reason.to_owned() }];
        if is_cancelled {
            return failed("CannotPullContainerError: cancelled");
        }
        if self.sim.strikes(Fault::PullFailed) {
            self.truth.real(id_of_task, name).has_failed = true;
            return failed("CannotPullContainerError: no such image");
        }
        let Some(machine) = self.machines.get_mut(&id) else { return Vec::new() };
        let created = |runtime_id: &str| {
            let runtime_id = runtime_id.to_owned();
            vec![
                Observation::PullStarted,
                Observation::PullStopped,
                Observation::Created { runtime_id, image_digest: None },
            ]
        };
        // Names follow from tasks, so the engine itself refuses to create one twice.
        match machine.docker.named(&task.arn, name) {
            Some((runtime_id, there)) if there.phase == Phase::Created => return created(runtime_id),
            Some(_) => return failed("CannotCreateContainerError: a container of that name is there already"),
            None => {}
        }
        let runtime_id = format!("c{}", self.sim.fresh());
        let container = Container {
            arn: task.arn.clone(),
            task: id_of_task,
            name: name.clone(),
            ports: ports(task, at),
            has_host_network: task.network_mode == "host",
            is_holder: is_holder(name),
            is_held: shared(task).network && !is_holder(name),
            phase: Phase::Created,
        };
        machine.docker.containers.insert(runtime_id.clone(), container);
        let environment = task.containers[at].environment.expose();
        if task.family == "secret" && environment.get("TOKEN").is_none_or(|value| value != SECRET) {
            self.sim.violate(Invariant::DoesItsWork, format!("task {id_of_task} runs without its secret"));
        }
        let observations = created(&runtime_id);
        if machine.life() == Some(life) {
            self.truth.created(&mut self.sim, id_of_task, name);
        }
        observations
    }

    fn start(&mut self, id: MachineId, runtime_id: &str) -> Observation {
        let failed = |text: &str| Observation::StartFailed { reason: format!("CannotStartContainerError: {text}") };
        let Some(machine) = self.machines.get_mut(&id) else { return failed("the machine is gone") };
        let Some(container) = machine.docker.containers.get_mut(runtime_id) else {
            return failed("no such container");
        };
        let bindings = container.bindings();
        if container.phase == Phase::Running {
            return Observation::Started { bindings };
        }
        let (task, name, arn) = (container.task, container.name.clone(), container.arn.clone());
        let (is_held, is_holder) = (container.is_held, container.is_holder);
        let holder = machine.docker.named(&arn, NAME);
        if is_held && holder.is_none_or(|(_, holder)| !holder.is_running()) {
            // It may have ended a moment ago.
            if holder.is_none_or(|(_, holder)| holder.phase == Phase::Created) && !self.truth.real(task, NAME).is_over()
            {
                let text = format!("container {name} of task {task} was started before its holder");
                self.sim.violate(Invariant::HolderFirst, text);
            }
            self.truth.real(task, &name).has_failed = true;
            return failed("cannot join network of a non running container");
        }
        let Some(machine) = self.machines.get_mut(&id) else { return failed("the machine is gone") };
        let Some(container) = machine.docker.containers.get_mut(runtime_id) else { return failed("no such container") };
        if self.sim.strikes(Fault::StartFailed) {
            self.truth.real(task, &name).has_failed = true;
            return failed("no such command");
        }
        // An engine starts one that has ended once more.
        container.phase = Phase::Running;
        machine.docker.groups.insert(task_id(&container.arn));
        self.truth.started(&mut self.sim, &self.store, task, &name);
        let dice = &mut self.sim.dice;
        let lasts = match dice.below(4) {
            0 => dice.between(0, 50),
            1 | 2 => dice.between(500, 20_000),
            _ => dice.between(10_000, 180_000),
        };
        let exit_code = [0, 0, 0, 1, 2, 137].into_iter().nth(dice.below(6)).unwrap_or_default();
        let runtime_id = runtime_id.to_owned();
        if !is_holder {
            self.sim.after(lasts, Happening::ContainerEnds { machine: id, runtime_id, exit_code });
        }
        self.check_room(id);
        self.check_network(id);
        Observation::Started { bindings }
    }

    fn watch(&mut self, id: MachineId, life: Life, runtime_id: String) -> Vec<Observation> {
        let Some(machine) = self.machines.get_mut(&id) else { return Vec::new() };
        let ended = match machine.docker.containers.get(&runtime_id).map(|container| container.phase) {
            None => (None, Some(VANISHED.to_owned()), None),
            Some(Phase::Ended { exit_code, at }) => (Some(exit_code), None, Some(at)),
            Some(Phase::Created | Phase::Running) => {
                machine.docker.watched.insert((runtime_id, life));
                return Vec::new();
            }
        };
        let (exit_code, reason, at) = ended;
        vec![Observation::Ended { exit_code, reason, at, began: None }]
    }

    fn follow(&mut self, id: MachineId, life: Life, runtime_id: String) -> Vec<Observation> {
        let Some(machine) = self.machines.get_mut(&id) else { return Vec::new() };
        if machine.docker.containers.get(&runtime_id).is_some_and(Container::is_running) {
            machine.docker.followed.insert((runtime_id, life));
            return Vec::new();
        }
        vec![Observation::OutputShipped]
    }

    /// A container ends, if it still runs.
    pub(crate) fn container_ends(&mut self, id: MachineId, runtime_id: &str, exit_code: i32) {
        let at = self.sim.wall();
        let Some(machine) = self.machines.get_mut(&id) else { return };
        let at = Timestamp(at.0 + machine.clock_offset);
        let Some(container) = machine.docker.containers.get_mut(runtime_id) else { return };
        if container.phase != Phase::Running {
            return;
        }
        container.phase = Phase::Ended { exit_code, at };
        let container = container.clone();
        self.truth.real(container.task, &container.name).exit_code = Some(exit_code);
        let ended = Observation::Ended { exit_code: Some(exit_code), reason: None, at: Some(at), began: None };
        self.tell_watchers(id, runtime_id, &container, &ended);
    }

    fn tell_watchers(&mut self, id: MachineId, runtime_id: &str, container: &Container, ended: &Observation) {
        let Some(machine) = self.machines.get_mut(&id) else { return };
        let watchers: Vec<Life> =
            machine.docker.watched.extract_if(.., |(id, _)| id == runtime_id).map(|it| it.1).collect();
        let followers: Vec<Life> =
            machine.docker.followed.extract_if(.., |(id, _)| id == runtime_id).map(|it| it.1).collect();
        let told = |observation: Observation| {
            let (arn, container) = (container.arn.clone(), container.name.clone());
            Input::Observed { arn, container, observation }
        };
        for life in watchers {
            self.tell_agent(id, life, told(ended.clone()));
        }
        for life in followers {
            let takes = if self.sim.strikes(Fault::OutputSlow) {
                self.sim.dice.between(1_000, 20_000)
            } else {
                self.sim.dice.latency(50)
            };
            let input = Box::new(told(Observation::OutputShipped));
            self.sim.after(takes, Happening::Told { machine: id, life, input });
        }
    }

    /// What a task has beside containers goes, unless a container is still in it.
    pub(crate) fn clear(&mut self, id: MachineId, task: &str) {
        let Some(machine) = self.machines.get_mut(&id) else { return };
        let task = task_id(task);
        if !machine.docker.containers.values().any(|container| task_id(&container.arn) == task) {
            machine.docker.groups.remove(&task);
        }
    }

    /// A container is removed, running or not.
    pub(crate) fn remove(&mut self, id: MachineId, runtime_id: &str) {
        let Some(machine) = self.machines.get_mut(&id) else { return };
        let Some(container) = machine.docker.containers.remove(runtime_id) else { return };
        if container.is_running() {
            self.truth.real(container.task, &container.name).is_vanished = true;
        }
        let ended = Observation::Ended { exit_code: None, reason: Some(VANISHED.to_owned()), at: None, began: None };
        self.tell_watchers(id, runtime_id, &container, &ended);
    }

    /// A container is killed or removed from outside.
    pub(crate) fn meddle(&mut self, fault: Fault) {
        let all: Vec<(MachineId, String)> = self
            .machines
            .iter()
            .flat_map(|(id, machine)| machine.docker.containers.keys().map(|runtime_id| (*id, runtime_id.clone())))
            .collect();
        let Some((id, runtime_id)) = self.sim.dice.pick(&all) else { return };
        self.sim.struck(fault);
        if fault == Fault::ContainerKilled {
            return self.container_ends(id, &runtime_id, KILLED);
        }
        let container = self.machines.get(&id).and_then(|machine| machine.docker.containers.get(&runtime_id));
        if let Some(container) = container {
            let (task, name) = (container.task, container.name.clone());
            // Whatever it was, its agent may see no more of it.
            let real = self.truth.real(task, &name);
            real.is_vanished = true;
            real.has_failed = true;
        }
        self.remove(id, &runtime_id);
    }

    /// The machine starts anew: what ran has ended.
    pub(crate) fn end_all_containers(&mut self, id: MachineId) {
        let Some(machine) = self.machines.get_mut(&id) else { return };
        machine.docker.operations.clear();
        let running = machine.docker.containers.iter().filter(|(_, container)| container.is_running());
        let running: Vec<String> = running.map(|(runtime_id, _)| runtime_id.clone()).collect();
        for runtime_id in running {
            self.container_ends(id, &runtime_id, KILLED);
        }
    }

    /// The machine is no more.
    pub(crate) fn lose_containers(&mut self, docker: &Docker) {
        for container in docker.containers.values() {
            let real = self.truth.real(container.task, &container.name);
            real.is_vanished = true;
        }
    }
}
