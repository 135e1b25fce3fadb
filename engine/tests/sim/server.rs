//! The server's process: the run loop around the real state and the real turn, step by step, so that it can be killed
//! between any two.

use std::collections::{BTreeMap, VecDeque};

use berth_engine::turn::turn;
use berth_model::host::RuntimeStatus;
use berth_model::id::{HostId, SessionId, TaskId};
use berth_model::task::{Task, TaskStatus};
use berth_model::time::{SteadyClock, Timestamp};
use berth_scheduler::event::{Event, Moment, ReportedStatus};
use berth_scheduler::setting::Settings;
use berth_scheduler::state::State;
use berth_scheduler::step::{Effect, Order, Reply, Step, TokenKey};

use crate::faults::{Bug, Fault};
use crate::outbox::{self, Call, CallResult, Outbox};
use crate::queue::{Answer, CallId, Happening, Life, MachineId, Sim, SocketId};
use crate::socket::Socket;
use crate::truth::Invariant;
use crate::world::World;

/// How often everything owed is sent again and machines are listed.
const ROUND_EVERY: i64 = 60_000;

/// How long to wait before the store is tried again after it took no writes.
const RETRY_EVERY: i64 = 1_000;

/// The server: at most one process at a time.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) settings: Settings,
    pub(crate) process: Option<Process>,
    /// What the clock of its machine shows, less what a right one does, in milliseconds.
    pub(crate) clock_offset: i64,
    /// Most orders that wait for one session.
    pub(crate) orders_max: usize,
    /// Most events of one turn.
    batch_max: usize,
}

/// One process.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) life: Life,
    pub(crate) state: State,
    clock: SteadyClock,
    pub(crate) clients: VecDeque<(Event, Waiter)>,
    pub(crate) internal: VecDeque<Arrival>,
    pub(crate) own: VecDeque<Event>,
    pub(crate) outbox: Outbox,
    pub(crate) sockets: BTreeMap<SocketId, Socket>,
    sessions: u64,
    commit: Option<Commit>,
    wake_at: Option<i64>,
    next_round: Timestamp,
    is_leading: bool,
    is_closing: bool,
    turns: u64,
}

/// Who gets the answer.
#[derive(Debug)]
pub(crate) enum Waiter {
    None,
    Call(CallId, Lane),
    Socket(SocketId),
    Session(Opening),
}

/// Whose request it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lane {
    Client,
    Agent,
}

/// A session that is being opened.
#[derive(Debug)]
pub(crate) struct Opening {
    pub(crate) host: HostId,
    session: SessionId,
    pub(crate) machine: MachineId,
    pub(crate) life: Life,
    pub(crate) connection: u64,
}

/// Something that came in on the internal lane.
#[derive(Debug)]
pub(crate) enum Arrival {
    Event(Event, Waiter),
    Open { host: HostId, machine: MachineId, life: Life, connection: u64 },
    Closed { host: HostId, session: SessionId },
    Called(Call, CallResult),
}

#[derive(Debug)]
struct Commit {
    step: Step,
    /// Tasks whose report STOPPED is in the turn, unless something else in it may have ended them.
    reported: Vec<TaskId>,
    /// What is said in the turn of which hosts: whether they run no containers.
    impaired: Vec<(HostId, bool)>,
    replies: Vec<Reply>,
    waiters: Vec<Waiter>,
    is_round: bool,
    is_lead: bool,
}

#[derive(Debug, Default)]
struct Batch {
    events: Vec<Event>,
    waiters: Vec<Waiter>,
}

impl Batch {
    fn push(&mut self, event: Event, waiter: Waiter) {
        self.events.push(event);
        self.waiters.push(waiter);
    }
}

impl Server {
    pub(crate) fn new(settings: Settings, sim: &mut Sim) -> Self {
        let orders_max = [2, 8, 1024][sim.dice.below(3)];
        let batch_max = [1, 4, 64][sim.dice.below(3)];
        Self { settings, process: None, clock_offset: 0, orders_max, batch_max }
    }

    /// True if this very process still lives.
    pub(crate) fn is(&self, life: Life) -> bool {
        self.process.as_ref().is_some_and(|process| process.life == life)
    }
}

impl World {
    /// A process begins: it restores the state from the store and takes the lead.
    pub(crate) fn server_starts(&mut self) {
        if self.server.process.is_some() {
            return;
        }
        if self.sim.strikes(Fault::LeaderClockBehind) {
            // A clock far behind makes orders look so old that they may not be sent again.
            let most = if self.sim.weather.is_gentle { 60_000 } else { 900_000 };
            self.server.clock_offset -= self.sim.dice.between(1_000, most);
        } else if !self.sim.is_faulty() {
            self.server.clock_offset = 0;
        }
        let wall = self.sim.wall().0 + self.server.clock_offset;
        let life = Life(self.sim.fresh());
        self.server.process = Some(Process {
            life,
            state: State::restore(self.server.settings.clone(), self.store.rows()),
            clock: SteadyClock::new(Timestamp(wall), self.sim.monotonic()),
            clients: VecDeque::new(),
            internal: VecDeque::new(),
            own: VecDeque::new(),
            outbox: Outbox::default(),
            sockets: BTreeMap::new(),
            sessions: 0,
            commit: None,
            wake_at: None,
            next_round: Timestamp(wall + ROUND_EVERY),
            is_leading: false,
            is_closing: false,
            turns: 0,
        });
        self.lead();
    }

    fn lead(&mut self) {
        let Some(process) = &mut self.server.process else { return };
        let mut batch = Batch::default();
        batch.push(Event::Started, Waiter::None);
        for (host, (session, _)) in &process.outbox.sessions {
            let version_info = berth_model::ecs::VersionInfo::default();
            batch.push(Event::SessionOpened { host: *host, session: *session, version_info }, Waiter::None);
        }
        if process.is_closing {
            batch.push(Event::Closing, Waiter::None);
        }
        self.take_turn(batch, true, true);
    }

    /// The loop comes round.
    pub(crate) fn server_wakes(&mut self) {
        let batch_max = self.server.batch_max;
        let Some(process) = &mut self.server.process else { return };
        process.wake_at = None;
        if !process.is_leading {
            return self.lead_again();
        }
        let now = self.sim.steady(&mut process.clock, self.server.clock_offset);
        let mut batch = Batch::default();
        if process.state.next_deadline().is_some_and(|deadline| deadline <= now) {
            batch.push(Event::Tick, Waiter::None);
        }
        process.own.drain(..).for_each(|event| batch.push(event, Waiter::None));
        let mut calls = Vec::new();
        while batch.events.len() < batch_max
            && let Some(arrival) = process.internal.pop_front()
        {
            calls.extend(process.take(&mut batch, arrival, now));
        }
        while batch.events.len() < batch_max
            && let Some((event, waiter)) = process.clients.pop_front()
        {
            batch.push(event, waiter);
        }
        let is_round = now >= process.next_round;
        let has_nothing = batch.events.is_empty() && !is_round && !process.state.has_work_left();
        for call in calls {
            self.call_backend(call);
        }
        if has_nothing { self.sleep() } else { self.take_turn(batch, is_round, false) }
    }

    /// Decides.
    fn take_turn(&mut self, mut batch: Batch, is_round: bool, is_lead: bool) {
        let Self { sim, store, server, .. } = self;
        let Some(process) = &mut server.process else { return };
        let now = sim.steady(&mut process.clock, server.clock_offset);
        process.turns += 1;
        process.is_closing |= batch.events.iter().any(|event| matches!(event, Event::Closing));
        for event in &mut batch.events {
            if let Event::RunTask(request) = event
                && let Some(token) = &mut request.token
                && !sim.has(Bug::TokensNotLookedUp)
            {
                let key = TokenKey { operation: "RunTask", token: token.token.clone() };
                token.hit = store.token(&key).cloned();
            }
        }
        let impaired = impaired(&batch.events);
        if sim.has(Bug::ImpairmentForgotten) {
            let reports = batch.events.iter_mut().filter(|event| matches!(event, Event::RuntimeReport { .. }));
            reports.for_each(|event| *event = Event::Tick);
        }
        let events: Vec<_> = std::mem::take(&mut batch.events)
            .into_iter()
            .map(|event| (Moment { now, entropy: sim.dice.entropy() }, event))
            .collect();
        sim.say(|| format!("  turn of {} at {now}: {}", events.len(), names(events.iter().map(|(_, event)| event))));
        let reported = reported(events.iter().map(|(_, event)| event));
        let pass = Moment { now, entropy: sim.dice.entropy() };
        let (replies, mut step) = turn(&mut process.state, events, pass);
        if is_round && !sim.has(Bug::NothingSentAgain) {
            process.state.owed(now, &mut step);
        }
        sim.say(|| format!("  {} rows, effects {}", step.writes.len(), effects(&step.effects)));
        if let Err(text) = process.state.check() {
            sim.violate(Invariant::StateAgrees, text);
        }
        let life = process.life;
        process.commit = Some(Commit { step, reported, impaired, replies, waiters: batch.waiters, is_round, is_lead });
        self.plant_before_commit();
        let takes = if self.sim.strikes(Fault::CommitSlow) {
            self.sim.dice.between(100, 5_000)
        } else {
            self.sim.dice.latency(10)
        };
        self.sim.after(takes, Happening::CommitEnds(life));
    }

    /// The bugs that do something before the turn is stored.
    fn plant_before_commit(&mut self) {
        let bug = self.sim.bug;
        let Some(commit) = self.server.process.as_mut().and_then(|process| process.commit.as_mut()) else { return };
        let is_early = |waiter: &Waiter| match (bug, waiter) {
            (Some(Bug::AnswersBeforeCommit), Waiter::Call(_, lane)) => *lane == Lane::Client,
            (Some(Bug::ReportsTakenBeforeCommit), Waiter::Call(_, lane)) => *lane == Lane::Agent,
            _ => false,
        };
        let mut early = Vec::new();
        for (waiter, reply) in commit.waiters.iter_mut().zip(&commit.replies) {
            if is_early(waiter) {
                early.push((std::mem::replace(waiter, Waiter::None), reply.clone()));
            }
        }
        for (waiter, reply) in early {
            self.answer(waiter, reply);
        }
        if let Some(mut commit) = self.server.process.as_mut().and_then(|process| process.commit.take()) {
            self.plant_early_effects(&mut commit.step);
            if let Some(process) = &mut self.server.process {
                process.commit = Some(commit);
            }
        }
    }

    /// The turn is stored, or not; then answers go out and effects start.
    pub(crate) fn commit_ends(&mut self, life: Life) {
        if !self.server.is(life) {
            return;
        }
        if self.sim.strikes(Fault::ServerCrashBeforeCommit) {
            return self.server_crashes();
        }
        let Some(commit) = self.server.process.as_mut().and_then(|process| process.commit.take()) else { return };
        let Commit { step, reported, impaired, replies, waiters, is_round, is_lead } = commit;
        if !step.writes.is_empty() && self.sim.strikes(Fault::StoreFull) {
            return self.refuse(waiters);
        }
        let has_writes = !step.writes.is_empty();
        let is_live = |task: &Task| task.last_status != TaskStatus::Stopped;
        let live = reported.into_iter().filter(|task| self.store.task(*task).is_some_and(is_live));
        self.truth.ended_by_report.extend(live);
        self.truth.placed(&mut self.sim, &self.store, &step, &impaired);
        if let Err(text) = self.store.commit(step.writes) {
            self.sim.violate(Invariant::OnlyForward, text);
        }
        if has_writes {
            self.check_stored();
        }
        self.compare_now_and_then();
        if self.sim.strikes(Fault::ServerCrashAfterCommit) {
            self.drop_waiters(waiters);
            return self.server_crashes();
        }
        if let Some(process) = &mut self.server.process {
            process.is_leading = true;
        }
        for (waiter, reply) in waiters.into_iter().zip(replies) {
            self.answer(waiter, reply);
        }
        if self.sim.strikes(Fault::ServerCrashAfterAnswers) {
            return self.server_crashes();
        }
        for effect in step.effects {
            if self.sim.strikes(Fault::ServerCrashAmongEffects) {
                return self.server_crashes();
            }
            self.dispatch(effect);
        }
        if is_round || is_lead {
            self.round(is_round && !is_lead);
        }
        self.sleep();
    }

    fn compare_now_and_then(&mut self) {
        let Some(process) = &self.server.process else { return };
        if process.turns % 8 == 1
            && let Err(text) = self.store.compare(&process.state)
        {
            self.sim.violate(Invariant::MemoryIsStored, text);
        }
    }

    /// The store took no writes: everybody is refused, and the state is made anew.
    fn refuse(&mut self, waiters: Vec<Waiter>) {
        if let Some(process) = &mut self.server.process {
            process.is_leading = false;
            process.wake_at = Some(self.sim.now + RETRY_EVERY);
            self.sim.after(RETRY_EVERY, Happening::ServerWakes(process.life));
        }
        for waiter in waiters {
            self.refuse_one(waiter);
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "whoever waits has had the answer then")]
    fn refuse_one(&mut self, waiter: Waiter) {
        match waiter {
            Waiter::None => {}
            Waiter::Call(call, _) => self.send_answer(call, Answer::Unavailable),
            Waiter::Socket(socket) => self.close_socket(socket, berth_engine::session::CLOSE_GOING_AWAY),
            Waiter::Session(Opening { machine, life, connection, .. }) => {
                self.refuse_connection(machine, life, connection, false);
            }
        }
    }

    fn lead_again(&mut self) {
        let Self { sim, server, store, .. } = self;
        let Some(process) = &mut server.process else { return };
        let now = sim.steady(&mut process.clock, server.clock_offset);
        let mut batch = Batch::default();
        let mut calls = Vec::new();
        for arrival in std::mem::take(&mut process.internal) {
            calls.extend(process.take(&mut batch, arrival, now));
        }
        let waiting = std::mem::take(&mut process.clients);
        process.own.clear();
        process.state = State::restore(server.settings.clone(), store.rows());
        let waiters = batch.waiters.into_iter().chain(waiting.into_iter().map(|(_, waiter)| waiter));
        for waiter in waiters.collect::<Vec<_>>() {
            self.refuse_one(waiter);
        }
        for call in calls {
            self.call_backend(call);
        }
        self.lead();
    }

    fn round(&mut self, is_due: bool) {
        let Some(process) = &mut self.server.process else { return };
        let now = self.sim.steady(&mut process.clock, self.server.clock_offset);
        if is_due {
            process.next_round = Timestamp(now.0 + ROUND_EVERY);
        }
        let providers: Vec<_> = process.state.backends().cloned().collect();
        for provider in providers {
            self.call_backend(Call::List { provider, as_of: now });
        }
    }

    /// Sleeps until there is something to do.
    fn sleep(&mut self) {
        let Self { sim, server, .. } = self;
        let Some(process) = &mut server.process else { return };
        if process.commit.is_some() || !process.is_leading {
            return;
        }
        let has_work = !process.own.is_empty() || process.state.has_work_left();
        let wait = if has_work || !process.internal.is_empty() || !process.clients.is_empty() {
            sim.dice.between(0, 1)
        } else {
            let now = sim.steady(&mut process.clock, server.clock_offset);
            let due = process.state.next_deadline().map_or(process.next_round, |due| due.min(process.next_round));
            (due.0 - now.0).max(0)
        };
        process.wake_at = Some(sim.now + wait);
        sim.after(wait, Happening::ServerWakes(process.life));
    }

    /// Something has come in.
    pub(crate) fn poke_server(&mut self) {
        let Self { sim, server, .. } = self;
        let Some(process) = &mut server.process else { return };
        if process.commit.is_some() || !process.is_leading {
            return;
        }
        let at = sim.now + sim.dice.between(0, 2);
        if process.wake_at.is_none_or(|wake_at| wake_at > at) {
            process.wake_at = Some(at);
            sim.after(at - sim.now, Happening::ServerWakes(process.life));
        }
    }

    pub(crate) fn report_to_server(&mut self, arrival: Arrival) {
        if let Some(process) = &mut self.server.process {
            process.internal.push_back(arrival);
            self.poke_server();
        }
    }

    fn answer(&mut self, waiter: Waiter, reply: Reply) {
        match waiter {
            Waiter::None => {}
            Waiter::Call(call, _) => self.send_answer(call, Answer::Reply(reply)),
            Waiter::Socket(socket) => {
                let sockets = self.server.process.as_mut().map(|process| &mut process.sockets);
                if let Some(socket) = sockets.and_then(|sockets| sockets.get_mut(&socket)) {
                    socket.is_busy = false;
                }
                self.pump(socket);
            }
            Waiter::Session(opening) => {
                if let Reply::Rejected(_) = reply {
                    let Opening { machine, life, connection, .. } = opening;
                    return self.refuse_connection(machine, life, connection, true);
                }
                let (host, session) = (opening.host, opening.session);
                let socket = self.open_socket(&opening, session);
                if let Some(process) = &mut self.server.process {
                    let before = process.outbox.sessions.insert(host, (session, socket));
                    if let Some(older) = before.and_then(|(_, older)| process.sockets.get_mut(&older)) {
                        older.has_all_orders = true;
                    }
                    if let Some((_, older)) = before {
                        self.pump(older);
                    }
                }
            }
        }
    }

    /// `kill -9`.
    pub(crate) fn server_crashes(&mut self) {
        let Some(mut process) = self.server.process.take() else { return };
        self.sim.crashes += 1;
        self.sim.say(|| "  the server is killed".to_owned());
        let mut waiters: Vec<Waiter> = process.clients.drain(..).map(|(_, waiter)| waiter).collect();
        waiters.extend(process.internal.drain(..).filter_map(|arrival| match arrival {
            Arrival::Event(_, waiter) => Some(waiter),
            Arrival::Open { .. } | Arrival::Closed { .. } | Arrival::Called(..) => None,
        }));
        if let Some(commit) = process.commit.take() {
            // What is being stored when the process dies may be stored or not.
            if !commit.step.writes.is_empty() && self.sim.dice.one_in(2) {
                if let Err(text) = self.store.commit(commit.step.writes) {
                    self.sim.violate(Invariant::OnlyForward, text);
                }
                self.sim.say(|| "  its last turn is stored".to_owned());
            }
            waiters.extend(commit.waiters);
        }
        self.drop_waiters(waiters);
        for id in process.sockets.into_keys() {
            self.lose_from_server(id);
        }
        let away = if self.sim.strikes(Fault::ServerAwayForLong) {
            self.sim.dice.between(60_000, 900_000)
        } else {
            self.sim.dice.between(50, 10_000)
        };
        self.sim.after(away, Happening::ServerStarts);
    }

    /// The process that would have answered is gone.
    fn drop_waiters(&mut self, waiters: Vec<Waiter>) {
        for waiter in waiters {
            match waiter {
                Waiter::None | Waiter::Socket(_) => {}
                Waiter::Call(call, _) => self.send_answer(call, Answer::Lost),
                Waiter::Session(Opening { machine, life, connection, .. }) => {
                    self.refuse_connection(machine, life, connection, false);
                }
            }
        }
    }
}

impl Process {
    /// True if this is the moment its loop comes round.
    pub(crate) fn wakes(&self, life: Life, now: i64) -> bool {
        self.life == life && self.wake_at == Some(now) && self.commit.is_none()
    }

    /// True if nothing waits in it.
    pub(crate) fn is_idle(&self) -> bool {
        let is_empty = self.clients.is_empty() && self.internal.is_empty() && self.own.is_empty();
        self.is_leading && self.commit.is_none() && is_empty
    }

    /// Takes what came in on the internal lane. Gives a call that was waiting.
    fn take(&mut self, batch: &mut Batch, arrival: Arrival, now: Timestamp) -> Option<Call> {
        match arrival {
            Arrival::Event(event, waiter) => batch.push(event, waiter),
            Arrival::Open { host, machine, life, connection } => {
                self.sessions += 1;
                let session = SessionId(self.sessions);
                let version_info = berth_model::ecs::VersionInfo::default();
                let opening = Opening { host, session, machine, life, connection };
                batch.push(Event::SessionOpened { host, session, version_info }, Waiter::Session(opening));
            }
            Arrival::Closed { host, session } => {
                self.outbox.close(host, session);
                batch.push(Event::SessionClosed { host, session }, Waiter::None);
            }
            Arrival::Called(call, result) => {
                let next = self.outbox.end(&call);
                if let Some(event) = outbox::event(call, result, now) {
                    batch.push(event, Waiter::None);
                }
                return next;
            }
        }
        None
    }
}

/// See [`Commit::reported`].
fn reported<'a>(events: impl Iterator<Item = &'a Event>) -> Vec<TaskId> {
    let mut tasks = Vec::new();
    for event in events {
        match event {
            Event::TaskReport(report) if report.status == ReportedStatus::Stopped => tasks.push(report.task),
            Event::Tick | Event::MachineGone { .. } | Event::MachinesListed { .. } | Event::RegisterHost(_) => {
                return Vec::new();
            }
            _ => {}
        }
    }
    tasks
}

/// See [`Commit::impaired`].
fn impaired(events: &[Event]) -> Vec<(HostId, bool)> {
    let said = |event: &Event| match event {
        Event::RuntimeReport { host, status, .. } => Some((*host, *status == RuntimeStatus::Impaired)),
        _ => None,
    };
    events.iter().filter_map(said).collect()
}

fn names<'a>(events: impl Iterator<Item = &'a Event>) -> String {
    let name = |event: &Event| {
        let text = format!("{event:?}");
        text.split(['(', '{', ' ']).next().unwrap_or_default().to_owned()
    };
    events.map(name).collect::<Vec<_>>().join(" ")
}

fn effects(effects: &[Effect]) -> String {
    let name = |effect: &Effect| match effect {
        Effect::Order { host, session, order } => {
            let order = match order {
                Order::Manifest { tasks, .. } => format!("manifest of {}", tasks.len()),
                Order::Run { task, .. } => format!("run {}", task.id),
                Order::Stop { task, .. } => format!("stop {}", task.id),
                Order::VerifyStop { tasks, .. } => format!("verify {tasks:?}"),
                Order::Close => "close".to_owned(),
            };
            format!("[{order} → {host} session {}]", session.0)
        }
        Effect::Launch { host, instance_type, .. } => format!("[launch {instance_type} {host}]"),
        Effect::Terminate { host, .. } => format!("[terminate {host}]"),
    };
    effects.iter().map(name).collect::<Vec<_>>().join(" ")
}
