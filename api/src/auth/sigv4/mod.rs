//! Signature Version 4, the verifying side: does this signature belong to this request, this key, this moment?
//!
//! In two steps, because a body is read only for keys that are known: [`claim`] reads the head of a request and says who
//! it claims to be from, [`Claim::verify`] then takes the body's digest and the key's secret. Both are pure. What AWS
//! leaves open is decided for the stricter side: everything that decides what a request does (`x-amz-*` headers, `host`)
//! has to be signed, and payloads too.

mod canonical;
mod instant;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use aws_lc_rs::{digest, hmac};
use axum::http::header::{AUTHORIZATION, DATE, HOST};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method};

use self::instant::Instant;

/// How far the clocks of a client and of the server may be apart, in seconds: what AWS allows.
const SKEW_SECONDS_MAX: i64 = 300;

/// How long a presigned request may be valid, in seconds. Only agents open websockets that way, and they do so at once;
/// AWS allows seven days, in which a URL from somebody's log would still be good.
const EXPIRES_SECONDS_MAX: i64 = 900;

/// The longest list of signed headers that is looked at; a request has at most 100 headers.
const SIGNED_HEADERS_MAX: usize = 100;

/// The only algorithm.
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Ends every scope.
const TERMINATION: &str = "aws4_request";

const AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

/// Headers that begin like this decide what a request does, so they have to be signed.
const AMZ_PREFIX: &str = "x-amz-";

/// Names of the query's parameters in the presigned form.
mod parameter {
    pub(super) const ALGORITHM: &str = "X-Amz-Algorithm";
    pub(super) const CREDENTIAL: &str = "X-Amz-Credential";
    pub(super) const DATE: &str = "X-Amz-Date";
    pub(super) const EXPIRES: &str = "X-Amz-Expires";
    pub(super) const SIGNED_HEADERS: &str = "X-Amz-SignedHeaders";
    pub(super) const SIGNATURE: &str = "X-Amz-Signature";
}

/// Why a signature is not accepted. The texts are for the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The signature lacks a part, or a part is not what it should be.
    Incomplete(String),
    /// It is of another time, or for another region or service.
    Scope(String),
    /// It is of another request, or made with another secret.
    Mismatch,
}

/// What a signature is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    /// `YYYYMMDD`
    date: String,
    pub(crate) region: String,
    pub(crate) service: String,
}

/// A signed request's head: who it claims to be from, and what is still to be compared.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub(crate) key_id: String,
    pub(crate) scope: Scope,
    /// `YYYYMMDDTHHMMSSZ`
    signed_at: String,
    signature: [u8; 32],
    /// The canonical request without its last line, the digest of the body.
    canonical_head: Vec<u8>,
    /// The digest that the client says the body has, if it says one.
    content_sha256: Option<String>,
    /// Set if the signature is of another time. Said only to those whose key is known.
    out_of_time: Option<Refusal>,
}

/// What the signature itself says, from the header or from the query.
struct Parameters {
    credential: String,
    signed_headers: String,
    signature: String,
}

/// Reads the signature of a request. `None` if there is none.
///
/// # Errors
/// [`Refusal::Incomplete`], or [`Refusal::Scope`] if its parts are of different days.
pub(crate) fn claim(parts: &Parts, now_seconds: i64) -> Result<Option<Claim>, Refusal> {
    let query = parts.uri.query().unwrap_or_default();
    let is_presigned = canonical::value(query, parameter::SIGNATURE)?.is_some()
        || canonical::value(query, parameter::ALGORITHM)?.is_some();
    match (parts.headers.contains_key(AUTHORIZATION), is_presigned) {
        (false, false) => Ok(None),
        (true, true) => Err(incomplete("The request is signed twice: in its Authorization header and in its query.")),
        (true, false) => from_header(parts, now_seconds).map(Some),
        (false, true) => from_query(parts, query, now_seconds).map(Some),
    }
}

fn from_header(parts: &Parts, now_seconds: i64) -> Result<Claim, Refusal> {
    let parameters = parse_authorization(one(&parts.headers, &AUTHORIZATION)?.unwrap_or_default())?;
    let (name, signed_at) = match one(&parts.headers, &AMZ_DATE)? {
        Some(date) => (AMZ_DATE, Instant::parse_basic(date)),
        None => match one(&parts.headers, &DATE)? {
            Some(date) => (DATE, Instant::parse_basic(date).or_else(|| Instant::parse_http(date))),
            None => return Err(incomplete("The request has neither a header X-Amz-Date nor a header Date.")),
        },
    };
    let signed_at = signed_at.ok_or_else(|| incomplete("The date of the signature is not YYYYMMDD'T'HHMMSS'Z'."))?;
    let until = signed_at.seconds() + SKEW_SECONDS_MAX;
    let query = canonical::query(parts.uri.query().unwrap_or_default(), None);
    let claim = assemble(parts, &parameters, signed_at, &query, Some(&name))?;
    Ok(Claim { out_of_time: out_of_time(signed_at, until, now_seconds), ..claim })
}

fn from_query(parts: &Parts, query: &str, now_seconds: i64) -> Result<Claim, Refusal> {
    if parts.method != Method::GET {
        // A web page can make a browser post a form to any URL, but not make it send an Authorization header.
        return Err(incomplete("Only GET requests are signed in their query; use the Authorization header."));
    }
    let value = |name: &str| {
        let found = canonical::value(query, name)?;
        found.ok_or_else(|| incomplete(format!("The query lacks {name}.")))
    };
    if value(parameter::ALGORITHM)? != ALGORITHM {
        return Err(incomplete(format!("{} must be {ALGORITHM}.", parameter::ALGORITHM)));
    }
    let signed_at = Instant::parse_basic(&value(parameter::DATE)?);
    let signed_at = signed_at.ok_or_else(|| incomplete("X-Amz-Date is not YYYYMMDD'T'HHMMSS'Z'."))?;
    let expires = value(parameter::EXPIRES)?;
    let expires = expires.parse().ok().filter(|expires| (1..=EXPIRES_SECONDS_MAX).contains(expires));
    let expires = expires
        .ok_or_else(|| incomplete(format!("{} must be from 1 to {EXPIRES_SECONDS_MAX}.", parameter::EXPIRES)))?;
    let until = signed_at.seconds() + expires;
    let parameters = Parameters {
        credential: value(parameter::CREDENTIAL)?,
        signed_headers: value(parameter::SIGNED_HEADERS)?,
        signature: value(parameter::SIGNATURE)?,
    };
    let query = canonical::query(query, Some(parameter::SIGNATURE));
    let claim = assemble(parts, &parameters, signed_at, &query, None)?;
    Ok(Claim { out_of_time: out_of_time(signed_at, until, now_seconds), ..claim })
}

/// Puts together what both forms have in common.
fn assemble(
    parts: &Parts,
    parameters: &Parameters,
    signed_at: Instant,
    query: &[u8],
    date_header: Option<&HeaderName>,
) -> Result<Claim, Refusal> {
    let (key_id, scope) = parse_credential(&parameters.credential)?;
    let signed_at = signed_at.basic();
    if !signed_at.starts_with(&scope.date) {
        return Err(Refusal::Scope(format!("Credential has the date {}, the request {signed_at}.", scope.date)));
    }
    let signed_headers = parse_signed_headers(&parameters.signed_headers, &parts.headers, date_header)?;
    let content_sha256 = one(&parts.headers, &CONTENT_SHA256)?.map(str::to_owned);
    Ok(Claim {
        key_id,
        scope,
        signed_at,
        signature: parse_signature(&parameters.signature)?,
        canonical_head: canonical::head(parts, query, &signed_headers),
        content_sha256,
        out_of_time: None,
    })
}

impl Claim {
    /// Compares the signature with the one that `secret` makes over the request with this body. Takes as long for a
    /// wrong signature as for the right one.
    ///
    /// # Errors
    /// [`Refusal::Mismatch`], [`Refusal::Scope`] if it is of another time, or [`Refusal::Incomplete`] if the payload is
    /// not signed at all.
    pub(crate) fn verify(&self, secret: &str, body: &[u8]) -> Result<(), Refusal> {
        if let Some(refusal) = &self.out_of_time {
            return Err(refusal.clone());
        }
        let body = hex(digest::digest(&digest::SHA256, body).as_ref());
        match self.content_sha256.as_deref() {
            Some(said) if said.starts_with("UNSIGNED-") || said.starts_with("STREAMING-") => {
                return Err(incomplete(format!("X-Amz-Content-Sha256 is {said}: the payload must be signed whole.")));
            }
            Some(said) if said != body => return Err(Refusal::Mismatch),
            Some(_) | None => {}
        }
        let mut canonical = digest::Context::new(&digest::SHA256);
        canonical.update(&self.canonical_head);
        canonical.update(body.as_bytes());
        let Scope { date, region, service } = &self.scope;
        let to_sign = format!(
            "{ALGORITHM}\n{}\n{date}/{region}/{service}/{TERMINATION}\n{}",
            self.signed_at,
            hex(canonical.finish().as_ref())
        );
        let mut key = hmac::Key::new(hmac::HMAC_SHA256, format!("AWS4{secret}").as_bytes());
        for part in [date, region, service, TERMINATION] {
            key = hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&key, part.as_bytes()).as_ref());
        }
        hmac::verify(&key, to_sign.as_bytes(), &self.signature).map_err(|_opaque| Refusal::Mismatch)
    }
}

/// `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`, the three in any order.
fn parse_authorization(header: &str) -> Result<Parameters, Refusal> {
    let rest = header.strip_prefix(ALGORITHM).and_then(|rest| rest.strip_prefix(' '));
    let rest = rest.ok_or_else(|| incomplete(format!("Authorization must begin with {ALGORITHM}.")))?;
    let (mut credential, mut signed_headers, mut signature) = (None, None, None);
    for part in rest.split(',') {
        let (name, value) = part.trim_matches(' ').split_once('=').unwrap_or((part, ""));
        let place = match name {
            "Credential" => &mut credential,
            "SignedHeaders" => &mut signed_headers,
            "Signature" => &mut signature,
            _ => {
                return Err(incomplete(
                    "Authorization has a part that is none of Credential, SignedHeaders, Signature.",
                ));
            }
        };
        if place.replace(value.to_owned()).is_some() {
            return Err(incomplete(format!("Authorization has {name} twice.")));
        }
    }
    let there =
        |value: Option<String>, name: &str| value.ok_or_else(|| incomplete(format!("Authorization requires {name}.")));
    Ok(Parameters {
        credential: there(credential, "Credential")?,
        signed_headers: there(signed_headers, "SignedHeaders")?,
        signature: there(signature, "Signature")?,
    })
}

/// `KEY/DATE/REGION/SERVICE/aws4_request`
fn parse_credential(credential: &str) -> Result<(String, Scope), Refusal> {
    let parts: Vec<_> = credential.split('/').collect();
    match parts[..] {
        [key_id, date, region, service, TERMINATION]
            if [key_id, region, service].iter().all(|part| !part.is_empty())
                && date.len() == 8
                && date.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            let scope = Scope { date: date.to_owned(), region: region.to_owned(), service: service.to_owned() };
            Ok((key_id.to_owned(), scope))
        }
        _ => Err(incomplete(format!("Credential must be KEY/YYYYMMDD/REGION/SERVICE/{TERMINATION}."))),
    }
}

/// The names of the signed headers, all of which the request must have, and which must cover what decides what it does.
fn parse_signed_headers(
    list: &str,
    headers: &HeaderMap,
    date_header: Option<&HeaderName>,
) -> Result<Vec<HeaderName>, Refusal> {
    let names: Vec<&str> = list.split(';').take(SIGNED_HEADERS_MAX + 1).collect();
    let is_canonical = names.len() <= SIGNED_HEADERS_MAX
        && names.windows(2).all(|pair| pair[0] < pair[1])
        && !list.bytes().any(|byte| byte.is_ascii_uppercase());
    if !is_canonical {
        return Err(incomplete("SignedHeaders must be distinct names in lower case, in order, with ';' between them."));
    }
    let mut signed = Vec::with_capacity(names.len());
    for name in names {
        let header = HeaderName::try_from(name).ok().filter(|header| headers.contains_key(header));
        let shown: String = name.chars().take(64).collect();
        signed.push(header.ok_or_else(|| incomplete(format!("SignedHeaders names '{shown}', which is not there.")))?);
    }
    let required = [Some(&HOST), date_header].into_iter().flatten();
    let required = required.chain(headers.keys().filter(|name| name.as_str().starts_with(AMZ_PREFIX)));
    for name in required {
        if !signed.contains(name) {
            return Err(incomplete(format!("The header {name} must be signed.")));
        }
    }
    if headers.get_all(HOST).iter().count() != 1 {
        return Err(incomplete("The request must have one header Host."));
    }
    Ok(signed)
}

/// 64 lower-case hexadecimal digits: one way to write each signature.
fn parse_signature(text: &str) -> Result<[u8; 32], Refusal> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let pair = |pair: &[u8]| Some(digit(pair[0])? << 4 | digit(pair[1])?);
    let bytes: Option<Vec<u8>> = text.as_bytes().chunks(2).filter(|chunk| chunk.len() == 2).map(pair).collect();
    let signature = bytes.filter(|_| text.len() == 64).and_then(|bytes| bytes.try_into().ok());
    signature.ok_or_else(|| incomplete("Signature must be 64 hexadecimal digits in lower case."))
}

/// The value of a header that may occur once.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Refusal> {
    let mut values = headers.get_all(name).iter();
    let (value, second) = (values.next(), values.next());
    if second.is_some() {
        return Err(incomplete(format!("The header {name} is there twice.")));
    }
    let text = value.map(|value| value.to_str().or(Err(incomplete(format!("The header {name} is not ASCII.")))));
    text.transpose()
}

/// Says what is wrong if a signature of that moment is not good now.
fn out_of_time(signed_at: Instant, until: i64, now_seconds: i64) -> Option<Refusal> {
    let what = match () {
        () if until < now_seconds => "expired",
        () if signed_at.seconds() > now_seconds + SKEW_SECONDS_MAX => "not yet current",
        () => return None,
    };
    let (signed, now) = (signed_at.basic(), Instant::from_seconds(now_seconds).basic());
    let text =
        format!("Signature {what}: it is of {signed}, and it is {now} here. Is the clock of this machine right?");
    Some(Refusal::Scope(text))
}

fn incomplete(text: impl Into<String>) -> Refusal {
    Refusal::Incomplete(text.into())
}

/// `YYYYMMDDTHHMMSSZ`, for a number of seconds since the epoch.
pub(crate) fn basic(seconds: i64) -> String {
    Instant::from_seconds(seconds).basic()
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes everything");
        text
    })
}
