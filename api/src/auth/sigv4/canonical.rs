//! The canonical request: one way to write each request, so that both sides hash the same bytes.

use axum::http::HeaderName;
use axum::http::request::Parts;
use berth_model::uri::{decoded, encoded};

use super::{Refusal, incomplete};

/// The canonical request up to the line with the body's digest.
pub(super) fn head(parts: &Parts, query: &[u8], signed_headers: &[HeaderName]) -> Vec<u8> {
    let mut head = Vec::with_capacity(1024);
    head.extend(parts.method.as_str().bytes());
    head.push(b'\n');
    head.extend(path(parts.uri.path()));
    head.push(b'\n');
    head.extend(query);
    head.push(b'\n');
    for name in signed_headers {
        head.extend(name.as_str().bytes());
        head.push(b':');
        for (n, value) in parts.headers.get_all(name).iter().enumerate() {
            if n > 0 {
                head.push(b',');
            }
            append_trimmed(&mut head, value.as_bytes());
        }
        head.push(b'\n');
    }
    head.push(b'\n');
    for (n, name) in signed_headers.iter().enumerate() {
        if n > 0 {
            head.push(b';');
        }
        head.extend(name.as_str().bytes());
    }
    head.push(b'\n');
    head
}

/// Without spaces at its ends, and one space for several.
fn append_trimmed(head: &mut Vec<u8>, value: &[u8]) {
    let words = value.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    for (n, word) in words.enumerate() {
        if n > 0 {
            head.push(b' ');
        }
        head.extend(word);
    }
}

/// The path as it came (so already encoded once), without `.`, `..` and empty segments, and encoded once more.
fn path(path: &str) -> Vec<u8> {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    let mut canonical = Vec::with_capacity(path.len() + 1);
    for segment in &segments {
        canonical.push(b'/');
        canonical.extend(encoded(segment.as_bytes()).flat_map(str::bytes));
    }
    let is_directory = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
    if segments.is_empty() || is_directory {
        canonical.push(b'/');
    }
    canonical
}

/// The parameters, each encoded in the one way there is, in order; without the one that holds the signature itself.
pub(super) fn query(query: &str, without: Option<&str>) -> Vec<u8> {
    let mut parameters: Vec<(String, String)> = pairs(query)
        .map(|(name, value)| (decoded(name), decoded(value)))
        .filter(|(name, _)| without.is_none_or(|without| name != without.as_bytes()))
        .map(|(name, value)| (encoded(&name).to_string(), encoded(&value).to_string()))
        .collect();
    parameters.sort();
    let mut canonical = Vec::with_capacity(query.len());
    for (n, (name, value)) in parameters.into_iter().enumerate() {
        if n > 0 {
            canonical.push(b'&');
        }
        canonical.extend(name.bytes());
        canonical.push(b'=');
        canonical.extend(value.bytes());
    }
    canonical
}

/// The value of a parameter of the query, decoded.
///
/// # Errors
/// [`Refusal::Incomplete`] if it is there twice, or is no text.
pub(super) fn value(query: &str, name: &str) -> Result<Option<String>, Refusal> {
    let mut found = pairs(query).filter(|(one, _)| decoded(one) == name.as_bytes()).map(|(_, value)| decoded(value));
    let (value, second) = (found.next(), found.next());
    if second.is_some() {
        return Err(incomplete(format!("The query has {name} twice.")));
    }
    let text = value.map(|value| String::from_utf8(value).or(Err(incomplete(format!("{name} is not text.")))));
    text.transpose()
}

fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts.map(|part| part.split_once('=').unwrap_or((part, "")))
}
