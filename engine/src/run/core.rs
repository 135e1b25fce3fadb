//! The loop's state and its steps.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use berth_model::state_change::Sequence;
use berth_model::time::Timestamp;
use berth_scheduler::event::{Event, Moment};
use berth_scheduler::setting::Settings;
use berth_scheduler::state::State;
use berth_scheduler::step::{Key, Reply, Step};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::batch::{Batch, NewSession, Waiter};
use super::intake::{Arrival, Intake};
use super::{Config, Fatal};
use crate::clock::EngineClock;
use crate::error::error_chain;
use crate::handle::{AccessKeys, OpenError, SubmitError};
use crate::metrics::Metrics;
use crate::outbox::{self, Call, Outbox};
use crate::store::log::LogStore;
use crate::store::{Cutoff, Pruned, Store, StoreError};
use crate::turn::turn;

/// How often everything owed is sent again, machines are listed, and old rows are removed. Each is a look at
/// everything; a lost order costs a task at most this long.
const ROUND_EVERY: Duration = Duration::from_mins(1);

/// How soon old rows are removed again where one pruning did not remove them all. At this pace they go faster than
/// tasks can come, and each pruning still leaves most of the time to commits.
const PRUNE_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// How often the gauges that count everything are set. Scrapers come every few seconds at most.
const COUNT_EVERY: Duration = Duration::from_secs(1);

/// How long to wait before the store is tried again after it took no writes.
const RETRY_EVERY: Duration = Duration::from_secs(1);

/// How long a client's token is remembered: as long as ECS remembers it.
const TOKEN_RETENTION: Duration = Duration::from_hours(24);

/// How often old output is looked for.
const LOG_PRUNE_EVERY: Duration = Duration::from_hours(1);

/// See [`super`].
#[derive(Debug)]
pub(super) struct Core {
    state: State,
    settings: Settings,
    store: Arc<dyn Store>,
    outbox: Outbox,
    metrics: Metrics,
    intake: Intake,
    logs: LogStore,
    clock: EngineClock,
    shutdown: CancellationToken,
    published: Published,
    /// Events that followed from carrying out effects.
    own: VecDeque<Event>,
    /// True once [`Event::Closing`] has happened: a state made anew has to be told.
    is_closing: bool,
    stopped_task_retention: Duration,
    change_retention: Duration,
    changes_max: u64,
    next_round: Timestamp,
    next_prune: Timestamp,
    next_log_prune: Timestamp,
    counted_at: Option<Instant>,
}

/// What the loop shows to those who hold its handle.
#[derive(Debug)]
pub(super) struct Published {
    pub(super) is_ready: Arc<AtomicBool>,
    pub(super) access_keys: watch::Sender<Arc<AccessKeys>>,
    /// The last change that is committed.
    pub(super) newest_change: watch::Sender<Sequence>,
}

impl Published {
    fn set_ready(&self, is_ready: bool) {
        self.is_ready.store(is_ready, Ordering::Relaxed);
    }

    fn publish_keys(&self, state: &State) {
        let keys = state.access_keys().map(|key| (key.id.clone(), key.clone())).collect();
        self.access_keys.send_replace(Arc::new(keys));
    }

    /// Wakes those who wait for changes.
    fn publish_changes(&self, state: &State) {
        let newest = state.last_change();
        self.newest_change.send_if_modified(|told| std::mem::replace(told, newest) != newest);
    }
}

impl Core {
    /// Makes the state from what is stored.
    pub(super) async fn restore(
        config: Config,
        store: Arc<dyn Store>,
        outbox: Outbox,
        metrics: Metrics,
        intake: Intake,
        published: Published,
    ) -> Result<Self, Fatal> {
        let rows = store.load().await.map_err(Fatal::Read)?;
        published.newest_change.send_replace(rows.last_change);
        let mut clock = EngineClock::new(config.clock);
        let now = clock.now();
        let state = State::restore(config.settings.clone(), rows);
        published.publish_keys(&state);
        Ok(Self {
            state,
            settings: config.settings,
            store,
            outbox,
            metrics,
            intake,
            logs: config.logs,
            clock,
            shutdown: config.shutdown,
            published,
            own: VecDeque::new(),
            is_closing: false,
            stopped_task_retention: config.stopped_task_retention,
            change_retention: config.change_retention,
            changes_max: config.changes_max,
            next_round: now + ROUND_EVERY,
            // At once: a server that never lives for a round would else keep everything.
            next_prune: now,
            next_log_prune: now,
            counted_at: None,
        })
    }

    /// Takes the lead: the first turn, before anything else comes in. If the store takes no writes, events are refused
    /// until it does.
    pub(super) async fn lead(&mut self) -> Result<(), Fatal> {
        let mut batch = Batch::default();
        batch.push(Event::Started, Waiter::None);
        for event in self.outbox.sessions() {
            batch.push(event, Waiter::None);
        }
        if self.is_closing {
            batch.push(Event::Closing, Waiter::None);
        }
        let is_leading = self.take_turn(batch, true).await?;
        self.published.set_ready(is_leading);
        if is_leading {
            let now = self.clock.now();
            self.outbox.list(now);
            tracing::info!("engine leads");
        }
        Ok(())
    }

    /// Runs until the shutdown signal, or until it cannot go on.
    pub(super) async fn run(mut self) -> Result<(), Fatal> {
        let done = self.run_turns().await;
        self.published.set_ready(false);
        self.intake.close();
        self.outbox.drain().await;
        match &done {
            Ok(()) => tracing::info!("engine ended"),
            Err(fatal) => tracing::error!(error = error_chain(fatal), "engine failed"),
        }
        done
    }

    async fn run_turns(&mut self) -> Result<(), Fatal> {
        let shutdown = self.shutdown.clone();
        loop {
            tokio::select! {
                biased;
                () = shutdown.cancelled() => return Ok(()),
                () = self.due() => {}
            }
            if self.is_leading() {
                self.next_turn().await?;
            } else {
                self.lead_again().await?;
            }
        }
    }

    fn is_leading(&self) -> bool {
        self.published.is_ready.load(Ordering::Relaxed)
    }

    /// Waits until there is something to do.
    async fn due(&mut self) {
        if !self.is_leading() {
            return tokio::time::sleep(RETRY_EVERY).await;
        }
        if !self.own.is_empty() || self.state.has_work_left() {
            return;
        }
        let now = self.clock.now();
        let round = self.next_round.min(self.next_prune);
        let deadline = self.state.next_deadline().map_or(round, |due| due.min(round));
        tokio::select! {
            biased;
            () = self.intake.arrived() => {}
            () = tokio::time::sleep(deadline.since(now)) => {}
        }
    }

    /// One turn over what has arrived and what is due.
    async fn next_turn(&mut self) -> Result<(), Fatal> {
        let now = self.clock.now();
        let mut batch = Batch::default();
        if self.state.next_deadline().is_some_and(|deadline| deadline <= now) {
            batch.push(Event::Tick, Waiter::None);
        }
        self.own.drain(..).for_each(|event| batch.push(event, Waiter::None));
        let Self { intake, outbox, metrics, .. } = self;
        intake.fill(&mut batch, |batch, arrival| {
            batch_other(batch, outbox, metrics, arrival, now);
        });
        let (clients, internal) = self.intake.waiting();
        self.metrics.set_queues(clients, internal);
        let is_round = now >= self.next_round;
        if !batch.is_empty() || is_round || self.state.has_work_left() {
            let is_leading = self.take_turn(batch, is_round).await?;
            self.published.set_ready(is_leading);
        }
        if is_round && self.is_leading() {
            self.next_round = now + ROUND_EVERY;
            self.outbox.list(now);
        }
        if now >= self.next_prune && self.is_leading() {
            self.prune(now).await?;
        }
        Ok(())
    }

    /// Decides, commits, answers and acts. False if the store took no writes: then everybody was refused, and memory is
    /// ahead of the store.
    async fn take_turn(&mut self, mut batch: Batch, is_round: bool) -> Result<bool, Fatal> {
        self.look_up_tokens(&mut batch).await?;
        let now = self.clock.now();
        self.is_closing |= batch.events.iter().any(|event| matches!(event, Event::Closing));
        let events: Vec<_> = std::mem::take(&mut batch.events).into_iter().map(|event| (moment(now), event)).collect();
        let count = events.len();
        let began = Instant::now();
        let (replies, mut step) = turn(&mut self.state, events, moment(now));
        if is_round {
            self.state.owed(now, &mut step);
        }
        self.metrics.turned(count, began.elapsed());
        if !self.commit(&step).await? {
            batch.refuse(SubmitError::Unwritable);
            return Ok(false);
        }
        if step.writes.keys().any(|key| matches!(key, Key::AccessKey(_))) {
            self.published.publish_keys(&self.state);
        }
        self.published.publish_changes(&self.state);
        self.metrics.tell(step.facts);
        self.answer(batch, replies);
        self.own.extend(self.outbox.dispatch(step.effects));
        self.count();
        Ok(true)
    }

    /// Puts what the store holds for the batch's client tokens into its events.
    async fn look_up_tokens(&self, batch: &mut Batch) -> Result<(), Fatal> {
        if batch.tokens().is_empty() {
            return Ok(());
        }
        let hits = self.store.tokens(batch.tokens().clone()).await.map_err(Fatal::Read)?;
        for event in &mut batch.events {
            let hit = super::batch::token(event).and_then(|key| hits.get(&key));
            if let (Event::RunTask(request), Some(hit)) = (event, hit)
                && let Some(token) = &mut request.token
            {
                token.hit = Some(hit.clone());
            }
        }
        Ok(())
    }

    /// False if certainly nothing was written.
    async fn commit(&mut self, step: &Step) -> Result<bool, Fatal> {
        if step.writes.is_empty() {
            return Ok(true);
        }
        let began = Instant::now();
        match self.store.commit(&step.writes).await {
            Ok(()) => {
                self.metrics.committed(began.elapsed());
                Ok(true)
            }
            Err(error @ StoreError::Unwritable(_)) => {
                self.metrics.refused();
                tracing::error!(error = error_chain(&error), "turn refused");
                Ok(false)
            }
            Err(error) => Err(Fatal::Commit(error)),
        }
    }

    fn answer(&mut self, batch: Batch, replies: Vec<Reply>) {
        for (waiter, reply) in batch.waiters.into_iter().zip(replies) {
            match waiter {
                Waiter::None => {}
                // Whoever asked may have gone; what was decided stands.
                Waiter::Request(answer) => drop(answer.send(Ok(reply))),
                Waiter::Session(session) => self.open_session(*session, reply),
            }
        }
    }

    fn open_session(&mut self, session: NewSession, reply: Reply) {
        let NewSession { id, host, version_info, orders, opened, answer } = session;
        let result = if let Reply::Rejected(rejection) = reply {
            Err(OpenError::Rejected(rejection))
        } else {
            self.outbox.open(host, id, version_info, orders);
            Ok(opened)
        };
        // If the agent has gone meanwhile, the session is dropped here and says its end itself.
        drop(answer.send(result));
    }

    /// Removes old rows and old output.
    async fn prune(&mut self, now: Timestamp) -> Result<(), Fatal> {
        self.next_prune = now + ROUND_EVERY;
        let cutoff = Cutoff {
            stopped_before: now - self.stopped_task_retention,
            tokens_before: now - TOKEN_RETENTION,
            changes_before: now - self.change_retention,
            changes_max: self.changes_max,
        };
        match self.store.prune(cutoff).await {
            Ok(pruned) => {
                let Pruned { tasks, hosts, tokens, changes } = pruned;
                tracing::debug!(tasks, hosts, tokens, changes, "old rows removed");
                if pruned.is_cut() {
                    self.next_prune = now + PRUNE_AGAIN_AFTER;
                }
            }
            Err(error @ StoreError::Unwritable(_)) => {
                tracing::warn!(error = error_chain(&error), "old rows not removed");
            }
            Err(error) => return Err(Fatal::Commit(error)),
        }
        if now >= self.next_log_prune {
            self.next_log_prune = now + LOG_PRUNE_EVERY;
            tokio::spawn(prune_logs(self.logs.clone(), now));
        }
        Ok(())
    }

    /// The store took no writes: refuses what has come in, makes the state anew and tries again.
    async fn lead_again(&mut self) -> Result<(), Fatal> {
        let now = self.clock.now();
        // What waits now, and not what comes in meanwhile: those who are refused may come again at once.
        let (clients, internal) = self.intake.waiting();
        let mut waiting = clients + internal;
        while waiting > 0 {
            let mut refused = Batch::default();
            let Self { intake, outbox, metrics, .. } = self;
            intake.fill(&mut refused, |batch, arrival| batch_other(batch, outbox, metrics, arrival, now));
            waiting = waiting.saturating_sub(refused.events.len().max(1));
            refused.refuse(SubmitError::Unwritable);
        }
        self.own.clear();
        let rows = self.store.load().await.map_err(Fatal::Read)?;
        self.state = State::restore(self.settings.clone(), rows);
        self.lead().await
    }

    /// Sets the gauges that count everything, now and then.
    fn count(&mut self) {
        if self.counted_at.is_none_or(|at| at.elapsed() >= COUNT_EVERY) {
            self.counted_at = Some(Instant::now());
            self.metrics.set_counts(&self.state.counts());
        }
    }
}

/// Takes what is no event of its own: the end of a session, and of a call.
fn batch_other(batch: &mut Batch, outbox: &mut Outbox, metrics: &Metrics, arrival: Arrival, now: Timestamp) {
    match arrival {
        Arrival::Event(event, waiter) => batch.push(event, waiter),
        Arrival::Closed(event) => {
            if let Event::SessionClosed { host, session } = event {
                outbox.close(host, session);
            }
            batch.push(event, Waiter::None);
        }
        Arrival::Called(call, result) => {
            if let Call::Launch { provider, .. } = &call {
                metrics.launched(provider, outbox::outcome(&result));
            }
            if let Some(event) = outbox.finish(call, result, now) {
                batch.push(event, Waiter::None);
            }
        }
    }
}

fn moment(now: Timestamp) -> Moment {
    Moment { now, entropy: crate::entropy() }
}

async fn prune_logs(logs: LogStore, now: Timestamp) {
    match logs.prune(now).await {
        Ok(streams) => tracing::debug!(streams, "old log streams removed"),
        Err(error) => tracing::warn!(error = error_chain(&error), "old log streams not removed"),
    }
}
