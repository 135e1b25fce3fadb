//! How hosts come in: machines that Berth launched complete their row, others are added, known ones come back.

use std::collections::{BTreeMap, BTreeSet};

use berth_model::ecs;
use berth_model::hash::fnv1a;
use berth_model::host::{FARGATE_CLUSTER, Host, HostStatus, Origin};
use berth_model::id::{ClusterName, HostId, TaskId};
use berth_model::task::{StaticLaunchType, Stop, StopCode, Task};
use berth_model::time::Timestamp;

use crate::event::{Moment, RegisterHost};
use crate::placement::Domain;
use crate::run_task::Ids;
use crate::state::State;
use crate::step::{Fact, Rejection, Reply, Step};

/// Why tasks end whose agent does not know them any more.
const RECORDS_LOST: &str = "agent lost its records";

impl State {
    /// RegisterContainerInstance. Repeats are harmless: the answer may have been lost on its way.
    pub(crate) fn register_host(&mut self, moment: Moment, mut request: RegisterHost, step: &mut Step) -> Reply {
        if let Err(rejection) = self.check_registering_key(&mut request) {
            return Reply::Rejected(rejection);
        }
        let key = request.key.clone();
        let registered = match (request.known_as, request.host_id) {
            (Some(arn), Some(attribute)) if arn != attribute => {
                Err(Rejection::Client(format!("The container instance {arn} is not the host {attribute}.")))
            }
            (Some(host), _) => self.register_again(host, request, moment.now, step),
            (None, Some(host)) => self.register_launched(host, request, moment.now, step),
            (None, None) => self.register_static(moment, request, step),
        };
        if let (Ok(host), Some(key)) = (&registered, &key) {
            self.bind_key(key, *host, step);
        }
        match registered.map(|host| self.hosts.get(host)) {
            Ok(Some(entry)) => Reply::Host(Box::new(entry.row.clone())),
            Ok(None) => Reply::Done,
            Err(rejection) => Reply::Rejected(rejection),
        }
    }

    /// An agent that has its own records.
    fn register_again(
        &mut self,
        host: HostId,
        request: RegisterHost,
        now: Timestamp,
        step: &mut Step,
    ) -> Result<HostId, Rejection> {
        self.known(host, &request.cluster)?;
        self.update(host, request, now, step);
        Ok(host)
    }

    /// An agent on a machine that Berth launched, which does not know (any more) that it has registered before.
    fn register_launched(
        &mut self,
        host: HostId,
        request: RegisterHost,
        now: Timestamp,
        step: &mut Step,
    ) -> Result<HostId, Rejection> {
        let row = self.known(host, &request.cluster)?;
        if row.provider().is_none() {
            return Err(unknown(host));
        }
        self.hosts.change(host, |row| row.has_lost_records = row.registered_at.is_some());
        self.update(host, request, now, step);
        Ok(host)
    }

    /// An agent on a machine of its own.
    fn register_static(&mut self, moment: Moment, request: RegisterHost, step: &mut Step) -> Result<HostId, Rejection> {
        if request.cluster.as_str() == FARGATE_CLUSTER {
            let text = format!("Only hosts that Berth launched register in the cluster {FARGATE_CLUSTER}.");
            return Err(Rejection::Client(text));
        }
        let cluster = self.active_cluster(&request.cluster)?.name.clone();
        // A host that was deregistered does not come back: whoever registers with its token is the next one. And a token
        // is its user's own: with another user's key it stands for another host.
        let not_retired = |id: &HostId| !self.retired.contains(id);
        let user = request.key.as_ref().and_then(|key| self.access_keys.get(key)).map(|key| key.user.to_string());
        let of_token = request.token.as_deref().and_then(|token| {
            let parts = [cluster.as_str(), user.as_deref().unwrap_or_default(), token];
            (0..=u32::MAX).map(|n| id_of_token(parts, n)).find(not_retired)
        });
        if let Some(host) = of_token
            && let Some(entry) = self.hosts.get(host)
        {
            if entry.row.provider().is_some() || entry.row.cluster != cluster {
                return Err(unknown(host));
            }
            self.update(host, request, moment.now, step);
            return Ok(host);
        }
        let mut ids = Ids { moment, next: 0 };
        let host = of_token.unwrap_or_else(|| HostId(ids.next(|id| self.hosts.get(HostId(id)).is_none())));
        let kind = if request.is_external { StaticLaunchType::External } else { StaticLaunchType::Ec2 };
        self.hosts.insert(new_row(host, cluster, Origin::Static(kind), HostStatus::Launching, moment.now), true);
        self.update(host, request, moment.now, step);
        Ok(host)
    }

    /// The row of a host that may register, in the cluster that it should be in.
    fn known(&self, host: HostId, cluster: &ClusterName) -> Result<&Host, Rejection> {
        let row = &self.hosts.get(host).ok_or_else(|| unknown(host))?.row;
        if row.status >= HostStatus::Terminating {
            return Err(unknown(host));
        }
        if row.cluster != *cluster {
            let text = format!("The container instance {host} belongs to the cluster {}.", row.cluster);
            return Err(Rejection::Client(text));
        }
        Ok(row)
    }

    /// Takes over what an agent says of its host, and makes the host ACTIVE if it is not yet.
    fn update(&mut self, host: HostId, request: RegisterHost, now: Timestamp, step: &mut Step) {
        let Some(entry) = self.hosts.get(host) else { return };
        let (from, domain) = (entry.row.status, entry.domain.clone());
        let tasks: BTreeSet<TaskId> = entry.tasks.clone();
        let machine = request.machine.clone().or_else(|| entry.row.machine.clone());
        if let Some(before) = entry.row.machine.clone().filter(|before| Some(before) != machine.as_ref()) {
            self.hosts.leave_machine(host, &before);
        }
        // It may not be able to hold what it was kept for any more.
        self.let_host_go(host);
        self.hosts.change(host, |row| {
            row.capacity = request.capacity;
            row.gpus = request.gpus.into_iter().map(|id| (id, None)).collect();
            row.reserved_ports = request.reserved_ports;
            row.architecture = request.architecture.or(row.architecture);
            row.machine = machine;
            row.attributes = merged(request.attributes, &row.attributes);
            row.ec2_instance_id = request.ec2_instance_id.or_else(|| row.ec2_instance_id.take());
            if !request.tags.is_empty() {
                row.tags = request.tags;
            }
            if row.status < HostStatus::Active {
                row.status = HostStatus::Active;
                row.registered_at = Some(now);
                row.connectivity_changed_at = now;
                row.idle_since = row.idle_since.map(|_| now);
            }
        });
        if from < HostStatus::Active {
            self.hosts.set_session(host, None, now);
        }
        let rows = tasks.iter().filter_map(|id| self.tasks.get(*id)).map(AsRef::<Task>::as_ref);
        self.hosts.settle(host, rows);
        self.set_host_timer(host);
        if from < HostStatus::Active {
            self.tell_host_status(host, Some(from), step);
        }
        if let Domain::Pool(provider) = domain {
            self.queue.changed(&provider);
        }
        self.needs_plan = true;
    }

    /// If the agent has lost its records, ends what it had acknowledged. It opens a session only once it has removed
    /// what it found (or its engine has not done so for half a minute), so that nothing of this runs any more, and its
    /// room, and the network that slices of one machine share, are free.
    pub(crate) fn end_forgotten_tasks(&mut self, host: HostId, now: Timestamp, step: &mut Step) {
        let Some(entry) = self.hosts.get(host).filter(|entry| entry.row.has_lost_records) else { return };
        let is_acknowledged = |id: &TaskId| self.tasks.get(*id).is_some_and(|task| task.delivery.acknowledged);
        let forgotten: Vec<TaskId> = entry.tasks.iter().copied().filter(is_acknowledged).collect();
        for task in forgotten {
            let stop = Stop { code: StopCode::TerminationNotice, reason: RECORDS_LOST.to_owned() };
            self.finish(task, stop, now, step);
        }
        self.hosts.change(host, |row| row.has_lost_records = false);
    }

    /// Tells that a host is where it is now.
    pub(crate) fn tell_host_status(&self, host: HostId, from: Option<HostStatus>, step: &mut Step) {
        if let Some(entry) = self.hosts.get(host) {
            let (provider, to) = (entry.row.provider().cloned(), entry.row.status);
            step.facts.push(Fact::HostStatus { host, provider, from, to });
        }
    }
}

/// The row of a host that has not registered yet.
pub(crate) fn new_row(host: HostId, cluster: ClusterName, origin: Origin, status: HostStatus, now: Timestamp) -> Host {
    Host {
        id: host,
        cluster,
        origin,
        status,
        capacity: berth_model::unit::Resources::ZERO,
        gpus: BTreeMap::new(),
        reserved_ports: BTreeSet::new(),
        architecture: None,
        user: None,
        machine: None,
        attributes: Vec::new(),
        ec2_instance_id: None,
        tags: Vec::new(),
        version_info: None,
        has_lost_records: false,
        is_connected: false,
        connectivity_changed_at: now,
        sequence: 0,
        runtime: None,
        created_at: now,
        registered_at: None,
        idle_since: Some(now),
        version: 1,
    }
}

fn unknown(host: HostId) -> Rejection {
    Rejection::Client(format!("There is no container instance {host} that may register."))
}

/// The `n`th id that a registration's token stands for: a repeat, also after a restart, finds the same host.
///
/// Tokens are random; there is nothing to gain from a collision, since whoever can register may
/// name any host by its ARN as well.
fn id_of_token(parts: [&str; 3], n: u32) -> HostId {
    HostId(fnv1a(parts.into_iter().flat_map(|part| part.bytes().chain([0])).chain(n.to_le_bytes())))
}

/// All that were sent, as sent, and those known before that were not: an agent sends its custom attributes only once.
fn merged(sent: Vec<ecs::Attribute>, known: &[ecs::Attribute]) -> Vec<ecs::Attribute> {
    let names: BTreeSet<Option<String>> = sent.iter().map(|attribute| attribute.name.clone()).collect();
    let kept = known.iter().filter(|attribute| !names.contains(&attribute.name)).cloned().collect::<Vec<_>>();
    sent.into_iter().chain(kept).collect()
}

#[cfg(test)]
mod tests;
