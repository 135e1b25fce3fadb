//! `berth hosts`: the hosts of the shared pool, or those that registered in a cluster by themselves.

use anyhow::Result;
use aws_sdk_ecs::types::{ContainerInstance, Resource};
use berth_model::host::FARGATE_CLUSTER;
use serde_json::{Value, json};

use crate::cli::{Hosts, Output};
use crate::client::Client;
use crate::output;

/// The most ids one DescribeContainerInstances may name.
const DESCRIBE_MAX: usize = 100;

/// The attribute of a host that cannot run containers; its value says why.
const IMPAIRED: &str = "berth.impaired";

/// Prints the hosts.
///
/// # Errors
/// If the control plane cannot be reached or refuses.
pub(crate) async fn run(options: Hosts) -> Result<()> {
    let client = Client::new(&options.client)?;
    let cluster = options.cluster.as_deref().unwrap_or(FARGATE_CLUSTER);
    let hosts = list(&client, cluster).await?;
    if options.client.output == Output::Json {
        return output::json(&json!(hosts.iter().map(host_json).collect::<Vec<_>>()));
    }
    let rows = hosts.iter().map(row).collect();
    let header =
        ["HOST", "TYPE", "STATUS", "AGENT", "TASKS", "CPU FREE", "MEMORY FREE", "CPU USED", "MEMORY USED", "AGE"];
    output::table(&header, rows)
}

fn row(host: &ContainerInstance) -> Vec<String> {
    let share = |name| {
        let free = amount(host.remaining_resources(), name);
        let all = amount(host.registered_resources(), name);
        format!("{free}/{all}")
    };
    let [cpu, memory] = output::used(host.attributes());
    vec![
        output::short(host.container_instance_arn()).to_owned(),
        instance_type(host).unwrap_or("-").to_owned(),
        host.status().unwrap_or("-").to_owned(),
        agent(host).to_owned(),
        (host.running_tasks_count() + host.pending_tasks_count()).to_string(),
        share("CPU"),
        share("MEMORY"),
        output::number(cpu),
        output::number(memory),
        output::age(host.registered_at()),
    ]
}

fn agent(host: &ContainerInstance) -> &'static str {
    match (host.agent_connected(), is_impaired(host)) {
        (false, _) => "away",
        (true, true) => "impaired",
        (true, false) => "connected",
    }
}

fn is_impaired(host: &ContainerInstance) -> bool {
    host.attributes().iter().any(|attribute| attribute.name() == IMPAIRED)
}

fn host_json(host: &ContainerInstance) -> Value {
    let [used_cpu, used_memory] = output::used(host.attributes());
    json!({
        "containerInstanceArn": host.container_instance_arn(),
        "instanceType": instance_type(host),
        "status": host.status(),
        "agentConnected": host.agent_connected(),
        "runningTasksCount": host.running_tasks_count(),
        "pendingTasksCount": host.pending_tasks_count(),
        "registeredCpu": amount(host.registered_resources(), "CPU"),
        "registeredMemory": amount(host.registered_resources(), "MEMORY"),
        "remainingCpu": amount(host.remaining_resources(), "CPU"),
        "remainingMemory": amount(host.remaining_resources(), "MEMORY"),
        "usedCpu": used_cpu,
        "usedMemory": used_memory,
        "isImpaired": is_impaired(host),
        "impairment": output::attribute(host.attributes(), IMPAIRED),
    })
}

fn instance_type(host: &ContainerInstance) -> Option<&str> {
    output::attribute(host.attributes(), "ecs.instance-type")
}

fn amount(resources: &[Resource], name: &str) -> i32 {
    let resource = resources.iter().find(|resource| resource.name() == Some(name));
    resource.map_or(0, Resource::integer_value)
}

async fn list(client: &Client, cluster: &str) -> Result<Vec<ContainerInstance>> {
    let mut pages = client.ecs.list_container_instances().cluster(cluster).into_paginator().items().send();
    let mut arns = Vec::new();
    while let Some(arn) = pages.next().await {
        arns.push(arn.map_err(|error| client.explain(error))?);
    }
    let mut hosts = Vec::with_capacity(arns.len());
    for chunk in arns.chunks(DESCRIBE_MAX) {
        let call =
            client.ecs.describe_container_instances().cluster(cluster).set_container_instances(Some(chunk.to_vec()));
        let answer = call.send().await.map_err(|error| client.explain(error))?;
        hosts.extend(answer.container_instances.unwrap_or_default());
    }
    Ok(hosts)
}
