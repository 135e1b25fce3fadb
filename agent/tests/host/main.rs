//! The whole agent against a real Docker Engine and a small server that speaks just enough of the protocols.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod server;

use std::process::Command;
use std::time::Duration;

use berth_agent::config::{ImagePullBehavior, RuntimeKind};
use berth_agent::{Config, Error, records_in, retire, run};
use berth_model::acs::{DockerConfig, PayloadContainer, PayloadPortMapping, PayloadTask};
use berth_model::id::{HostId, InstallationId};
use berth_model::sensitive::Sensitive;
use serde_json::Value;
use server::Server;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const IMAGE: &str = "berth-test/busybox:1";
/// Longer than anything here takes on a loaded machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// One host: its data directory, its containers, and its agent while it runs.
struct Host {
    config: Config,
    installation: InstallationId,
    _data: tempfile::TempDir,
    agent: Option<(JoinHandle<Result<(), Error>>, CancellationToken)>,
}

impl Host {
    fn new(server: &Server) -> Self {
        let data = tempfile::tempdir().unwrap();
        let installation = InstallationId(uuid::Uuid::new_v4().as_u128());
        let mut config = Config::new(&server.url, "demo".parse().unwrap(), Some(data.path().join("agent")));
        config.installation = Some(installation);
        config.host_id = Some(HostId(uuid::Uuid::new_v4().as_u128()));
        config.publish_address = Some("127.0.0.1".to_owned());
        config.image_pull_behavior = ImagePullBehavior::PreferCached;
        Self { config, installation, _data: data, agent: None }
    }

    fn start(&mut self) {
        let shutdown = CancellationToken::new();
        self.agent = Some((tokio::spawn(run(self.config.clone(), shutdown.clone())), shutdown));
    }

    /// Has it wait for the output as long as a busy machine may take.
    fn be_patient(&mut self) {
        self.config.session.stopped_report_wait = PATIENCE;
    }

    /// Ends the agent between any two of its steps, as `kill -9` does.
    async fn kill(&mut self) {
        let (agent, _) = self.agent.take().unwrap();
        agent.abort();
        assert!(agent.await.unwrap_err().is_cancelled());
    }

    async fn end(&mut self) {
        let (agent, shutdown) = self.agent.take().unwrap();
        shutdown.cancel();
        agent.await.unwrap().unwrap();
    }

    /// The ids of its containers, of the states given or of all.
    fn containers(&self, filters: &[&str]) -> Vec<String> {
        let label = format!("label=berth.installation={}", self.installation);
        let mut command = Command::new("docker");
        command.args(["ps", "--all", "--quiet", "--no-trunc", "--filter", &label]);
        for filter in filters {
            command.args(["--filter", filter]);
        }
        let output = command.output().expect("docker is there");
        assert!(output.status.success(), "docker ps: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    /// Waits until two holders are there that were made ahead, none of them one of the `old`, and gives their ids.
    async fn spares(&self, old: &[String]) -> Vec<String> {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let spares = self.containers(&["name=berth-spare-", "status=running"]);
            if spares.len() == 2 && !spares.iter().any(|spare| old.contains(spare)) {
                return spares;
            }
            assert!(tokio::time::Instant::now() < deadline, "holders made ahead: {spares:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until the agent has stored the end of a task.
    async fn until_end_is_stored(&self, arn: &str) {
        let directory = self.config.data.as_ref().unwrap();
        let is_stored = || {
            let records = records_in(directory).unwrap();
            records.iter().any(|record| record.arn == arn && record.ended_at.is_some())
        };
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !is_stored() {
            assert!(tokio::time::Instant::now() < deadline, "no end of {arn}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn until_empty(&self) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while !self.containers(&[]).is_empty() {
            assert!(tokio::time::Instant::now() < deadline, "containers are left");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Some((agent, _)) = &self.agent {
            agent.abort();
        }
        let left = self.containers(&[]);
        if !left.is_empty() {
            Command::new("docker").args(["rm", "--force", "--volumes"]).args(left).output().expect("docker is there");
        }
        // An agent that was cut short may not have come to remove the control groups of its tasks.
        let own = format!("*/berth/{}*", self.installation);
        let find = ["/sys/fs/cgroup", "-depth", "-type", "d", "-path", &own, "-exec", "rmdir", "{}", ";"];
        Command::new("find").args(find).output().expect("find is there");
    }
}

fn container(name: &str, script: &str) -> PayloadContainer {
    PayloadContainer {
        name: name.to_owned(),
        image: IMAGE.to_owned(),
        essential: true,
        command: Some(vec!["sh".to_owned(), "-c".to_owned(), script.to_owned()]),
        ..PayloadContainer::default()
    }
}

fn task(containers: Vec<PayloadContainer>) -> PayloadTask {
    PayloadTask {
        arn: format!("arn:aws:ecs:us-east-1:123456789012:task/demo/{}", uuid::Uuid::new_v4().simple()),
        family: "web".to_owned(),
        version: "1".to_owned(),
        desired_status: "RUNNING".to_owned(),
        containers,
        ..PayloadTask::default()
    }
}

/// The container `name` of a report.
fn part<'a>(report: &'a Value, name: &str) -> &'a Value {
    let containers = report["containers"].as_array().unwrap();
    containers.iter().find(|container| container["containerName"] == name).unwrap()
}

#[tokio::test]
async fn a_task_runs_with_its_environment_limits_ports_and_output() {
    let server = Server::start().await;
    let mut host = Host::new(&server);
    host.start();
    let script = "echo $GREETING; echo region $AWS_REGION >&2; httpd -f -p 80 -h /var/www & sleep 1; exit 7";
    let port_mappings = vec![PayloadPortMapping { container_port: 80, host_port: 0, protocol: "tcp".to_owned() }];
    let environment = Sensitive::new([("GREETING".to_owned(), "hello".to_owned())].into());
    let mut task = task(vec![PayloadContainer { port_mappings, environment, memory: 64, ..container("app", script) }]);
    (task.cpu, task.memory) = (Some(0.5), Some(128));
    server.order(&task).await;
    server.acknowledged(&task.arn).await;
    let running = server.report(&task.arn, "RUNNING").await;
    let binding = &part(&running, "app")["networkBindings"][0];
    assert_eq!(binding["containerPort"], 80);
    assert_eq!(binding["bindIP"], "127.0.0.1");
    assert!(binding["hostPort"].as_i64().unwrap() > 0);
    let runtime_id = part(&running, "app")["runtimeId"].as_str().unwrap();
    let format =
        "{{.HostConfig.Memory}} {{.HostConfig.CpuShares}} {{.HostConfig.CpuQuota}} {{.HostConfig.CgroupParent}}";
    let limits = Command::new("docker").args(["inspect", "--format", format, runtime_id]).output().unwrap();
    let limits = String::from_utf8_lossy(&limits.stdout).trim().to_owned();
    // The quota is that of the task's control group, where the machine lets the agent make one.
    assert!(limits.starts_with("67108864 512 0 /berth/") || limits == "67108864 512 50000", "{limits}");
    let stopped = server.report(&task.arn, "STOPPED").await;
    assert_eq!(part(&stopped, "app")["exitCode"], 7);
    host.until_empty().await;
    let stream = format!("web/app/{}", task.arn.rsplit('/').next().unwrap());
    let mut output = server.output(&stream);
    output.sort();
    assert_eq!(output, ["hello", "region us-east-1"]);
    host.end().await;
}

#[tokio::test]
async fn a_stop_gives_time_and_then_kills_and_the_rest_goes_with_the_essential_one() {
    let server = Server::start().await;
    let mut host = Host::new(&server);
    host.start();
    let polite =
        PayloadContainer { stop_timeout: Some(30), ..container("polite", "trap 'exit 3' TERM; sleep 1000 & wait") };
    let deaf = PayloadContainer { stop_timeout: Some(1), ..container("deaf", "trap '' TERM; sleep 1000 & wait; wait") };
    let mut stopped_by_order = task(vec![polite.clone(), deaf.clone()]);
    server.order(&stopped_by_order).await;
    server.report(&stopped_by_order.arn, "RUNNING").await;
    stopped_by_order.desired_status = "STOPPED".to_owned();
    server.order(&stopped_by_order).await;
    let report = server.report(&stopped_by_order.arn, "STOPPED").await;
    assert_eq!(part(&report, "polite")["exitCode"], 3);
    assert_eq!(part(&report, "deaf")["exitCode"], 137);

    let side = PayloadContainer { essential: false, ..container("side", "exit 4") };
    let ends = task(vec![side, polite, container("main", "sleep 1; exit 5")]);
    server.order(&ends).await;
    let report = server.report(&ends.arn, "STOPPED").await;
    for (name, exit_code) in [("side", 4), ("polite", 3), ("main", 5)] {
        assert_eq!(part(&report, name)["exitCode"], exit_code, "{name}");
    }
    host.until_empty().await;
    host.end().await;
}

#[tokio::test]
async fn what_cannot_start_says_why_as_the_ecs_agent_does() {
    let server = Server::start().await;
    let mut host = Host::new(&server);
    host.start();
    let image = PayloadContainer { image: "127.0.0.1:1/none:1".to_owned(), ..container("app", "true") };
    let command = PayloadContainer { command: Some(vec!["/no/such/file".to_owned()]), ..container("app", "") };
    let memory = PayloadContainer { memory: 16, ..container("app", "tail /dev/zero") };
    let network = DockerConfig { host_config: Some("{".to_owned()), ..DockerConfig::default() };
    let settings = PayloadContainer { docker_config: network, ..container("app", "true") };
    for (container, expected) in [
        (image, "CannotPullContainerError: "),
        (command, "CannotStartContainerError: Error response from daemon: "),
        (memory, "OutOfMemoryError: Container killed due to memory usage"),
    ] {
        let task = task(vec![container]);
        server.order(&task).await;
        let report = server.report(&task.arn, "STOPPED").await;
        let reason = part(&report, "app")["reason"].as_str().unwrap_or_default();
        assert!(reason.starts_with(expected), "{report}");
    }
    let task = task(vec![settings]);
    server.order(&task).await;
    let report = server.report(&task.arn, "STOPPED").await;
    assert!(report["reason"].as_str().unwrap().starts_with("UnrecognizedTaskError: "), "{report}");
    host.until_empty().await;
    host.end().await;
}

#[tokio::test]
async fn a_killed_agent_finds_its_tasks_again() {
    let server = Server::start().await;
    let mut host = Host::new(&server);
    host.start();
    let lasting =
        task(vec![container("app", "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo line $i; sleep 0.25; done; exit 9")]);
    let ending = task(vec![container("app", "sleep 1; exit 6")]);
    server.order(&lasting).await;
    server.order(&ending).await;
    server.report(&lasting.arn, "RUNNING").await;
    server.report(&ending.arn, "RUNNING").await;
    let before = host.containers(&[]);
    let stream = |task: &PayloadTask| format!("web/app/{}", task.arn.rsplit('/').next().unwrap());
    server.output_of(&stream(&lasting), 1).await;
    host.kill().await;
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while host.containers(&["status=exited"]).is_empty() {
        assert!(tokio::time::Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(host.containers(&[]).len(), before.len());
    host.start();
    assert_eq!(part(&server.report(&ending.arn, "STOPPED").await, "app")["exitCode"], 6);
    // An order that comes again, before or after the end, does not run it again.
    server.order(&lasting).await;
    server.order(&ending).await;
    assert_eq!(part(&server.report(&lasting.arn, "STOPPED").await, "app")["exitCode"], 9);
    server.order(&lasting).await;
    host.until_empty().await;
    let expected: Vec<_> = (1..=12).map(|i| format!("line {i}")).collect();
    assert_eq!(server.output(&stream(&lasting)), expected, "each line once");
    assert_eq!(server.registrations(), ["", server::CONTAINER_INSTANCE]);
    host.end().await;
}

#[tokio::test]
async fn kills_at_any_moment_run_each_task_once_and_leave_nothing() {
    let server = Server::start().await;
    let mut host = Host::new(&server);
    let tasks: Vec<_> = (0..8).map(|n| task(vec![container("app", &format!("echo ran; exit {n}"))])).collect();
    for (n, wait) in (0..8).zip([3, 45, 10, 120, 20, 70, 250, 30]) {
        host.start();
        server.order(&tasks[n]).await;
        // The moment of the kill is what varies here.
        tokio::time::sleep(Duration::from_millis(wait)).await;
        host.kill().await;
    }
    host.start();
    for (n, task) in tasks.iter().enumerate() {
        let report = server.report(&task.arn, "STOPPED").await;
        assert_eq!(part(&report, "app")["exitCode"], n, "{report}");
    }
    host.until_empty().await;
    for task in &tasks {
        let stream = format!("web/app/{}", task.arn.rsplit('/').next().unwrap());
        assert_eq!(server.output(&stream), ["ran"], "{}", task.arn);
    }
    host.end().await;
}

/// A task with a network of its own.
fn networked(script: &str) -> PayloadTask {
    PayloadTask {
        network_mode: "awsvpc".to_owned(),
        ..task(vec![PayloadContainer { stop_timeout: Some(1), ..container("app", script) }])
    }
}

/// The container whose network a container of a task is in.
fn network_of(report: &Value, name: &str) -> String {
    let runtime_id = part(report, name)["runtimeId"].as_str().unwrap();
    let format = "{{.HostConfig.NetworkMode}}";
    let output = Command::new("docker").args(["inspect", "--format", format, runtime_id]).output().unwrap();
    let mode = String::from_utf8(output.stdout).unwrap();
    let holder = mode.trim().strip_prefix("container:").unwrap_or_else(|| panic!("{mode}"));
    let output = Command::new("docker").args(["inspect", "--format", "{{.Id}}", holder]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_network_made_ahead_is_one_tasks_also_after_a_kill_and_goes_with_the_host() {
    let server = Server::start().await;
    let mut host = Host::new(&server);
    host.start();
    // A host that has had one such task makes networks for the next ones.
    let first = networked("exit 0");
    server.order(&first).await;
    server.report(&first.arn, "STOPPED").await;
    let old = host.spares(&[]).await;
    host.kill().await;
    host.start();
    let mut spares = host.spares(&old).await;
    // One more than there are networks for.
    let tasks = [networked("sleep 1000"), networked("sleep 1000"), networked("sleep 1000")];
    for task in &tasks {
        server.order(task).await;
    }
    let mut taken = Vec::new();
    for task in &tasks {
        taken.push(network_of(&server.report(&task.arn, "RUNNING").await, "app"));
    }
    taken.sort();
    spares.sort();
    assert!(taken.windows(2).all(|two| two[0] != two[1]), "each has its own: {taken:?}");
    assert!(spares.iter().all(|spare| taken.contains(spare)), "{spares:?} {taken:?}");
    // A new process finds the tasks again by what the holders are called now.
    host.kill().await;
    host.start();
    for mut task in tasks {
        task.desired_status = "STOPPED".to_owned();
        server.order(&task).await;
        assert_eq!(part(&server.report(&task.arn, "STOPPED").await, "app")["exitCode"], 137);
    }
    host.end().await;
    retire(host.config.clone()).await.unwrap();
    assert_eq!(host.containers(&[]), Vec::<String>::new());
}

#[tokio::test]
async fn kills_while_a_network_made_ahead_is_taken_run_each_task_once() {
    let server = Server::start().await;
    let mut host = Host::new(&server);
    host.start();
    let first = networked("exit 0");
    server.order(&first).await;
    server.report(&first.arn, "STOPPED").await;
    for (code, wait) in (1..).zip([2, 5, 8, 12, 20, 40]) {
        host.spares(&[]).await;
        let task = networked(&format!("echo ran; exit {code}"));
        server.order(&task).await;
        // The moment of the kill is what varies here.
        tokio::time::sleep(Duration::from_millis(wait)).await;
        host.kill().await;
        host.start();
        let report = server.report(&task.arn, "STOPPED").await;
        assert_eq!(part(&report, "app")["exitCode"], code, "{report}");
        let stream = format!("web/app/{}", task.arn.rsplit('/').next().unwrap());
        server.output_of(&stream, 1).await;
        assert_eq!(server.output(&stream), ["ran"], "{}", task.arn);
    }
    host.end().await;
    retire(host.config.clone()).await.unwrap();
    assert_eq!(host.containers(&[]), Vec::<String>::new());
}

#[tokio::test]
async fn two_hosts_on_one_engine_keep_apart_and_a_retired_one_leaves_nothing() {
    let server = Server::start().await;
    let other_server = Server::start().await;
    let mut host = Host::new(&server);
    let mut other = Host::new(&other_server);
    // Of the same installation, as two slices of one machine are.
    other.config.installation = host.config.installation;
    other.installation = host.installation;
    host.start();
    other.start();
    let (ours, theirs) = (task(vec![container("app", "sleep 1000")]), task(vec![container("app", "sleep 1000")]));
    server.order(&ours).await;
    other_server.order(&theirs).await;
    server.report(&ours.arn, "RUNNING").await;
    other_server.report(&theirs.arn, "RUNNING").await;
    host.kill().await;
    retire(host.config.clone()).await.unwrap();
    let left = host.containers(&[]);
    assert_eq!(left.len(), 1);
    let report = other_server.report(&theirs.arn, "RUNNING").await;
    assert_eq!(part(&report, "app")["runtimeId"], left[0].as_str());
    other.end().await;
    assert_eq!(other.containers(&["status=running"]), left, "an orderly end leaves containers alone");
    retire(other.config.clone()).await.unwrap();
    assert_eq!(host.containers(&[]), Vec::<String>::new());
}

#[tokio::test]
async fn containers_without_a_record_go_and_a_stop_of_an_unknown_task_is_answered() {
    let server = Server::start().await;
    let mut host = Host::new(&server);
    host.start();
    let mut lost = task(vec![container("app", "sleep 1000")]);
    server.order(&lost).await;
    server.report(&lost.arn, "RUNNING").await;
    host.kill().await;
    // The host loses its disk, and is started on a new one.
    host.config.data = host.config.data.take().map(|data| data.with_file_name("new"));
    host.start();
    host.until_empty().await;
    lost.desired_status = "STOPPED".to_owned();
    server.order(&lost).await;
    let report = server.report(&lost.arn, "STOPPED").await;
    assert_eq!(part(&report, "app").get("exitCode"), None);
    host.end().await;
}

#[tokio::test]
async fn a_refused_host_ends_for_good_and_says_in_one_line_why() {
    let server = Server::start().await;
    let host = Host::new(&server);
    for (code, expected) in [
        ("ClientException", "no (ClientException)"),
        (
            "ClusterNotFoundException",
            "no (ClusterNotFoundException); create the cluster with `aws ecs create-cluster --cluster-name demo`",
        ),
    ] {
        server.refuse_registration(code);
        let error = run(host.config.clone(), CancellationToken::new()).await.unwrap_err();
        assert!(error.is_permanent(), "{error}");
        assert_eq!(error.exit_code(), 5);
        assert_eq!(error.to_string(), format!("the server refused to register this host: {expected}"));
    }
}

#[tokio::test]
async fn the_output_is_there_when_the_end_is_reported() {
    let server = Server::start().await;
    let mut host = Host::new(&server);
    host.be_patient();
    server.slow_down_output(Duration::from_millis(300));
    host.start();
    let task = task(vec![container("app", "echo first; printf last")]);
    server.order(&task).await;
    server.report(&task.arn, "STOPPED").await;
    let stream = format!("web/app/{}", task.arn.rsplit('/').next().unwrap());
    assert_eq!(server.output(&stream), ["first", "last"]);
    host.until_empty().await;
    host.end().await;
}

#[tokio::test]
async fn an_agent_that_is_told_to_end_first_ships_what_has_ended() {
    let server = Server::start().await;
    let mut host = Host::new(&server);
    host.be_patient();
    server.slow_down_output(Duration::from_millis(300));
    host.start();
    let lasting = task(vec![container("app", "sleep 1000")]);
    let ending = task(vec![container("app", "echo last; exit 6")]);
    server.order(&lasting).await;
    server.report(&lasting.arn, "RUNNING").await;
    server.order(&ending).await;
    host.until_end_is_stored(&ending.arn).await;
    host.end().await;
    let stream = format!("web/app/{}", ending.arn.rsplit('/').next().unwrap());
    assert_eq!(server.output(&stream), ["last"]);
    assert!(server.has_report(&ending.arn, "STOPPED"));
    assert_eq!(host.containers(&["status=running"]).len(), 1, "the other runs on");
}

#[tokio::test]
async fn a_simulated_host_passes_the_time_that_its_tasks_ask_for() {
    let server = Server::start().await;
    let mut host = Host::new(&server);
    host.config.runtime = RuntimeKind::Simulated;
    host.config.data = None;
    host.start();
    let environment = |seconds: &str| {
        let said = [("SIMULATED_SECONDS", seconds), ("SIMULATED_EXIT_CODE", "8")];
        Sensitive::new(said.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
    };
    let short = task(vec![PayloadContainer { environment: environment("0.2"), ..container("app", "") }]);
    let mut long = task(vec![PayloadContainer { environment: environment("1000"), ..container("app", "") }]);
    server.order(&short).await;
    server.order(&long).await;
    server.acknowledged(&long.arn).await;
    assert_eq!(part(&server.report(&short.arn, "STOPPED").await, "app")["exitCode"], 8);
    server.report(&long.arn, "RUNNING").await;
    long.desired_status = "STOPPED".to_owned();
    server.order(&long).await;
    assert_eq!(part(&server.report(&long.arn, "STOPPED").await, "app")["exitCode"], 143);
    host.end().await;
}
