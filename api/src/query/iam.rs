//! IAM: access keys, made, listed and revoked.

use berth_model::access_key::{AccessKey, AccessKeyId, Role, UserName};
use berth_model::id::InvalidId;
use berth_model::time::Timestamp;
use berth_scheduler::event::{Event, NewAccessKey};
use berth_scheduler::step::Reply;

use super::Form;
use super::xml::Element;
use crate::auth::Caller;
use crate::ecs::error::Fault;
use crate::edge::{Edge, invalid_id, unexpected};

pub(super) const VERSION: &str = "2010-05-08";

/// Keys on a page if nothing is said, as at IAM.
const PAGE_KEYS: usize = 100;

/// Most keys on a page.
const PAGE_KEYS_MAX: usize = 1_000;

/// CreateAccessKey. The only answer that has the secret.
pub(super) async fn create_access_key(edge: &Edge, caller: &Caller, form: &Form) -> Result<Element, Fault> {
    let (user, role) = (user(caller, form)?, role(form)?);
    let (id, secret, sealed) = edge.gate.keyring.generate();
    let key = match edge.submit(Event::PutAccessKey(Box::new(NewAccessKey { id, user, role, sealed }))).await? {
        Reply::AccessKey(key) => key,
        other => return Err(unexpected(&other)),
    };
    let mut result = Element::new("CreateAccessKeyResult");
    result.push(shown("AccessKey", &key).with("SecretAccessKey", secret.expose()));
    Ok(result)
}

/// ListAccessKeys: those of a user, or with `AllUsers` all. As at IAM they are the caller's own if no user is named:
/// programs that change their key for another delete what they find so.
pub(super) fn list_access_keys(edge: &Edge, caller: &Caller, form: &Form) -> Result<Element, Fault> {
    let user = match form.get("AllUsers") {
        None | Some("false") => Some(user(caller, form)?),
        Some("true") if form.get("UserName").is_none() => None,
        Some("true") => return Err(Fault::invalid("AllUsers and UserName exclude each other.")),
        Some(_) => return Err(Fault::invalid("AllUsers must be true or false.")),
    };
    let after = form.get("Marker").map(|marker| parsed::<AccessKeyId>("Marker", marker)).transpose()?;
    let limit = form.get("MaxItems").map_or(Ok(PAGE_KEYS), str::parse).ok();
    let limit = limit.filter(|limit| (1..=PAGE_KEYS_MAX).contains(limit));
    let limit = limit.ok_or_else(|| Fault::invalid(format!("MaxItems must be from 1 to {PAGE_KEYS_MAX}.")))?;
    let keys = edge.handle.access_keys();
    let is_meant = |key: &&AccessKey| user.as_ref().is_none_or(|user| key.user == *user);
    let mut found = keys.values().filter(|key| after.as_ref().is_none_or(|after| key.id > *after)).filter(is_meant);
    let page: Vec<_> = found.by_ref().take(limit).collect();
    let mut list = Element::new("AccessKeyMetadata");
    for key in &page {
        list.push(shown("member", key));
    }
    let is_cut = found.next().is_some();
    let mut result = Element::new("ListAccessKeysResult").with("IsTruncated", if is_cut { "true" } else { "false" });
    if let Some(last) = page.last().filter(|_| is_cut) {
        result = result.with("Marker", last.id.as_str());
    }
    result.push(list);
    Ok(result)
}

/// DeleteAccessKey
pub(super) async fn delete_access_key(edge: &Edge, form: &Form) -> Result<Element, Fault> {
    let id = parsed("AccessKeyId", form.require("AccessKeyId")?)?;
    let user = form.get("UserName").map(|user| parsed("UserName", user)).transpose()?;
    edge.submit(Event::DeleteAccessKey { id, user }).await?;
    Ok(Element::new("DeleteAccessKeyResult"))
}

/// The user a form names. As at IAM it is the caller's own if it names none; who needs no key has no name.
fn user(caller: &Caller, form: &Form) -> Result<UserName, Fault> {
    let user = match (form.get("UserName"), &caller.key) {
        (None, Some(_)) => caller.name.as_str(),
        _ => form.require("UserName")?,
    };
    parsed("UserName", user)
}

fn shown(name: &str, key: &AccessKey) -> Element {
    let mut shown = Element::new(name)
        .with("UserName", key.user.as_str())
        .with("AccessKeyId", key.id.as_str())
        .with("Status", "Active")
        .with("CreateDate", &iso(key.created_at))
        .with("Role", key.role.name());
    if let Role::User { clusters } = &key.role {
        let mut list = Element::new("Clusters");
        for cluster in clusters {
            list.push(Element::new("member").text(cluster.as_str()));
        }
        shown.push(list);
    }
    match key.host {
        Some(host) => shown.with("ContainerInstance", &host.to_string()),
        None => shown,
    }
}

/// `None` if it is to be that of the user's other keys.
fn role(form: &Form) -> Result<Option<Role>, Fault> {
    let clusters = form.list("Clusters").into_iter().map(|cluster| parsed("Clusters", cluster));
    let clusters = clusters.collect::<Result<std::collections::BTreeSet<_>, _>>()?;
    let role = match form.get("Role") {
        None if clusters.is_empty() => return Ok(None),
        Some("user") if !clusters.is_empty() => return Ok(Some(Role::User { clusters })),
        Some("user") => return Err(Fault::invalid("The role user needs Clusters: the clusters it is limited to.")),
        Some("admin") => Role::Admin,
        Some("reader") => Role::Reader,
        Some("agent") => Role::Agent,
        Some(_) | None => return Err(Fault::invalid("Role must be admin, user, reader or agent.")),
    };
    if clusters.is_empty() { Ok(Some(role)) } else { Err(Fault::invalid("Clusters go with the role user only.")) }
}

fn parsed<T: std::str::FromStr<Err = InvalidId>>(member: &str, text: &str) -> Result<T, Fault> {
    text.parse().map_err(|error| invalid_id(member, &error))
}

/// `2015-08-30T12:36:00Z`
fn iso(at: Timestamp) -> String {
    let basic = crate::auth::sigv4::basic(at.0.div_euclid(1_000));
    let (date, time) = basic.split_at(8);
    format!("{}-{}-{}T{}:{}:{}Z", &date[..4], &date[4..6], &date[6..], &time[1..3], &time[3..5], &time[5..7])
}
