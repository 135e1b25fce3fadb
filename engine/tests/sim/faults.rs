//! What goes wrong: the faults that strike and how often, and the bugs that are planted to see that they are found.

use crate::dice::Dice;

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident: $group:ident, $odds:literal;)*) => {
        /// Everything that goes wrong. The number is how often, in 10,000 occasions; 0 for what strikes at moments
        /// drawn beforehand.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Fault { $($(#[$doc])* $name,)* }

        impl Fault {
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];

            fn group(self) -> Group {
                match self { $(Self::$name => Group::$group,)* }
            }

            fn odds(self) -> u32 {
                match self { $(Self::$name => $odds,)* }
            }
        }
    };
}

faults! {
    /// The server is killed between two of its steps.
    ServerCrash: Server, 0;
    /// … after a turn was decided and before it is stored.
    ServerCrashBeforeCommit: Server, 60;
    /// … while it is being stored, which comes about all the same.
    ServerCrashAfterCommit: Server, 60;
    /// … after the answers and before the effects.
    ServerCrashAfterAnswers: Server, 60;
    /// … among the effects.
    ServerCrashAmongEffects: Server, 60;
    /// It takes minutes until the next one starts.
    ServerAwayForLong: Server, 2_000;
    /// The next one's clock is behind.
    LeaderClockBehind: Server, 3_000;
    /// The server's clock leaps forward.
    ServerClockLeap: Rare, 0;
    /// The store takes no writes.
    StoreFull: Server, 60;
    /// A commit takes long.
    CommitSlow: Server, 300;
    /// The server ends everything it runs, then itself.
    ServerCloses: Rare, 0;

    /// An agent is killed between two of its steps.
    AgentCrash: Agent, 0;
    /// … after it was told something and before it does all that follows.
    AgentCrashAmongOutputs: Agent, 30;
    /// … before a record is on disk.
    AgentCrashBeforeSave: Agent, 60;
    /// … while it writes several records.
    AgentCrashAmidSave: Agent, 60;
    /// … after a record is on disk and before it hears of it.
    AgentCrashAfterSave: Agent, 60;
    /// … while it starts up.
    AgentCrashAtStart: Agent, 400;
    /// What a killed agent asked of Docker comes about afterwards.
    LateDockerOperation: Agent, 5_000;
    /// An agent's clock leaps forward.
    AgentClockLeap: Rare, 0;
    /// A machine's clock is set back.
    AgentClockBack: Agent, 0;
    /// An agent is killed and its disk is lost.
    AgentDiskLost: Rare, 0;

    /// A machine is gone, and all that ran on it.
    MachineDeath: Host, 0;
    /// A machine starts anew: its containers have ended.
    MachineReboot: Host, 0;
    /// A machine cannot reach the server for a while.
    Partition: Host, 0;
    /// All machines and the server start anew.
    FleetRestart: Host, 0;
    /// A machine's Docker runs no containers for a while, and its agent says so.
    DockerImpaired: Host, 0;
    /// A machine is there and its agent never registers.
    BootFailure: Host, 800;

    /// No machine of a type is to be had for a while.
    NoCapacity: Backend, 0;
    /// The backend is asked too often.
    Throttled: Backend, 400;
    /// The backend cannot work for a while.
    Misconfigured: Backend, 300;
    /// A call fails and nothing happened.
    CallFailed: Backend, 500;
    /// A call comes about and its answer is lost.
    CallAnswerLost: Backend, 400;
    /// A call comes about twice, the second time late.
    CallDoubled: Backend, 800;

    /// A request does not arrive.
    RequestLost: Network, 150;
    /// An answer does not arrive.
    AnswerLost: Network, 150;
    /// A request arrives late.
    RequestLate: Network, 150;
    /// A request arrives twice, the second time late.
    RequestDoubled: Network, 400;
    /// A session cannot be opened.
    ConnectFailed: Network, 500;
    /// A connection breaks, and both ends notice.
    SessionCut: Network, 50;
    /// A connection breaks, and at least one end does not notice.
    SessionHalfOpen: Network, 30;
    /// A frame takes seconds.
    FrameLate: Network, 100;
    /// An effect is carried out twice.
    EffectDoubled: Network, 200;
    /// A session's orders find no room.
    OrdersFull: Network, 60;

    /// A secret that a task needs is not there.
    SecretMissing: Docker, 300;
    /// It takes long to look up.
    SecretSlow: Docker, 500;
    /// An image cannot be pulled.
    PullFailed: Docker, 200;
    /// An image takes long to pull.
    PullSlow: Docker, 500;
    /// A container cannot be started.
    StartFailed: Docker, 150;
    /// A container could not be stopped yet.
    StopFailed: Docker, 1_000;
    /// A container could not be removed yet.
    RemoveFailed: Docker, 1_000;
    /// A container's output takes long to ship.
    OutputSlow: Docker, 500;
    /// A container is killed from outside.
    ContainerKilled: Docker, 0;
    /// A container is removed from outside.
    ContainerRemoved: Rare, 0;
}

/// Faults that come and go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Server,
    Agent,
    Host,
    Backend,
    Network,
    Docker,
    /// What may cost a task its result.
    Rare,
}

/// How bad one run is.
#[derive(Debug, Clone)]
pub(crate) struct Weather {
    /// By group: how many times as often as written.
    factors: [u32; 7],
    /// True if nothing happens that may cost a task its result: then every task that nobody stops does its work.
    pub(crate) is_gentle: bool,
}

impl Weather {
    pub(crate) fn new(dice: &mut Dice) -> Self {
        let is_gentle = dice.one_in(3);
        let mut factors = [0; 7];
        for factor in &mut factors {
            *factor = [0, 1, 1, 1, 3][dice.below(5)];
        }
        if is_gentle {
            factors[Group::Host as usize] = 0;
            factors[Group::Rare as usize] = 0;
        }
        Self { factors, is_gentle }
    }

    /// How often a fault strikes, in 10,000 occasions.
    pub(crate) fn odds(&self, fault: Fault) -> u32 {
        fault.odds() * self.factors[fault.group() as usize]
    }

    /// True if a fault that strikes at a moment drawn beforehand may strike at all.
    pub(crate) fn allows(&self, fault: Fault) -> bool {
        self.factors[fault.group() as usize] > 0
    }
}

/// A bug planted on purpose, at the seams between the real parts: the simulation must find each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bug {
    /// Clients are answered before the turn is stored.
    AnswersBeforeCommit,
    /// Agents' reports are acknowledged before the turn is stored.
    ReportsTakenBeforeCommit,
    /// Tasks are ordered to run before the turn that placed them is stored.
    OrdersBeforeCommit,
    /// Machines are asked for before their row is stored.
    LaunchBeforeRow,
    /// The agent believes that a record is on disk as soon as it has asked for it.
    RecordsCountAsSaved,
    /// An order to run a task is sent once more long after the task has stopped.
    RunsAgainAfterStopped,
    /// A task that ends gives its room on the host back twice.
    RoomGivenBackTwice,
    /// A report STOPPED is acknowledged and forgotten, so that the task's room is never given back.
    StoppedReportsDropped,
    /// What may have been lost is never sent again, neither with a new session nor because it is owed.
    NothingSentAgain,
    /// What agents say of their Docker is taken, and forgotten.
    ImpairmentForgotten,
    /// Client tokens are not looked up.
    TokensNotLookedUp,
    /// Machines without a row are not seen.
    StraysNotListed,
    /// The agent starts with containers as they were before, not as the runtime has them.
    InventoryEmpty,
}
