//! How long from RunTask to RUNNING, beside `docker run -d` of the same image with the same limits.
//!
//! Method: one host is there and holds the image. Thirty times in turn (so that all meet the same machine): send RunTask
//! and ask DescribeTasks every 5 ms until it says RUNNING; the same for a task with a network of its own; then time
//! `docker run -d` as a process. Each container is removed before the next. While a task stops, the host makes the next
//! network ahead, as it does on a host that runs one task after the other. Reported: median, 99th percentile, and the ratios
//! of the medians.
#![expect(clippy::print_stdout, reason = "a benchmark reports")]

#[expect(dead_code, reason = "each benchmark uses its part")]
mod control_plane;

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use control_plane::{Connection, ControlPlane, percentile};
use serde_json::json;

/// Built by `make image`: runs without a registry.
const IMAGE: &str = "berth-test/busybox:1";
const ROUNDS: usize = 30;
const POLL_EVERY: Duration = Duration::from_millis(5);

#[tokio::main]
async fn main() -> Result<()> {
    let data = tempfile::tempdir()?;
    let plane = ControlPlane::start(data.path(), &["--scale-in-after", "600"])?;
    let mut connection = plane.connect().await?;
    for mode in ["bridge", "awsvpc"] {
        let definition = json!({
            "family": mode, "cpu": "256", "memory": "512", "networkMode": mode,
            "containerDefinitions": [{
                "name": "main", "image": IMAGE, "command": ["sleep", "600"], "stopTimeout": 1,
            }],
        });
        connection.call("RegisterTaskDefinition", &definition).await?;
    }
    let cold = task(&mut connection, "bridge").await?;
    println!("first task, host launched for it: {cold:.1?}");
    let cold = task(&mut connection, "awsvpc").await?;
    println!("first task in awsvpc mode, image of its holder made for it: {cold:.1?}");

    let (mut bridge, mut awsvpc, mut docker) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bridge.push(task(&mut connection, "bridge").await?);
        awsvpc.push(task(&mut connection, "awsvpc").await?);
        docker.push(docker_run()?);
    }
    for times in [&mut bridge, &mut awsvpc, &mut docker] {
        times.sort();
    }
    for (name, times) in [("RunTask to RUNNING", &bridge), ("the same, awsvpc", &awsvpc), ("docker run -d", &docker)] {
        println!(
            "{name:20} N={ROUNDS} median {:.1?} p99 {:.1?} min {:.1?}",
            percentile(times, 0.5),
            percentile(times, 0.99),
            times[0]
        );
    }
    let ratio = |times: &[Duration]| percentile(times, 0.5).as_secs_f64() / percentile(&docker, 0.5).as_secs_f64();
    println!("ratio of medians {:.2}, awsvpc {:.2}", ratio(&bridge), ratio(&awsvpc));
    Ok(())
}

/// Runs one task until RUNNING, then stops it and waits for its end; gives back the time to RUNNING.
async fn task(connection: &mut Connection, definition: &str) -> Result<Duration> {
    let begin = Instant::now();
    let answer = connection.call("RunTask", &json!({"taskDefinition": definition})).await?;
    let arn = answer["tasks"][0]["taskArn"].as_str().context("no task")?.to_owned();
    wait(connection, &arn, "RUNNING").await?;
    let took = begin.elapsed();
    connection.call("StopTask", &json!({"task": arn})).await?;
    wait(connection, &arn, "STOPPED").await?;
    Ok(took)
}

async fn wait(connection: &mut Connection, arn: &str, status: &str) -> Result<()> {
    loop {
        let answer = connection.call("DescribeTasks", &json!({"tasks": [arn]})).await?;
        let last = answer["tasks"][0]["lastStatus"].as_str().context("no status")?;
        if last == status {
            return Ok(());
        }
        ensure!(last != "STOPPED", "the task stopped: {answer}");
        tokio::time::sleep(POLL_EVERY).await;
    }
}

fn docker_run() -> Result<Duration> {
    let begin = Instant::now();
    let output = Command::new("docker")
        .args(["run", "-d", "--cpu-shares", "256", "--memory", "512m", IMAGE, "sleep", "600"])
        .output()?;
    let took = begin.elapsed();
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let id = String::from_utf8(output.stdout)?;
    let removed = Command::new("docker").args(["rm", "-f", id.trim()]).output()?;
    ensure!(removed.status.success(), "{}", String::from_utf8_lossy(&removed.stderr));
    Ok(took)
}
