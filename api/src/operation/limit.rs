//! Limits of requests that ECS states in prose, and so not in its service model.

use std::collections::BTreeSet;
use std::io;

use berth_model::ecs::{Failure, Tag};
use serde::Serialize;

use crate::ecs::error::Fault;

/// Most ids that one Describe call takes.
const IDS_MAX: usize = 100;

/// Most characters of `startedBy` in RunTask and in ListTasks, as at ECS.
pub(super) const STARTED_BY_CHARACTERS_MAX: usize = 128;

/// Most characters of `clientToken`.
const CLIENT_TOKEN_CHARACTERS_MAX: usize = 64;

/// Most characters of `group`.
const GROUP_CHARACTERS_MAX: usize = 255;

/// How the groups of services' tasks begin.
const SERVICE_GROUP_PREFIX: &str = "service:";

/// What a tag's key must not begin with, in any case of letters: those tags are the service's own.
const RESERVED_TAG_PREFIX: &str = "aws:";

/// The reason of a failure entry for what is not there. Waiters look for exactly this.
const MISSING: &str = "MISSING";

/// The entry of a Describe answer for what is not there.
pub(super) fn missing(arn: String) -> Failure {
    Failure { arn: Some(arn), reason: Some(MISSING.to_owned()), detail: None }
}

/// Checks the number of ids in a Describe request.
pub(super) fn check_ids(member: &str, ids: &[String]) -> Result<(), Fault> {
    match ids.len() {
        0 => Err(Fault::invalid(format!("{member} must not be empty."))),
        1..=IDS_MAX => Ok(()),
        more => Err(Fault::invalid(format!("{member} must have at most {IDS_MAX} entries, not {more}."))),
    }
}

/// Checks tags beyond the service model: each has a key, none twice, none of the service's own.
pub(super) fn check_tags(tags: &[Tag]) -> Result<(), Fault> {
    let mut seen = BTreeSet::new();
    for (index, tag) in tags.iter().enumerate() {
        let key = tag.key.as_deref().unwrap_or_default();
        if key.is_empty() {
            return Err(Fault::invalid(format!("tags[{index}].key is required.")));
        }
        if is_reserved(key) {
            return Err(Fault::invalid(format!("tags[{index}].key must not begin with '{RESERVED_TAG_PREFIX}'.")));
        }
        if !seen.insert(key) {
            return Err(Fault::invalid(format!("tags[{index}].key stands twice.")));
        }
    }
    Ok(())
}

/// Checks `tagKeys` beyond the service model: each is there, none is of the service's own.
pub(super) fn check_tag_keys(keys: &[String]) -> Result<(), Fault> {
    for (index, key) in keys.iter().enumerate() {
        if key.is_empty() {
            return Err(Fault::invalid(format!("tagKeys[{index}] must not be empty.")));
        }
        if is_reserved(key) {
            return Err(Fault::invalid(format!("tagKeys[{index}] must not begin with '{RESERVED_TAG_PREFIX}'.")));
        }
    }
    Ok(())
}

/// True for the key of a tag of the service's own.
fn is_reserved(key: &str) -> bool {
    key.get(..RESERVED_TAG_PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(RESERVED_TAG_PREFIX))
}

/// Checks `group`.
pub(super) fn check_group(text: Option<&str>) -> Result<(), Fault> {
    check_characters("group", text, GROUP_CHARACTERS_MAX)?;
    if text.is_some_and(|text| text.starts_with(SERVICE_GROUP_PREFIX)) {
        return Err(Fault::invalid(format!(
            "group must not begin with '{SERVICE_GROUP_PREFIX}': that is for services."
        )));
    }
    Ok(())
}

/// Checks `clientToken`.
pub(super) fn check_client_token(text: Option<&str>) -> Result<(), Fault> {
    check_characters("clientToken", text, CLIENT_TOKEN_CHARACTERS_MAX)?;
    if text.is_some_and(|text| !text.bytes().all(|byte| byte.is_ascii_graphic())) {
        return Err(Fault::invalid("clientToken must have printable ASCII characters only, without spaces."));
    }
    Ok(())
}

/// Checks that `text` has at most `most` characters.
pub(super) fn check_characters(member: &str, text: Option<&str>, most: usize) -> Result<(), Fault> {
    if text.is_some_and(|text| text.chars().count() > most) {
        return Err(Fault::invalid(format!("{member} must have at most {most} characters.")));
    }
    Ok(())
}

/// The size of a value in JSON, in characters.
pub(super) fn json_characters(value: &impl Serialize) -> usize {
    let mut count = Count(0);
    // A wire shape always serializes; if it did not, nothing could be said of its size.
    serde_json::to_writer(&mut count, value).map_or(usize::MAX, |()| count.0)
}

struct Count(usize);

impl io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // All bytes of a character but its first look so.
        self.0 += bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(key: &str) -> Tag {
        Tag { key: Some(key.to_owned()), value: None }
    }

    #[test]
    fn tags_of_the_service_doubles_and_nameless_ones_are_refused() {
        assert!(check_tags(&[tag("a"), tag("awsome"), tag("A"), tag("é")]).is_ok());
        for bad in
            [vec![tag("aws:x")], vec![tag("AWS:x")], vec![tag("a"), tag("a")], vec![tag("")], vec![Tag::default()]]
        {
            assert!(check_tags(&bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn texts_keep_to_their_lengths() {
        assert!(check_characters("startedBy", Some(&"é".repeat(128)), STARTED_BY_CHARACTERS_MAX).is_ok());
        assert!(check_characters("startedBy", Some(&"é".repeat(129)), STARTED_BY_CHARACTERS_MAX).is_err());
        assert!(check_client_token(None).is_ok());
        assert!(check_client_token(Some(&"x".repeat(64))).is_ok());
        for bad in [&"x".repeat(65), "a b", "é", "a\n"] {
            assert!(check_client_token(Some(bad)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn describe_calls_take_1_to_100_ids() {
        let ids = |count| vec![String::new(); count];
        assert!(check_ids("tasks", &ids(1)).is_ok());
        assert!(check_ids("tasks", &ids(100)).is_ok());
        assert!(check_ids("tasks", &ids(0)).is_err());
        assert!(check_ids("tasks", &ids(101)).is_err());
    }

    #[test]
    fn sizes_are_those_of_the_json() {
        for key in ["a", "é", "日本", "\u{1f600}\"", "\n"] {
            let json = serde_json::to_string(&tag(key)).unwrap();
            assert_eq!(json_characters(&tag(key)), json.chars().count(), "{json}");
        }
    }
}
