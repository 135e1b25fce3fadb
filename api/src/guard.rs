//! No web page may call, whoever shows it; and where no key is needed, only programs on this machine.
//!
//! A page that a browser on this machine shows could otherwise send requests here. It is kept out three ways: its
//! requests carry its own `Origin`; a name of its own that leads to a loopback address (DNS rebinding) stands in
//! `Host`; and the forms it may post without asking have content types of their own. A form with an `Authorization` header
//! is none of a page: a page has to ask before it sends that one, and is never told that it may.

use std::net::{IpAddr, SocketAddr};

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method};

use crate::ecs::error::Fault;

/// The content types that a web page may post anywhere without asking first.
const FORM_TYPES: [&str; 3] = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

/// True for addresses that only programs on this machine reach.
pub fn is_loopback(address: &SocketAddr) -> bool {
    match address.ip() {
        IpAddr::V4(ip) => ip.is_loopback(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.to_ipv4_mapped().is_some_and(|ip| ip.is_loopback()),
    }
}

/// Turns away what comes from a web page, and, if this machine's programs need no key, what does not come from one of
/// them.
///
/// # Errors
/// `AccessDeniedException` that says which header is the reason.
pub(crate) fn admit(parts: &Parts, is_open: bool) -> Result<(), Fault> {
    let headers = &parts.headers;
    let host = host(parts).ok_or_else(|| Fault::access_denied("The request must have one header Host."))?;
    if is_open && !is_loopback_name(host.host()) {
        let text = "The Host header must name this machine: localhost, 127.0.0.1 or [::1].";
        return Err(Fault::access_denied(text));
    }
    if !origin_is(headers, &host) {
        return Err(Fault::access_denied("Requests of other web pages are not taken: the Origin header is foreign."));
    }
    if parts.method == Method::POST && is_form(headers) && !headers.contains_key(AUTHORIZATION) {
        return Err(Fault::access_denied(
            "Forms are not taken unless they are signed: send JSON with the content type application/json or application/x-amz-json-1.1 (with curl: --json).",
        ));
    }
    Ok(())
}

/// The authority that the client thinks it talks to; `None` if it said none, or more than one thing.
pub(crate) fn host(parts: &Parts) -> Option<Authority> {
    let mut values = parts.headers.get_all(HOST).iter();
    match (values.next(), values.next()) {
        (Some(host), None) => host.to_str().ok()?.parse().ok(),
        (None, _) => parts.uri.authority().cloned(),
        (Some(_), Some(_)) => None,
    }
}

/// `host` without its port: `localhost`, an address of 127.0.0.0/8, or `[::1]`.
fn is_loopback_name(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// No `Origin` (not a browser), or that of our own pages.
fn origin_is(headers: &HeaderMap, host: &Authority) -> bool {
    headers.get_all(ORIGIN).iter().all(|origin| {
        let origin = origin.to_str().ok();
        let own = origin.and_then(|origin| origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")));
        own.is_some_and(|authority| authority.eq_ignore_ascii_case(host.as_str()))
    })
}

/// True for the content type of a signed form, as the query protocol has it.
pub(crate) fn is_query_form(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|value| essence(value).eq_ignore_ascii_case(FORM_TYPES[0].as_bytes()))
}

fn essence(value: &HeaderValue) -> &[u8] {
    value.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii()
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get_all(CONTENT_TYPE)
        .iter()
        .any(|value| FORM_TYPES.iter().any(|form| essence(value).eq_ignore_ascii_case(form.as_bytes())))
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn check(headers: &[(&str, &str)], is_admitted: bool) {
        check_where(true, headers, is_admitted);
    }

    fn check_where(is_open: bool, headers: &[(&str, &str)], is_admitted: bool) {
        let mut request = Request::post("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let outcome = admit(&request.body(()).unwrap().into_parts().0, is_open);
        assert_eq!(outcome.is_ok(), is_admitted, "{headers:?}");
        if let Err(fault) = outcome {
            assert_eq!((fault.code, fault.status.as_u16()), ("AccessDeniedException", 403));
        }
    }

    #[test]
    fn only_names_of_this_machine_are_admitted() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "127.9.8.7", "[::1]", "[::1]:1"] {
            check(&[("host", host)], true);
        }
        for host in
            ["example.com", "localhost.example.com", "10.0.0.1:80", "[::2]:80", "0.0.0.0", "", "127.0.0.1.nip.io"]
        {
            check(&[("host", host)], false);
        }
        check(&[], false);
        check(&[("host", "localhost"), ("host", "localhost")], false);
        // Where everybody needs a key, the server may have any name.
        check_where(false, &[("host", "berth.example")], true);
        check_where(false, &[], false);
    }

    #[test]
    fn only_our_own_pages_are_admitted() {
        let host = ("host", "localhost:8080");
        check(&[host, ("origin", "http://localhost:8080")], true);
        for origin in ["http://localhost:8081", "http://localhost", "http://evil.example", "null", ""] {
            check(&[host, ("origin", origin)], false);
            check_where(false, &[host, ("origin", origin), ("authorization", "x")], false);
        }
    }

    #[test]
    fn forms_are_turned_away() {
        let host = ("host", "localhost");
        for kind in ["application/x-amz-json-1.1", "application/json", "application/x-amz-json-1.1; charset=utf-8"] {
            check(&[host, ("content-type", kind)], true);
        }
        for kind in [
            "text/plain",
            "TEXT/PLAIN;charset=UTF-8",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded",
        ] {
            check(&[host, ("content-type", kind)], false);
            check_where(false, &[host, ("content-type", kind)], false);
            check(&[host, ("content-type", kind), ("authorization", "x")], true);
        }
    }

    #[test]
    fn loopback_addresses_are_known() {
        for good in ["127.0.0.1:0", "127.1.2.3:80", "[::1]:80", "[::ffff:127.0.0.1]:80"] {
            assert!(is_loopback(&good.parse().unwrap()), "{good}");
        }
        for bad in ["0.0.0.0:80", "[::]:80", "192.168.1.1:80", "[::ffff:10.0.0.1]:80"] {
            assert!(!is_loopback(&bad.parse().unwrap()), "{bad}");
        }
    }
}
