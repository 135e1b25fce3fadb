//! `berth ps`: the tasks of a cluster.

use anyhow::Result;
use aws_sdk_ecs::types::{DesiredStatus, HealthStatus, Task};
use serde_json::json;

use crate::cli::{Output, Ps};
use crate::client::Client;
use crate::output;

/// The most ids one DescribeTasks may name.
const DESCRIBE_MAX: usize = 100;

/// Prints the tasks, oldest first: those that are to run, or all. Those that are told to stop and have not yet are listed
/// by the server among all that have stopped in the last hour, which may be many thousands: they are left to `--all`, so
/// that what runs is shown with as many calls as that takes.
///
/// # Errors
/// If the control plane cannot be reached or refuses.
pub(crate) async fn run(options: Ps) -> Result<()> {
    let client = Client::new(&options.client)?;
    let mut tasks = list(&client, &options.cluster, DesiredStatus::Running).await?;
    if options.all {
        tasks.append(&mut list(&client, &options.cluster, DesiredStatus::Stopped).await?);
    }
    tasks.sort_by_key(|task| task.created_at().map(aws_sdk_ecs::primitives::DateTime::as_nanos));
    tasks.dedup_by(|a, b| a.task_arn() == b.task_arn());
    if options.client.output == Output::Json {
        return output::json(&json!(tasks.iter().map(output::task_json).collect::<Vec<_>>()));
    }
    let rows = tasks.iter().map(row).collect();
    output::table(&["TASK", "DEFINITION", "STATUS", "HEALTH", "CPU USED", "MEMORY USED", "AGE", "EXIT", "WHY"], rows)
}

fn row(task: &Task) -> Vec<String> {
    let exit = task.containers().iter().find_map(aws_sdk_ecs::types::Container::exit_code);
    let health = task.health_status().map(HealthStatus::as_str).filter(|status| *status != "UNKNOWN").unwrap_or("-");
    let [cpu, memory] = output::used(task.attributes());
    vec![
        output::short(task.task_arn()).to_owned(),
        output::short(task.task_definition_arn()).to_owned(),
        task.last_status().unwrap_or("-").to_owned(),
        health.to_owned(),
        output::number(cpu),
        output::number(memory),
        output::age(task.created_at()),
        exit.map_or_else(String::new, |code| code.to_string()),
        output::why(task).unwrap_or_default(),
    ]
}

async fn list(client: &Client, cluster: &str, desired: DesiredStatus) -> Result<Vec<Task>> {
    let mut pages = client.ecs.list_tasks().cluster(cluster).desired_status(desired).into_paginator().items().send();
    let mut arns = Vec::new();
    while let Some(arn) = pages.next().await {
        arns.push(arn.map_err(|error| client.explain(error))?);
    }
    let mut tasks = Vec::with_capacity(arns.len());
    for chunk in arns.chunks(DESCRIBE_MAX) {
        let call = client.ecs.describe_tasks().cluster(cluster).set_tasks(Some(chunk.to_vec()));
        tasks.extend(call.send().await.map_err(|error| client.explain(error))?.tasks.unwrap_or_default());
    }
    Ok(tasks)
}
