use berth_model::unit::Resources;

use super::*;
use crate::event::{Event, RegisterHost};
use crate::fixture::{World, name, registration, settings};

fn attribute(name: &str, value: &str) -> Attribute {
    Attribute { name: Some(name.to_owned()), value: Some(value.to_owned()), ..Attribute::default() }
}

fn change(world: &mut World, change: AttributeChange) -> Reply {
    world.apply(Event::ChangeAttributes { cluster: name("default"), change })
}

#[test]
fn attributes_are_put_replaced_and_deleted_and_those_of_the_agent_stay() {
    let mut world = World::new(settings());
    let host = world.static_host(100, 100);
    let put = vec![(host, attribute("stack", "a")), (host, attribute("zone", "1")), (host, attribute("stack", "b"))];
    assert!(matches!(change(&mut world, AttributeChange::Put(put.clone())), Reply::Attributes(all) if all == put));
    assert_eq!(world.host(host).attribute("stack"), Some("b"));
    let version = world.host(host).version;
    change(&mut world, AttributeChange::Put(vec![(host, attribute("stack", "b"))]));
    assert_eq!(world.host(host).version, version, "nothing has changed");
    let gone = vec![(host, attribute("stack", "")), (host, attribute("never", ""))];
    change(&mut world, AttributeChange::Delete(gone));
    assert_eq!(world.host(host).attribute("stack"), None);
    let sent = vec![attribute("ecs.os-type", "linux")];
    let again =
        RegisterHost { known_as: Some(host), attributes: sent, ..registration("default", Resources::new(100, 100)) };
    world.register(again);
    assert_eq!(world.host(host).attribute("zone"), Some("1"), "an operator's attribute outlives a registration");
}

#[test]
fn all_of_a_change_happens_or_nothing() {
    let mut world = World::new(settings());
    let host = world.static_host(100, 100);
    let stranger = HostId(7);
    let put = AttributeChange::Put(vec![(host, attribute("a", "1")), (stranger, attribute("a", "1"))]);
    let refused = world.refused(Event::ChangeAttributes { cluster: name("default"), change: put });
    assert_eq!(refused, Rejection::TargetNotFound(stranger));
    let many = |from: usize, to: usize| (from..to).map(|n| (host, attribute(&format!("n{n}"), "1"))).collect();
    change(&mut world, AttributeChange::Put(many(0, 10)));
    let over = Event::ChangeAttributes { cluster: name("default"), change: AttributeChange::Put(many(5, 11)) };
    assert!(matches!(world.refused(over), Rejection::AttributeLimitExceeded(_)));
    assert_eq!(world.host(host).attributes.iter().filter(|one| one.value.as_deref() == Some("1")).count(), 10);
    let nowhere = AttributeChange::Delete(vec![(host, attribute("n1", ""))]);
    let refused = world.refused(Event::ChangeAttributes { cluster: name("nowhere"), change: nowhere });
    assert_eq!(refused, Rejection::ClusterNotFound(name("nowhere")));
}
