//! What a task definition may say of a network and of namespaces that its containers share.

use std::collections::BTreeSet;

use berth_model::ecs::{ContainerDefinition, NetworkMode, TaskDefinition};

/// Longest name of a port mapping, as at ECS.
const PORT_NAME_CHARACTERS_MAX: usize = 64;

/// Checks what the containers ask of their network.
///
/// # Errors
/// A text for the client that names the container and the member.
pub(crate) fn check(document: &TaskDefinition) -> Result<(), String> {
    let containers = document.container_definitions.as_deref().unwrap_or_default();
    if document.network_mode == Some(NetworkMode::Awsvpc) {
        check_shared(containers)?;
    }
    check_port_names(containers)
}

/// In `awsvpc` mode all containers have one network, and so one name.
fn check_shared(containers: &[ContainerDefinition]) -> Result<(), String> {
    let mut shared: Option<&str> = None;
    for container in containers {
        if container.disable_networking == Some(true) {
            return invalid(container, "'disableNetworking' is not supported when networkMode=awsvpc.");
        }
        let Some(own) = container.hostname.as_deref().filter(|name| !name.is_empty()) else { continue };
        let first = *shared.get_or_insert(own);
        if own != first {
            let text = format!("'hostname' is '{own}', but all containers share '{first}' when networkMode=awsvpc.");
            return invalid(container, &text);
        }
    }
    Ok(())
}

fn check_port_names(containers: &[ContainerDefinition]) -> Result<(), String> {
    let mut names = BTreeSet::new();
    for container in containers {
        for name in container.port_mappings.iter().flatten().filter_map(|mapping| mapping.name.as_deref()) {
            if !is_port_name(name) {
                return invalid(
                    container,
                    "'portMappings[].name' may have up to 64 lowercase letters, numbers, underscores and hyphens, and \
                     must not begin with a hyphen.",
                );
            }
            if !names.insert(name) {
                return invalid(container, &format!("'portMappings[].name' '{name}' is used more than once."));
            }
        }
    }
    Ok(())
}

fn is_port_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
    let is_short = (1..=PORT_NAME_CHARACTERS_MAX).contains(&name.len());
    is_short && name.bytes().all(is_plain) && !name.starts_with('-')
}

fn invalid(container: &ContainerDefinition, text: &str) -> Result<(), String> {
    let name = container.name.as_deref().unwrap_or_default();
    Err(format!("Invalid setting for container '{name}'. {text}"))
}

#[cfg(test)]
mod tests {
    use berth_model::ecs::{
        Attribute, ContainerStateChange, NetworkBinding, PortMapping, RegisterTaskDefinitionRequest,
    };
    use berth_model::id::DefinitionId;
    use berth_model::network::HOLDER;
    use berth_model::unit::Resources;
    use expect_test::{Expect, expect};

    use super::*;
    use crate::event::{RegisterHost, ReportedStatus};
    use crate::fixture::{self, World, change, ec2, port, registration, report, run_task, settings};
    use crate::step::Reply;

    fn refusal(containers: Vec<ContainerDefinition>, expected: &Expect) {
        let document = TaskDefinition {
            network_mode: Some(NetworkMode::Awsvpc),
            container_definitions: Some(containers),
            ..TaskDefinition::default()
        };
        expected.assert_eq(&check(&document).err().unwrap_or_default());
    }

    fn container(name: &str, hostname: Option<&str>, ports: &[&str]) -> ContainerDefinition {
        let port = |name: &&str| PortMapping { name: Some((*name).to_owned()), ..PortMapping::default() };
        ContainerDefinition {
            name: Some(name.to_owned()),
            hostname: hostname.map(str::to_owned),
            port_mappings: Some(ports.iter().map(port).collect()),
            ..ContainerDefinition::default()
        }
    }

    #[test]
    fn containers_that_share_a_network_share_a_name() {
        refusal(vec![container("a", Some("box"), &[]), container("b", None, &[])], &expect![""]);
        refusal(
            vec![container("a", Some("box"), &[]), container("b", Some("other"), &[])],
            &expect![
                "Invalid setting for container 'b'. 'hostname' is 'other', but all containers share 'box' when \
                 networkMode=awsvpc."
            ],
        );
        let deaf = ContainerDefinition { disable_networking: Some(true), ..container("a", None, &[]) };
        refusal(
            vec![deaf],
            &expect![
                "Invalid setting for container 'a'. 'disableNetworking' is not supported when networkMode=awsvpc."
            ],
        );
    }

    /// A world with a definition in `awsvpc` mode, and a host whose agent has these attributes.
    fn world(attributes: &[&str]) -> (World, DefinitionId) {
        let mut world = World::new(settings());
        let main = ContainerDefinition { port_mappings: Some(vec![port(80, 80)]), ..fixture::container("main") };
        let definition = world.define(RegisterTaskDefinitionRequest {
            network_mode: Some(NetworkMode::Awsvpc),
            ..fixture::request(vec![main])
        });
        let attribute = |name: &&str| Attribute { name: Some((*name).to_owned()), ..Attribute::default() };
        let capacity = Resources::new(4096, 8192);
        let attributes = attributes.iter().map(attribute).collect();
        let host = world.register(RegisterHost { attributes, ..registration("default", capacity) });
        world.connect(host);
        (world, definition)
    }

    #[test]
    fn only_agents_that_can_get_tasks_with_a_network_of_their_own() {
        let (mut world, definition) = world(&["ecs.capability.task-eni"]);
        let Reply::Tasks { tasks, failures } = world.apply(run_task(&definition, 1, ec2())) else { panic!("refused") };
        assert_eq!(tasks, []);
        let [failure] = failures.as_slice() else { panic!("{failures:?}") };
        assert_eq!(failure.reason, "ATTRIBUTE");
        expect!["no room on 1 host: 1 lacks the attribute berth.capability.awsvpc"].assert_eq(&failure.detail);
    }

    #[test]
    fn tasks_with_networks_of_their_own_share_a_port_and_tell_their_addresses() {
        let (mut world, definition) = world(&["berth.capability.awsvpc"]);
        let Reply::Tasks { tasks, .. } = world.apply(run_task(&definition, 2, ec2())) else { panic!("refused") };
        let [one, other] = tasks.as_slice() else { panic!("both have room: {tasks:?}") };
        assert!(one.demand.ports.is_empty());
        assert_ne!(one.interface.unwrap().id, other.interface.unwrap().id);
        let told = |address: &str| {
            let binding = NetworkBinding { bind_ip: Some(address.to_owned()), ..NetworkBinding::default() };
            let holder =
                ContainerStateChange { network_bindings: Some(vec![binding]), ..change(HOLDER, "RUNNING", None, None) };
            vec![holder, change("main", "RUNNING", None, None)]
        };
        world.report(one.id, ReportedStatus::Running, told("nowhere"));
        assert_eq!(world.task(one.id).interface.unwrap().address, None);
        for address in ["172.17.0.5", "172.17.0.6"] {
            world.report(one.id, ReportedStatus::Running, told(address));
            assert_eq!(world.task(one.id).interface.unwrap().address, Some([172, 17, 0, 5].into()), "it never changes");
        }
        world.restart();
        assert_eq!(world.task(one.id).interface.unwrap().address, Some([172, 17, 0, 5].into()));
        let reason = "ResourceInitializationError: gone";
        let ended = vec![change("main", "STOPPED", Some(137), None)];
        world.apply(report(one.id, ReportedStatus::Stopped, Some(reason), ended));
        expect!["STOPPED EssentialContainerExited: ResourceInitializationError: gone"]
            .assert_eq(&world.outcome(one.id));
    }

    #[test]
    fn ports_have_plain_names_of_their_own() {
        refusal(vec![container("a", None, &["web-1", "admin"])], &expect![""]);
        refusal(
            vec![container("a", None, &["web"]), container("b", None, &["web"])],
            &expect!["Invalid setting for container 'b'. 'portMappings[].name' 'web' is used more than once."],
        );
        for name in ["", "Web", "-web", "a b"] {
            assert!(!is_port_name(name), "{name}");
        }
    }
}
