//! The pool of `berth up --simulate`: machines in memory, agents in this process, over the real session on the real
//! port. Only Docker and the machines are pretended.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use aws_credential_types::Credentials;
use berth_agent::Clients;
use berth_agent::config::RuntimeKind;
use berth_api::auth::Keyring;
use berth_model::host::{FARGATE_CLUSTER, InstanceType};
use berth_model::id::{ClusterName, InstallationId};
use berth_model::task::Architecture;
use berth_model::unit::{MicroDollarsPerHour, Resources};
use berth_provisioner::backend::LaunchOrder;
use berth_provisioner::backend::fake::{Cloud, FakeBackend, Starter};
use tokio_util::sync::CancellationToken;

use crate::config::Config;

/// How long a simulated machine takes to start: about what a process does.
const BOOT: Duration = Duration::from_millis(100);

/// Where agents' keys come from, as the SDKs want to be told.
const PROVIDER: &str = "berth";

/// vCPU of the sizes on offer; each has four GiB of memory per vCPU.
const VCPUS: [u64; 7] = [1, 2, 4, 8, 16, 32, 64];

/// Made up, as all of it: what a vCPU with its memory costs an hour, in micro-dollars.
const MICRO_DOLLARS_PER_VCPU_HOUR: u64 = 50_000;

/// The backend. Its machines end with the process.
pub(crate) fn backend(
    config: &Config,
    installation: InstallationId,
    server: SocketAddr,
    keyring: &Arc<Keyring>,
) -> FakeBackend {
    let cluster: ClusterName = FARGATE_CLUSTER.parse().expect("the reserved cluster has a valid name");
    let (url, region) = (format!("http://{server}"), config.region.clone());
    // One set of connections for all agents of the process.
    let clients = Clients::new(&url, &region, Credentials::new("none", "none", None, None, PROVIDER));
    let keyring = Arc::clone(keyring);
    let starter: Starter = Arc::new(move |order: LaunchOrder| {
        let key = keyring.host_key(order.host);
        let agent = berth_agent::Config {
            region: region.clone(),
            runtime: RuntimeKind::Simulated,
            cpu: Some(order.capacity.cpu),
            memory: Some(order.capacity.memory),
            host_id: Some(order.host),
            installation: Some(installation),
            credentials: Credentials::new(key.id, key.secret.into_inner(), None, None, PROVIDER),
            clients: Some(clients.clone()),
            ..berth_agent::Config::new(url.clone(), cluster.clone(), None)
        };
        Box::pin(async move {
            if let Err(error) = berth_agent::run(agent, CancellationToken::new()).await {
                tracing::warn!(host_id = %order.host, error = &error as &dyn std::error::Error, "simulated agent ended");
            }
        })
    });
    FakeBackend::with_agents(Cloud::new(catalogue(), BOOT), starter)
}

fn catalogue() -> Vec<InstanceType> {
    let instance_type = |vcpus: u64| InstanceType {
        name: format!("simulated.{vcpus}x{}", vcpus * 4),
        capacity: Resources::new(vcpus * 1024, vcpus * 4096),
        architecture: Architecture::X86_64,
        price: MicroDollarsPerHour(vcpus * MICRO_DOLLARS_PER_VCPU_HOUR),
    };
    VCPUS.into_iter().map(instance_type).collect()
}
