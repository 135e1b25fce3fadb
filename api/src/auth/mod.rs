//! Who calls, and what they may do.
//!
//! [`sigv4`] compares signatures, [`keyring`] has the secrets, [`access`] says what each operation asks for. A [`Gate`]
//! puts them together, in two steps: [`Gate::admit`] looks at a request's head and finds the key, so that no body is read of
//! who names none; [`Admission::verify`] then looks at the body too.

pub(crate) mod access;
mod keyring;
pub(crate) mod sigv4;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::http::request::Parts;
use berth_engine::handle::Handle;
use berth_model::access_key::{AccessKeyId, Role};
use berth_model::arn::ArnScope;
use berth_model::id::HostId;
use berth_model::sensitive::Sensitive;

pub use self::keyring::{Credentials, Keyring, MASTER_KEY_BYTES};

use self::sigv4::{Claim, Refusal};
use crate::guard::is_loopback;

/// The service of a scope where nothing else is said.
pub(crate) const ECS: &str = "ecs";

/// The region in which clients sign for services that have none.
const GLOBAL_REGION: &str = "us-east-1";

/// The other end of the connection that a request came over. Put beside each request by [`crate::serve()`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Where it is.
    pub address: SocketAddr,
    /// Whether it came over TLS.
    pub is_tls: bool,
}

impl Peer {
    /// True for a program on this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        is_loopback(&self.address)
    }
}

/// Who is let in.
#[derive(Debug, Clone)]
pub struct Gate {
    /// What secrets are unsealed with.
    pub keyring: Arc<Keyring>,
    /// Whether programs on this machine need no key. One that signs with a key of ours is held to it all the same.
    pub is_open: bool,
}

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The stored key; `None` for a program on this machine that needs none, and for a host's own key.
    pub(crate) key: Option<AccessKeyId>,
    /// For logs and messages.
    pub(crate) name: String,
    pub(crate) role: Role,
    /// The host an agent speaks for.
    pub(crate) host: Option<HostId>,
}

impl Caller {
    /// A program on this machine, where none needs a key.
    fn local() -> Self {
        Self { key: None, name: "local".to_owned(), role: Role::Admin, host: None }
    }

    /// Its ARN, as STS gives it and resources remember it.
    pub(crate) fn arn(&self, scope: &ArnScope) -> String {
        let account = &scope.account;
        match (&self.key, self.host) {
            (Some(_), _) => format!("arn:aws:iam::{account}:user/{}", self.name),
            (None, Some(host)) => format!("arn:aws:iam::{account}:role/host/{host}"),
            // Whoever sits at this machine owns what runs on it.
            (None, None) => scope.root(),
        }
    }

    /// Returns once its access key is revoked, for what outlasts a request; never for who needs none.
    pub(crate) async fn revoked(&self, handle: &Handle) {
        match &self.key {
            Some(key) => handle.access_key_revoked(key).await,
            None => std::future::pending().await,
        }
    }

    fn host(host: HostId) -> Self {
        Self { key: None, name: format!("host {host}"), role: Role::Agent, host: Some(host) }
    }
}

/// Why a caller is not let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Denial {
    /// Nothing is signed.
    Unsigned,
    /// The key is not, or not any more, one of ours.
    UnknownKey,
    /// The signature is not good.
    Signature(Refusal),
}

/// A caller that is let in, perhaps once the body has been seen.
#[derive(Debug)]
pub(crate) enum Admission {
    /// Without more ado.
    Granted(Caller),
    /// If the signature is good.
    Claimed(Box<Claimed>),
}

/// See [`Admission::Claimed`].
#[derive(Debug)]
pub(crate) struct Claimed {
    claim: Claim,
    secret: Sensitive<String>,
    caller: Caller,
    region: String,
}

impl Gate {
    /// Looks at a request's head.
    ///
    /// # Errors
    /// [`Denial`]
    pub(crate) fn admit(&self, parts: &Parts, handle: &Handle, now_seconds: i64) -> Result<Admission, Denial> {
        let is_local = self.is_open && parts.extensions.get::<Peer>().is_some_and(Peer::is_loopback);
        let claim = sigv4::claim(parts, now_seconds).map_err(Denial::Signature)?;
        let known = claim.as_ref().and_then(|claim| self.known(&claim.key_id, handle));
        match (claim, known) {
            (Some(claim), Some((secret, caller))) => {
                let region = handle.scope().region.clone();
                Ok(Admission::Claimed(Box::new(Claimed { claim, secret, caller, region })))
            }
            // Who needs no key may have one of somebody else's: programs of AWS's users have theirs.
            (_, None) if is_local => Ok(Admission::Granted(Caller::local())),
            (Some(_), None) => Err(Denial::UnknownKey),
            (None, _) => Err(Denial::Unsigned),
        }
    }

    fn known(&self, key_id: &str, handle: &Handle) -> Option<(Sensitive<String>, Caller)> {
        if let Some(host) = Keyring::host_of(key_id) {
            return Some((self.keyring.host_key(host).secret, Caller::host(host)));
        }
        let keys = handle.access_keys();
        let key = keys.get(&key_id.parse().ok()?)?;
        let Some(secret) = self.keyring.secret(key) else {
            tracing::error!(key = %key.id, "the secret of an access key cannot be unsealed: was the master key changed?");
            return None;
        };
        let (name, role) = (key.user.to_string(), key.role.clone());
        Some((secret, Caller { key: Some(key.id.clone()), name, role, host: key.host }))
    }
}

impl Admission {
    /// Who it is, if the signature is that of this body and for this service.
    ///
    /// # Errors
    /// [`Denial::Signature`]
    pub(crate) fn verify(self, service: Option<&str>, body: &[u8]) -> Result<Caller, Denial> {
        let claimed = match self {
            Self::Granted(caller) => return Ok(caller),
            Self::Claimed(claimed) => claimed,
        };
        let Claimed { claim, secret, caller, region } = *claimed;
        claim.verify(secret.expose(), body).map_err(Denial::Signature)?;
        // Said only to those who have the secret.
        let is_global = matches!(claim.scope.service.as_str(), "iam" | "sts");
        if claim.scope.region != region && !(is_global && claim.scope.region == GLOBAL_REGION) {
            return Err(out_of_scope(&format!("region: '{region}'")));
        }
        match service {
            Some(service) if claim.scope.service != service => Err(out_of_scope(&format!("service: '{service}'"))),
            _ => Ok(caller),
        }
    }

    /// What is known of the caller so far, for the log.
    pub(crate) fn caller(&self) -> &Caller {
        match self {
            Self::Granted(caller) => caller,
            Self::Claimed(claimed) => &claimed.caller,
        }
    }
}

fn out_of_scope(expected: &str) -> Denial {
    Denial::Signature(Refusal::Scope(format!("Credential should be scoped to correct {expected}.")))
}
