//! The scheduler's settings: each bound and time-out with its unit and its reason.

use std::time::Duration;

use berth_model::arn::ArnScope;
use berth_model::id::ProviderName;

use crate::pool::Pool;

/// Everything about the scheduler that an operator may set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Region and account.
    pub scope: ArnScope,
    /// The pools.
    pub pools: Vec<Pool>,
    /// True if tasks that say FARGATE may have any size, and not only those that Fargate has. Default false.
    pub fargate_any_size: bool,
    /// How long a RUNNING order that was not acknowledged is sent again to an agent that is connected, counted from its
    /// first sending; after it the task is probed with STOPPED instead. Must stay well below the time an agent
    /// remembers a stopped task (the stock agent: 3 h), or a task could run twice. Default 30 min.
    pub resend_within: Duration,
    /// How long a host's agent may be away before the host counts as lost and its tasks as ended. Shorter punishes
    /// short network faults, longer leaves dead tasks RUNNING. Default 10 min.
    pub host_lost_after: Duration,
    /// How long a host's agent may be away before clients see it as disconnected. Shorter shows every blip of a network
    /// and every restart of a server, longer hides what is going on. Default 10 s.
    pub host_disconnected_after: Duration,
    /// How long a host of a pool that cannot run containers and has no tasks is kept. It may mend itself: shorter buys
    /// hosts for every hiccup, longer pays for ones that are of no use. Default 5 min.
    pub impaired_host_replaced_after: Duration,
    /// At most this share of a pool's hosts (in percent, at least one host) is declared lost per minute: losing many at
    /// once is more likely our own network. Default 10.
    pub hosts_lost_percent_per_minute: u32,
    /// How long a launched machine may take to register before it is ended and replaced. Default 5 min.
    pub registration_within: Duration,
    /// A class whose head waits longer than this keeps one host free of younger tasks until it fits, so that large
    /// tasks do not starve. Default 60 s.
    pub starving_after: Duration,
    /// Most demand classes visited in one placement pass; bounds the work of a turn. Default 256.
    pub classes_per_pass_max: usize,
    /// Most tasks placed in one placement pass; bounds the size of a commit. Default 1024.
    pub placements_per_pass_max: usize,
}

impl Settings {
    /// The pool that serves a capacity provider, under its own name or as an alias.
    pub fn pool(&self, provider: &ProviderName) -> Option<&Pool> {
        let own = self.pools.iter().find(|pool| pool.provider == *provider);
        own.or_else(|| self.pools.iter().find(|pool| pool.aliases.contains(provider)))
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            scope: ArnScope::default(),
            pools: Vec::new(),
            fargate_any_size: false,
            resend_within: Duration::from_mins(30),
            host_lost_after: Duration::from_mins(10),
            host_disconnected_after: Duration::from_secs(10),
            impaired_host_replaced_after: Duration::from_mins(5),
            hosts_lost_percent_per_minute: 10,
            registration_within: Duration::from_mins(5),
            starving_after: Duration::from_mins(1),
            classes_per_pass_max: 256,
            placements_per_pass_max: 1024,
        }
    }
}
