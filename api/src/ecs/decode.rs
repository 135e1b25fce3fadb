//! From the bytes of a body to a request that is worth looking at.

use std::cell::Cell;

use berth_model::check::check;
use serde_json::Value;

use crate::ecs::error::Fault;
use crate::ecs::strict::Strict;
use crate::member::refused;
use crate::operation::Operate;

/// How many characters of the decoder's complaint are repeated: it may quote what was sent.
const COMPLAINT_CHARACTERS_MAX: usize = 300;

/// How many members that are passed over one line of the log names. More would only make it harder to read.
pub(crate) const PASSED_OVER_SHOWN_MAX: usize = 10;

/// How many characters of the name of such a member are shown: the client chooses them.
pub(crate) const MEMBER_CHARACTERS_MAX: usize = 64;

/// How deep a body's lists and objects may be in each other. Requests of ECS need about ten; what reads a body whole, as
/// the check of a limited caller does, reads up to here.
const DEPTH_MAX: usize = 127;

/// Refuses bodies that are too deep, before anything looks at what they say: what is passed over is passed over by some
/// readers only.
///
/// # Errors
/// `InvalidParameterException`.
pub(crate) fn check_depth(body: &[u8]) -> Result<(), Fault> {
    let (mut depth, mut is_text, mut is_escaped) = (0_usize, false, false);
    for byte in body {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            _ if is_text => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_MAX {
            let text = format!("The body has more than {DEPTH_MAX} lists and objects in each other.");
            return Err(Fault::invalid(text));
        }
    }
    Ok(())
}

/// Decodes a body, checks it against the limits of the service model, and refuses what Berth cannot honour.
///
/// # Errors
/// `InvalidParameterException` that names the member; what [`Operate::cannot_honour`] makes of a refused member.
pub(crate) fn decode<T: Operate>(body: &[u8]) -> Result<T, Fault> {
    let request = parse::<T>(body)?;
    check(&request).map_err(|violations| Fault::invalid(format!("{violations}.")))?;
    match refused(T::NAME, &request) {
        None => Ok(request),
        Some(text) => Err(T::cannot_honour(text)),
    }
}

fn parse<T: Operate>(body: &[u8]) -> Result<T, Fault> {
    let body = match body.trim_ascii() {
        // `curl -X POST` without data means a request without members.
        [] => b"{}",
        body => body,
    };
    if !body.starts_with(b"{") {
        return Err(Fault::invalid("The body must be a JSON object."));
    }
    let passes_over = Cell::new(false);
    let reader = &mut serde_json::Deserializer::from_slice(body);
    let request = T::deserialize(Strict::new(&mut *reader, &passes_over));
    let request = request.and_then(|request| reader.end().map(|()| request));
    let request = request.map_err(|error| explain::<T>(body, &error))?;
    if passes_over.get() {
        let members = passed_over(body, &request).join(", ");
        tracing::info!(operation = T::NAME, members, "members passed over that this version does not know");
    }
    Ok(request)
}

/// The members of a body that are not in the request that was read from it. AWS adds members all the time, and clients of
/// tomorrow are to be served: so they are passed over, but not in silence. A member that is null says nothing.
fn passed_over<T: Operate>(body: &[u8], request: &T) -> Vec<String> {
    let mut found = Vec::new();
    if let (Ok(sent), Ok(read)) = (serde_json::from_slice(body), serde_json::to_value(request)) {
        compare("", &sent, &read, &mut found);
    }
    found
}

fn compare(path: &str, sent: &Value, read: &Value, found: &mut Vec<String>) {
    match (sent, read) {
        (Value::Object(sent), Value::Object(read)) => {
            for (name, value) in sent.iter().filter(|(_, value)| !value.is_null()) {
                let shown: String = name.chars().take(MEMBER_CHARACTERS_MAX).collect();
                let path = if path.is_empty() { shown } else { format!("{path}.{shown}") };
                match read.get(name) {
                    Some(read) => compare(&path, value, read, found),
                    None if found.len() < PASSED_OVER_SHOWN_MAX => found.push(path),
                    None => {}
                }
            }
        }
        (Value::Array(sent), Value::Array(read)) => {
            for (at, (sent, read)) in sent.iter().zip(read).enumerate() {
                compare(&format!("{path}[{at}]"), sent, read, found);
            }
        }
        _ => {}
    }
}

/// Reads the body a second time, slowly, to find out where it went wrong.
fn explain<T: Operate>(body: &[u8], error: &serde_json::Error) -> Fault {
    let shown =
        |error: &serde_json::Error| error.to_string().chars().take(COMPLAINT_CHARACTERS_MAX).collect::<String>();
    if !error.is_data() {
        return Fault::invalid(format!("The body is not valid JSON: {}.", shown(error)));
    }
    let passes_over = Cell::new(false);
    let reader = &mut serde_json::Deserializer::from_slice(body);
    let reader = Strict::new(reader, &passes_over);
    match serde_path_to_error::deserialize::<_, T>(reader) {
        Err(at) => Fault::invalid(format!("{}: {}.", at.path(), shown(at.inner()))),
        Ok(_) => Fault::invalid(format!("The body is not a request of {}: {}.", T::NAME, shown(error))),
    }
}

#[cfg(test)]
mod tests {
    use berth_model::ecs::{RegisterTaskDefinitionRequest, RunTaskRequest};
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;

    /// Requests as clients send them, with lists, structures and maps in each other.
    const DEFINITION: &str = r#"{"family": "web", "cpu": "256", "tags": [{"key": "a", "value": null}],
        "containerDefinitions": [{"name": "main", "image": "i", "memory": 64, "essential": true,
            "environment": [{"name": "A", "value": "\u00fc\n"}], "portMappings": [{"containerPort": 80}],
            "dockerLabels": {"x": "y"}, "linuxParameters": {"capabilities": {"add": ["KILL"], "drop": []}}}]}"#;
    const RUN: &str = r#"{"taskDefinition": "web:1", "count": 2, "launchType": "FARGATE", "clientToken": "t",
        "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}],
        "overrides": {"cpu": "512", "containerOverrides": [{"name": "main", "command": ["a", "b"]}]}}"#;

    #[test]
    fn what_is_deep_is_refused_wherever_it_stands() {
        let nested = |open: &str, close: &str, depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[\"\\\"[\",", "]")] {
            let most = nested(open, close, DEPTH_MAX);
            assert_eq!(check_depth(most.as_bytes()), Ok(()), "{open}");
            assert!(serde_json::from_str::<Value>(&most).is_ok(), "{open}: what reads all of it reads up to here");
            let more = nested(open, close, DEPTH_MAX + 1);
            assert!(check_depth(more.as_bytes()).is_err(), "{open}");
            assert!(serde_json::from_str::<Value>(&more).is_err(), "{open}");
        }
    }

    #[test]
    fn brackets_in_texts_and_side_by_side_are_not_deep() {
        let text = format!(r#"{{"a": "{}\"{}\\", "b": [{}[]]}}"#, "[".repeat(200), "{".repeat(200), "[],".repeat(200));
        assert!(serde_json::from_str::<Value>(&text).is_ok());
        assert_eq!(check_depth(text.as_bytes()), Ok(()));
    }

    #[test]
    fn what_is_passed_over_is_named() {
        let check = |body: &str, expected: &[&str]| {
            let request = parse::<RunTaskRequest>(body.as_bytes()).unwrap();
            assert_eq!(passed_over(body.as_bytes(), &request), expected, "{body}");
        };
        check(RUN, &[]);
        check(r#"{"taskDefinition": "a", "new": 1, "old": null, "cluster": null, "tags": []}"#, &["new"]);
        let inside = r#"{"overrides": {"containerOverrides": [{"name": "a"}, {"name": "b", "new": {"deep": [1]}}]}}"#;
        check(inside, &["overrides.containerOverrides[1].new"]);
        let many: Vec<String> = (0..50).map(|n| format!(r#""{}{n}": 1"#, "x".repeat(1000))).collect();
        let body = format!("{{{}}}", many.join(","));
        let named = passed_over(body.as_bytes(), &parse::<RunTaskRequest>(body.as_bytes()).unwrap());
        assert_eq!(named.len(), PASSED_OVER_SHOWN_MAX);
        assert!(named.iter().all(|name| name.len() == MEMBER_CHARACTERS_MAX));
    }

    /// Whatever is taken was meant: the plain reader reads the same, and so does this one from what it has read itself.
    fn check_read<T: Operate + PartialEq + std::fmt::Debug>(body: &[u8]) -> Result<bool, TestCaseError> {
        match parse::<T>(body) {
            Ok(request) => {
                if !body.trim_ascii().is_empty() {
                    prop_assert_eq!(&serde_json::from_slice::<T>(body).unwrap(), &request);
                }
                let again = serde_json::to_vec(&request).unwrap();
                prop_assert_eq!(parse::<T>(&again), Ok(request));
                Ok(true)
            }
            Err(fault) => {
                prop_assert_eq!(fault.code, "InvalidParameterException");
                prop_assert!(fault.message.chars().count() < 1_000, "{}", fault.message);
                Ok(false)
            }
        }
    }

    /// A body with some of its bytes replaced, taken out or put in.
    fn changed(body: &str, changes: &[(u8, Index, u8)]) -> Vec<u8> {
        let mut bytes = body.as_bytes().to_vec();
        for (kind, at, byte) in changes {
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = *byte,
                1 if bytes.len() > 1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, *byte),
            }
        }
        bytes
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
            Just(Value::from("FARGATE")),
        ];
        let name = prop::sample::select(vec![
            "taskDefinition",
            "count",
            "tags",
            "key",
            "overrides",
            "containerOverrides",
            "name",
            "environment",
            "family",
            "containerDefinitions",
            "portMappings",
            "dockerLabels",
            "linuxParameters",
            "placementStrategy",
            "type",
            "new",
        ]);
        leaf.prop_recursive(5, 40, 4, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(name.clone().prop_map(str::to_owned), inner, 0..5)
                    .prop_map(|members| members.into_iter().collect::<Value>()),
            ]
        })
    }

    #[test]
    fn what_is_broken_below_is_whole_at_first() {
        assert!(check_read::<RegisterTaskDefinitionRequest>(DEFINITION.as_bytes()).unwrap());
        assert!(check_read::<RunTaskRequest>(RUN.as_bytes()).unwrap());
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..64)) {
            check_read::<RunTaskRequest>(&body)?;
        }

        #[test]
        fn what_is_nearly_right_is_read_as_it_stands_or_refused(
            changes in prop::collection::vec((0..3_u8, any::<Index>(), prop_oneof![Just(b'"'), Just(b'}'), Just(b'['), any::<u8>()]), 1..4),
        ) {
            check_read::<RegisterTaskDefinitionRequest>(&changed(DEFINITION, &changes))?;
            check_read::<RunTaskRequest>(&changed(RUN, &changes))?;
        }

        #[test]
        fn values_of_any_kind_are_read_as_they_stand_or_refused(value in json()) {
            let body = value.to_string();
            check_read::<RegisterTaskDefinitionRequest>(body.as_bytes())?;
            check_read::<RunTaskRequest>(body.as_bytes())?;
        }
    }
}
