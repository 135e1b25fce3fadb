//! The session in a small world: a disk, an engine and a server that do what they are asked at random moments, lose
//! answers, and an agent that is killed between any two steps.

mod network;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use berth_model::acs::{
    Heartbeat, ManifestTask, Payload, PayloadContainer, PayloadDependency, PayloadRestartPolicy, PayloadTask,
    TaskManifest, TaskStopVerificationAck,
};
use berth_model::task::{DesiredStatus, TaskStatus};

use super::*;
use crate::record::Phase;

/// A source of numbers that only depends on its seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }
}

#[derive(Debug, Clone)]
struct Container {
    arn: String,
    name: String,
    /// `None` before it was started, then `Ok` while it runs and its exit code afterwards.
    run: Option<Result<(), i32>>,
    began: Timestamp,
    ended: Timestamp,
}

#[derive(Debug, Default)]
struct ServerTask {
    containers: Vec<String>,
    wants_stop: bool,
    is_acknowledged: bool,
    reports: Vec<Report>,
}

impl ServerTask {
    fn is_stopped(&self) -> bool {
        self.reports.iter().any(|report| report.status == TaskStatus::Stopped)
    }
}

struct World {
    dice: Dice,
    now: Timestamp,
    session: Session,
    // The disk.
    disk: BTreeMap<String, Record>,
    disk_sequence: i64,
    // What the agent asked for and has not come about.
    writes: VecDeque<Output>,
    asked: Vec<Output>,
    news: VecDeque<Input>,
    // The engine.
    engine: BTreeMap<String, Container>,
    watched: BTreeSet<String>,
    starts: BTreeMap<(String, String), u32>,
    exit_codes: BTreeMap<(String, String), i32>,
    /// Tasks of which something could not be created or started.
    failed: BTreeSet<String>,
    /// Removed by somebody else.
    vanished: BTreeSet<(String, String)>,
    containers_made: u32,
    // The server.
    tasks: BTreeMap<String, ServerTask>,
    connection: Option<u64>,
    sequence: i64,
    has_faults: bool,
    crashes: u32,
}

/// The container that is started again, unless it ends well.
const RESTARTED: &str = "c2";
/// The exit code of a container that was stopped.
const KILLED: i32 = 137;

fn policy() -> PayloadRestartPolicy {
    PayloadRestartPolicy { enabled: true, ignored_exit_codes: vec![0], restart_attempt_period: Some(0) }
}

fn settings() -> Settings {
    Settings { clean_up_wait: Duration::from_secs(20), ..Settings::default() }
}

impl World {
    fn new(seed: u64) -> Self {
        Self {
            dice: Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
            now: Timestamp(1_000_000),
            session: Session::new(settings(), seed, -1, Vec::new()),
            disk: BTreeMap::new(),
            disk_sequence: -1,
            writes: VecDeque::new(),
            asked: Vec::new(),
            news: [Input::Inventory(Vec::new())].into(),
            engine: BTreeMap::new(),
            watched: BTreeSet::new(),
            starts: BTreeMap::new(),
            exit_codes: BTreeMap::new(),
            failed: BTreeSet::new(),
            vanished: BTreeSet::new(),
            containers_made: 0,
            tasks: BTreeMap::new(),
            connection: None,
            sequence: 0,
            has_faults: true,
            crashes: 0,
        }
    }

    fn deliver(&mut self, input: Input) {
        let mut outputs = Vec::new();
        self.session.handle(self.now, input, &mut outputs);
        for output in outputs {
            match output {
                Output::Save(_) | Output::Forget { .. } | Output::SaveSequence { .. } => self.writes.push_back(output),
                Output::Send { connection, frame } => self.hear(connection, frame),
                Output::Close { .. } => self.connection = None,
                other => self.asked.push(other),
            }
        }
    }

    /// The server hears from the agent.
    fn hear(&mut self, connection: u64, frame: ToServer) {
        if self.connection != Some(connection) {
            return;
        }
        match frame {
            ToServer::AckRequest(ack) => {
                if let Some(arn) = ack.message_id.strip_prefix("order ") {
                    assert!(self.disk.contains_key(arn), "acknowledged before it was on disk: {arn}");
                    self.tasks.get_mut(arn).unwrap().is_acknowledged = true;
                }
            }
            ToServer::TaskStopVerificationMessage(message) => {
                let is_over = |task: &ManifestTask| self.tasks.get(&task.task_arn).is_none_or(ServerTask::is_stopped);
                let stop_tasks = message.stop_candidates.into_iter().filter(is_over).collect();
                let verified =
                    TaskStopVerificationAck { message_id: message.message_id, stop_tasks, generated_at: self.now.0 };
                self.tell(ToAgent::TaskStopVerificationAck(verified));
            }
            ToServer::HeartbeatAckRequest(_) | ToServer::IAMRoleCredentialsAckRequest(_) => {}
            ToServer::NackRequest(nack) => panic!("refused: {nack:?}"),
        }
    }

    fn tell(&mut self, frame: ToAgent) {
        if let Some(connection) = self.connection {
            // A frame may come twice.
            if self.has_faults && self.dice.one_in(10) {
                self.news.push_back(Input::Frame { connection, frame: frame.clone() });
            }
            self.news.push_back(Input::Frame { connection, frame });
        }
    }

    fn next_sequence(&mut self) -> i64 {
        self.sequence += 1;
        self.sequence
    }

    fn new_task(&mut self) {
        let arn = format!("arn:aws:ecs:us-east-1:123456789012:task/demo/{}", self.tasks.len());
        // Every other task is of the container alone that is started again, so that it has the time for that.
        let containers = if self.dice.one_in(2) {
            vec![RESTARTED.to_owned()]
        } else {
            (0..=self.dice.below(3)).map(|n| format!("c{n}")).collect()
        };
        self.tasks.insert(arn.clone(), ServerTask { containers, ..ServerTask::default() });
        self.order(&arn);
    }

    /// Sends what the server still wants of a task.
    fn order(&mut self, arn: &str) {
        let task = &self.tasks[arn];
        if task.is_stopped() || (task.is_acknowledged && !task.wants_stop) {
            return;
        }
        let container = |name: &String| PayloadContainer {
            name: name.clone(),
            image: "i".to_owned(),
            essential: name != "c1",
            restart_policy: (name == RESTARTED).then(policy),
            ..PayloadContainer::default()
        };
        let order = PayloadTask {
            arn: arn.to_owned(),
            family: "f".to_owned(),
            version: "1".to_owned(),
            desired_status: if task.wants_stop { "STOPPED" } else { "RUNNING" }.to_owned(),
            containers: task.containers.iter().map(container).collect(),
            // Every other task has a holder.
            network_mode: if arn.ends_with(['1', '3', '5', '7', '9']) { "awsvpc" } else { "bridge" }.to_owned(),
            ..PayloadTask::default()
        };
        let payload = Payload {
            message_id: format!("order {arn}"),
            cluster_arn: "cluster".to_owned(),
            container_instance_arn: "host".to_owned(),
            tasks: vec![order],
            seq_num: self.next_sequence(),
            generated_at: self.now.0,
        };
        self.tell(ToAgent::PayloadMessage(payload));
    }

    fn open_tasks(&self) -> Vec<String> {
        self.tasks.iter().filter(|(_, task)| !task.is_stopped()).map(|(arn, _)| arn.clone()).collect()
    }

    fn manifest(&mut self) {
        let task = |arn: String| ManifestTask {
            task_arn: arn,
            task_cluster_arn: String::new(),
            desired_status: "RUNNING".to_owned(),
        };
        let tasks = self.open_tasks().into_iter().map(task).collect();
        let timeline = self.next_sequence();
        self.tell(ToAgent::TaskManifestMessage(TaskManifest {
            message_id: format!("manifest {timeline}"),
            cluster_arn: "cluster".to_owned(),
            container_instance_arn: "host".to_owned(),
            tasks,
            timeline,
            generated_at: self.now.0,
        }));
    }

    fn write(&mut self) {
        let Some(write) = self.writes.pop_front() else {
            return;
        };
        match write {
            Output::Save(record) => {
                self.news.push_back(Input::Saved { arn: record.arn.clone(), version: record.version });
                self.disk.insert(record.arn.clone(), *record);
            }
            Output::Forget { arn } => {
                self.disk.remove(&arn);
            }
            Output::SaveSequence { sequence } => {
                self.disk_sequence = sequence;
                self.news.push_back(Input::SequenceSaved { sequence });
            }
            other => panic!("{other:?} is no write"),
        }
    }

    /// One of the things asked for comes about; whether the agent hears of it is another matter.
    fn come_about(&mut self) {
        if self.asked.is_empty() {
            return;
        }
        let at = self.dice.below(self.asked.len());
        let input = match self.asked.swap_remove(at) {
            Output::Connect { connection, .. } => {
                if self.has_faults && self.dice.one_in(3) {
                    Some(Input::ConnectFailed { connection, refusal: Refusal::Unavailable })
                } else {
                    self.connection = Some(connection);
                    self.news.push_back(Input::Connected { connection });
                    self.manifest();
                    for arn in self.open_tasks() {
                        self.order(&arn);
                    }
                    None
                }
            }
            Output::Submit(report) => Some(self.take_report(*report)),
            Output::RemoveOrphan { runtime_id } => {
                self.engine.remove(&runtime_id);
                Some(Input::OrphanRemoved { runtime_id, is_gone: true })
            }
            Output::Act { arn, container, action } => {
                let observation = self.act(&arn, &container, action);
                observation.map(|observation| Input::Observed { arn, container, observation })
            }
            Output::Clear { .. } => None,
            other => panic!("{other:?} is not asked for"),
        };
        self.news.extend(input);
    }

    fn take_report(&mut self, report: Report) -> Input {
        let arn = report.arn.clone();
        let fate = if self.has_faults { self.dice.below(6) } else { 5 };
        if fate == 0 {
            return Input::Submitted { arn, outcome: Outcome::Unavailable };
        }
        let task = self.tasks.get_mut(&arn).unwrap();
        task.is_acknowledged = true;
        let is_stopped = task.is_stopped();
        if report.status == TaskStatus::Stopped {
            assert!(self.disk[&arn].is_over(), "reported STOPPED before it was on disk");
        }
        if !is_stopped {
            task.reports.push(report);
        }
        let outcome = if fate == 1 { Outcome::Unavailable } else { Outcome::Accepted };
        Input::Submitted { arn, outcome }
    }

    fn act(&mut self, arn: &str, container: &str, action: Action) -> Option<Observation> {
        let key = (arn.to_owned(), container.to_owned());
        match action {
            Action::Create { .. } if self.has_faults && self.dice.one_in(12) => {
                self.failed.insert(arn.to_owned());
                Some(Observation::CreateFailed { reason: "CannotPullContainerError: no".to_owned() })
            }
            Action::Create { .. } => {
                let same = |(_, other): &(&String, &Container)| other.arn == arn && other.name == container;
                if let Some((id, other)) = self.engine.iter().find(same) {
                    let is_new = other.run.is_none();
                    let reason = "a container of that name is there already".to_owned();
                    let runtime_id = id.clone();
                    return Some(if is_new {
                        Observation::Created { runtime_id, image_digest: None }
                    } else {
                        Observation::CreateFailed { reason }
                    });
                }
                self.containers_made += 1;
                let runtime_id = format!("id{}", self.containers_made);
                let (arn, name) = (arn.to_owned(), container.to_owned());
                let made = Container { arn, name, run: None, began: self.now, ended: self.now };
                self.engine.insert(runtime_id.clone(), made);
                Some(Observation::Created { runtime_id, image_digest: None })
            }
            Action::Cancel | Action::Follow { .. } if matches!(action, Action::Cancel) => None,
            Action::Cancel | Action::Follow { .. } => Some(Observation::OutputShipped),
            Action::Start { runtime_id, .. } => {
                if self.has_faults && self.dice.one_in(12) {
                    self.failed.insert(arn.to_owned());
                    return Some(Observation::StartFailed { reason: "CannotStartContainerError: no".to_owned() });
                }
                let Some(made) = self.engine.get_mut(&runtime_id) else {
                    return Some(Observation::StartFailed { reason: "it is gone".to_owned() });
                };
                if made.run != Some(Ok(())) {
                    let starts = self.starts.entry(key).or_default();
                    let stored = self.disk[arn].containers.iter().find(|stored| stored.name == container).unwrap();
                    assert_eq!(stored.phase, Phase::Created, "started before that was on disk");
                    assert_eq!(stored.restarts, *starts, "started again before that was on disk, or twice");
                    let after = stored.restarted_after;
                    assert_eq!(after, made.run.is_some().then_some(made.ended), "after which run was not on disk");
                    assert!(!self.tasks[arn].is_stopped(), "ran after it was reported STOPPED: {arn}");
                    *starts += 1;
                    (made.run, made.began) = (Some(Ok(())), self.now);
                }
                Some(Observation::Started { bindings: Vec::new() })
            }
            Action::Watch { runtime_id, .. } => {
                self.watched.insert(runtime_id);
                None
            }
            Action::Probe { .. } => None,
            Action::Stop { runtime_id, .. } => {
                if self.has_faults && self.dice.one_in(8) {
                    return Some(Observation::StopFailed);
                }
                self.end(&runtime_id, KILLED);
                None
            }
            Action::Remove { runtime_id } => {
                if self.has_faults && self.dice.one_in(8) {
                    return Some(Observation::RemoveFailed);
                }
                if let Some(removed) = self.engine.remove(&runtime_id)
                    && !crate::holder::is_holder(container)
                    && let Some(run) = removed.run
                {
                    let stored = self.disk[arn].containers.iter().find(|stored| stored.name == container).unwrap();
                    assert_eq!(stored.exit_code, run.err(), "removed before its exit code was on disk");
                }
                Some(Observation::Removed)
            }
        }
    }

    fn end(&mut self, runtime_id: &str, exit_code: i32) {
        let Some(container) = self.engine.get_mut(runtime_id) else {
            return;
        };
        if container.run == Some(Ok(())) {
            container.run = Some(Err(exit_code));
            // No two runs end at the same moment.
            self.now = self.now + Duration::from_millis(1);
            container.ended = self.now;
            self.exit_codes.insert((container.arn.clone(), container.name.clone()), exit_code);
        }
    }

    /// Tells of the ends that are being waited for.
    fn tell_ends(&mut self) {
        for runtime_id in self.watched.clone() {
            let Some(container) = self.engine.get(&runtime_id) else {
                continue;
            };
            if let Some(Err(exit_code)) = container.run {
                self.watched.remove(&runtime_id);
                let (at, began) = (Some(container.ended), Some(container.began));
                let observation = Observation::Ended { exit_code: Some(exit_code), reason: None, at, began };
                let (arn, container) = (container.arn.clone(), container.name.clone());
                self.news.push_back(Input::Observed { arn, container, observation });
            }
        }
    }

    /// Kill -9 and a new start. What was asked of the engine may still come about.
    fn crash(&mut self) {
        self.crashes += 1;
        for asked in std::mem::take(&mut self.asked) {
            if let Output::Act { arn, container, action } = asked
                && matches!(action, Action::Create { .. } | Action::Start { .. } | Action::Stop { .. })
                && self.dice.one_in(2)
            {
                self.act(&arn, &container, action);
            }
        }
        if self.dice.one_in(3)
            && let Some((_, container)) = self.engine.pop_first()
        {
            self.vanished.insert((container.arn, container.name));
        }
        self.writes.clear();
        self.watched.clear();
        self.connection = None;
        let records = self.disk.values().cloned().collect();
        self.session = Session::new(settings(), 1, self.disk_sequence, records);
        self.news = [Input::Inventory(self.inventory())].into();
    }

    fn inventory(&self) -> Vec<Found> {
        let found = |(runtime_id, container): (&String, &Container)| Found {
            runtime_id: runtime_id.clone(),
            arn: container.arn.clone(),
            container: container.name.clone(),
            state: match container.run {
                None => FoundState::Created,
                Some(Ok(())) => FoundState::Running { bindings: Vec::new() },
                Some(Err(exit_code)) => {
                    let (at, began) = (Some(container.ended), Some(container.began));
                    FoundState::Ended { exit_code, reason: None, at, began }
                }
            },
        };
        self.engine.iter().map(found).collect()
    }

    fn step(&mut self) {
        self.now = self.now + Duration::from_millis(u64::try_from(self.dice.below(40)).unwrap());
        match self.dice.below(if self.has_faults { 40 } else { 32 }) {
            0..12 => {
                if let Some(input) = self.news.pop_front() {
                    self.deliver(input);
                }
            }
            12..18 => self.come_about(),
            18..24 => self.write(),
            24..26 => self.tell_ends(),
            26..28 => {
                if let Some(at) = self.session.next_deadline() {
                    self.now = self.now.max(at.min(self.now + Duration::from_secs(2)));
                }
                self.deliver(Input::Tick);
            }
            28..30 => {
                let wanted = self.dice.one_in(4).then_some(RESTARTED);
                let is_it = |container: &Container| wanted.is_none_or(|name| name == container.name);
                let running = self.engine.iter().filter(|(_, container)| is_it(container));
                let running: Vec<String> = running.map(|(runtime_id, _)| runtime_id.clone()).collect();
                if !running.is_empty() {
                    let at = self.dice.below(running.len());
                    let exit_code = i32::try_from(self.dice.below(3)).unwrap();
                    self.end(&running[at], exit_code);
                }
            }
            30..32 => {
                let message_id = "beat".to_owned();
                self.tell(ToAgent::HeartbeatMessage(Heartbeat { message_id, healthy: true }));
                for arn in self.open_tasks() {
                    self.order(&arn);
                }
            }
            32..35 if self.tasks.len() < 12 => self.new_task(),
            35 => {
                let open = self.open_tasks();
                if !open.is_empty() {
                    let arn = open[self.dice.below(open.len())].clone();
                    self.tasks.get_mut(&arn).unwrap().wants_stop = true;
                    self.order(&arn);
                }
            }
            36 => {
                if let Some(connection) = self.connection.take() {
                    // What was under way on it is lost.
                    self.news.retain(|input| !matches!(input, Input::Frame { .. }));
                    self.news.push_back(Input::Disconnected { connection, closed: Closed::Broken });
                }
            }
            37 if self.dice.one_in(2) => self.crash(),
            _ => {}
        }
    }

    fn is_settled(&self) -> bool {
        self.open_tasks().is_empty() && self.engine.is_empty() && self.news.is_empty()
    }

    fn settle(&mut self) {
        self.has_faults = false;
        for arn in self.open_tasks() {
            // Half of them end by themselves.
            self.tasks.get_mut(&arn).unwrap().wants_stop |= self.dice.one_in(2);
        }
        for round in 0..20_000 {
            if round % 2_000 == 1_999 {
                // The driver's look for what came into being late.
                self.deliver(Input::Inventory(self.inventory()));
            }
            if self.is_settled() {
                return;
            }
            self.step();
        }
        panic!("open: {:?}, containers: {:?}, records: {:#?}", self.open_tasks(), self.engine, self.disk);
    }

    fn check_end(&mut self) {
        for (key, starts) in self.starts.iter().filter(|((_, name), _)| name != RESTARTED) {
            assert_eq!(*starts, 1, "started {starts} times: {key:?}");
        }
        for (arn, task) in &self.tasks {
            let last = task.reports.last().unwrap();
            assert_eq!(last.status, TaskStatus::Stopped);
            let is_certain =
                |container: &&ContainerReport| !self.vanished.contains(&(arn.clone(), container.name.clone()));
            for container in last.containers.iter().filter(is_certain) {
                let exit_code = self.exit_codes.get(&(arn.clone(), container.name.clone())).copied();
                assert_eq!(container.exit_code, exit_code, "exit code of {arn} {}", container.name);
            }
            // A task ends by the container that is started again only if that is not: else the restart was lost.
            let end_of = |name: &str| last.containers.iter().find(|container| container.name == name);
            let is_whole = !self.failed.contains(arn)
                && last.reason.is_none()
                && last.containers.iter().all(|one| is_certain(&one));
            if let Some(restarted) = end_of(RESTARTED).filter(|_| !task.wants_stop && is_whole) {
                let other = end_of("c0").and_then(|other| other.exit_code);
                let has_ended = other.is_some_and(|code| code != KILLED);
                assert!(has_ended || restarted.exit_code == Some(0), "{arn} ended by {last:?}");
            }
        }
        // Once the clean-up wait is over, nothing is left.
        for _ in 0..2_000 {
            self.now =
                self.now.max(self.session.next_deadline().unwrap_or(self.now).min(self.now + Duration::from_secs(30)));
            self.deliver(Input::Tick);
            self.write();
            self.come_about();
            while let Some(input) = self.news.pop_front() {
                self.deliver(input);
            }
        }
        assert_eq!(self.disk.len(), 0, "records are left: {:#?}", self.disk);
        assert_eq!(self.session.records().count(), 0);
    }
}

#[test]
fn whatever_is_killed_when_no_task_is_lost_or_run_twice_and_nothing_is_left() {
    let (mut crashes, mut restarts) = (0, 0);
    for seed in 0..500 {
        let outcome = std::panic::catch_unwind(|| {
            let mut world = World::new(seed);
            for _ in 0..1_500 {
                world.step();
            }
            world.settle();
            world.check_end();
            let restarted = world.starts.iter().filter(|((_, name), _)| name == RESTARTED);
            (world.crashes, restarted.map(|(_, starts)| starts - 1).sum::<u32>())
        });
        match outcome {
            Ok((crashed, restarted)) => {
                crashes += crashed;
                restarts += restarted;
            }
            Err(panic) => {
                eprintln!("seed {seed}");
                std::panic::resume_unwind(panic);
            }
        }
    }
    assert!(crashes > 1_000, "only {crashes} crashes");
    assert!(restarts > 500, "only {restarts} restarts");
}

/// A session that has connected, and what it wants next.
struct Link {
    session: Session,
    now: Timestamp,
}

impl Link {
    fn open() -> Self {
        let mut link = Self { session: Session::new(settings(), 1, -1, Vec::new()), now: Timestamp(0) };
        assert!(matches!(
            link.take(Input::Inventory(Vec::new()))[..],
            [Output::Connect { connection: 1, is_first: true }]
        ));
        link.take(Input::Connected { connection: 1 });
        link
    }

    fn take(&mut self, input: Input) -> Vec<Output> {
        let mut outputs = Vec::new();
        self.session.handle(self.now, input, &mut outputs);
        outputs
    }

    /// Lets time pass to the next deadline.
    fn wait(&mut self) -> (Duration, Vec<Output>) {
        let at = self.session.next_deadline().unwrap();
        let waited = at.since(self.now);
        self.now = at;
        (waited, self.take(Input::Tick))
    }

    /// Something happens to the container `a`.
    fn observe(&mut self, arn: &str, observation: Observation) -> Vec<Output> {
        self.take(Input::Observed { arn: arn.to_owned(), container: "a".to_owned(), observation })
    }

    /// The newest record gets to the disk.
    fn save(&mut self, arn: &str) -> Vec<Output> {
        let version = self.session.records().find(|record| record.arn == arn).unwrap().version;
        self.take(Input::Saved { arn: arn.to_owned(), version })
    }

    fn hear(&mut self, connection: u64, frame: ToAgent) -> Vec<Output> {
        self.take(Input::Frame { connection, frame })
    }
}

fn beat() -> ToAgent {
    ToAgent::HeartbeatMessage(Heartbeat { message_id: "m".to_owned(), healthy: true })
}

fn manifest(timeline: i64) -> ToAgent {
    ToAgent::TaskManifestMessage(TaskManifest {
        message_id: format!("m{timeline}"),
        cluster_arn: "c".to_owned(),
        container_instance_arn: "i".to_owned(),
        tasks: Vec::new(),
        timeline,
        generated_at: 0,
    })
}

#[test]
fn a_silent_server_is_left_and_a_talking_one_is_not() {
    let mut link = Link::open();
    assert!(matches!(link.hear(1, beat())[..], [Output::Send { frame: ToServer::HeartbeatAckRequest(_), .. }]));
    let (waited, outputs) = link.wait();
    assert!((60..=120).contains(&waited.as_secs()), "{waited:?}");
    // It had talked, so it is looked for again at once.
    assert!(matches!(outputs[..], [Output::Close { connection: 1 }]));
    let (waited, outputs) = link.wait();
    assert_eq!(waited, Duration::ZERO);
    assert!(matches!(outputs[..], [Output::Connect { connection: 2, is_first: false }]));
}

#[test]
fn waits_grow_up_to_their_bound_and_end_with_a_good_session() {
    let mut link = Link::open();
    link.take(Input::Disconnected { connection: 1, closed: Closed::Code(4000) });
    let mut waits = Vec::new();
    for _ in 0..30 {
        let (waited, outputs) = link.wait();
        let [Output::Connect { connection, .. }] = outputs[..] else { panic!("{outputs:?}") };
        waits.push(waited);
        link.take(Input::ConnectFailed { connection, refusal: Refusal::Unavailable });
    }
    assert!((250..=300).contains(&waits[0].as_millis()), "{waits:?}");
    assert!(waits[29] >= Duration::from_mins(2) && waits[29] <= Duration::from_secs(144), "{waits:?}");
    let (_, outputs) = link.wait();
    let [Output::Connect { connection, .. }] = outputs[..] else { panic!("{outputs:?}") };
    link.take(Input::Connected { connection });
    link.now = link.now + Duration::from_secs(59);
    link.hear(connection, beat());
    link.now = link.now + Duration::from_secs(2);
    link.take(Input::Disconnected { connection, closed: Closed::Code(4000) });
    let (waited, outputs) = link.wait();
    assert!(waited <= Duration::from_millis(300), "{waited:?}");
    let [Output::Connect { connection, .. }] = outputs[..] else { panic!("{outputs:?}") };
    link.take(Input::ConnectFailed { connection, refusal: Refusal::Inactive });
    assert_eq!(link.wait().0, Duration::from_hours(1));
}

#[test]
fn a_server_that_closes_without_a_word_is_not_hammered() {
    let mut link = Link::open();
    assert_eq!(link.take(Input::Disconnected { connection: 1, closed: Closed::Code(1001) }), []);
    assert!(link.wait().0 >= Duration::from_millis(250));
}

#[test]
fn manifests_are_answered_once_stored_and_old_ones_not_at_all() {
    let mut link = Link::open();
    assert_eq!(link.hear(1, manifest(5)), [Output::SaveSequence { sequence: 5 }]);
    let outputs = link.take(Input::SequenceSaved { sequence: 5 });
    assert!(matches!(&outputs[..], [Output::Send { frame: ToServer::AckRequest(ack), .. }] if ack.message_id == "m5"));
    assert_eq!(link.hear(1, manifest(5)), []);
    assert_eq!(link.hear(7, manifest(6)), [], "another connection's");
}

#[test]
fn reports_are_tried_again_by_the_rules_of_their_failure() {
    let mut link = Link::open();
    let order = PayloadTask {
        arn: "arn:task/demo/1".to_owned(),
        desired_status: "STOPPED".to_owned(),
        containers: vec![PayloadContainer { name: "a".to_owned(), ..PayloadContainer::default() }],
        ..PayloadTask::default()
    };
    let payload = Payload {
        message_id: "m".to_owned(),
        cluster_arn: "c".to_owned(),
        container_instance_arn: "i".to_owned(),
        tasks: vec![order],
        seq_num: 1,
        generated_at: 0,
    };
    let outputs = link.hear(1, ToAgent::PayloadMessage(payload.clone()));
    assert!(matches!(outputs[..], [Output::Save(_)]), "neither acknowledged nor reported yet: {outputs:?}");
    let arn = "arn:task/demo/1".to_owned();
    let outputs = link.take(Input::Saved { arn: arn.clone(), version: 1 });
    assert!(matches!(outputs[..], [Output::Send { .. }, Output::Submit(_)]), "{outputs:?}");
    let mut answer = |outcome| {
        link.take(Input::Submitted { arn: arn.clone(), outcome });
        let deadline = link.session.next_deadline().unwrap();
        let waited = deadline.since(link.now);
        link.now = deadline;
        (waited, link.take(Input::Tick))
    };
    assert_eq!(answer(Outcome::Unavailable).0, Duration::from_millis(50));
    assert_eq!(answer(Outcome::Unavailable).0, Duration::from_millis(100));
    let (waited, outputs) = answer(Outcome::Rejected);
    assert_eq!(waited, Duration::from_secs(4));
    assert!(matches!(&outputs[..], [Output::Submit(report)] if report.status == TaskStatus::Stopped));
    link.take(Input::Submitted { arn: arn.clone(), outcome: Outcome::Discarded });
    assert!(link.session.records().all(|record| record.is_stop_acknowledged));
    // A server that asks again has lost the report.
    let outputs = link.hear(1, ToAgent::PayloadMessage(payload));
    assert!(outputs.iter().any(|output| matches!(output, Output::Submit(_) | Output::Save(_))), "{outputs:?}");
}

/// The order to run a task of the container `a`.
fn order_to_run(arn: &str) -> ToAgent {
    let container = |name: &str| PayloadContainer {
        name: name.to_owned(),
        image: "i".to_owned(),
        essential: true,
        ..PayloadContainer::default()
    };
    let order = PayloadTask {
        arn: arn.to_owned(),
        family: "f".to_owned(),
        version: "1".to_owned(),
        desired_status: "RUNNING".to_owned(),
        containers: vec![container("a")],
        ..PayloadTask::default()
    };
    let payload = Payload {
        message_id: "m".to_owned(),
        cluster_arn: "c".to_owned(),
        container_instance_arn: "i".to_owned(),
        tasks: vec![order],
        seq_num: 1,
        generated_at: 0,
    };
    ToAgent::PayloadMessage(payload)
}

/// A task of one container, from its order to its end on disk; gives what is wanted then.
fn ended_task(link: &mut Link, arn: &str) -> Vec<Output> {
    link.hear(1, order_to_run(arn));
    link.save(arn);
    link.observe(arn, Observation::Created { runtime_id: "id".to_owned(), image_digest: None });
    link.save(arn);
    let outputs = link.observe(arn, Observation::Started { bindings: Vec::new() });
    assert!(outputs.iter().any(is_report(TaskStatus::Running)), "{outputs:?}");
    link.take(Input::Submitted { arn: arn.to_owned(), outcome: Outcome::Accepted });
    link.observe(arn, Observation::Ended { exit_code: Some(0), reason: None, at: None, began: None });
    link.save(arn)
}

fn is_report(status: TaskStatus) -> impl Fn(&Output) -> bool {
    move |output| matches!(output, Output::Submit(report) if report.status == status)
}

#[test]
fn how_far_a_task_is_that_takes_its_time_to_start_is_told_after_a_second() {
    let mut link = Link::open();
    let arn = "arn:task/demo/1";
    let ToAgent::PayloadMessage(mut payload) = order_to_run(arn) else { panic!("no payload") };
    let first = &mut payload.tasks[0].containers[0];
    first.essential = false;
    let last = PayloadContainer { name: "b".to_owned(), ..first.clone() };
    payload.tasks[0].containers.push(last);
    payload.tasks[0].containers[1].depends_on =
        vec![PayloadDependency { container_name: "a".to_owned(), condition: "COMPLETE".to_owned() }];
    link.hear(1, ToAgent::PayloadMessage(payload));
    link.save(arn);
    let part = |outputs: &[Output]| -> Vec<(TaskStatus, Vec<&'static str>)> {
        let submitted = outputs.iter().filter_map(|output| match output {
            Output::Submit(report) => Some(report),
            _ => None,
        });
        let statuses = |report: &Report| report.containers.iter().map(|one| one.status.as_str()).collect();
        submitted.map(|report| (report.status, statuses(report))).collect()
    };
    let is_told = |link: &mut Link, expected: [&'static str; 2]| {
        let (waited, outputs) = link.wait();
        assert_eq!((waited, part(&outputs)), (Duration::from_secs(1), vec![(TaskStatus::Pending, expected.into())]));
        link.take(Input::Submitted { arn: arn.to_owned(), outcome: Outcome::Accepted });
    };
    link.observe(arn, Observation::PullStarted);
    is_told(&mut link, ["PENDING", "PENDING"]);
    link.observe(arn, Observation::PullStopped);
    let created = |runtime_id: &str| Observation::Created { runtime_id: runtime_id.to_owned(), image_digest: None };
    link.observe(arn, created("id a"));
    let of_last = |observation| Input::Observed { arn: arn.to_owned(), container: "b".to_owned(), observation };
    link.take(of_last(created("id b")));
    link.save(arn);
    assert_eq!(part(&link.observe(arn, Observation::Started { bindings: Vec::new() })), []);
    is_told(&mut link, ["RUNNING", "PENDING"]);
    // What follows within the second is not told of on its own.
    link.observe(arn, Observation::Ended { exit_code: Some(0), reason: None, at: None, began: None });
    link.save(arn);
    let outputs = link.take(of_last(Observation::Started { bindings: Vec::new() }));
    assert_eq!(part(&outputs), [(TaskStatus::Running, vec!["STOPPED", "RUNNING"])]);
}

#[test]
fn no_time_to_stop_is_the_default_time() {
    for (said, expected) in [(Some(0), 30), (None, 30), (Some(2), 2)] {
        let mut link = Link::open();
        let arn = "arn:task/demo/1";
        let ToAgent::PayloadMessage(mut payload) = order_to_run(arn) else { panic!("no payload") };
        payload.tasks[0].containers[0].stop_timeout = said;
        link.hear(1, ToAgent::PayloadMessage(payload.clone()));
        link.save(arn);
        link.observe(arn, Observation::Created { runtime_id: "id".to_owned(), image_digest: None });
        link.save(arn);
        link.observe(arn, Observation::Started { bindings: Vec::new() });
        payload.tasks[0].desired_status = "STOPPED".to_owned();
        payload.seq_num = 2;
        let outputs = link.hear(1, ToAgent::PayloadMessage(payload));
        let timeout = outputs.iter().find_map(|output| match output {
            Output::Act { action: Action::Stop { timeout, .. }, .. } => Some(timeout.as_secs()),
            _ => None,
        });
        assert_eq!(timeout, Some(expected), "{said:?}");
    }
}

#[test]
fn stopped_is_reported_at_once_when_the_output_is_shipped() {
    let mut link = Link::open();
    let arn = "arn:task/demo/1";
    let outputs = ended_task(&mut link, arn);
    assert!(!outputs.iter().any(is_report(TaskStatus::Stopped)), "before its output: {outputs:?}");
    link.now = link.now + Duration::from_millis(7);
    let outputs = link.observe(arn, Observation::OutputShipped);
    assert!(outputs.iter().any(is_report(TaskStatus::Stopped)), "{outputs:?}");
}

#[test]
fn a_server_that_takes_no_output_holds_up_stopped_for_two_seconds_and_no_longer() {
    let mut link = Link::open();
    let arn = "arn:task/demo/1";
    ended_task(&mut link, arn);
    let (waited, outputs) = link.wait();
    assert_eq!(waited, Duration::from_secs(2));
    assert!(matches!(&outputs[..], [output] if is_report(TaskStatus::Stopped)(output)), "{outputs:?}");
    // The container is kept for its output all the same.
    let outputs = link.take(Input::Submitted { arn: arn.to_owned(), outcome: Outcome::Accepted });
    assert!(matches!(outputs[..], [Output::Save(_)]), "{outputs:?}");
    link.save(arn);
    let outputs = link.observe(arn, Observation::OutputShipped);
    assert!(matches!(outputs[..], [Output::Act { action: Action::Remove { .. }, .. }]), "{outputs:?}");
}

#[test]
fn a_list_from_before_a_removal_is_no_reason_to_remove_again() {
    let mut link = Link::open();
    let arn = "arn:task/demo/1";
    ended_task(&mut link, arn);
    link.observe(arn, Observation::OutputShipped);
    link.take(Input::Submitted { arn: arn.to_owned(), outcome: Outcome::Accepted });
    link.save(arn);
    link.observe(arn, Observation::Removed);
    let found = |runtime_id: &str| Found {
        runtime_id: runtime_id.to_owned(),
        arn: arn.to_owned(),
        container: "a".to_owned(),
        state: FoundState::Ended { exit_code: 0, reason: None, at: None, began: None },
    };
    let outputs = link.take(Input::Inventory(vec![found("id"), found("other")]));
    assert_eq!(outputs, [Output::RemoveOrphan { runtime_id: "other".to_owned() }]);
}

#[test]
fn an_order_on_its_way_when_a_late_report_is_taken_does_not_run_the_task_again() {
    let mut link = Link::open();
    let arn = "arn:task/demo/1";
    ended_task(&mut link, arn);
    link.observe(arn, Observation::OutputShipped);
    link.observe(arn, Observation::Removed);
    link.save(arn);
    // The server was away for longer than the record is kept.
    link.now = link.now + settings().clean_up_wait * 2;
    link.take(Input::Submitted { arn: arn.to_owned(), outcome: Outcome::Accepted });
    link.save(arn);
    let outputs = link.hear(1, order_to_run(arn));
    assert!(matches!(outputs[..], [Output::Send { frame: ToServer::AckRequest(_), .. }]), "{outputs:?}");
    link.now = link.now + settings().clean_up_wait;
    let outputs = link.take(Input::Tick);
    assert!(outputs.iter().any(|output| matches!(output, Output::Forget { .. })), "{outputs:?}");
}

#[test]
fn a_new_process_ships_what_is_left_before_it_reports_stopped() {
    let mut link = Link::open();
    let arn = "arn:task/demo/1";
    ended_task(&mut link, arn);
    let records = link.session.records().cloned().collect();
    link.session = Session::new(settings(), 1, -1, records);
    let found = Found {
        runtime_id: "id".to_owned(),
        arn: arn.to_owned(),
        container: "a".to_owned(),
        state: FoundState::Ended { exit_code: 0, reason: None, at: None, began: None },
    };
    // RUNNING comes first again: nobody knows any more that it was taken.
    let outputs = link.take(Input::Inventory(vec![found]));
    let [Output::Act { action: Action::Follow { .. }, .. }, running, Output::Connect { .. }] = &outputs[..] else {
        panic!("{outputs:?}")
    };
    assert!(is_report(TaskStatus::Running)(running), "{running:?}");
    assert_eq!(link.take(Input::Submitted { arn: arn.to_owned(), outcome: Outcome::Accepted }), []);
    let outputs = link.observe(arn, Observation::OutputShipped);
    assert!(outputs.iter().any(is_report(TaskStatus::Stopped)), "{outputs:?}");
}

#[test]
fn a_new_process_counts_the_time_of_a_dependency_anew() {
    let container =
        |name: &str| PayloadContainer { name: name.to_owned(), image: "i".to_owned(), ..PayloadContainer::default() };
    let dependency = PayloadDependency { container_name: "slow".to_owned(), condition: "COMPLETE".to_owned() };
    let waits = PayloadContainer { essential: true, depends_on: vec![dependency], ..container("main") };
    let slow = PayloadContainer { start_timeout: Some(5), ..container("slow") };
    let task = PayloadTask { arn: "a".to_owned(), containers: vec![waits, slow], ..PayloadTask::default() };
    let mut record = Record::accepted(task, 1);
    for container in &mut record.containers {
        container.phase = Phase::Created;
        container.runtime_id = Some(container.name.clone());
    }
    let mut session = Session::new(settings(), 1, 1, vec![record]);
    let found = |name: &str, state| Found {
        runtime_id: name.to_owned(),
        arn: "a".to_owned(),
        container: name.to_owned(),
        state,
    };
    let there = vec![found("main", FoundState::Created), found("slow", FoundState::Running { bindings: Vec::new() })];
    let mut outputs = Vec::new();
    session.handle(Timestamp(1_000), Input::Inventory(there), &mut outputs);
    let reason = |session: &Session| session.records().next().unwrap().containers[0].reason.clone();
    session.handle(Timestamp(5_999), Input::Tick, &mut outputs);
    assert_eq!(reason(&session), None);
    session.handle(Timestamp(6_000), Input::Tick, &mut outputs);
    let expected = "CannotStartContainerError: container 'slow', on which it depends, did not come to COMPLETE";
    assert_eq!(reason(&session).as_deref(), Some(expected));
}

#[test]
fn a_command_is_run_in_a_container_that_runs_and_in_no_other() {
    let mut link = Link::open();
    let order = |task: &str, container: &str| {
        ToAgent::BerthExecMessage(ExecOrder {
            exec_id: "e".to_owned(),
            task_arn: task.to_owned(),
            container_name: container.to_owned(),
            command: vec!["sh".to_owned(), "secret".to_owned()].into(),
            has_input: true,
            has_terminal: false,
        })
    };
    let ask = |link: &mut Link, task: &str, container: &str| match &link.hear(1, order(task, container))[..] {
        [Output::Exec { container, order }] => {
            assert!(!format!("{order:?}").contains("secret"));
            container.clone()
        }
        other => panic!("{other:?}"),
    };
    link.hear(1, order_to_run("t"));
    link.save("t");
    assert!(ask(&mut link, "t", "a").is_err(), "it does not run yet");
    link.observe("t", Observation::Created { runtime_id: "id".to_owned(), image_digest: None });
    link.save("t");
    link.observe("t", Observation::Started { bindings: Vec::new() });
    assert_eq!(ask(&mut link, "t", "a"), Ok("id".to_owned()));
    assert!(ask(&mut link, "t", "b").is_err());
    assert!(ask(&mut link, "u", "a").is_err());
    link.observe("t", Observation::Ended { exit_code: Some(0), reason: None, at: None, began: None });
    assert!(ask(&mut link, "t", "a").is_err(), "it has ended");
}

#[test]
fn what_a_task_has_beside_containers_goes_with_the_last_of_them_and_after_a_crash() {
    let mut link = Link::open();
    let arn = "arn:task/demo/1";
    ended_task(&mut link, arn);
    link.observe(arn, Observation::OutputShipped);
    let outputs = link.observe(arn, Observation::Removed);
    let clear = Output::Clear { task: arn.to_owned(), has_volumes: false };
    assert!(outputs.contains(&clear), "{outputs:?}");
    // The process ended between the two.
    let outputs = link.take(Input::Leftovers(["1", "2"].map(str::to_owned).into()));
    let expect = ["1", "2"].map(|task| Output::Clear { task: task.to_owned(), has_volumes: true });
    assert_eq!(outputs, expect);
}

#[test]
fn what_a_known_task_has_is_no_leftover() {
    let mut link = Link::open();
    let arn = "arn:task/demo/1";
    ended_task(&mut link, arn);
    assert_eq!(link.take(Input::Leftovers(["1".to_owned()].into())), []);
}

#[test]
fn only_the_container_that_was_killed_has_run_out_of_memory() {
    let memory = Some("OutOfMemoryError: Container killed due to memory usage".to_owned());
    for (names, exit_code, is_stopped, expect) in [
        (&["a", "b"][..], Some(137), false, &memory),
        (&["a", "b"], Some(143), false, &None),
        (&["a", "b"], Some(137), true, &None),
        (&["a"], Some(1), false, &memory),
    ] {
        let container = |name: &&str| PayloadContainer {
            name: (*name).to_owned(),
            image: "i".to_owned(),
            essential: true,
            ..PayloadContainer::default()
        };
        let containers = names.iter().map(container).collect();
        let task = PayloadTask { arn: "a".to_owned(), containers, ..PayloadTask::default() };
        let mut record = Record::accepted(task, 1);
        for container in &mut record.containers {
            (container.phase, container.has_run) = (Phase::Running, true);
            container.runtime_id = Some(container.name.clone());
        }
        if is_stopped {
            record.desired = DesiredStatus::Stopped;
        }
        let mut session = Session::new(settings(), 1, 1, vec![record]);
        let observation = Observation::Ended { exit_code, reason: memory.clone(), at: None, began: None };
        let input = Input::Observed { arn: "a".to_owned(), container: "a".to_owned(), observation };
        session.handle(Timestamp(1_000), input, &mut Vec::new());
        let reason = &session.records().next().unwrap().containers[0].reason;
        assert_eq!(reason, expect, "{names:?} {exit_code:?} {is_stopped}");
    }
}

/// An order to run a task of the container `a` with a restart policy.
fn order_with_policy(arn: &str, policy: PayloadRestartPolicy) -> ToAgent {
    let ToAgent::PayloadMessage(mut payload) = order_to_run(arn) else { panic!("no payload") };
    payload.tasks[0].containers[0].restart_policy = Some(policy);
    ToAgent::PayloadMessage(payload)
}

/// A container that has run from the first second to the `end`th.
fn ran(end: i64, exit_code: i32) -> Observation {
    let (began, at) = (Some(Timestamp(1_000)), Some(Timestamp(end * 1_000)));
    Observation::Ended { exit_code: Some(exit_code), reason: None, at, began }
}

#[test]
fn a_restart_policy_says_what_is_started_again() {
    let enabled = || PayloadRestartPolicy { enabled: true, ..PayloadRestartPolicy::default() };
    let minute = || PayloadRestartPolicy { restart_attempt_period: Some(60), ..enabled() };
    let ignores = || PayloadRestartPolicy { ignored_exit_codes: vec![0, 3], ..minute() };
    for (policy, end, exit_code, is_restarted) in [
        (PayloadRestartPolicy { enabled: false, ..minute() }, 100, 1, false),
        (minute(), 60, 1, false),
        (minute(), 61, 1, true),
        (minute(), 61, 0, true),
        (ignores(), 61, 3, false),
        (ignores(), 61, 2, true),
        (enabled(), 300, 1, false),
        (enabled(), 301, 1, true),
    ] {
        let mut link = Link::open();
        let arn = "arn:task/demo/1";
        link.hear(1, order_with_policy(arn, policy.clone()));
        link.save(arn);
        link.observe(arn, Observation::Created { runtime_id: "id".to_owned(), image_digest: None });
        link.save(arn);
        link.observe(arn, Observation::Started { bindings: Vec::new() });
        link.take(Input::Submitted { arn: arn.to_owned(), outcome: Outcome::Accepted });
        let outputs = link.observe(arn, ran(end, exit_code));
        let is_start = |output: &Output| matches!(output, Output::Act { action: Action::Start { .. }, .. });
        assert!(!outputs.iter().any(is_start), "not before that is on disk: {outputs:?}");
        let outputs = link.save(arn);
        assert_eq!(outputs.iter().any(is_start), is_restarted, "{policy:?} {end} {exit_code}");
        let record = link.session.records().next().unwrap();
        assert_eq!(record.containers[0].restarts, u32::from(is_restarted));
        assert_eq!(record.is_over(), !is_restarted);
        assert!(!outputs.iter().any(is_report(TaskStatus::Running)), "nobody is told that it has ended: {outputs:?}");
    }
}

#[test]
fn a_task_that_is_to_stop_while_a_restart_is_due_ends_as_its_last_run_has() {
    let mut link = Link::open();
    let arn = "arn:task/demo/1";
    link.hear(1, order_with_policy(arn, policy()));
    link.save(arn);
    link.observe(arn, Observation::Created { runtime_id: "id".to_owned(), image_digest: None });
    link.save(arn);
    link.observe(arn, Observation::Started { bindings: Vec::new() });
    link.observe(arn, ran(2, 7));
    let ToAgent::PayloadMessage(mut stop) = order_to_run(arn) else { panic!("no payload") };
    stop.tasks[0].desired_status = "STOPPED".to_owned();
    link.hear(1, ToAgent::PayloadMessage(stop));
    let record = link.session.records().next().unwrap();
    assert_eq!((record.is_over(), record.containers[0].exit_code), (true, Some(7)));
}

#[test]
fn health_is_followed_where_it_is_asked_for_and_let_go_with_each_run() {
    let mut link = Link::open();
    let arn = "arn:task/demo/1";
    let ToAgent::PayloadMessage(mut payload) = order_with_policy(arn, policy()) else { panic!("no payload") };
    payload.tasks[0].containers[0].health_check_type = "docker".to_owned();
    link.hear(1, ToAgent::PayloadMessage(payload));
    link.save(arn);
    link.observe(arn, Observation::Created { runtime_id: "id".to_owned(), image_digest: None });
    link.save(arn);
    let is_probe = |output: &Output| matches!(output, Output::Act { action: Action::Probe { .. }, .. });
    assert!(link.observe(arn, Observation::Started { bindings: Vec::new() }).iter().any(is_probe));
    let health = |link: &Link| link.session.running()[0].containers[0].health;
    let unknown = Some(Health { status: HealthStatus::Unknown, since: None });
    assert_eq!(health(&link), unknown);
    for (at, status, since) in
        [(5, HealthStatus::Unhealthy, 5), (6, HealthStatus::Healthy, 6), (7, HealthStatus::Healthy, 6)]
    {
        link.now = Timestamp(at);
        link.observe(arn, Observation::Health(status));
        assert_eq!(health(&link), Some(Health { status, since: Some(Timestamp(since)) }));
    }
    link.observe(arn, ran(2, 7));
    assert_eq!(link.session.running(), []);
    link.save(arn);
    assert!(link.observe(arn, Observation::Started { bindings: Vec::new() }).iter().any(is_probe));
    assert_eq!(health(&link), unknown);
    assert_eq!(link.session.running()[0].containers[0].restarts, Some(1));
}

#[test]
fn what_is_new_waits_until_what_the_server_does_not_want_any_more_has_ended() {
    let mut link = Link::open();
    let (old, new) = ("arn:task/demo/1", "arn:task/demo/2");
    let is_create = |output: &Output| matches!(output, Output::Act { action: Action::Create { .. }, .. });
    let order = |arn: &str, seq_num| {
        let ToAgent::PayloadMessage(payload) = order_to_run(arn) else { panic!("no payload") };
        ToAgent::PayloadMessage(Payload { seq_num, ..payload })
    };
    assert!(link.hear(1, order(old, 1)).iter().any(is_create));
    link.save(old);
    link.observe(old, Observation::Created { runtime_id: "id".to_owned(), image_digest: None });
    link.save(old);
    link.observe(old, Observation::Started { bindings: Vec::new() });
    // The server takes the host for lost, and when it is back, orders something else.
    link.hear(1, manifest(5));
    link.take(Input::SequenceSaved { sequence: 5 });
    assert!(!link.hear(1, order(new, 6)).iter().any(is_create), "before the server has said what is to stop");
    let stop_tasks = vec![ManifestTask {
        task_arn: old.to_owned(),
        task_cluster_arn: String::new(),
        desired_status: "STOPPED".to_owned(),
    }];
    let verified = TaskStopVerificationAck { message_id: "m5".to_owned(), stop_tasks, generated_at: 0 };
    let outputs = link.hear(1, ToAgent::TaskStopVerificationAck(verified));
    assert!(outputs.iter().any(|output| matches!(output, Output::Act { action: Action::Stop { .. }, .. })));
    assert!(!outputs.iter().any(is_create));
    let outputs = link.observe(old, Observation::Ended { exit_code: Some(0), reason: None, at: None, began: None });
    assert!(outputs.iter().any(is_create), "{outputs:?}");
}

#[test]
fn a_second_manifest_strands_nothing_that_waits_for_strangers_of_the_first() {
    let mut link = Link::open();
    let (old, new) = ("arn:task/demo/1", "arn:task/demo/2");
    let is_create =
        |output: &Output| matches!(output, Output::Act { arn, action: Action::Create { .. }, .. } if arn == new);
    let named = |arn: &str, desired_status: &str| ManifestTask {
        task_arn: arn.to_owned(),
        task_cluster_arn: String::new(),
        desired_status: desired_status.to_owned(),
    };
    link.hear(1, order_to_run(old));
    link.save(old);
    link.observe(old, Observation::Created { runtime_id: "id".to_owned(), image_digest: None });
    link.save(old);
    link.observe(old, Observation::Started { bindings: Vec::new() });
    link.hear(1, manifest(5));
    link.take(Input::SequenceSaved { sequence: 5 });
    let ToAgent::PayloadMessage(payload) = order_to_run(new) else { panic!("no payload") };
    link.hear(1, ToAgent::PayloadMessage(Payload { seq_num: 6, ..payload }));
    let answer = |message_id: &str, stop_tasks| {
        let message_id = message_id.to_owned();
        ToAgent::TaskStopVerificationAck(TaskStopVerificationAck { message_id, stop_tasks, generated_at: 0 })
    };
    link.hear(1, answer("m5", vec![named(old, "STOPPED")]));
    // While that one still stops, the server says anew what it wants: a later moment than the order's.
    link.hear(1, manifest(7));
    link.take(Input::SequenceSaved { sequence: 7 });
    assert!(!link.hear(1, answer("m7", Vec::new())).iter().any(is_create));
    let outputs = link.observe(old, Observation::Ended { exit_code: Some(0), reason: None, at: None, began: None });
    assert!(outputs.iter().any(is_create), "{outputs:?}");
}

#[test]
fn a_server_that_does_not_say_what_is_to_stop_holds_nothing_up_for_long() {
    for is_cut in [true, false] {
        let mut link = Link::open();
        let (old, new) = ("arn:task/demo/1", "arn:task/demo/2");
        link.hear(1, order_to_run(old));
        link.hear(1, manifest(5));
        link.take(Input::SequenceSaved { sequence: 5 });
        let ToAgent::PayloadMessage(payload) = order_to_run(new) else { panic!("no payload") };
        let outputs = link.hear(1, ToAgent::PayloadMessage(Payload { seq_num: 6, ..payload }));
        let is_create =
            |output: &Output| matches!(output, Output::Act { arn, action: Action::Create { .. }, .. } if arn == new);
        assert!(!outputs.iter().any(is_create));
        let until = link.now + Duration::from_secs(30);
        if is_cut {
            // It may come back and answer then.
            let outputs = link.take(Input::Disconnected { connection: 1, closed: Closed::Broken });
            assert!(!outputs.iter().any(is_create), "{outputs:?}");
        }
        let mut outputs = Vec::new();
        while link.now < until {
            assert!(!outputs.iter().any(is_create), "{outputs:?}");
            outputs = link.wait().1;
        }
        assert!(outputs.iter().any(is_create), "{outputs:?}");
    }
}

#[test]
fn an_order_that_was_held_is_held_by_the_next_process_until_its_manifest() {
    let (old, new) = ("arn:task/demo/1", "arn:task/demo/2");
    let is_create =
        |output: &Output| matches!(output, Output::Act { arn, action: Action::Create { .. }, .. } if arn == new);
    let restart = |has_stranger: bool| {
        let record = |arn: &str, sequence| {
            let ToAgent::PayloadMessage(mut payload) = order_to_run(arn) else { panic!("no payload") };
            Record::accepted(payload.tasks.remove(0), sequence)
        };
        let mut running = record(old, 1);
        running.containers[0].phase = Phase::Running;
        running.containers[0].runtime_id = Some("id".to_owned());
        let mut records = vec![record(new, 6)];
        records.extend(has_stranger.then_some(running));
        let mut link = Link { session: Session::new(settings(), 1, 5, records), now: Timestamp(0) };
        let found = Found {
            runtime_id: "id".to_owned(),
            arn: old.to_owned(),
            container: "a".to_owned(),
            state: FoundState::Running { bindings: Vec::new() },
        };
        let outputs = link.take(Input::Inventory(if has_stranger { vec![found] } else { Vec::new() }));
        (link, outputs)
    };
    let (_, outputs) = restart(false);
    assert!(outputs.iter().any(is_create), "nothing is here that could be strange: {outputs:?}");

    // The server still wants what runs.
    let (mut link, outputs) = restart(true);
    assert!(!outputs.iter().any(is_create), "{outputs:?}");
    link.take(Input::Connected { connection: 1 });
    let named = |arn: &str| ManifestTask {
        task_arn: arn.to_owned(),
        task_cluster_arn: String::new(),
        desired_status: "RUNNING".to_owned(),
    };
    let ToAgent::TaskManifestMessage(mut both) = manifest(7) else { panic!("no manifest") };
    both.tasks = vec![named(old), named(new)];
    link.hear(1, ToAgent::TaskManifestMessage(both));
    let outputs = link.take(Input::SequenceSaved { sequence: 7 });
    assert!(outputs.iter().any(is_create), "{outputs:?}");

    // It does not.
    let (mut link, _) = restart(true);
    link.take(Input::Connected { connection: 1 });
    let ToAgent::TaskManifestMessage(mut one) = manifest(7) else { panic!("no manifest") };
    one.tasks = vec![named(new)];
    link.hear(1, ToAgent::TaskManifestMessage(one));
    link.take(Input::SequenceSaved { sequence: 7 });
    let verified =
        TaskStopVerificationAck { message_id: "m7".to_owned(), stop_tasks: vec![named(old)], generated_at: 0 };
    let outputs = link.hear(1, ToAgent::TaskStopVerificationAck(verified));
    assert!(!outputs.iter().any(is_create), "{outputs:?}");
    let outputs = link.observe(old, Observation::Ended { exit_code: Some(0), reason: None, at: None, began: None });
    assert!(outputs.iter().any(is_create), "{outputs:?}");
}

#[test]
fn what_is_written_after_a_restart_is_shipped_and_nothing_is_followed_twice() {
    let mut link = Link::open();
    let arn = "arn:task/demo/1";
    let is_follow = |output: &Output| matches!(output, Output::Act { action: Action::Follow { .. }, .. });
    link.hear(1, order_with_policy(arn, policy()));
    link.save(arn);
    link.observe(arn, Observation::Created { runtime_id: "id".to_owned(), image_digest: None });
    link.save(arn);
    assert!(link.observe(arn, Observation::Started { bindings: Vec::new() }).iter().any(is_follow));
    // It is started again, and has ended for good, before all of the first run is shipped.
    link.observe(arn, ran(2, 7));
    link.save(arn);
    assert!(!link.observe(arn, Observation::Started { bindings: Vec::new() }).iter().any(is_follow));
    link.observe(arn, ran(3, 0));
    link.save(arn);
    let outputs = link.observe(arn, Observation::OutputShipped);
    let is_resumed =
        |output: &Output| matches!(output, Output::Act { action: Action::Follow { is_resumed: true, .. }, .. });
    assert!(outputs.iter().any(is_resumed), "{outputs:?}");
    let outputs = link.observe(arn, Observation::OutputShipped);
    assert!(!outputs.iter().any(is_follow), "{outputs:?}");

    // A container whose output nobody wants is shipped at once, and stays so while it runs.
    let other = "arn:task/demo/2";
    link.hear(1, order_to_run(other));
    link.save(other);
    link.observe(other, Observation::Created { runtime_id: "other".to_owned(), image_digest: None });
    link.save(other);
    link.observe(other, Observation::Started { bindings: Vec::new() });
    assert!(!link.observe(other, Observation::OutputShipped).iter().any(is_follow));
}
