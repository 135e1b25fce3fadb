//! TLS: the certificate that is shown to clients, read again when its files change.
//!
//! Connections that are there keep what they were opened with. New files that are not good leave the old certificate in
//! use: a server that goes on with it is better than one that nobody can reach.

use std::fmt;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;

/// How often the files are looked at. A certificate is renewed days before it ends, so this is soon enough.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Where a certificate is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The server's certificate and those that lead from it to one that clients know, in PEM.
    pub certificate: PathBuf,
    /// Its private key, in PEM.
    pub key: PathBuf,
}

/// Why there is no TLS with these files.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{path} holds no {what} in PEM")]
    Content {
        /// Which.
        path: PathBuf,
        /// What it should hold.
        what: &'static str,
    },
    /// The certificate and the key cannot be used, or not together.
    #[error("the certificate in {path} cannot be used")]
    Unusable {
        /// The certificate's file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: rustls::Error,
    },
}

/// The server's side of TLS. Cheap to clone.
#[derive(Clone)]
pub struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    shown: Arc<Shown>,
    files: Files,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tls").field(&self.files).finish()
    }
}

/// The certificate that is shown now.
#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// [`TlsError`]
    pub fn load(files: Files) -> Result<Self, TlsError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let shown = Arc::new(Shown(RwLock::new(read(&files, &provider)?)));
        let unusable = |cause| TlsError::Unusable { path: files.certificate.clone(), cause };
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let resolver = Arc::clone(&shown) as Arc<dyn ResolvesServerCert>;
        let mut config = config.map_err(unusable)?.with_no_client_auth().with_cert_resolver(resolver);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), shown, files })
    }

    /// Reads the files again whenever they change. Never ends.
    pub async fn follow(self) {
        let provider = aws_lc_rs::default_provider();
        let mut seen = stamps(&self.files);
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let now = stamps(&self.files);
            if now == seen {
                continue;
            }
            match read(&self.files, &provider) {
                Ok(certificate) => {
                    *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = certificate;
                    tracing::info!(files = ?self.files, "certificate read again");
                }
                Err(error) => {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "new certificate not taken, the old one stays in use");
                }
            }
            seen = now;
        }
    }
}

/// What changes when a file is written or replaced: its number, its size and when it was changed.
type Stamp = Option<(u64, u64, i64, i64)>;

fn stamps(files: &Files) -> [Stamp; 2] {
    [&files.certificate, &files.key].map(|path| {
        let found = fs::metadata(path).ok()?;
        Some((found.ino(), found.len(), found.mtime(), found.mtime_nsec()))
    })
}

fn read(files: &Files, provider: &CryptoProvider) -> Result<Arc<CertifiedKey>, TlsError> {
    let Files { certificate, key } = files;
    let chain = CertificateDer::pem_slice_iter(&content(certificate)?).collect::<Result<Vec<_>, _>>();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    let chain = chain.ok_or_else(|| TlsError::Content { path: certificate.clone(), what: "certificate" })?;
    let secret = PrivateKeyDer::from_pem_slice(&content(key)?);
    let secret = secret.map_err(|_pem| TlsError::Content { path: key.clone(), what: "private key" })?;
    let certified = CertifiedKey::from_der(chain, secret, provider);
    certified.map(Arc::new).map_err(|cause| TlsError::Unusable { path: certificate.clone(), cause })
}

fn content(path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|cause| TlsError::Read { path: path.to_owned(), cause })
}
