//! Calls to the IAM operations of a control plane, signed as any IAM client signs them.

use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result, anyhow, bail};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_http_client::{Connector, tls};
use aws_smithy_runtime_api::client::http::HttpConnector as _;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use berth_model::uri::encoded;
use http_body_util::BodyExt as _;

use crate::{cli, keys};

/// The version of IAM's interface.
const VERSION: &str = "2010-05-08";

/// How long a call may take.
const WITHIN: Duration = Duration::from_secs(30);

/// A client of the IAM operations.
#[derive(Debug)]
pub(crate) struct Iam {
    endpoint: String,
    region: String,
    credentials: Credentials,
    http: Connector,
}

impl Iam {
    /// A client for the endpoint and region that were asked for. Opens no connection yet.
    ///
    /// # Errors
    /// If there are credentials that cannot be read.
    pub(crate) fn new(options: &cli::Client) -> Result<Self> {
        let provider = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::AwsLc);
        Ok(Self {
            endpoint: options.endpoint.trim_end_matches('/').to_owned(),
            region: options.region.clone(),
            credentials: keys::find_credentials()?,
            http: Connector::builder().tls_provider(provider).build(),
        })
    }

    /// Calls an operation; gives its answer, in XML.
    ///
    /// # Errors
    /// If the control plane cannot be reached, or refuses.
    pub(crate) async fn call(&self, action: &str, parameters: &[(&str, &str)]) -> Result<String> {
        let parameters = parameters.iter().map(|(name, value)| format!("&{name}={}", encoded(value.as_bytes())));
        let form = format!("Action={action}&Version={VERSION}{}", parameters.collect::<String>());
        let request = self.signed(form)?;
        let call = self.http.call(request);
        let no_answer = || format!("no answer from {}: is `berth up` running, and is --endpoint right?", self.endpoint);
        let answer = tokio::time::timeout(WITHIN, call).await.with_context(no_answer)?;
        let answer = answer.map_err(|error| anyhow!("{} ({error})", no_answer()))?;
        let is_success = answer.status().is_success();
        let body = answer.into_body().collect().await.map_err(|error| anyhow!("the answer broke off: {error}"))?;
        let body = String::from_utf8(body.to_bytes().to_vec()).context("the answer is not text")?;
        if is_success {
            return Ok(body);
        }
        match (texts(&body, "Message").next(), texts(&body, "Code").next()) {
            (Some(message), Some(code)) => bail!("{message} ({code})"),
            _ => bail!("{} does not speak IAM", self.endpoint),
        }
    }

    fn signed(&self, form: String) -> Result<HttpRequest> {
        let uri = format!("{}/", self.endpoint);
        let authority = uri.split_once("://").map_or("", |(_, rest)| rest).trim_end_matches('/').to_owned();
        let kind = "application/x-www-form-urlencoded; charset=utf-8";
        let identity = self.credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("iam")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?
            .into();
        let headers = [("host", authority.as_str()), ("content-type", kind)];
        let signable = SignableRequest::new("POST", &uri, headers.into_iter(), SignableBody::Bytes(form.as_bytes()))
            .with_context(|| format!("{} is no endpoint", self.endpoint))?;
        let (instructions, _) = sign(signable, &parameters)?.into_parts();
        let (added, _) = instructions.into_parts();
        let mut request = HttpRequest::new(SdkBody::from(form));
        request.set_method("POST")?;
        request.set_uri(uri)?;
        for (name, value) in headers {
            request.headers_mut().try_insert(name, value.to_owned())?;
        }
        for header in added {
            request.headers_mut().try_insert(header.name(), header.value().to_owned())?;
        }
        Ok(request)
    }
}

/// The texts of all elements of this name, in order.
pub(crate) fn texts<'a>(xml: &'a str, name: &str) -> impl Iterator<Item = String> + use<'a> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = xml;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(&open)?;
        let (text, after) = after.split_once(&close)?;
        rest = after;
        Some(text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_their_element() {
        let xml = "<A><B>1 &lt; 2 &amp;amp;</B><C><B></B></C></A>";
        assert_eq!(texts(xml, "B").collect::<Vec<_>>(), ["1 < 2 &amp;", ""]);
        assert_eq!(texts(xml, "D").next(), None);
    }
}
