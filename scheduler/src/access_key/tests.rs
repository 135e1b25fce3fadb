use berth_model::access_key::SealedSecret;
use berth_model::unit::Resources;

use super::*;
use crate::event::{Event, ReportedStatus, TaskReport};
use crate::fixture::{World, container, name, registration, request, settings};

fn id(n: u128) -> AccessKeyId {
    AccessKeyId::from_bits(n)
}

fn put(n: u128, user: &str, role: Option<Role>) -> Event {
    let sealed = SealedSecret(vec![7]);
    Event::PutAccessKey(Box::new(NewAccessKey { id: id(n), user: name(user), role, sealed }))
}

fn delete(n: u128, user: Option<&str>) -> Event {
    Event::DeleteAccessKey { id: id(n), user: user.map(name) }
}

fn added(world: &mut World, event: Event) -> AccessKey {
    match world.apply(event) {
        Reply::AccessKey(key) => *key,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_user_has_one_role_and_two_keys() {
    let mut world = World::new(settings());
    assert!(matches!(world.refused(put(1, "jane", None)), Rejection::InvalidParameter(text) if text.contains("Role")));
    let key = added(&mut world, put(1, "jane", Some(Role::Reader)));
    assert_eq!((key.role.clone(), key.host), (Role::Reader, None));
    assert!(matches!(world.refused(put(2, "jane", Some(Role::Admin))), Rejection::InvalidParameter(_)));
    assert!(matches!(world.refused(put(1, "joe", Some(Role::Admin))), Rejection::Client(_)));
    assert_eq!(added(&mut world, put(2, "jane", None)).role, Role::Reader);
    assert!(matches!(world.refused(put(3, "jane", None)), Rejection::LimitExceeded(_)));
    world.restart();
    assert_eq!(world.state.access_keys().count(), 2);
}

#[test]
fn a_revoked_key_is_gone() {
    let mut world = World::new(settings());
    added(&mut world, put(1, "jane", Some(Role::Admin)));
    assert_eq!(world.refused(delete(2, None)), Rejection::AccessKeyNotFound);
    assert_eq!(world.refused(delete(1, Some("joe"))), Rejection::AccessKeyNotFound);
    assert!(matches!(world.apply(delete(1, Some("jane"))), Reply::Done));
    assert_eq!(world.refused(delete(1, None)), Rejection::AccessKeyNotFound);
    world.restart();
    assert_eq!(world.state.access_keys().count(), 0);
}

#[test]
fn an_agents_key_speaks_for_the_host_it_registers() {
    let mut world = World::new(settings());
    added(&mut world, put(1, "a", Some(Role::Agent)));
    added(&mut world, put(2, "b", Some(Role::Agent)));
    added(&mut world, put(3, "jane", Some(Role::Admin)));
    let size = Resources::new(4096, 8192);
    let with = |key: u128| RegisterHost { key: Some(id(key)), ..registration("default", size) };
    let register = |request| Event::RegisterHost(Box::new(request));
    let own = world.register(with(1));
    assert_eq!(world.state.access_keys[&id(1)].host, Some(own));
    // An answer that was lost is asked for again.
    assert_eq!(world.register(with(1)), own);
    world.restart();
    assert_eq!(world.register(with(1)), own);
    let other = world.register(with(2));
    assert_ne!(own, other);
    for denied in [
        RegisterHost { known_as: Some(other), ..with(1) },
        RegisterHost { host_id: Some(own), ..with(1) },
        with(3),
        with(4),
    ] {
        assert!(matches!(world.refused(register(denied)), Rejection::AccessDenied(_)));
    }
    // A new key for the same host, once the old one is revoked.
    world.apply(delete(1, None));
    added(&mut world, put(5, "a", Some(Role::Agent)));
    let again = |key| RegisterHost { known_as: Some(own), ..with(key) };
    assert_eq!(world.register(again(5)), own);
    added(&mut world, put(6, "c", Some(Role::Agent)));
    assert!(matches!(world.refused(register(again(6))), Rejection::AccessDenied(_)));
}

#[test]
fn nobody_takes_over_a_host_by_its_name_or_by_its_token() {
    let mut world = World::new(settings());
    added(&mut world, put(1, "a", Some(Role::Agent)));
    added(&mut world, put(2, "b", Some(Role::Agent)));
    let size = Resources::new(4096, 8192);
    let with = |key: u128, token: &str| RegisterHost {
        key: Some(id(key)),
        token: Some(token.to_owned()),
        ..registration("default", size)
    };
    let (pool, keyless) = (world.pool_host("small"), world.register(registration("default", size)));
    for (named, cluster) in [(pool, "berth-fargate"), (keyless, "default")] {
        let request = RegisterHost { known_as: Some(named), ..RegisterHost { cluster: name(cluster), ..with(1, "t") } };
        let refused = world.refused(Event::RegisterHost(Box::new(request)));
        assert!(matches!(refused, Rejection::AccessDenied(_)), "{refused:?}");
    }
    let own = world.register(with(1, "t"));
    assert_ne!(world.register(with(2, "t")), own, "the token is another user's");
    assert_eq!(world.register(with(1, "t")), own);
}

#[test]
fn a_host_reports_only_what_runs_on_it() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let host = world.pool_host("large");
    let task = world.run(&definition, 1)[0];
    world.place();
    assert_eq!(world.task(task).host, Some(host));
    let report = |by| {
        Event::TaskReport(Box::new(TaskReport {
            task,
            by,
            status: ReportedStatus::Running,
            reason: None,
            containers: Vec::new(),
            pull_started_at: None,
            pull_stopped_at: None,
            execution_stopped_at: None,
        }))
    };
    assert!(matches!(world.refused(report(Some(HostId(99)))), Rejection::AccessDenied(_)));
    assert!(matches!(world.apply(report(Some(host))), Reply::Done));
}
