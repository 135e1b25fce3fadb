//! The oracle is the signer of the AWS SDKs: what it signs is accepted, and nothing that differs from it by a byte.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SignatureLocation, SigningParams, SigningSettings, sign};
use aws_sigv4::sign::v4;
use axum::http::{HeaderValue, Request};
use proptest::prelude::*;

use super::*;

const KEY: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// 2015-08-30T12:36:00Z, the moment of AWS's published examples.
const NOW: i64 = 1_440_938_160;

/// A request as it is sent.
#[derive(Debug, Clone, PartialEq)]
struct Sent {
    method: String,
    uri: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Sent {
    fn new(method: &str, uri: &str, headers: &[(&str, &str)], body: &str) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { method: method.to_owned(), uri: uri.to_owned(), headers, body: body.into() }
    }

    /// `None` if it is no HTTP request, which never reaches us.
    fn parts(&self) -> Option<Parts> {
        let mut request = Request::builder().method(self.method.as_str()).uri(self.uri.as_str());
        for (name, value) in &self.headers {
            request = request.header(name.as_str(), HeaderValue::from_bytes(value.as_bytes()).ok()?);
        }
        Some(request.body(()).ok()?.into_parts().0)
    }

    fn check_at(&self, now: i64) -> Result<(), Refusal> {
        let parts = self.parts().ok_or(Refusal::Mismatch)?;
        let claim = claim(&parts, now)?.ok_or(Refusal::Mismatch)?;
        // Another key has another secret.
        let secret = if claim.key_id == KEY { SECRET } else { "another" };
        claim.verify(secret, &self.body)?;
        let Scope { region, service, .. } = &claim.scope;
        if (region.as_str(), service.as_str()) == ("us-east-1", "ecs") { Ok(()) } else { Err(Refusal::Mismatch) }
    }

    fn check(&self) -> Result<(), Refusal> {
        self.check_at(NOW)
    }

    /// Signed by the SDKs' signer at this moment.
    fn signed(&self, location: SignatureLocation, at: i64) -> Self {
        let mut settings = SigningSettings::default();
        settings.signature_location = location;
        settings.expires_in = Some(Duration::from_mins(5));
        let identity = Credentials::new(KEY, SECRET, None, None, "test").into();
        let parameters: SigningParams<'_> = v4::SigningParams::builder()
            .identity(&identity)
            .region("us-east-1")
            .name("ecs")
            .time(time(at))
            .settings(settings)
            .build()
            .unwrap()
            .into();
        let headers = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let signable = SignableRequest::new(&self.method, &self.uri, headers, SignableBody::Bytes(&self.body)).unwrap();
        let (instructions, _) = sign(signable, &parameters).unwrap().into_parts();
        let mut request = Request::builder().method(self.method.as_str()).uri(self.uri.as_str()).body(()).unwrap();
        instructions.apply_to_request_http1x(&mut request);
        let mut signed = self.clone();
        signed.uri = request.uri().to_string();
        let added = request.headers().iter();
        signed.headers.extend(added.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())));
        signed
    }
}

fn time(seconds: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds.try_into().unwrap())
}

fn run_task() -> Sent {
    let headers = [
        ("host", "berth.example:8080"),
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", "AmazonEC2ContainerServiceV20141113.RunTask"),
    ];
    Sent::new("POST", "http://berth.example:8080/", &headers, r#"{"taskDefinition":"hello"}"#)
}

fn websocket() -> Sent {
    let uri = "http://berth.example:8080/acs/ws?agentVersion=1.0&dockerVersion=DockerVersion%3A%2027+x&seqNum=1&a=";
    Sent::new("GET", uri, &[("host", "berth.example:8080")], "")
}

#[test]
fn the_published_examples_are_accepted() {
    let date = ("x-amz-date", "20150830T123600Z");
    let host = ("host", "example.amazonaws.com");
    let check = |method, path, headers: &[(&str, &str)], body, signature| {
        let mut names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        let scope = format!("{KEY}/20150830/us-east-1/service/aws4_request");
        let names = names.join(";");
        let header = format!("{ALGORITHM} Credential={scope}, SignedHeaders={names}, Signature={signature}");
        let mut headers = headers.to_vec();
        headers.push(("authorization", &header));
        let sent = Sent::new(method, path, &headers, body);
        let claim = claim(&sent.parts().unwrap(), NOW).unwrap().unwrap();
        assert_eq!((claim.key_id.as_str(), claim.scope.service.as_str()), (KEY, "service"));
        assert_eq!(claim.verify(SECRET, body.as_bytes()), Ok(()), "{method} {path} {headers:?}");
        assert_eq!(claim.verify("other", body.as_bytes()), Err(Refusal::Mismatch));
    };
    let plain = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    check("GET", "/", &[host, date], "", plain);
    // Paths that mean the same.
    for path in ["//", "/./", "/example/..", "/example1/example2/../.."] {
        check("GET", path, &[host, date], "", plain);
    }
    let trimmed = "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736";
    check("GET", "/", &[host, ("my-header1", "value1"), ("my-header2", "\"a   b   c\""), date], "", trimmed);
    let ordered = "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac";
    check("GET", "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1", &[host, date], "", ordered);
    let form = "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b";
    let digest = "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e";
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let headers = [("content-length", "13"), kind, host, ("x-amz-content-sha256", digest), date];
    check("POST", "/", &headers, "Param1=value1", form);
}

#[test]
fn what_an_sdk_signs_is_accepted() {
    for request in [run_task(), websocket()] {
        let signed = request.signed(SignatureLocation::Headers, NOW);
        assert_eq!(signed.check(), Ok(()), "{signed:?}");
    }
    let presigned = websocket().signed(SignatureLocation::QueryParams, NOW);
    assert_eq!(presigned.check(), Ok(()), "{presigned:?}");
    assert!(matches!(run_task().signed(SignatureLocation::QueryParams, NOW).check(), Err(Refusal::Incomplete(_))));
    assert!(claim(&run_task().parts().unwrap(), NOW).unwrap().is_none(), "unsigned is no claim");
}

#[test]
fn a_signature_is_good_for_its_time() {
    let signed = run_task().signed(SignatureLocation::Headers, NOW);
    for (skew, is_good) in [(-301, false), (-300, true), (0, true), (300, true), (301, false), (86_400, false)] {
        assert_eq!(signed.check_at(NOW + skew).is_ok(), is_good, "{skew}");
    }
    let presigned = websocket().signed(SignatureLocation::QueryParams, NOW);
    for (skew, is_good) in [(-301, false), (-300, true), (300, true), (301, false)] {
        assert_eq!(presigned.check_at(NOW + skew).is_ok(), is_good, "{skew}");
    }
    let late = signed.check_at(NOW + 301).unwrap_err();
    assert!(matches!(&late, Refusal::Scope(text) if text.starts_with("Signature expired")), "{late:?}");
    let early = signed.check_at(NOW - 301).unwrap_err();
    assert!(matches!(&early, Refusal::Scope(text) if text.starts_with("Signature not yet current")), "{early:?}");
}

#[test]
fn what_decides_what_a_request_does_must_be_signed() {
    let signed = run_task().signed(SignatureLocation::Headers, NOW);
    let with = |name: &str, value: &str| {
        let mut sent = signed.clone();
        sent.headers.push((name.to_owned(), value.to_owned()));
        sent.check()
    };
    assert_eq!(with("user-agent", "anything"), Ok(()));
    for (name, value) in [
        ("x-amz-other", "1"),
        ("x-amz-target", "AmazonEC2ContainerServiceV20141113.StopTask"),
        ("x-amz-date", "20150830T123600Z"),
        ("host", "other"),
        ("authorization", "other"),
        ("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
    ] {
        assert!(with(name, value).is_err(), "{name}");
    }
    for digest in ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", &hex(&[0; 32])] {
        let mut sent = run_task();
        sent.headers.push(("x-amz-content-sha256".to_owned(), digest.to_owned()));
        assert!(sent.signed(SignatureLocation::Headers, NOW).check().is_err(), "{digest}");
    }
    let dates = Sent::new("GET", "http://h/", &[("host", "h"), ("date", "Sun, 30 Aug 2015 12:36:00 GMT")], "");
    assert!(matches!(claim(&dates.parts().unwrap(), NOW), Ok(None)));
}

#[test]
fn parts_that_lack_are_named() {
    for (header, part) in [
        ("Bearer x", "must begin with AWS4-HMAC-SHA256"),
        ("AWS4-HMAC-SHA256", "must begin with"),
        ("AWS4-HMAC-SHA256 ", "none of Credential"),
        ("AWS4-HMAC-SHA256 Credential=a/20150830/r/s/aws4_request, SignedHeaders=host", "requires Signature"),
        ("AWS4-HMAC-SHA256 Credential=a, Credential=b", "Credential twice"),
        ("AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=0", "Credential must be"),
        (
            "AWS4-HMAC-SHA256 Credential=a/20150830/r/s/aws4_request, SignedHeaders=host;x-amz-date, Signature=0",
            "64 hex",
        ),
        (
            "AWS4-HMAC-SHA256 Credential=a/20150830/r/s/aws4_request, SignedHeaders=x-amz-date;host, Signature=0",
            "in order",
        ),
        (
            "AWS4-HMAC-SHA256 Credential=a/20150830/r/s/aws4_request, SignedHeaders=host, Signature=0",
            "x-amz-date must be",
        ),
        (
            "AWS4-HMAC-SHA256 Credential=a/20150830/r/s/aws4_request, SignedHeaders=x-amz-date, Signature=0",
            "host must be",
        ),
        ("AWS4-HMAC-SHA256 Credential=a/20150830/r/s/aws4_request, SignedHeaders=host;x, Signature=0", "names 'x'"),
    ] {
        let headers = [("host", "h"), ("x-amz-date", "20150830T123600Z"), ("authorization", header)];
        let parts = Sent::new("POST", "/", &headers, "").parts().unwrap();
        let refusal = claim(&parts, NOW).unwrap_err();
        assert!(matches!(&refusal, Refusal::Incomplete(text) if text.contains(part)), "{header}: {refusal:?}");
    }
}

fn requests() -> impl Strategy<Value = Sent> {
    let path = "(/[a-zA-Z0-9._~-]{0,8}|/%[2-7][0-9A-F]|//|/\\.\\.){1,4}";
    let query = proptest::option::of("([a-zA-Z0-9._~+-]{0,5}=?(%[2-7][0-9a-fA-F])?&?){0,4}");
    let headers = proptest::collection::btree_map("x-[a-z][a-z0-9-]{0,8}", "[!-~]([ -~]{0,10}[!-~])?", 0..4);
    let body = proptest::collection::vec(any::<u8>(), 0..40);
    ("GET|POST|PUT", path, query, headers, body).prop_map(|(method, path, query, headers, body)| {
        let query = query.filter(|query| !query.is_empty()).map(|query| format!("?{query}")).unwrap_or_default();
        let mut all = vec![("host".to_owned(), "h.example:1".to_owned())];
        all.extend(headers.into_iter().filter(|(name, _)| !name.starts_with("x-amz")));
        Sent { method, uri: format!("http://h.example:1{path}{query}"), headers: all, body }
    })
}

proptest! {
    #[test]
    fn whatever_the_sdks_sign_is_accepted(request in requests()) {
        let signed = request.signed(SignatureLocation::Headers, NOW);
        prop_assert_eq!(signed.check(), Ok(()), "{:?}", signed);
    }

    #[test]
    fn no_byte_of_a_signed_request_can_be_changed(
        is_websocket: bool, location in 0..2_u8, part in 0..4_u8, at: prop::sample::Index, byte in 0x20..0x7f_u8,
    ) {
        let request = if is_websocket { websocket() } else { run_task() };
        let is_query = is_websocket && location == 1;
        let location = if is_query { SignatureLocation::QueryParams } else { SignatureLocation::Headers };
        let signed = request.signed(location, NOW);
        prop_assert_eq!(signed.check(), Ok(()));
        let mut changed = signed.clone();
        let text = match part {
            0 => &mut changed.method,
            1 => &mut changed.uri,
            2 => { let at = at.index(changed.headers.len()); &mut changed.headers[at].1 }
            _ => {
                if changed.body.is_empty() {
                    changed.body.push(byte);
                } else {
                    let at = at.index(changed.body.len());
                    changed.body[at] ^= byte;
                }
                prop_assert_eq!(changed.check(), Err(Refusal::Mismatch));
                return Ok(());
            }
        };
        // The authority of the URI is not sent; the header Host is, and it is signed.
        let from = if part == 1 { "http://berth.example:8080".len() } else { 0 };
        let at = from + at.index(text.len() - from);
        let mut bytes = text.clone().into_bytes();
        bytes[at] = byte;
        *text = String::from_utf8(bytes).unwrap();
        // The same request, written otherwise: the case of an escape's digits, a plus for an escaped space, an empty
        // parameter, the spaces between the parts of the header, all after the `#`.
        let means_the_same = canonical_form(&changed) == canonical_form(&signed);
        prop_assert!(means_the_same || changed.check().is_err(), "{:?}", changed);
    }

    #[test]
    fn nothing_that_is_sent_makes_it_panic(
        uri in "/\\PC{0,40}", authorization in "(AWS4-HMAC-SHA256 )?(Credential=|SignedHeaders=|Signature=|[a-z0-9/;, =]|\\PC){0,30}",
        date in "(20[0-9]{6}T[0-9]{6}Z)|\\PC{0,20}", name in "x-amz-[a-z0-9-]{1,20}", body: Vec<u8>,
    ) {
        let headers = [("host", "h"), ("x-amz-date", &date), ("authorization", &authorization), (name.as_str(), "v")];
        let mut sent = Sent::new("GET", &uri, &headers, "");
        sent.body = body;
        prop_assert!(sent.check().is_err());
        sent.headers.remove(2);
        sent.uri = format!("/?X-Amz-Signature={authorization}&X-Amz-Date={date}&{uri}");
        prop_assert!(sent.check().is_err());
    }
}

/// What a request means.
fn canonical_form(sent: &Sent) -> Option<Vec<Vec<u8>>> {
    let parts = sent.parts()?;
    let query = parts.uri.query().unwrap_or_default();
    let signature = canonical::value(query, parameter::SIGNATURE).ok()?;
    let names: Vec<_> = parts.headers.keys().filter(|name| **name != AUTHORIZATION).cloned().collect();
    let head = canonical::head(&parts, &canonical::query(query, Some(parameter::SIGNATURE)), &names);
    let authorization = one(&parts.headers, &AUTHORIZATION).ok()?.unwrap_or_default();
    let authorization = authorization.replace(", ", ",").into_bytes();
    Some(vec![head, signature.unwrap_or_default().into_bytes(), sent.body.clone(), authorization])
}
