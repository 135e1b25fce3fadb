use expect_test::expect;

use super::*;
use crate::fixture::{container, port, request};
use crate::task_definition::normalise;

fn over(text: &str) -> ecs::TaskOverride {
    serde_json::from_str(text).unwrap()
}

fn shown(request: ecs::RegisterTaskDefinitionRequest, overrides: &str) -> String {
    let document = normalise(request, false).unwrap();
    match demand(&document, &over(overrides)) {
        Ok(demand) => {
            let ports: Vec<String> = demand.ports.iter().map(ToString::to_string).collect();
            format!("{} ports [{}] host network {}", demand.resources, ports.join(", "), demand.host_network)
        }
        Err(text) => text,
    }
}

#[test]
fn containers_are_summed_up_unless_the_task_says_it_itself() {
    let soft = ecs::ContainerDefinition { memory_reservation: Some(128), ..container("soft") };
    let pair = || request(vec![container("main"), soft.clone()]);
    expect!["512 CPU units, 640 MiB ports [] host network false"].assert_eq(&shown(pair(), "{}"));
    let own = ecs::RegisterTaskDefinitionRequest {
        cpu: Some("1 vCPU".to_owned()),
        memory: Some("2 GB".to_owned()),
        ..pair()
    };
    expect!["1024 CPU units, 2048 MiB ports [] host network false"].assert_eq(&shown(own, "{}"));
    let half = ecs::RegisterTaskDefinitionRequest { memory: Some("1024".to_owned()), ..pair() };
    expect!["512 CPU units, 1024 MiB ports [] host network false"].assert_eq(&shown(half, "{}"));
}

#[test]
fn overrides_come_before_the_sum() {
    let plain = || request(vec![container("main"), container("side")]);
    let both =
        r#"{"containerOverrides":[{"name":"main","cpu":100,"memoryReservation":50},{"name":"side","memory":60}]}"#;
    expect!["356 CPU units, 110 MiB ports [] host network false"].assert_eq(&shown(plain(), both));
    expect!["2048 CPU units, 4096 MiB ports [] host network false"]
        .assert_eq(&shown(plain(), r#"{"cpu":"2 vcpu","memory":"4GB"}"#));
    expect!["Override for container named other is not a container in the TaskDefinition."]
        .assert_eq(&shown(plain(), r#"{"containerOverrides":[{"name":"other"}]}"#));
    expect!["There is more than one override for container named main."]
        .assert_eq(&shown(plain(), r#"{"containerOverrides":[{"name":"main"},{"name":"main"}]}"#));
    expect!["A container override must have a name."].assert_eq(&shown(plain(), r#"{"containerOverrides":[{}]}"#));
    expect!["Invalid setting for container 'main'. 'memory' is 512 MiB, more than the task's 256 MiB."]
        .assert_eq(&shown(plain(), r#"{"memory":"256"}"#));
    expect![
        "Invalid 'cpu' setting for task: the containers ask for 512 CPU units together, the task has 256 CPU units."
    ]
    .assert_eq(&shown(plain(), r#"{"cpu":"256"}"#));
    expect!["Invalid setting for container 'main'. 'cpu' must not be negative."]
        .assert_eq(&shown(plain(), r#"{"containerOverrides":[{"name":"main","cpu":-1}]}"#));
    expect!["Invalid setting for container 'main'. 'memoryReservation' is 513 MiB, more than its 'memory' of 512 MiB."]
        .assert_eq(&shown(plain(), r#"{"containerOverrides":[{"name":"main","memoryReservation":513}]}"#));
}

#[test]
fn gpus_are_counted() {
    let gpu = |value: &str| {
        let json = format!(r#"[{{"type":"GPU","value":"{value}"}}]"#);
        ecs::ContainerDefinition { resource_requirements: serde_json::from_str(&json).unwrap(), ..container("main") }
    };
    expect!["256 CPU units, 512 MiB, 2 GPUs ports [] host network false"]
        .assert_eq(&shown(request(vec![gpu("2")]), "{}"));
    expect!["256 CPU units, 512 MiB, 1 GPUs ports [] host network false"].assert_eq(&shown(
        request(vec![gpu("2")]),
        r#"{"containerOverrides":[{"name":"main","resourceRequirements":[{"type":"GPU","value":"1"}]}]}"#,
    ));
    assert!(normalise(request(vec![gpu("many")]), false).is_err());
}

#[test]
fn only_fixed_host_ports_take_a_place() {
    let udp = ecs::PortMapping { protocol: Some(ecs::TransportProtocol::Udp), ..port(53, 53) };
    let mapped =
        ecs::ContainerDefinition { port_mappings: Some(vec![port(80, 8080), port(81, 0), udp]), ..container("main") };
    expect!["256 CPU units, 512 MiB ports [8080/tcp, 53/udp] host network false"]
        .assert_eq(&shown(request(vec![mapped]), "{}"));
    let mapped = ecs::ContainerDefinition { port_mappings: Some(vec![port(80, 0)]), ..container("main") };
    let host =
        ecs::RegisterTaskDefinitionRequest { network_mode: Some(ecs::NetworkMode::Host), ..request(vec![mapped]) };
    expect!["256 CPU units, 512 MiB ports [80/tcp] host network true"].assert_eq(&shown(host, "{}"));
}

#[test]
fn sizes_are_read_as_ecs_writes_them() {
    for (text, units) in [
        ("256", Some(256)),
        (" 1 vCPU ", Some(1024)),
        (".25 vcpu", Some(256)),
        ("0.5vCPU", Some(512)),
        ("4 VCPU", Some(4096)),
        ("1.", None),
        ("", None),
        ("vcpu", None),
        ("-1", None),
        ("1,5 vCPU", None),
        ("1e3", None),
        ("99999999999999999999999", None),
        ("9999999999.5 vCPU", None),
    ] {
        assert_eq!(parse_cpu(text).ok().map(|cpu| cpu.0), units, "{text}");
    }
    for (text, mib) in [("512", Some(512)), ("2 GB", Some(2048)), ("0.5gb", Some(512)), ("2 MB", None), ("x", None)] {
        assert_eq!(parse_memory(text).ok().map(|memory| memory.0), mib, "{text}");
    }
}
