//! The cluster query language of ECS: expressions that choose among hosts, as in `placementConstraints` and in
//! ListContainerInstances' `filter`.
//!
//! A test is a subject, an operator and mostly an argument: `attribute:ecs.instance-type =~ t2.*`. Tests are joined by
//! `and`, `or`, `not` and parentheses. Text becomes a [`Query`] once, with everything that can be wrong with it found
//! then; asking a [`Query`] about a host costs no parsing and cannot fail. Each negated operator is true exactly where
//! its plain form is not: so a host that lacks an attribute is unlike any value of it.

mod parse;
#[cfg(test)]
mod tests;
mod value;

use std::cmp::Ordering;
use std::fmt;

use berth_model::time::Timestamp;
use regex::Regex;

pub use self::parse::InvalidQuery;
use self::value::Version;

/// Longest expression, in characters, as at ECS.
pub const CHARACTERS_MAX: usize = 2000;

/// What a query can ask of a host.
pub trait Subjects {
    /// The value of an attribute: `None` if the host is without it, an empty text if it has no value.
    fn attribute(&self, name: &str) -> Option<&str>;

    /// Whether its agent holds a session.
    fn is_connected(&self) -> bool;

    /// Its agent's version, if the agent has said it.
    fn agent_version(&self) -> Option<&str>;

    /// Its EC2 instance id, if it has one.
    fn ec2_instance_id(&self) -> Option<&str>;

    /// When it registered.
    fn registered_at(&self) -> Option<Timestamp>;

    /// How many tasks it runs.
    fn running_tasks(&self) -> u64;

    /// Whether one of its tasks is in a group that passes.
    fn has_group(&self, passes: &dyn Fn(&str) -> bool) -> bool;
}

/// An expression, ready to be asked of hosts.
#[derive(Debug, Clone)]
pub struct Query {
    root: Expression,
}

impl Query {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is wrong with it and where, in words for whoever wrote it.
    pub fn parse(text: &str) -> Result<Self, InvalidQuery> {
        Ok(Self { root: parse::parse(text)? })
    }

    /// True if the host is one of those that the expression chooses.
    pub fn matches(&self, host: &dyn Subjects) -> bool {
        self.root.holds(host)
    }

    /// True if the answer can change with the tasks that a host has.
    pub fn depends_on_tasks(&self) -> bool {
        self.root.depends_on_tasks()
    }
}

/// Tests and what joins them.
#[derive(Debug, Clone)]
enum Expression {
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Not(Box<Expression>),
    Test(Test),
}

/// One test of one subject. The types leave no operator on a subject that it makes no sense for.
#[derive(Debug, Clone)]
enum Test {
    Attribute(String, Check),
    AgentConnected(Check),
    AgentVersion(Comparison, Version),
    Ec2InstanceId(Check),
    RegisteredAt(Comparison, Timestamp),
    RunningTasksCount(Comparison, u64),
    TaskGroup(Check),
}

/// What is asked of a text, or of any of several.
#[derive(Debug, Clone)]
enum Check {
    Compare(Comparison, String),
    In(Vec<String>),
    Matches(Pattern),
    Exists,
}

/// `==`, `>`, `>=`, `<` and `<=`. `!=` is the negation of the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// A regular expression for whole texts.
#[derive(Clone)]
struct Pattern(Regex);

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0.as_str(), f)
    }
}

impl Expression {
    fn holds(&self, host: &dyn Subjects) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(host)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(host)),
            Self::Not(part) => !part.holds(host),
            Self::Test(test) => test.holds(host),
        }
    }

    fn depends_on_tasks(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::depends_on_tasks),
            Self::Not(part) => part.depends_on_tasks(),
            Self::Test(test) => matches!(test, Test::RunningTasksCount(..) | Test::TaskGroup(_)),
        }
    }
}

impl Test {
    fn holds(&self, host: &dyn Subjects) -> bool {
        match self {
            Self::Attribute(name, check) => host.attribute(name).is_some_and(|value| check.holds(value)),
            Self::AgentConnected(check) => check.holds(if host.is_connected() { "true" } else { "false" }),
            Self::AgentVersion(comparison, wanted) => {
                let version = host.agent_version().and_then(Version::parse);
                version.is_some_and(|version| comparison.admits(version.cmp(wanted)))
            }
            Self::Ec2InstanceId(check) => host.ec2_instance_id().is_some_and(|id| check.holds(id)),
            Self::RegisteredAt(comparison, wanted) => {
                host.registered_at().is_some_and(|at| comparison.admits(at.cmp(wanted)))
            }
            Self::RunningTasksCount(comparison, wanted) => comparison.admits(host.running_tasks().cmp(wanted)),
            Self::TaskGroup(check) => host.has_group(&|group| check.holds(group)),
        }
    }
}

impl Check {
    fn holds(&self, text: &str) -> bool {
        match self {
            Self::Compare(Comparison::Equal, wanted) => text == wanted,
            Self::Compare(comparison, wanted) => comparison.admits(value::compare(text, wanted)),
            Self::In(wanted) => wanted.iter().any(|wanted| wanted == text),
            Self::Matches(Pattern(pattern)) => pattern.is_match(text),
            Self::Exists => true,
        }
    }
}

impl Comparison {
    fn admits(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterOrEqual => ordering.is_ge(),
            Self::Less => ordering.is_lt(),
            Self::LessOrEqual => ordering.is_le(),
        }
    }
}
