//! Typed identifiers. Each prints and parses as it stands in an ARN; none is interchangeable with another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, de};

/// A text is not an identifier of the wanted kind. Display says what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is not {expected}")]
pub struct InvalidId {
    /// What was given.
    pub text: String,
    /// What it should have been, with its article.
    pub expected: &'static str,
}

impl InvalidId {
    pub(crate) fn new(text: &str, expected: &'static str) -> Self {
        // A hostile text of a megabyte must not come back whole in an error message.
        Self { text: text.chars().take(255).collect(), expected }
    }
}

macro_rules! hex_id {
    ($(#[$doc:meta])* $name:ident, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u128);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            /// Takes 32 hexadecimal digits, or a UUID with its hyphens (the short form older clients still send).
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse_hex(text).map(Self).ok_or_else(|| InvalidId::new(text, $expected))
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}

hex_id!(
    /// One task, for ever: a replacement is a new task with a new id.
    TaskId,
    "a task id (32 hexadecimal digits)"
);
hex_id!(
    /// One host. On the wire it is the id of a container instance.
    HostId,
    "a container instance id (32 hexadecimal digits)"
);
hex_id!(
    /// One Berth installation. Whatever it starts (containers, processes, machines) carries this id, so that two
    /// installations on one machine never touch each other's.
    InstallationId,
    "an installation id (32 hexadecimal digits)"
);

fn parse_hex(text: &str) -> Option<u128> {
    let hex = match text.len() {
        32 => return parse_digits(text),
        36 => text,
        _ => return None,
    };
    let hyphens = hex.char_indices().all(|(at, c)| (c == '-') == matches!(at, 8 | 13 | 18 | 23));
    hyphens.then(|| parse_digits(&hex.replace('-', ""))).flatten()
}

fn parse_digits(text: &str) -> Option<u128> {
    let plain = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| u128::from_str_radix(text, 16).ok()).flatten()
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            /// Takes 1 to 255 letters, digits, hyphens and underscores (the rule of the ECS API).
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if is_name(text) { Ok(Self(text.to_owned())) } else { Err(InvalidId::new(text, $expected)) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}

name!(
    /// A cluster's name, unique in the installation.
    ClusterName,
    "a cluster name (1 to 255 letters, digits, hyphens and underscores)"
);
name!(
    /// A task definition's family.
    Family,
    "a task definition family (1 to 255 letters, digits, hyphens and underscores)"
);
name!(
    /// A capacity provider's name, which is also the name of the pool of hosts it describes.
    ProviderName,
    "a capacity provider name (1 to 255 letters, digits, hyphens and underscores)"
);

fn is_name(text: &str) -> bool {
    (1..=255).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// One revision of a task definition: `family:revision`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DefinitionId {
    /// The family.
    pub family: Family,
    /// The revision, from 1; numbers are never used twice, not even after a deregistration.
    pub revision: u32,
}

impl fmt::Display for DefinitionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.family, self.revision)
    }
}

/// One websocket session of an agent, numbered by the server process that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SessionId(pub u64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_parse_in_both_spellings_and_print_in_one() {
        let id: TaskId = "0123456789abcdef0123456789abcdef".parse().unwrap();
        assert_eq!(id.to_string(), "0123456789abcdef0123456789abcdef");
        assert_eq!("01234567-89ab-cdef-0123-456789abcdef".parse::<TaskId>().unwrap(), id);
        for bad in [
            "",
            "x",
            "+123456789abcdef0123456789abcdef0",
            "0123456789abcdef0123456789abcde-",
            "é123456789abcdef0123456789abcde",
        ] {
            assert!(bad.parse::<TaskId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn names_keep_to_the_rule_of_ecs() {
        for good in ["a", "A-b_9", &"x".repeat(255)] {
            assert!(good.parse::<ClusterName>().is_ok(), "{good}");
        }
        for bad in ["", "a b", "a/b", "ä", &"x".repeat(256)] {
            assert!(bad.parse::<ClusterName>().is_err(), "{bad}");
        }
        assert!(serde_json::from_str::<ClusterName>("\"a b\"").is_err());
    }
}
