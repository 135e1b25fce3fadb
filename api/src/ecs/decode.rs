//! From the bytes of a body to a request that is worth looking at.

use berth_model::check::check;

use crate::ecs::error::Fault;
use crate::ecs::strict::Strict;
use crate::member::refused;
use crate::operation::Operate;

/// How many characters of the decoder's complaint are repeated: it may quote what was sent.
const COMPLAINT_CHARACTERS_MAX: usize = 300;

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
