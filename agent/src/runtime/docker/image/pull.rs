//! One pull of an image: tried again until it works, or until trying again cannot help.

use std::time::Duration;

use bollard::auth::DockerCredentials;
use bollard::errors::Error as DockerError;
use bollard::models::CreateImageInfo;
use bollard::query_parameters::CreateImageOptionsBuilder;
use futures_util::stream::{Stream, StreamExt};

use super::super::{status, text};

/// How often a pull is tried, and the first and the longest wait in between, of which each is half as long again as the one
/// before: the ECS agent's. With more a task waits longer for a registry that will not come back; with fewer it fails
/// while the registry, or Docker, starts anew.
const TRIES_MAX: u32 = 5;
const WAIT_MIN: Duration = Duration::from_millis(1100);
const WAIT_MAX: Duration = Duration::from_secs(5);

/// A pull without any progress for this long is given up. It is not tried again: others wait for its room.
const STALLED_AFTER: Duration = Duration::from_mins(3);

/// What there is, in small letters, in what Docker says when trying again cannot help: it was an answer and no accident.
const FINAL: [&str; 17] = [
    "not found",
    "manifest unknown",
    "name unknown",
    "does not exist",
    "unauthorized",
    "denied",
    "forbidden",
    "authentication required",
    "no basic auth credentials",
    // Docker Hub's, which lasts for hours. ECR's own "toomanyrequests" passes.
    "pull rate limit",
    "no matching manifest",
    "cannot be used on this platform",
    "invalid reference",
    // The name server's answer. One that does not answer may do so the next time.
    "no such host",
    "x509:",
    "server gave http response to https client",
    "no space left on device",
];

/// What a pull has brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pulled {
    /// The digest of the manifest.
    pub(super) digest: Option<String>,
    /// True if the image was not there before under this name.
    pub(super) is_new: bool,
}

/// Why a try failed.
#[derive(Debug)]
struct Failure {
    text: String,
    /// True if trying again cannot help.
    is_final: bool,
}

/// Pulls an image, or says why it cannot be pulled.
pub(super) async fn pull(
    engine: &bollard::Docker,
    image: &str,
    credentials: Option<DockerCredentials>,
) -> Result<Pulled, String> {
    // Docker says its first word when the registry has.
    let engine = engine.clone().with_timeout(STALLED_AFTER);
    try_again(image, || {
        let options = CreateImageOptionsBuilder::default().from_image(image).build();
        follow(image, engine.create_image(Some(options), None, credentials.clone()))
    })
    .await
}

/// Tries until it works, or it has been tried often enough. The last failure is the one that counts.
async fn try_again<T, F>(image: &str, mut one: impl FnMut() -> F) -> Result<T, String>
where
    F: Future<Output = Result<T, Failure>>,
{
    let mut wait = WAIT_MIN;
    for _ in 1..TRIES_MAX {
        match one().await {
            Ok(done) => return Ok(done),
            Err(Failure { text, is_final: true }) => return Err(text),
            Err(Failure { text, is_final: false }) => tracing::warn!(image, error = text, "image not pulled yet"),
        }
        tokio::time::sleep(wait).await;
        wait = (wait * 3 / 2).min(WAIT_MAX);
    }
    one().await.map_err(|failure| failure.text)
}

/// Reads what Docker says about a pull, to its end.
async fn follow(
    image: &str,
    progress: impl Stream<Item = Result<CreateImageInfo, DockerError>>,
) -> Result<Pulled, Failure> {
    let mut progress = std::pin::pin!(progress);
    let mut pulled = Pulled::default();
    loop {
        match tokio::time::timeout(STALLED_AFTER, progress.next()).await {
            Ok(None) => return Ok(pulled),
            Ok(Some(Ok(info))) => pulled.note(info.status.as_deref().unwrap_or_default()),
            Err(_) | Ok(Some(Err(DockerError::RequestTimeoutError))) => return Err(stalled(image)),
            Ok(Some(Err(error))) => return Err(Failure { text: text(&error), is_final: is_final(&error) }),
        }
    }
}

fn stalled(image: &str) -> Failure {
    let minutes = STALLED_AFTER.as_secs() / 60;
    Failure { text: format!("no progress for {minutes} min while pulling {image}"), is_final: true }
}

/// True if trying again cannot help: Docker, or the registry, has answered, and will answer the same.
fn is_final(error: &DockerError) -> bool {
    // Of these two statuses the answer is to come again later.
    let is_refused = status(error).is_some_and(|code| (400..500).contains(&code) && code != 408 && code != 429);
    let said = text(error).to_ascii_lowercase();
    is_refused || FINAL.iter().any(|words| said.contains(words))
}

impl Pulled {
    /// Takes in a line of what Docker says about a pull.
    fn note(&mut self, status: &str) {
        if let Some(digest) = status.strip_prefix("Digest: ") {
            self.digest = Some(digest.to_owned());
        }
        self.is_new |= status.starts_with("Status: Downloaded newer image");
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use tokio::time::Instant;

    use super::*;

    fn failure(text: &str, is_final: bool) -> Failure {
        Failure { text: text.to_owned(), is_final }
    }

    #[test]
    fn what_docker_says_of_a_pull_is_read() {
        let mut pulled = Pulled::default();
        for line in ["Pulling from image", "Digest: sha256:01", "Status: Image is up to date for image:1"] {
            pulled.note(line);
        }
        assert_eq!(pulled, Pulled { digest: Some("sha256:01".to_owned()), is_new: false });
        pulled.note("Status: Downloaded newer image for image:1");
        assert!(pulled.is_new);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pull_is_tried_again_with_growing_waits() {
        let began = Instant::now();
        let mut tries = 0;
        let result = try_again("a:1", || {
            tries += 1;
            std::future::ready(if tries < 4 { Err(failure("EOF", false)) } else { Ok(tries) })
        });
        assert_eq!(result.await, Ok(4));
        assert_eq!(began.elapsed().as_millis(), 1100 + 1650 + 2475);
        let mut tries = 0;
        let result: Result<(), String> = try_again("a:1", || {
            tries += 1;
            std::future::ready(Err(failure(&format!("EOF {tries}"), false)))
        })
        .await;
        assert_eq!(result, Err("EOF 5".to_owned()), "the last one is told");
    }

    #[tokio::test(start_paused = true)]
    async fn what_trying_again_cannot_mend_is_told_at_once() {
        let began = Instant::now();
        let failed: Result<(), String> =
            try_again("a:1", || std::future::ready(Err(failure("manifest unknown", true)))).await;
        assert_eq!((failed, began.elapsed()), (Err("manifest unknown".to_owned()), Duration::ZERO));
    }

    #[test]
    fn answers_are_told_from_accidents() {
        let said = |status_code, message: &str| DockerError::DockerResponseServerError {
            status_code,
            message: message.to_owned(),
        };
        let streamed = |error: &str| DockerError::DockerStreamError { error: error.to_owned() };
        for error in [
            said(404, "manifest for a:1 not found: manifest unknown: manifest unknown"),
            said(404, "pull access denied for a, repository does not exist or may require 'docker login'"),
            said(400, "invalid reference format: repository name must be lowercase"),
            said(500, r#"Get "https://r/v2/": unauthorized: authentication required"#),
            said(500, r#"Get "https://r/v2/a/manifests/1": no basic auth credentials"#),
            said(500, r#"Get "https://r/v2/": dial tcp: lookup r on 10.0.0.2:53: no such host"#),
            said(500, "toomanyrequests: You have reached your pull rate limit."),
            streamed("failed to register layer: write /a: no space left on device"),
            streamed("no matching manifest for linux/arm64/v8 in the manifest list entries"),
        ] {
            assert!(is_final(&error), "{error}");
        }
        for error in [
            said(500, r#"Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused"#),
            said(500, r#"Get "https://r/v2/": net/http: TLS handshake timeout"#),
            said(500, r#"Get "https://r/v2/": read tcp: connection reset by peer"#),
            said(500, r#"Get "https://r/v2/": dial tcp: lookup r on 10.0.0.2:53: server misbehaving"#),
            said(500, "received unexpected HTTP status: 503 Service Unavailable"),
            said(500, "toomanyrequests: Rate exceeded"),
            said(429, "come again later"),
            streamed("unexpected EOF"),
            DockerError::IOError { err: std::io::ErrorKind::ConnectionReset.into() },
        ] {
            assert!(!is_final(&error), "{error}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_pull_without_progress_says_so_and_of_what() {
        let expected = "no progress for 3 min while pulling a:1";
        let waiting = CreateImageInfo { status: Some("Waiting".to_owned()), ..CreateImageInfo::default() };
        let began = Instant::now();
        let silent = follow("a:1", stream::iter([Ok(waiting)]).chain(stream::pending())).await.unwrap_err();
        assert_eq!((silent.text.as_str(), silent.is_final), (expected, true));
        assert_eq!(began.elapsed(), STALLED_AFTER);
        let unanswered = follow("a:1", stream::iter([Err(DockerError::RequestTimeoutError)])).await.unwrap_err();
        assert_eq!((unanswered.text.as_str(), unanswered.is_final), (expected, true));
    }

    #[tokio::test]
    async fn a_failure_on_the_way_to_docker_says_why() {
        // Bound and not listening: whoever comes is refused, and nobody else can be there.
        let held = tokio::net::TcpSocket::new_v4().unwrap();
        held.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = format!("tcp://{}", held.local_addr().unwrap());
        let engine = bollard::Docker::connect_with_http(&address, 5, bollard::API_DEFAULT_VERSION).unwrap();
        let options = CreateImageOptionsBuilder::default().from_image("a:1").build();
        let failed = follow("a:1", engine.create_image(Some(options), None, None)).await.unwrap_err();
        assert!(failed.text.contains("onnection refused") && !failed.is_final, "{}", failed.text);
        assert_eq!(failed.text.matches("onnection refused").count(), 1, "{}", failed.text);
    }
}
