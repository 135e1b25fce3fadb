//! What happens to access keys. Secrets come in sealed; nothing here can read them.

use berth_model::access_key::{AccessKey, AccessKeyId, Role, UserName};
use berth_model::id::HostId;
use berth_model::time::Timestamp;

use crate::event::{NewAccessKey, RegisterHost};
use crate::state::State;
use crate::step::{Key, Rejection, Reply, Row, Step};

/// Most keys of a user, as at IAM: one in use, and one to change over to.
const KEYS_OF_A_USER_MAX: usize = 2;

/// Most keys altogether: all are kept in memory.
const KEYS_MAX: usize = 10_000;

impl State {
    /// Adds a key. A user has one role: that of the keys that are there, if nothing is said.
    pub(crate) fn put_access_key(&mut self, new: NewAccessKey, now: Timestamp, step: &mut Step) -> Reply {
        match self.checked(new, now) {
            Ok(key) => {
                self.write_key(&key, step);
                Reply::AccessKey(Box::new(key))
            }
            Err(rejection) => Reply::Rejected(rejection),
        }
    }

    fn checked(&self, new: NewAccessKey, now: Timestamp) -> Result<AccessKey, Rejection> {
        let NewAccessKey { id, user, role, sealed } = new;
        let others: Vec<_> = self.access_keys.values().filter(|key| key.user == user).collect();
        let role = match (role, others.first().map(|key| &key.role)) {
            (Some(role), Some(known)) if role != *known => {
                let text = format!("The user {user} has the role {}, and all keys of a user have one.", known.name());
                return Err(Rejection::InvalidParameter(text));
            }
            (Some(role), _) => role,
            (None, Some(known)) => known.clone(),
            (None, None) => {
                let text = format!("The user {user} is new: Role must be given (admin, user, reader or agent).");
                return Err(Rejection::InvalidParameter(text));
            }
        };
        if others.len() >= KEYS_OF_A_USER_MAX {
            let text = format!("The user {user} has {KEYS_OF_A_USER_MAX} access keys already.");
            return Err(Rejection::LimitExceeded(text));
        }
        if self.access_keys.len() >= KEYS_MAX {
            return Err(Rejection::LimitExceeded(format!("There are {KEYS_MAX} access keys already.")));
        }
        if self.access_keys.contains_key(&id) {
            return Err(Rejection::Client(format!("There is an access key {id} already.")));
        }
        Ok(AccessKey { id, user, role, host: None, sealed, created_at: now })
    }

    /// Removes a key; of this user, if one is named.
    pub(crate) fn delete_access_key(&mut self, id: &AccessKeyId, user: Option<&UserName>, step: &mut Step) -> Reply {
        let is_meant = |key: &AccessKey| user.is_none_or(|user| *user == key.user);
        if !self.access_keys.get(id).is_some_and(is_meant) {
            return Reply::Rejected(Rejection::AccessKeyNotFound);
        }
        self.access_keys.remove(id);
        step.writes.insert(Key::AccessKey(id.clone()), Row::AccessKey(None));
        Reply::Done
    }

    /// All keys, for those who verify signatures.
    pub fn access_keys(&self) -> impl Iterator<Item = &AccessKey> {
        self.access_keys.values()
    }

    /// Lets a key register only the host it speaks for. One that speaks for a host already registers that host again,
    /// so that an agent whose first answer was lost does not become two hosts.
    pub(crate) fn check_registering_key(&self, request: &mut RegisterHost) -> Result<(), Rejection> {
        let Some(id) = &request.key else { return Ok(()) };
        let denied = |text: &str| Err(Rejection::AccessDenied(text.to_owned()));
        let Some(key) = self.access_keys.get(id).filter(|key| key.role == Role::Agent) else {
            return denied("The access key was revoked.");
        };
        if request.host_id.is_some() {
            return denied("A host that Berth launched registers with the key it was launched with.");
        }
        match (key.host, request.known_as) {
            (Some(own), Some(named)) if own != named => denied("The access key speaks for another container instance."),
            (Some(own), None) => {
                // One that is over leaves its key free for the next.
                request.known_as = self.hosts.get(own).map(|_| own);
                Ok(())
            }
            // Nobody takes over a host by its name: not one of a pool, nor one that registered with another user's key.
            (None, Some(named))
                if self.hosts.get(named).is_some_and(|entry| entry.row.user.as_ref() != Some(&key.user)) =>
            {
                denied(
                    "The access key is of another user than the one with whose key this container instance registered.",
                )
            }
            (Some(_) | None, _) => Ok(()),
        }
    }

    /// From now on this key speaks for this host, and for no other.
    pub(crate) fn bind_key(&mut self, id: &AccessKeyId, host: HostId, step: &mut Step) {
        let Some(key) = self.access_keys.get(id).filter(|key| key.host != Some(host)) else { return };
        let key = AccessKey { host: Some(host), ..key.clone() };
        self.hosts.change(host, |row| row.user = Some(key.user.clone()));
        self.write_key(&key, step);
    }

    fn write_key(&mut self, key: &AccessKey, step: &mut Step) {
        self.access_keys.insert(key.id.clone(), key.clone());
        step.writes.insert(Key::AccessKey(key.id.clone()), Row::AccessKey(Some(Box::new(key.clone()))));
    }
}

#[cfg(test)]
mod tests;
