//! STS: who am I?

use super::xml::Element;
use crate::auth::Caller;
use crate::edge::Edge;

pub(super) const VERSION: &str = "2011-06-15";

/// GetCallerIdentity
pub(super) fn get_caller_identity(edge: &Edge, caller: &Caller) -> Element {
    let account = &edge.scope().account;
    let id = match (&caller.key, caller.host) {
        (Some(key), _) => key.to_string(),
        (None, Some(host)) => host.to_string(),
        (None, None) => account.clone(),
    };
    Element::new("GetCallerIdentityResult")
        .with("Arn", &caller.arn(edge.scope()))
        .with("UserId", &id)
        .with("Account", account)
}
