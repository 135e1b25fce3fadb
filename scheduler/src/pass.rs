//! One placement pass: waiting classes get hosts, as far as there is room, and keep a reason where there is none.

use std::sync::Arc;

use berth_model::host::HostStatus;
use berth_model::id::HostId;
use berth_model::time::Timestamp;

use crate::event::Moment;
use crate::placement::{Ask, Domain, Room, Search, host_to_keep};
use crate::queue::{Class, ClassKey};
use crate::state::State;
use crate::step::{Key, Row, Step};

impl State {
    /// Visits classes until none is worth a look or the pass has done its share.
    pub(crate) fn pass(&mut self, moment: Moment, step: &mut Step) {
        let mut placements = self.settings.placements_per_pass_max;
        for _ in 0..self.settings.classes_per_pass_max {
            if placements == 0 {
                break;
            }
            let Some(key) = self.queue.next() else { break };
            placements -= self.visit(key, placements, moment, step);
        }
    }

    /// Places what fits of one class, at most `limit` tasks. Says how many it placed.
    fn visit(&mut self, key: ClassKey, limit: usize, moment: Moment, step: &mut Step) -> usize {
        let Some(class) = self.queue.class(key) else { return 0 };
        let (demand, domain) = (Arc::clone(&class.demand), Domain::Pool(class.provider.clone()));
        let Some(&(oldest, _)) = class.waiting.first() else { return 0 };
        let ask = Ask::of_class(&demand, class.constraints.clone(), key);
        let mut search = Search::new(ask, self.field(&domain), oldest, key.mix(moment.entropy));
        let mut placed = 0;
        while placed < limit {
            let head = self.queue.class(key).and_then(|class| class.waiting.first().copied());
            let Some((created, task)) = head else { return placed };
            let Some(host) = search.best(self.field(&domain), created) else {
                let tally = search.into_tally(self.field(&domain), created);
                self.leave_waiting(key, tally.explain(&demand), moment.now, step);
                return placed;
            };
            self.assign(task, host, moment.now, step);
            placed += 1;
        }
        placed
    }

    /// Notes why the rest of a class waits, and keeps a host for its head if that has waited too long.
    fn leave_waiting(&mut self, key: ClassKey, explanation: String, now: Timestamp, step: &mut Step) {
        let Some(class) = self.queue.class(key) else { return };
        let Some(&(oldest, _)) = class.waiting.first() else { return };
        let (is_first_look, provider) = (!class.is_left, class.provider.clone());
        let is_starving = now >= oldest + self.settings.starving_after;
        match class.kept {
            Some(host) if !is_starving => {
                self.queue.let_go(key);
                self.hosts.set_kept(host, None);
                self.queue.changed(&provider);
                self.needs_plan = true;
            }
            None if is_starving => self.keep_host(key),
            Some(_) | None => {}
        }
        self.queue.looked_at(key);
        if let Some(class) = self.queue.class_mut(key) {
            class.explanation = explanation;
        }
        self.write_reason(key, step);
        self.needs_plan |= is_first_look;
    }

    fn keep_host(&mut self, key: ClassKey) {
        let Some(class) = self.queue.class(key) else { return };
        let domain = Domain::Pool(class.provider.clone());
        let empty = |host: HostId| Some(Room::of_host(&self.hosts.get(host)?.row));
        let ask = Ask::of_class(&class.demand, class.constraints.clone(), key);
        if let Some(host) = host_to_keep(&ask, self.field(&domain), empty) {
            self.queue.keep(key, host);
            self.hosts.set_kept(host, Some(key));
            // What it has left is nobody's now, so younger tasks may need another host.
            self.needs_plan = true;
        }
    }

    /// A host that can take no tasks is kept for nobody; the class that had it is looked at again.
    pub(crate) fn let_host_go(&mut self, host: HostId) {
        let Some(entry) = self.hosts.get(host) else { return };
        if entry.row.status < HostStatus::Active {
            return;
        }
        if let Some(key) = self.hosts.fleet(&entry.domain).get(&host).and_then(|slot| slot.kept) {
            self.hosts.set_kept(host, None);
            self.queue.let_go(key);
            self.queue.look_at(key);
        }
    }

    /// Writes why a class waits, if that is news.
    pub(crate) fn write_reason(&mut self, key: ClassKey, step: &mut Step) {
        let Some(class) = self.queue.class(key) else { return };
        let reason = self.reason(class);
        let Some(class) = self.queue.class_mut(key) else { return };
        if class.written.as_ref() != Some(&reason) {
            step.writes.insert(Key::Waiting(class.id.clone()), Row::Waiting(Some(reason.clone())));
            class.written = Some(reason);
        }
    }

    /// What placement says, what the plan says, and what kept the plan from working.
    fn reason(&self, class: &Class) -> String {
        let failures = self.unavailable.iter().filter(|((provider, _), _)| *provider == class.provider);
        let failures = failures.map(|((_, name), why)| format!("launching {name} failed: {}", why.reason));
        let parts = [class.explanation.clone(), class.outlook.clone()].into_iter().chain(failures);
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
mod tests;
