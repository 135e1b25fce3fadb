//! Secrets of access keys: made, sealed for the store, and unsealed to verify a signature.
//!
//! One master key, which never leaves this machine, gives three others: one seals the secrets that stand in the store, one
//! makes the keys of hosts that Berth launches out of the hosts' ids, so that these need no rows, and one makes the ids by
//! which tasks ask for credentials.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{hmac, rand};
use berth_model::access_key::{AccessKey, AccessKeyId, SealedSecret};
use berth_model::arn::uuid;
use berth_model::id::{HostId, TaskId};
use berth_model::sensitive::Sensitive;

use super::sigv4::hex;

/// How many random bytes a master key has.
pub const MASTER_KEY_BYTES: usize = 32;

/// Letters of a secret, as at IAM.
const SECRET_LETTERS: usize = 40;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// How the ids of hosts' own keys begin; the host's id follows. No stored key looks like that.
const HOST_KEY_PREFIX: &str = "BERTH";

/// Both halves of an access key, as a client needs them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The public half.
    pub id: String,
    /// The secret half.
    pub secret: Sensitive<String>,
}

/// See the module.
pub struct Keyring {
    seal: LessSafeKey,
    hosts: hmac::Key,
    tasks: hmac::Key,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring")
    }
}

impl Keyring {
    /// The keyring of a master key.
    ///
    /// # Panics
    /// Never: the derived key has the length that the cipher wants.
    pub fn new(master: &[u8; MASTER_KEY_BYTES]) -> Self {
        let master = hmac::Key::new(hmac::HMAC_SHA256, master);
        let derived = |purpose: &str| hmac::sign(&master, purpose.as_bytes());
        let seal = UnboundKey::new(&AES_256_GCM, derived("berth: secrets of access keys").as_ref());
        Self {
            seal: LessSafeKey::new(seal.expect("a digest is as long as a key of the cipher")),
            hosts: hmac::Key::new(hmac::HMAC_SHA256, derived("berth: keys of hosts").as_ref()),
            tasks: hmac::Key::new(hmac::HMAC_SHA256, derived("berth: credentials of tasks").as_ref()),
        }
    }

    /// A new access key: its id, its secret to be shown once, and the secret sealed for the store.
    ///
    /// # Panics
    /// If the operating system gives no random bits, which it says only before it is up.
    pub fn generate(&self) -> (AccessKeyId, Sensitive<String>, SealedSecret) {
        let id = AccessKeyId::from_bits(u128::from_ne_bytes(random()));
        let letters = random::<SECRET_LETTERS>().map(|byte| char::from(LETTERS[usize::from(byte & 63)]));
        let secret = Sensitive::new(String::from_iter(letters));
        let sealed = self.sealed(&id, secret.expose());
        (id, secret, sealed)
    }

    fn sealed(&self, id: &AccessKeyId, secret: &str) -> SealedSecret {
        let nonce = random::<NONCE_LEN>();
        let mut bytes = secret.as_bytes().to_vec();
        // Bound to its id: the sealed secret of one key is of no use in the row of another.
        let tag = self.seal.seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(id.as_str()),
            &mut bytes,
        );
        let tag = tag.expect("a secret is short enough to seal");
        SealedSecret([&nonce[..], &bytes, tag.as_ref()].concat())
    }

    /// The secret of a stored key. `None` if it was sealed with another master key, or its row was tampered with.
    pub(super) fn secret(&self, key: &AccessKey) -> Option<Sensitive<String>> {
        let (nonce, sealed) = key.sealed.0.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut bytes = sealed.to_vec();
        let secret = self.seal.open_in_place(nonce, Aad::from(key.id.as_str()), &mut bytes).ok()?;
        String::from_utf8(secret.to_vec()).ok().map(Sensitive::new)
    }

    /// The key with which the agent of a host that Berth launches signs.
    pub fn host_key(&self, host: HostId) -> Credentials {
        let secret = hex(hmac::sign(&self.hosts, &host.0.to_be_bytes()).as_ref());
        Credentials { id: format!("{HOST_KEY_PREFIX}{:032X}", host.0), secret: Sensitive::new(secret) }
    }

    /// Where a task asks for the credentials of its role: always the same, and nobody else can tell it.
    pub(crate) fn credentials_id(&self, task: TaskId) -> String {
        let tag = hmac::sign(&self.tasks, &task.0.to_be_bytes());
        let bits = tag.as_ref().first_chunk().copied().map_or(0, u128::from_be_bytes);
        uuid(bits)
    }

    /// The host whose own key has this id.
    pub(super) fn host_of(key_id: &str) -> Option<HostId> {
        let digits = key_id.strip_prefix(HOST_KEY_PREFIX)?;
        let is_ours = digits.len() == 32 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
        u128::from_str_radix(digits, 16).ok().filter(|_| is_ours).map(HostId)
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).expect("the operating system gives random bits");
    bytes
}

#[cfg(test)]
mod tests {
    use berth_model::access_key::Role;
    use berth_model::time::Timestamp;

    use super::*;

    fn key(id: AccessKeyId, sealed: SealedSecret) -> AccessKey {
        let user = "jane".parse().unwrap();
        AccessKey { id, user, role: Role::Admin, host: None, sealed, created_at: Timestamp(0) }
    }

    #[test]
    fn a_secret_opens_with_its_own_master_key_and_id_only() {
        let keyring = Keyring::new(&[1; 32]);
        let (id, secret, sealed) = keyring.generate();
        assert_eq!(secret.expose().len(), 40);
        assert!(!sealed.0.windows(8).any(|part| part == &secret.expose().as_bytes()[..8]));
        assert_eq!(keyring.secret(&key(id.clone(), sealed.clone())), Some(secret));
        assert_eq!(Keyring::new(&[2; 32]).secret(&key(id.clone(), sealed.clone())), None);
        assert_eq!(keyring.secret(&key(AccessKeyId::from_bits(1), sealed.clone())), None);
        for at in 0..sealed.0.len() {
            let mut bytes = sealed.0.clone();
            bytes[at] ^= 1;
            assert_eq!(keyring.secret(&key(id.clone(), SealedSecret(bytes))), None, "{at}");
        }
        assert_eq!(keyring.secret(&key(id, SealedSecret(vec![1, 2]))), None);
    }

    #[test]
    fn keys_differ() {
        let keyring = Keyring::new(&[1; 32]);
        let ((one, first, _), (other, second, _)) = (keyring.generate(), keyring.generate());
        assert!(one != other && first != second);
        assert_ne!(keyring.host_key(HostId(1)).secret, keyring.host_key(HostId(2)).secret);
        assert_ne!(keyring.host_key(HostId(1)).secret, Keyring::new(&[2; 32]).host_key(HostId(1)).secret);
    }

    #[test]
    fn a_hosts_key_names_its_host() {
        let keyring = Keyring::new(&[1; 32]);
        for host in [HostId(0), HostId(0xabc), HostId(u128::MAX)] {
            assert_eq!(Keyring::host_of(&keyring.host_key(host).id), Some(host));
        }
        for other in ["", "BERTH", "AKIAAAAAAAAAAAAAAAAA", "BERTH+0000000000000000000000000000abc", "BERTH1"] {
            assert_eq!(Keyring::host_of(other), None, "{other}");
        }
    }
}
