//! The fake backend: machines that boot some time after they were asked for, or not at all, and that come to harm.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use berth_model::host::HostStatus;
use berth_model::id::{HostId, ProviderName};
use berth_model::task::TaskStatus;
use berth_provisioner::backend::BackendError;

use crate::agent::{Disk, Machine};
use crate::faults::{Bug, Fault};
use crate::outbox::{Call, CallResult};
use crate::queue::{Happening, Life, MachineId};
use crate::truth::Invariant;
use crate::world::World;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Cloud {
    /// Types of which none is to be had, and until when.
    short_until: BTreeMap<String, i64>,
    misconfigured_until: i64,
}

impl World {
    /// A call reaches the backend.
    pub(crate) fn backend_call(&mut self, life: Option<Life>, call: Call, tries: u32) {
        let is_awaited = life.is_some_and(|life| self.server.is(life));
        if life.is_some() && !is_awaited && self.sim.dice.one_in(2) {
            return; // It was not on its way yet when its server was killed.
        }
        let result = self.execute(&call);
        if let Some(life) = life.filter(|_| is_awaited) {
            let takes = self.sim.dice.latency(50);
            self.sim.after(takes, Happening::BackendAnswers { life, call, tries, result });
        }
    }

    fn execute(&mut self, call: &Call) -> CallResult {
        if self.sim.strikes(Fault::Throttled) {
            let retry_after = Duration::from_secs(self.sim.dice.number() % 40);
            return Err(BackendError::Throttled { retry_after, text: "too many calls".to_owned() });
        }
        if self.sim.strikes(Fault::CallFailed) {
            return Err(failed("the call failed"));
        }
        let result = match call {
            Call::Launch { provider, host, instance_type } => self.launch(*host, provider, instance_type),
            Call::Terminate { host, .. } => self.terminate(*host),
            Call::List { provider, .. } => Ok(self.machines_of(provider)),
        };
        if result.is_ok() && self.sim.strikes(Fault::CallAnswerLost) {
            return Err(failed("the answer was lost"));
        }
        result
    }

    fn machines_of(&self, provider: &ProviderName) -> BTreeSet<HostId> {
        let own = self.machines.values().filter(|machine| machine.provider.as_ref() == Some(provider));
        let hosts = own.filter_map(|machine| machine.host);
        let is_wanted = |host: &HostId| {
            let row = self.store.host(*host);
            row.is_some_and(|row| row.status < HostStatus::Terminating) || !self.sim.has(Bug::StraysNotListed)
        };
        hosts.filter(is_wanted).collect()
    }

    fn launch(&mut self, host: HostId, provider: &ProviderName, instance_type: &str) -> CallResult {
        if self.store.host(host).is_none() {
            let text = format!("a machine was asked for host {host}, which is not stored");
            self.sim.violate(Invariant::RowBeforeMachine, text);
        }
        if self.machines.values().any(|machine| machine.host == Some(host)) {
            return Ok(BTreeSet::new());
        }
        let now = self.sim.now;
        if self.cloud.short_until.get(instance_type).is_some_and(|until| now < *until) {
            return Err(BackendError::NoCapacity { text: format!("no {instance_type} is left") });
        }
        if self.sim.strikes(Fault::Misconfigured) {
            self.cloud.misconfigured_until = now + self.sim.dice.between(1_000, 120_000);
        }
        if now < self.cloud.misconfigured_until {
            return Err(BackendError::Misconfigured { text: "no permission".to_owned(), cause: None });
        }
        let pools = self.server.settings.pools.iter();
        let kinds = pools.filter(|pool| pool.provider == *provider).flat_map(|pool| &pool.catalogue);
        let kind = kinds.into_iter().find(|kind| kind.name == instance_type).expect("a type of the catalogue");
        let machine = Machine::new(Some((host, provider.clone())), kind.capacity);
        let id = MachineId(self.sim.fresh());
        self.machines.insert(id, machine);
        if !self.sim.strikes(Fault::BootFailure) {
            let longest = [200, 5_000, 60_000][self.sim.dice.below(3)];
            let boots = self.sim.dice.between(10, longest);
            self.sim.after(boots, Happening::AgentStarts(id));
        }
        Ok(BTreeSet::new())
    }

    #[expect(clippy::unnecessary_wraps, reason = "the result of a call, as its siblings give it")]
    fn terminate(&mut self, host: HostId) -> CallResult {
        let on_it =
            |task: &&berth_model::task::Task| task.host == Some(host) && task.last_status != TaskStatus::Stopped;
        if let Some(task) = self.store.tasks().find(on_it) {
            let text = format!("host {host} is ended while task {} is on it", task.id);
            self.sim.violate(Invariant::HostWithTasksStays, text);
        }
        let own = self.machines.iter().filter(|(_, machine)| machine.host == Some(host));
        for id in own.map(|(id, _)| *id).collect::<Vec<_>>() {
            self.machine_dies(id);
        }
        Ok(BTreeSet::new())
    }

    /// A machine is gone, with all that ran on it and all that it remembered.
    pub(crate) fn machine_dies(&mut self, id: MachineId) {
        self.sim.say(|| format!("  {id:?} is gone"));
        let is_noticed = self.sim.dice.one_in(2);
        self.cut_all(id, false);
        if is_noticed {
            self.cut_all(id, true);
        }
        if let Some(machine) = self.machines.remove(&id) {
            self.lose_containers(&machine.docker);
            // A launch that comes about late, for the second time, brings up another machine for the same host.
            if let Some(host) = machine.host {
                self.truth.disk_lost(&self.store, host);
            }
        }
    }

    /// A machine starts anew.
    pub(crate) fn machine_reboots(&mut self, id: MachineId) {
        self.agent_ends(id);
        self.end_all_containers(id);
        let takes = self.sim.dice.between(1_000, 60_000);
        self.sim.after(takes, Happening::AgentStarts(id));
    }

    /// A fault that strikes at a moment drawn beforehand.
    pub(crate) fn strike(&mut self, fault: Fault) {
        let all: Vec<MachineId> = self.machines.keys().copied().collect();
        let is_pool = |id: &&MachineId| self.machines.get(id).is_some_and(|machine| machine.host.is_some());
        let bought: Vec<MachineId> = all.iter().filter(is_pool).copied().collect();
        match fault {
            Fault::ServerCrash | Fault::ServerCloses if self.server.process.is_none() => {}
            Fault::ServerCrash => {
                self.sim.struck(fault);
                self.server_crashes();
            }
            Fault::ServerClockLeap => {
                self.sim.struck(fault);
                self.server.clock_offset += self.sim.dice.between(1_000, 1_200_000);
                self.poke_server();
            }
            Fault::ServerCloses => {
                let Some(life) = self.server.process.as_ref().map(|process| process.life) else { return };
                self.sim.struck(fault);
                let event = berth_scheduler::event::Event::Closing;
                self.report_to_server(crate::server::Arrival::Event(event, crate::server::Waiter::None));
                let takes = self.sim.dice.between(1_000, 60_000);
                self.sim.after(takes, Happening::ServerEnds(life));
            }
            Fault::NoCapacity => {
                self.sim.struck(fault);
                let kinds: Vec<String> = self
                    .server
                    .settings
                    .pools
                    .iter()
                    .flat_map(|pool| &pool.catalogue)
                    .map(|kind| kind.name.clone())
                    .collect();
                if let Some(kind) = self.sim.dice.pick(&kinds) {
                    let until = self.sim.now + self.sim.dice.between(10_000, 240_000);
                    self.cloud.short_until.insert(kind, until);
                }
            }
            Fault::FleetRestart => {
                self.sim.struck(fault);
                self.server_crashes();
                for id in all {
                    self.machine_reboots(id);
                }
            }
            Fault::ContainerKilled | Fault::ContainerRemoved => self.meddle(fault),
            Fault::AgentDiskLost => {
                if let Some(id) = self.sim.dice.pick(&bought) {
                    self.sim.struck(fault);
                    self.disk_lost(id);
                }
            }
            _ => {
                if let Some(id) = self.sim.dice.pick(&all) {
                    self.strike_machine(fault, id);
                }
            }
        }
    }

    fn strike_machine(&mut self, fault: Fault, id: MachineId) {
        self.sim.struck(fault);
        match fault {
            Fault::AgentCrash => self.agent_crashes(id),
            Fault::MachineDeath => self.machine_dies(id),
            Fault::MachineReboot => self.machine_reboots(id),
            Fault::AgentClockLeap => {
                let leap = self.sim.dice.between(1_000, 1_200_000);
                if let Some(machine) = self.machines.get_mut(&id) {
                    machine.clock_offset += leap;
                }
            }
            Fault::AgentClockBack => {
                let leap = self.sim.dice.between(1_000, 7_200_000);
                if let Some(machine) = self.machines.get_mut(&id) {
                    machine.clock_offset -= leap;
                }
            }
            Fault::Partition => {
                let lasts = [10_000, 100_000, 900_000][self.sim.dice.below(3)];
                let until = self.sim.now + self.sim.dice.between(1_000, lasts);
                if let Some(machine) = self.machines.get_mut(&id) {
                    machine.isolated_until = until.min(self.sim.faults_until);
                }
                self.cut_all(id, false);
            }
            Fault::DockerImpaired => {
                let until = self.sim.now + self.sim.dice.between(5_000, 600_000);
                if let Some(machine) = self.machines.get_mut(&id) {
                    machine.impaired_until = until.min(self.sim.faults_until);
                }
                self.agent_checks(id);
            }
            other => unreachable!("{other:?} strikes no machine at a moment drawn beforehand"),
        }
    }

    /// An agent is killed and comes back without its records.
    fn disk_lost(&mut self, id: MachineId) {
        self.agent_crashes(id);
        let Some(machine) = self.machines.get_mut(&id) else { return };
        machine.disk = Disk::default();
        if let Some(host) = machine.host {
            self.truth.disk_lost(&self.store, host);
        }
    }
}

fn failed(text: &str) -> BackendError {
    BackendError::Transient { text: text.to_owned(), cause: None }
}
