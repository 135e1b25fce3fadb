//! How long until 50 tasks that are asked for at once run on one host, beside the best of `xargs -P2`, `-P4` and `-P8 docker
//! run -d` of the same image with the same limits.
//!
//! Method: one host is there and holds the image. A few rounds (ROUNDS in the environment; 5), each with every contender in
//! turn, so that all meet the same machine: 50 tasks by five RunTask over five connections at once, timed from the first
//! byte sent until DescribeTasks, asked every 20 ms towards the end, says RUNNING of all 50; and 50 `docker run -d` by xargs
//! with 2, 4 and 8 at a time, timed from its start to its end. After each all its containers are removed and some seconds
//! pass: the kernel goes on clearing up after containers that are gone, and nobody is to pay for another's. The order turns
//! from round to round. Reported: the median of each, all figures, and the ratio of Berth's median to the best of the
//! others'.
#![expect(clippy::print_stdout, reason = "a benchmark reports")]

#[expect(dead_code, reason = "each benchmark uses its part")]
mod control_plane;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use control_plane::{Connection, ControlPlane, percentile};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};

/// Built by `make image`: runs without a registry.
const IMAGE: &str = "berth-test/busybox:1";
const TASKS: usize = 50;
/// RunTask takes as many at a time.
const TASKS_PER_CALL: usize = 10;
const POLL_EVERY: Duration = Duration::from_millis(20);
/// As long as many are still to come: each question takes from the machine what the starts need, and asked every 20 ms all
/// the time they took one part in twenty.
const POLL_FIRST_EVERY: Duration = Duration::from_millis(200);
const LAST_TASKS: usize = 10;
/// How long the kernel clears up after 50 containers, and more.
const SETTLES_WITHIN: Duration = Duration::from_secs(3);
const REMOVED_WITHIN: Duration = Duration::from_mins(2);
const AT_A_TIME: [usize; 3] = [2, 4, 8];
/// Tells the containers of xargs from others.
const LABEL: &str = "berth.bench.burst";

#[tokio::main]
async fn main() -> Result<()> {
    let rounds = std::env::var("ROUNDS").ok().map_or(Ok(5), |text| text.parse::<usize>())?;
    let data = tempfile::tempdir()?;
    let plane = ControlPlane::start(&data.path().join("plane"), &[])?;
    let host = Host::start(&plane.address, &data.path().join("agent"))?;
    let mut connection = plane.connect().await?;
    let container = json!({
        "name": "main", "image": IMAGE, "command": ["sleep", "600"], "cpu": 128, "memory": 64, "stopTimeout": 1,
    });
    let definition = json!({"family": "burst", "containerDefinitions": [container]});
    connection.call("RegisterTaskDefinition", &definition).await?;
    host.wait(&mut connection).await?;

    // `None` is Berth.
    let contenders: Vec<Option<usize>> = [None].into_iter().chain(AT_A_TIME.map(Some)).collect();
    let mut times: Vec<Vec<Duration>> = vec![Vec::new(); contenders.len()];
    for round in 0..=rounds {
        for turn in 0..contenders.len() {
            let who = (round + turn) % contenders.len();
            let took = match contenders[who] {
                None => burst(&plane).await?,
                Some(at_a_time) => docker_burst(at_a_time)?,
            };
            // The first of each warms up what is cold.
            if round > 0 {
                times[who].push(took);
            }
            settle().await?;
        }
    }
    let ours = report("berth, RunTask to RUNNING", &mut times[0]);
    let mut best = Duration::MAX;
    for (at_a_time, times) in AT_A_TIME.iter().zip(&mut times[1..]) {
        best = best.min(report(&format!("xargs -P{at_a_time} docker run -d"), times));
    }
    println!("{TASKS} tasks: ratio to the best {:.2}", ours.as_secs_f64() / best.as_secs_f64());
    drop(host);
    Ok(())
}

/// Waits until the machine is as it was.
async fn settle() -> Result<()> {
    let began = Instant::now();
    loop {
        ensure!(began.elapsed() < REMOVED_WITHIN, "containers of {IMAGE} are left, whosever they are");
        let left = Command::new("docker").args(["ps", "-aq", "--filter", &format!("ancestor={IMAGE}")]).output()?;
        ensure!(left.status.success(), "docker ps failed");
        if left.stdout.is_empty() {
            break;
        }
        tokio::time::sleep(POLL_EVERY).await;
    }
    tokio::time::sleep(SETTLES_WITHIN).await;
    Ok(())
}

/// Prints the figures and gives their median.
fn report(name: &str, times: &mut [Duration]) -> Duration {
    times.sort();
    let median = percentile(times, 0.5);
    println!("{name:28} N={} median {median:.2?} all {times:.2?}", times.len());
    median
}

/// A host with room for all, ended when dropped.
struct Host {
    process: Child,
    retire: Command,
}

impl Host {
    fn start(address: &str, data: &std::path::Path) -> Result<Self> {
        let command = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_berth"));
            command.args(["agent", "--backend", &format!("http://{address}"), "--cluster", "default", "--data"]);
            command.arg(data).args(["--cpu", "65536", "--memory", "65536"]);
            command.args(["--image-pull-behavior", "prefer-cached"]).env("BERTH_LOG", "warn").stdin(Stdio::null());
            command
        };
        let mut retire = command();
        retire.arg("--retire");
        Ok(Self { process: command().spawn().context("cannot start the agent")?, retire })
    }

    async fn wait(&self, connection: &mut Connection) -> Result<()> {
        loop {
            let found = connection.call("ListContainerInstances", &json!({})).await?;
            let arns = &found["containerInstanceArns"];
            if arns.as_array().is_some_and(|arns| !arns.is_empty()) {
                let shown = connection.call("DescribeContainerInstances", &json!({"containerInstances": arns})).await?;
                if shown["containerInstances"][0]["agentConnected"] == true {
                    return Ok(());
                }
            }
            tokio::time::sleep(POLL_EVERY).await;
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let pid = i32::try_from(self.process.id()).expect("the kernel's process ids are i32");
        kill(Pid::from_raw(pid), Signal::SIGTERM).expect("our own child can be signalled");
        self.process.wait().expect("our own child can be waited for");
        self.retire.status().expect("what it left can be removed");
    }
}

/// Runs all tasks at once; then stops them and waits for their ends. Gives the time until all run.
async fn burst(plane: &ControlPlane) -> Result<Duration> {
    // Anew each time: the server does not keep connections on which nothing happens.
    let mut connections = Vec::new();
    for _ in 0..TASKS / TASKS_PER_CALL {
        connections.push(plane.connect().await?);
    }
    let request = json!({"taskDefinition": "burst", "launchType": "EC2", "count": TASKS_PER_CALL});
    let begin = Instant::now();
    let calls = connections.iter_mut().map(|connection| connection.call("RunTask", &request));
    let mut arns = Vec::new();
    for answer in futures_util::future::try_join_all(calls).await? {
        let tasks = answer["tasks"].as_array().context("no tasks")?;
        arns.extend(tasks.iter().map(|task| task["taskArn"].clone()));
    }
    ensure!(arns.len() == TASKS, "only {} tasks found a place", arns.len());
    let connection = &mut connections[0];
    wait(connection, &arns, "RUNNING").await?;
    let took = begin.elapsed();
    for arn in &arns {
        connection.call("StopTask", &json!({"task": arn})).await?;
    }
    wait(connection, &arns, "STOPPED").await?;
    Ok(took)
}

async fn wait(connection: &mut Connection, arns: &[Value], status: &str) -> Result<()> {
    loop {
        let answer = connection.call("DescribeTasks", &json!({"tasks": arns})).await?;
        let tasks = answer["tasks"].as_array().context("no tasks")?;
        let left = tasks.iter().filter(|task| task["lastStatus"] != status).count();
        if left == 0 {
            return Ok(());
        }
        let has_stopped = status != "STOPPED" && tasks.iter().any(|task| task["lastStatus"] == "STOPPED");
        ensure!(!has_stopped, "a task stopped: {answer}");
        tokio::time::sleep(if left > LAST_TASKS { POLL_FIRST_EVERY } else { POLL_EVERY }).await;
    }
}

fn docker_burst(at_a_time: usize) -> Result<Duration> {
    let run = format!("docker run -d --label {LABEL} --cpu-shares 128 --memory 64m {IMAGE} sleep 600");
    let script = format!("seq {TASKS} | xargs -P{at_a_time} -I_ {run}");
    let begin = Instant::now();
    let done = Command::new("sh").args(["-c", &script]).stdout(Stdio::null()).status()?;
    let took = begin.elapsed();
    let remove = format!("docker ps -aq --filter label={LABEL} | xargs docker rm -f");
    let removed = Command::new("sh").args(["-c", &remove]).stdout(Stdio::null()).status()?;
    ensure!(done.success() && removed.success(), "docker run or docker rm failed");
    Ok(took)
}
