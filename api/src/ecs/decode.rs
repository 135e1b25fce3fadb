//! From the bytes of a body to a request that is worth looking at.

use berth_model::check::check;

use crate::ecs::error::Fault;
use crate::ecs::strict::Strict;
use crate::member::refused;
use crate::operation::Operate;

/// How many characters of the decoder's complaint are repeated: it may quote what was sent.
const COMPLAINT_CHARACTERS_MAX: usize = 300;

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
    let reader = &mut serde_json::Deserializer::from_slice(body);
    let request = T::deserialize(Strict(&mut *reader)).and_then(|request| reader.end().map(|()| request));
    request.map_err(|error| explain::<T>(body, &error))
}

/// Reads the body a second time, slowly, to find out where it went wrong.
fn explain<T: Operate>(body: &[u8], error: &serde_json::Error) -> Fault {
    let shown =
        |error: &serde_json::Error| error.to_string().chars().take(COMPLAINT_CHARACTERS_MAX).collect::<String>();
    if !error.is_data() {
        return Fault::invalid(format!("The body is not valid JSON: {}.", shown(error)));
    }
    let reader = Strict(&mut serde_json::Deserializer::from_slice(body));
    match serde_path_to_error::deserialize::<_, T>(reader) {
        Err(at) => Fault::invalid(format!("{}: {}.", at.path(), shown(at.inner()))),
        Ok(_) => Fault::invalid(format!("The body is not a request of {}: {}.", T::NAME, shown(error))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

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
}
