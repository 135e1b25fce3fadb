//! What is to happen and when: one queue for the whole world, in which time only moves from one entry to the next.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use berth_agent::session::{Action, Closed, Input};
use berth_engine::payload::secret;
use berth_model::id::{HostId, TaskId};
use berth_model::time::{SteadyClock, Timestamp};
use berth_scheduler::event::Event;
use berth_scheduler::step::Reply;

use crate::dice::Dice;
use crate::faults::{Bug, Fault, Weather};
use crate::outbox::{Call, CallResult};
use crate::truth::{Invariant, Violation};

/// What a right clock shows when a run begins.
const BEGIN: i64 = 1_700_000_000_000;

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident,)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) struct $name(pub(crate) u32);
    )*};
}

numbers! {
    /// A process: an agent's or the server's.
    Life,
    /// A machine.
    MachineId,
    /// A websocket.
    SocketId,
    /// A request over HTTP.
    CallId,
}

/// The values of what an order needs.
pub(crate) type Secrets = Vec<secret::Value>;

/// Something that happens.
#[derive(Debug)]
pub(crate) enum Happening {
    /// A fault strikes.
    Strike(Fault),
    /// A server process begins.
    ServerStarts,
    /// A server process that closed ends.
    ServerEnds(Life),
    /// The server's loop comes round.
    ServerWakes(Life),
    /// The store has done what it was asked.
    CommitEnds(Life),
    /// A call reaches the backend.
    BackendCall { life: Option<Life>, call: Call, tries: u32 },
    /// … and its answer the server.
    BackendAnswers { life: Life, call: Call, tries: u32, result: CallResult },

    /// A request reaches the server; nobody waits for the answer to a double.
    RequestArrives { call: Option<CallId>, request: Box<Request> },
    /// An answer reaches the one who asked, or he gives up.
    AnswerArrives { call: CallId, answer: Answer },
    /// An agent wants a session.
    ConnectArrives { machine: MachineId, life: Life, connection: u64, host: HostId },
    /// … and may not have one.
    ConnectRefused { machine: MachineId, life: Life, connection: u64, is_inactive: bool },
    /// … or has one.
    ConnectOpens(SocketId),
    /// A frame reaches the agent.
    FrameToAgent { socket: SocketId, text: String },
    /// A frame reaches the server.
    FrameToServer { socket: SocketId, text: String },
    /// The agent's end notices that the connection is over.
    AgentLoses { socket: SocketId, closed: Closed },
    /// The server's end notices it.
    ServerLoses(SocketId),
    /// The server's session wants to look at the time.
    SessionTime(SocketId),
    /// What an order needs was looked up.
    SecretFound { socket: SocketId, task: TaskId, sequence: i64, found: Result<Secrets, String> },

    /// An agent process begins.
    AgentStarts(MachineId),
    /// It looks for containers, then registers.
    AgentLists(MachineId, Life),
    /// It registers.
    AgentRegisters(MachineId, Life),
    /// It is told something.
    AgentHears { machine: MachineId, life: Life, input: Box<Input> },
    /// Something has come about that it will hear of once it has taken in what came before.
    Told { machine: MachineId, life: Life, input: Box<Input> },
    /// It wants to look at the time.
    AgentTicks(MachineId, Life),
    /// It looks for containers without a record.
    AgentSweeps(MachineId, Life),
    /// It looks whether its Docker runs containers, and says so.
    AgentChecks(MachineId),
    /// Its disk has written.
    DiskWrites(MachineId, Life),
    /// Its Docker does what it was asked.
    DockerActs { machine: MachineId, operation: u32 },
    /// A container ends by itself.
    ContainerEnds { machine: MachineId, runtime_id: String, exit_code: i32 },

    /// A client does something.
    ClientActs(usize),
    /// A bug sends an order again.
    BugStrikes(Box<berth_scheduler::step::Effect>),
}

/// A request over HTTP, already in the words of the engine.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) event: Event,
    /// Where it comes from, for partitions.
    pub(crate) machine: Option<MachineId>,
    pub(crate) is_client: bool,
}

/// What comes of a request.
#[derive(Debug)]
pub(crate) enum Answer {
    Reply(Reply),
    /// The server is there and does not do it now.
    Unavailable,
    /// Nothing came.
    Lost,
}

/// What a container is asked to do, by whom.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) life: Life,
    pub(crate) arn: String,
    pub(crate) container: String,
    pub(crate) work: Work,
    pub(crate) is_cancelled: bool,
    /// It comes about although the process that asked for it is gone.
    pub(crate) is_late: bool,
}

#[derive(Debug)]
pub(crate) enum Work {
    Act(Action),
    RemoveOrphan(String),
}

/// All that happened, for showing.
pub(crate) type Trace = Rc<RefCell<Vec<String>>>;

/// Time, chance and what is to come.
#[derive(Debug)]
pub(crate) struct Sim {
    /// Milliseconds since the run began.
    pub(crate) now: i64,
    queue: BTreeMap<(i64, u64), Happening>,
    arrivals: u64,
    numbers: u32,
    pub(crate) dice: Dice,
    pub(crate) weather: Weather,
    pub(crate) bug: Option<Bug>,
    /// Nothing goes wrong from here on.
    pub(crate) faults_until: i64,
    pub(crate) tally: BTreeMap<Fault, u64>,
    pub(crate) crashes: u64,
    pub(crate) events: u64,
    pub(crate) violation: Option<Violation>,
    trace: Option<Trace>,
}

impl Sim {
    pub(crate) fn new(seed: u64, bug: Option<Bug>, trace: Option<Trace>) -> Self {
        let mut dice = Dice::new(seed);
        let weather = Weather::new(&mut dice);
        Self {
            now: 0,
            queue: BTreeMap::new(),
            arrivals: 0,
            numbers: 0,
            faults_until: dice.between(4, 12) * 60_000,
            dice,
            weather,
            bug,
            tally: BTreeMap::new(),
            crashes: 0,
            events: 0,
            violation: None,
            trace,
        }
    }

    /// The next thing to happen, at its moment.
    pub(crate) fn next(&mut self) -> Option<Happening> {
        let ((at, _), happening) = self.queue.pop_first()?;
        self.now = at;
        Some(happening)
    }

    pub(crate) fn begins(&mut self, happening: &Happening) {
        self.events += 1;
        self.say(|| shown(happening));
    }

    pub(crate) fn after(&mut self, milliseconds: i64, happening: Happening) {
        self.arrivals += 1;
        self.queue.insert((self.now + milliseconds.max(0), self.arrivals), happening);
    }

    /// What a right clock shows.
    pub(crate) fn wall(&self) -> Timestamp {
        Timestamp(BEGIN + self.now)
    }

    /// What a process makes of the clock of its machine, which shows `offset` milliseconds more than a right one.
    pub(crate) fn steady(&self, clock: &mut SteadyClock, offset: i64) -> Timestamp {
        clock.now(Timestamp(self.wall().0 + offset), self.monotonic())
    }

    /// What monotonic clocks show.
    pub(crate) fn monotonic(&self) -> Duration {
        Timestamp(self.now).since(Timestamp(0))
    }

    /// A number that was never given before.
    pub(crate) fn fresh(&mut self) -> u32 {
        self.numbers += 1;
        self.numbers
    }

    /// True while something may still go wrong.
    pub(crate) fn is_faulty(&self) -> bool {
        self.now < self.faults_until
    }

    /// Says whether a fault strikes on this occasion, and counts it if it does.
    pub(crate) fn strikes(&mut self, fault: Fault) -> bool {
        let strikes = self.is_faulty() && self.dice.comes_up(self.weather.odds(fault));
        if strikes {
            self.struck(fault);
        }
        strikes
    }

    pub(crate) fn struck(&mut self, fault: Fault) {
        *self.tally.entry(fault).or_default() += 1;
        self.say(|| format!("  ! {fault:?}"));
    }

    pub(crate) fn has(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    /// A rule is broken. The first one counts.
    pub(crate) fn violate(&mut self, invariant: Invariant, text: String) {
        self.say(|| format!("{invariant:?} is broken"));
        self.violation.get_or_insert(Violation { invariant, text });
    }

    /// Notes something for whoever looks at a failure.
    pub(crate) fn say(&self, text: impl FnOnce() -> String) {
        if let Some(trace) = &self.trace {
            let (seconds, milliseconds) = (self.now / 1_000, self.now % 1_000);
            let text = text();
            // That both ends live is of no interest.
            if !text.contains("eartbeat") {
                trace.borrow_mut().push(format!("{seconds:5}.{milliseconds:03} {text}"));
            }
        }
    }
}

fn shown(happening: &Happening) -> String {
    let request = match happening {
        Happening::RequestArrives { call, request } => Some((call, &request.event)),
        _ => None,
    };
    match request {
        Some((call, Event::RunTask(run))) => {
            let (definition, target) = (&run.definition, &run.target);
            let by = run.request.started_by.as_deref().unwrap_or_default();
            format!("RequestArrives {call:?} RunTask {} {definition} {target:?} in {} by {by}", run.count, run.cluster)
        }
        Some((call, event)) => shortened(&format!("RequestArrives {call:?} {event:?}")),
        None => shortened(&format!("{happening:?}")),
    }
}

fn shortened(text: &str) -> String {
    const CHARACTERS_MAX: usize = 250;
    match text.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
