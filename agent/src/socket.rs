//! Websockets to the server, signed as every call is.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use berth_model::uri::encoded;
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// The service for which websockets are signed.
const SIGNING_NAME: &str = "ecs";

/// A websocket that is open.
pub type Socket = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

/// Why a websocket could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It could not be signed: the URL or the key is not one.
    #[error("the connection cannot be signed: {0}")]
    Unsigned(String),
    /// There was no connection, or the server refused it.
    #[error("the connection cannot be opened")]
    Refused(#[source] Box<tungstenite::Error>),
}

impl OpenError {
    /// The body of the server's refusal, if it gave one.
    pub fn answer(&self) -> Option<&[u8]> {
        match self {
            Self::Refused(error) => match &**error {
                tungstenite::Error::Http(answer) => answer.body().as_deref(),
                _ => None,
            },
            Self::Unsigned(_) => None,
        }
    }
}

/// Opens a websocket at `base`, `path` and a query of names and values. `base` may begin with `http`, `https`, `ws` or
/// `wss`.
///
/// # Errors
/// [`OpenError`]
pub async fn open(
    base: &str,
    path: &str,
    query: &[(&str, &str)],
    signer: (&Credentials, &str),
    limits: Option<WebSocketConfig>,
) -> Result<Socket, OpenError> {
    let url = url(base, path, query);
    let request = signed(&url, signer).map_err(OpenError::Unsigned)?;
    let opened = tokio_tungstenite::connect_async_with_config(request, limits, true).await;
    opened.map(|(socket, _)| socket).map_err(|error| OpenError::Refused(Box::new(error)))
}

fn url(base: &str, path: &str, query: &[(&str, &str)]) -> String {
    let base = match base.split_once("://") {
        Some(("http", rest)) => format!("ws://{rest}"),
        Some(("https", rest)) => format!("wss://{rest}"),
        _ => base.to_owned(),
    };
    let query: Vec<_> = query.iter().map(|(name, value)| format!("{name}={}", encoded(value.as_bytes()))).collect();
    format!("{}/{path}?{}", base.trim_end_matches('/'), query.join("&"))
}

/// The request for the websocket, signed as one without a body by a key in a region.
fn signed(url: &str, (credentials, region): (&Credentials, &str)) -> Result<Request, String> {
    let mut request = url.into_client_request().map_err(|error| error.to_string())?;
    let identity = credentials.clone().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(SIGNING_NAME)
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .map_err(|error| error.to_string())?
        .into();
    // The handshake's own headers are left out: they are for the next hop.
    let host = request.headers().get("host").and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
    let headers = std::iter::once(("host", host.as_str()));
    let signable = SignableRequest::new("GET", url, headers, SignableBody::Bytes(b""));
    let signed = signable.and_then(|signable| sign(signable, &parameters)).map_err(|error| error.to_string())?;
    let (instructions, _) = signed.into_parts();
    instructions.apply_to_request_http1x(&mut request);
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_websockets() {
        for (base, expected) in [
            ("http://127.0.0.1:1/acs/", "ws://127.0.0.1:1/acs/ws?a=x%2Fy%20z&b="),
            ("https://berth.example", "wss://berth.example/ws?a=x%2Fy%20z&b="),
            ("wss://h/p", "wss://h/p/ws?a=x%2Fy%20z&b="),
        ] {
            assert_eq!(url(base, "ws", &[("a", "x/y z"), ("b", "")]), expected);
        }
    }
}
