//! The life of one host on this machine: launched, adopted by a later process, ended.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::{fs, io};

use berth_model::id::HostId;

use super::agent::{Agent, retire};
use super::process::{self, Process};
use super::record::{Phase, Record};
use super::{Config, address, blocking};
use crate::backend::{BackendError, LaunchOrder};

/// How often the processes of a host are looked for and ended before it counts as failed. A second time finds what was
/// started while the first looked; more would mean that something outside keeps starting them.
const SWEEPS_MAX: usize = 4;

/// A host whose agent is to be kept running.
#[derive(Debug)]
pub(super) struct Launched {
    pub(super) record: Record,
    /// The agent, if one runs.
    pub(super) agent: Option<Agent>,
}

/// Makes a host: its directory, its address, its record, and its agent.
pub(super) async fn launch(config: &Config, order: &LaunchOrder) -> Result<Launched, BackendError> {
    let mut record = Record {
        installation: config.installation,
        host: order.host,
        instance_type: order.instance_type.clone(),
        capacity: order.capacity,
        address: Ipv4Addr::UNSPECIFIED,
        server: config.server.clone(),
        phase: Phase::Running,
        process: None,
    };
    let directory = config.host_dir(order.host);
    let made = blocking(move || fs::create_dir_all(directory.0)).await;
    made.map_err(|error| BackendError::misconfigured("the host's directory cannot be made", error))?;
    let launched = match take_address(config, &mut record).await {
        Ok(()) => Agent::start(config, &mut record).await,
        Err(error) => Err(error),
    };
    match launched {
        Ok(agent) => Ok(Launched { record, agent: Some(agent) }),
        Err(error) => {
            // Nothing ran, so nothing is lost; what cannot be removed now is listed, and ended later.
            if let Err(error) = remove(config, &record).await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(host_id = %order.host, error, "a host that was not launched left something behind");
            }
            Err(error)
        }
    }
}

/// Takes over a host that an earlier process left, with those of its processes that run. `None` if it was being ended,
/// or was not begun.
pub(super) async fn adopt(
    config: &Config,
    host: HostId,
    processes: Vec<Process>,
) -> Result<Option<Launched>, BackendError> {
    let Some(mut record) = read(config, host).await? else { return Ok(None) };
    if record.phase == Phase::Ending {
        return Ok(None);
    }
    let (mut agents, others): (Vec<Process>, Vec<Process>) =
        processes.into_iter().partition(|process| match &record.process {
            Some(identity) => process.identity == *identity,
            // The one before ended between starting it and writing that down: it leads the group that was made for it.
            None => process.group == process.identity.pid,
        });
    let agent = if agents.len() == 1 && record.server == config.server { agents.pop() } else { None };
    let group = agent.as_ref().map(|agent| agent.group);
    agents.extend(others.into_iter().filter(|process| Some(process.group) != group));
    process::end(agents, config.stop_within).await?;
    record.server.clone_from(&config.server);
    if let Some(agent) = &agent {
        record.process = Some(agent.identity.clone());
    }
    take_address(config, &mut record).await?;
    tracing::info!(%host, is_running = agent.is_some(), address = %record.address, "host adopted");
    Ok(Some(Launched { record, agent: agent.map(Agent::Adopted) }))
}

/// Ends a host and everything of it: processes, containers, address, directory. Ok if there is nothing (any more). Its
/// supervisor must have stopped.
pub(super) async fn end(config: &Config, host: HostId) -> Result<(), BackendError> {
    let record = match read(config, host).await {
        Ok(Some(mut record)) => {
            record.phase = Phase::Ending;
            write(config, &record).await?;
            record
        }
        // Whatever there is of it, it is to go: without a record, as far as one can be made up.
        Ok(None) | Err(_) => unknown(config, host),
    };
    end_processes(config, host).await?;
    let data = config.host_dir(host).agent_data();
    if blocking(move || data.try_exists()).await.map_err(unreadable)? {
        retire(config, &record).await?;
    }
    remove(config, &record).await
}

fn unknown(config: &Config, host: HostId) -> Record {
    Record {
        installation: config.installation,
        host,
        instance_type: String::new(),
        capacity: berth_model::unit::Resources::ZERO,
        address: Ipv4Addr::LOCALHOST,
        server: config.server.clone(),
        phase: Phase::Ending,
        process: None,
    }
}

/// The hosts of which there is a directory.
pub(super) async fn on_disk(config: &Config) -> Result<BTreeSet<HostId>, BackendError> {
    let directory = config.hosts_dir();
    let list = move || match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        entries => {
            let names = entries?.map(|entry| Ok(entry?.file_name().to_str().and_then(|name| name.parse().ok())));
            names.filter_map(Result::transpose).collect()
        }
    };
    blocking(list).await.map_err(unreadable)
}

/// The hosts of which there is a directory or a process.
pub(super) async fn found(config: &Config) -> Result<BTreeSet<HostId>, BackendError> {
    let installation = config.installation;
    // Directories first: a host that is ended meanwhile is then at worst listed still, and one that is launched
    // meanwhile began after the listing.
    let mut hosts = on_disk(config).await?;
    let processes = blocking(move || process::find(installation)).await.map_err(unreadable)?;
    hosts.extend(processes.keys());
    Ok(hosts)
}

async fn end_processes(config: &Config, host: HostId) -> Result<(), BackendError> {
    for _ in 0..SWEEPS_MAX {
        let installation = config.installation;
        let mut all = blocking(move || process::find(installation)).await.map_err(unreadable)?;
        match all.remove(&host) {
            None => return Ok(()),
            Some(processes) => process::end(processes, config.stop_within).await?,
        }
    }
    let text = format!("processes of host {host} keep being started");
    Err(BackendError::Transient { text, cause: None })
}

/// Gives the record its address, the one it has if that is still its own, and writes it.
async fn take_address(config: &Config, record: &mut Record) -> Result<(), BackendError> {
    let (directory, path) = (config.address_dir.clone(), config.host_dir(record.host).record());
    let wanted = Some(record.address).filter(|address| !address.is_unspecified());
    let mut next = record.clone();
    let taken = blocking(move || {
        let installation = next.installation;
        address::take(&directory, installation, &path, wanted, |address| {
            next.address = address;
            next.write(&path)
        })
    });
    let taken = taken.await.map_err(|error| {
        let text = format!("no loopback address can be had by way of {}", config.address_dir.display());
        BackendError::misconfigured(text, error)
    })?;
    record.address = taken.ok_or_else(|| BackendError::NoCapacity {
        text: "all loopback addresses of this machine are taken".to_owned(),
    })?;
    Ok(())
}

/// Gives back the address and removes the directory.
async fn remove(config: &Config, record: &Record) -> Result<(), BackendError> {
    let (addresses, directory, address) = (config.address_dir.clone(), config.host_dir(record.host), record.address);
    let remove = move || {
        address::give_back(&addresses, &directory.record(), address)?;
        match fs::remove_dir_all(&directory.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    };
    let failed =
        |error| BackendError::transient(format!("the directory of host {} was not removed", record.host), error);
    blocking(remove).await.map_err(failed)
}

async fn read(config: &Config, host: HostId) -> Result<Option<Record>, BackendError> {
    let path = config.host_dir(host).record();
    let unreadable = |error| BackendError::misconfigured(format!("the record of host {host} cannot be read"), error);
    let record = blocking(move || Record::read(&path)).await.map_err(unreadable)?;
    match record {
        Some(record) if record.installation != config.installation || record.host != host => {
            let text = format!("the record of host {host} is another's");
            Err(BackendError::Misconfigured { text, cause: None })
        }
        record => Ok(record),
    }
}

async fn write(config: &Config, record: &Record) -> Result<(), BackendError> {
    let (record, path) = (record.clone(), config.host_dir(record.host).record());
    let failed = |error| BackendError::transient("the host's record cannot be written", error);
    blocking(move || record.write(&path)).await.map_err(failed)
}

fn unreadable(error: io::Error) -> BackendError {
    BackendError::transient("what this machine runs cannot be seen", error)
}
