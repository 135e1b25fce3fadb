//! StartTask: tasks on hosts that the client names, in place of a search.

use berth_model::host::Origin;
use berth_model::id::{HostId, TaskId};
use berth_model::task::{Launch, Task};

use crate::event::{Moment, StartTask};
use crate::placement::explain::Tally;
use crate::placement::{Ask, Domain};
use crate::run_task::Ids;
use crate::state::State;
use crate::step::{PlacementFailure, Rejection, Reply, Step};

impl State {
    /// StartTask: each host gets a task now, or is a failure.
    pub(crate) fn start_task(&mut self, moment: Moment, request: &StartTask, step: &mut Step) -> Reply {
        match self.try_start(moment, request, step) {
            Ok((ids, failures)) => {
                let tasks = ids.iter().filter_map(|id| Some(Task::clone(self.tasks.get(*id)?))).collect();
                Reply::Tasks { tasks, failures }
            }
            Err(rejection) => Reply::Rejected(rejection),
        }
    }

    fn try_start(
        &mut self,
        moment: Moment,
        request: &StartTask,
        step: &mut Step,
    ) -> Result<(Vec<TaskId>, Vec<PlacementFailure>), Rejection> {
        let cluster = self.active_cluster(&request.run.cluster)?.clone();
        // A request that makes no sense is refused, whatever hosts it names.
        let launch = Launch::Static(berth_model::task::StaticLaunchType::Ec2);
        let blank = self.blank(moment, &request.run, &cluster, launch, false)?;
        let mut ids = Ids { moment, next: 0 };
        let (mut placed, mut failures) = (Vec::new(), Vec::new());
        for host in request.hosts.iter().copied() {
            match self.fits(&blank, host, moment) {
                Ok(launch) => {
                    let id = self.add(&mut ids, &Task { launch, ..blank.clone() }, step);
                    self.assign(id, host, moment.now, step);
                    placed.push(id);
                }
                Err(failure) => failures.push(failure),
            }
        }
        Ok((placed, failures))
    }

    /// How a task is launched on this host, or why it cannot be.
    fn fits(&self, blank: &Task, host: HostId, moment: Moment) -> Result<Launch, PlacementFailure> {
        let unfit =
            |reason: &str| PlacementFailure { host: Some(host), reason: reason.to_owned(), detail: String::new() };
        let entry = self.in_service(&blank.cluster, host).map_err(|failure| unfit(failure.as_str()))?;
        let Origin::Static(kind) = entry.row.origin else { return Err(unfit("MISSING")) };
        let domain = Domain::Static(blank.cluster.clone(), kind);
        let field = self.field(&domain);
        let Some(slot) = field.fleet.get(&host) else { return Err(unfit("INACTIVE")) };
        let ask = Ask::new(&blank.demand);
        match ask.verdict(host, slot, field, moment.now) {
            Ok(_) => Ok(Launch::Static(kind)),
            Err(refusal) => {
                let mut tally = Tally::default();
                tally.add(host, refusal);
                Err(tally.failure(&blank.demand))
            }
        }
    }
}

#[cfg(test)]
mod tests;
