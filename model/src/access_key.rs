//! Access keys: who may call, under which name, and in which role.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, de};

use crate::id::{ClusterName, HostId, InvalidId};
use crate::time::Timestamp;

/// How every id begins: AWS's mark for a key that does not expire.
const ID_PREFIX: &str = "AKIA";

/// The letters of an id after its mark: five bits each.
const ID_LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// How many letters follow the mark.
const ID_LETTERS_COUNT: u32 = 16;

/// An access key. This is also the row of the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessKey {
    /// Its public half.
    pub id: AccessKeyId,
    /// Whose it is.
    pub user: UserName,
    /// What it may do. The same for all keys of a user.
    pub role: Role,
    /// The host that an agent's key has registered, and the only one it may speak for.
    pub host: Option<HostId>,
    /// Its secret, which only the edge can unseal.
    pub sealed: SealedSecret,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What a caller may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Everything.
    Admin,
    /// Everything that concerns these clusters and what is in them, and task definitions.
    User {
        /// The clusters.
        clusters: BTreeSet<ClusterName>,
    },
    /// Looks, and changes nothing.
    Reader,
    /// Registers a host and speaks for it.
    Agent,
}

impl Role {
    /// Its name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::User { .. } => "user",
            Self::Reader => "reader",
            Self::Agent => "agent",
        }
    }
}

/// The public half of an access key: `AKIA` and 16 letters or digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct AccessKeyId(String);

impl AccessKeyId {
    /// The id made of the lower 80 of these bits.
    pub fn from_bits(bits: u128) -> Self {
        let letter = |n: u32| {
            let letter = usize::try_from(bits >> (5 * n) & 31).unwrap_or_default();
            char::from(ID_LETTERS[letter])
        };
        Self(ID_PREFIX.chars().chain((0..ID_LETTERS_COUNT).rev().map(letter)).collect())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AccessKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for AccessKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl FromStr for AccessKeyId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let letters = text.strip_prefix(ID_PREFIX).filter(|letters| letters.len() == ID_LETTERS_COUNT as usize);
        if letters.is_some_and(|letters| letters.bytes().all(|byte| ID_LETTERS.contains(&byte))) {
            return Ok(Self(text.to_owned()));
        }
        Err(InvalidId::new(text, "an access key id (AKIA and 16 letters A to Z or digits 2 to 7)"))
    }
}

impl<'de> Deserialize<'de> for AccessKeyId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// The name under which keys are held, by IAM's rule.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct UserName(String);

impl UserName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl FromStr for UserName {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte);
        if (1..=64).contains(&text.len()) && text.bytes().all(is_allowed) {
            return Ok(Self(text.to_owned()));
        }
        Err(InvalidId::new(text, "a user name (1 to 64 letters, digits and +=,.@_-)"))
    }
}

impl<'de> Deserialize<'de> for UserName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// A secret that can only be read with the installation's sealing key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SealedSecret(pub Vec<u8>);

impl fmt::Debug for SealedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_form_that_clients_know() {
        for bits in [0, 1, u128::MAX, 0x0123_4567_89ab_cdef_0123] {
            let id = AccessKeyId::from_bits(bits);
            assert_eq!(id.as_str().len(), 20);
            assert_eq!(id.as_str().parse::<AccessKeyId>(), Ok(id));
        }
        assert_ne!(AccessKeyId::from_bits(1), AccessKeyId::from_bits(1 << 79));
        for bad in ["", "AKIA", "any", "AKIAAAAAAAAAAAAAAAA1", "AKIAaaaaaaaaaaaaaaaa", "ASIAAAAAAAAAAAAAAAAA"] {
            assert!(bad.parse::<AccessKeyId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn names_keep_to_the_rule_of_iam() {
        for good in ["a", "jane.doe@example.com", &"x".repeat(64)] {
            assert!(good.parse::<UserName>().is_ok(), "{good}");
        }
        for bad in ["", "a b", "a/b", "ä", &"x".repeat(65)] {
            assert!(bad.parse::<UserName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_sealed_secret_is_not_shown() {
        assert_eq!(format!("{:?}", SealedSecret(vec![1, 2])), "***");
    }
}
