//! What becomes of each member of a request.
//!
//! No member is taken and ignored in silence. The `table` names each one of every operation that Berth offers, and a
//! test compares it with the wire shapes, so none is forgotten when the shapes grow. A request is walked once, after it
//! is decoded and before anything else looks at it; parts of the table in which nothing can be refused are not entered.

mod table;
mod walk;

#[cfg(test)]
mod compatibility;
#[cfg(test)]
mod shape;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

pub use table::TABLES;
pub(crate) use walk::refused;

/// What becomes of a member that a client sets. An absent, null, empty or false member and the number 0 are not set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// It does what the ECS API says.
    Effective,
    /// It is taken, and given back where a reply has it; on Berth's hosts it has no effect.
    Recorded,
    /// The request is refused by the member's name.
    Refused,
    /// Only these values are taken: each does what the ECS API says, or asks for what Berth does anyway. Others are refused.
    Only(&'static [&'static str]),
}

/// The members of one request and what becomes of each: paths as in `containerDefinitions[].name`. A member stands for
/// all that is in it unless its own members are named.
pub type Members = &'static [(&'static str, Treatment)];

/// One member in the tree of its request.
#[derive(Debug, Default)]
struct Node {
    treatment: Option<Treatment>,
    members: BTreeMap<&'static str, Node>,
    /// Whether anything here or below can be refused.
    can_refuse: bool,
}

/// The table of each operation as a tree.
static TREES: LazyLock<BTreeMap<&'static str, Node>> =
    LazyLock::new(|| TABLES.iter().map(|(operation, members)| (*operation, tree(members))).collect());

fn tree(members: Members) -> Node {
    let mut root = Node::default();
    for (path, treatment) in members {
        root.insert(path, *treatment);
    }
    root
}

impl Node {
    fn insert(&mut self, path: &'static str, treatment: Treatment) {
        self.can_refuse |= matches!(treatment, Treatment::Refused | Treatment::Only(_));
        if path.is_empty() {
            self.treatment = Some(treatment);
            return;
        }
        let (name, rest) = path.split_once('.').unwrap_or((path, ""));
        let name = name.strip_suffix("[]").unwrap_or(name);
        self.members.entry(name).or_default().insert(rest, treatment);
    }
}
