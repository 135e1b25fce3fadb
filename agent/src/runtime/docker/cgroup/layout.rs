//! Which directories, values and commands make a task's control group. Pure.

use std::path::{Path, PathBuf};
use std::{fmt, iter};

use berth_model::acs::PayloadTask;
use berth_model::ecs::LaunchType;
use berth_model::id::{HostId, InstallationId};

use super::super::container::{CPU_PERIOD, CPU_QUOTA_MIN, CPU_SHARES_MIN, MEMORY_MIB_MIN, whole};

/// The first part of every group's name.
const TOP: &str = "berth";
/// The kernel's largest weight.
const CPU_SHARES_MAX: i64 = 262_144;

/// The version of control groups that Docker uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    /// A tree for each controller.
    One,
    /// One tree for all.
    Two,
}

/// Whose groups they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner {
    pub(super) installation: InstallationId,
    pub(super) host: HostId,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Make this directory and those above it.
    Make(PathBuf),
    /// Write this into this file.
    Write(PathBuf, String),
    /// Write this into this file, if it is there.
    WriteIfThere(PathBuf, String),
    /// Run this; if it fails, the other.
    Run { command: Vec<String>, otherwise: Option<Vec<String>> },
    /// Remove this directory and those below it.
    Remove(PathBuf),
    /// Remove this directory unless another is below it.
    RemoveIfEmpty(PathBuf),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Make(path) => write!(f, "making {}", path.display()),
            Self::Write(path, text) | Self::WriteIfThere(path, text) => {
                write!(f, "writing {text:?} to {}", path.display())
            }
            Self::Run { command, .. } => write!(f, "running {}", command.join(" ")),
            Self::Remove(path) | Self::RemoveIfEmpty(path) => write!(f, "removing {}", path.display()),
        }
    }
}

/// What a task may use, all its containers together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    /// The weight among tasks when the processors are busy, 2 to 262144: the task's CPU units.
    shares: i64,
    /// Microseconds of processor time in each [`CPU_PERIOD`].
    quota: Option<i64>,
    /// Bytes.
    memory: Option<i64>,
    /// True if it may swap: not on Fargate, which has none.
    has_swap: bool,
}

impl Limits {
    /// The task's own `cpu` and `memory`; a task without has only its weight, the sum of its containers'.
    pub(super) fn of(task: &PayloadTask) -> Self {
        let vcpu = task.cpu.filter(|vcpu| *vcpu > 0.0);
        let sum = || task.containers.iter().map(|container| container.cpu.max(0)).fold(0, i64::saturating_add);
        let shares = vcpu.map_or_else(sum, |vcpu| whole(vcpu * 1024.0));
        Self {
            shares: shares.clamp(CPU_SHARES_MIN, CPU_SHARES_MAX),
            quota: vcpu.map(|vcpu| whole(vcpu * 100_000.0).max(CPU_QUOTA_MIN)),
            memory: task.memory.filter(|mib| *mib > 0).map(|mib| mib.max(MEMORY_MIB_MIN).saturating_mul(1 << 20)),
            has_swap: task.launch_type != LaunchType::Fargate.as_str(),
        }
    }

    /// The weight on the scale of version 2, 1 to 10000, as container runtimes convert it.
    fn weight(self) -> i64 {
        1 + (self.shares - CPU_SHARES_MIN) * 9_999 / (CPU_SHARES_MAX - CPU_SHARES_MIN)
    }
}

/// One mounted tree of version 1, or the only one of version 2.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tree {
    mount: PathBuf,
    has_cpu: bool,
    has_memory: bool,
}

/// How this machine's groups are managed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    version: Version,
    /// True if systemd makes the groups, as slices.
    is_systemd: bool,
    trees: Vec<Tree>,
}

impl Layout {
    /// From the text of `/proc/mounts`.
    ///
    /// # Errors
    /// If the trees are not there.
    pub(super) fn read(mounts: &str, version: Version, is_systemd: bool) -> Result<Self, String> {
        let tree = |line: &str| {
            let mut fields = line.split(' ').skip(1);
            let (mount, kind, options) = (fields.next()?, fields.next()?, fields.next()?);
            let has = |name: &str| kind == "cgroup2" || options.split(',').any(|option| option == name);
            let is_read_only = options.split(',').any(|option| option == "ro");
            // Version 1 may have a tree of version 2 beside the others, without controllers: runtimes use it, too.
            let is_wanted = kind == "cgroup2" || (kind == "cgroup" && version == Version::One);
            let has_controllers = kind == "cgroup" || version == Version::Two;
            (is_wanted && !is_read_only).then(|| Tree {
                mount: PathBuf::from(mount),
                has_cpu: has_controllers && has("cpu"),
                has_memory: has_controllers && has("memory"),
            })
        };
        let mut trees: Vec<Tree> = mounts.lines().filter_map(tree).collect();
        if version == Version::Two {
            trees.truncate(1);
        }
        for (name, is_there) in
            [("cpu", trees.iter().any(|tree| tree.has_cpu)), ("memory", trees.iter().any(|tree| tree.has_memory))]
        {
            if !is_there {
                return Err(format!("the controller {name} is not mounted, or read-only"));
            }
        }
        Ok(Self { version, is_systemd, trees })
    }

    /// What Docker is told as the parent of a container's group.
    pub(super) fn parent(&self, owner: &Owner, task: &str) -> String {
        if self.is_systemd { slice(owner, task) } else { format!("/{}", plain(owner, Some(task)).display()) }
    }

    /// Makes the groups above those of tasks, and lets tasks have limits.
    pub(super) fn host_steps(&self, owner: &Owner) -> Vec<Step> {
        let mut steps = Vec::new();
        if self.is_systemd {
            return steps;
        }
        for tree in &self.trees {
            steps.push(Step::Make(tree.mount.join(plain(owner, None))));
            match self.version {
                // Without it older kernels count only what a group uses itself.
                Version::One if tree.has_memory => {
                    steps.push(Step::Write(tree.mount.join(TOP).join("memory.use_hierarchy"), "1".to_owned()));
                }
                Version::One => {}
                Version::Two => steps.extend(
                    above(&tree.mount, owner)
                        .into_iter()
                        .map(|path| Step::Write(path.join("cgroup.subtree_control"), "+cpu +memory".to_owned())),
                ),
            }
        }
        steps
    }

    /// Makes a task's group, or changes its limits.
    pub(super) fn task_steps(&self, owner: &Owner, task: &str, limits: &Limits) -> Vec<Step> {
        if self.is_systemd {
            let group = slice_directory(owner).join(slice(owner, task));
            let swap = self.trees.iter().filter_map(|tree| self.swap_step(tree, &group, limits));
            return iter::once(slice_step(&slice(owner, task), limits)).chain(swap).collect();
        }
        let mut steps = Vec::new();
        for tree in &self.trees {
            let path = plain(owner, Some(task));
            let group = tree.mount.join(&path);
            let values = match self.version {
                Version::One => values_of_one(tree, limits),
                Version::Two => values_of_two(limits),
            };
            steps.push(Step::Make(group.clone()));
            steps.extend(values.into_iter().map(|(file, value)| Step::Write(group.join(file), value)));
            steps.extend(self.swap_step(tree, &path, limits));
        }
        steps
    }

    /// Forbids a task to swap, if it may not and the kernel counts swap.
    fn swap_step(&self, tree: &Tree, group: &Path, limits: &Limits) -> Option<Step> {
        let bytes = limits.memory.filter(|_| tree.has_memory && !limits.has_swap)?;
        let (file, value) = match self.version {
            // Of memory and swap together; to be written after that of memory alone, which is never above it.
            Version::One => ("memory.memsw.limit_in_bytes", bytes.to_string()),
            Version::Two => ("memory.swap.max", "0".to_owned()),
        };
        Some(Step::WriteIfThere(tree.mount.join(group).join(file), value))
    }

    /// Where the groups of the host's tasks are.
    pub(super) fn host_directories(&self, owner: &Owner) -> Vec<PathBuf> {
        let host = if self.is_systemd { slice_directory(owner) } else { plain(owner, None) };
        self.trees.iter().map(|tree| tree.mount.join(&host)).collect()
    }

    /// The task of a group below [`Layout::host_directories`], if it is one.
    pub(super) fn task_of(&self, owner: &Owner, name: &str) -> Option<String> {
        if !self.is_systemd {
            return Some(name.to_owned());
        }
        let prefix = format!("{}-", slice_stem(owner));
        Some(name.strip_prefix(&prefix)?.strip_suffix(".slice")?.to_owned())
    }

    /// Removes a task's group.
    pub(super) fn removal(&self, owner: &Owner, task: &str) -> Vec<Step> {
        if self.is_systemd {
            let call = manager("StopUnit", "ss", &[slice(owner, task), "replace".to_owned()]);
            return vec![Step::Run { command: call, otherwise: None }];
        }
        let group = plain(owner, Some(task));
        self.trees.iter().map(|tree| Step::Remove(tree.mount.join(&group))).collect()
    }

    /// Removes the host's own group, and those above it that nobody else needs.
    pub(super) fn host_removal(&self, owner: &Owner) -> Vec<Step> {
        if self.is_systemd {
            return Vec::new(); // systemd removes slices that nothing is in.
        }
        let of_tree = |tree: &Tree| above(&tree.mount, owner).into_iter().skip(1).rev().map(Step::RemoveIfEmpty);
        self.trees.iter().flat_map(of_tree).collect()
    }
}

fn values_of_one(tree: &Tree, limits: &Limits) -> Vec<(&'static str, String)> {
    let mut values = Vec::new();
    if tree.has_cpu {
        values.push(("cpu.shares", limits.shares.to_string()));
        if let Some(quota) = limits.quota {
            values.push(("cpu.cfs_period_us", CPU_PERIOD.to_string()));
            values.push(("cpu.cfs_quota_us", quota.to_string()));
        }
    }
    if let Some(bytes) = limits.memory.filter(|_| tree.has_memory) {
        values.push(("memory.limit_in_bytes", bytes.to_string()));
    }
    values
}

fn values_of_two(limits: &Limits) -> Vec<(&'static str, String)> {
    let mut values = vec![("cpu.weight", limits.weight().to_string())];
    values.extend(limits.quota.map(|quota| ("cpu.max", format!("{quota} {CPU_PERIOD}"))));
    values.extend(limits.memory.map(|bytes| ("memory.max", bytes.to_string())));
    values
}

/// A group's path in its tree; the host's own without a task.
fn plain(owner: &Owner, task: Option<&str>) -> PathBuf {
    let mut path = Path::new(TOP).join(owner.installation.to_string()).join(owner.host.to_string());
    path.extend(task);
    path
}

/// The groups from the root of a tree to the host's own.
fn above(mount: &Path, owner: &Owner) -> Vec<PathBuf> {
    let host = mount.join(plain(owner, None));
    let mut all: Vec<PathBuf> = host.ancestors().take(4).map(Path::to_owned).collect();
    all.reverse();
    all
}

/// In a slice's name each hyphen leads to the slice below.
fn slice_stem(owner: &Owner) -> String {
    format!("{TOP}-{}-{}", owner.installation, owner.host)
}

fn slice(owner: &Owner, task: &str) -> String {
    format!("{}-{task}.slice", slice_stem(owner))
}

fn slice_directory(owner: &Owner) -> PathBuf {
    let parts =
        [format!("{TOP}.slice"), format!("{TOP}-{}.slice", owner.installation), format!("{}.slice", slice_stem(owner))];
    parts.iter().collect()
}

/// Asks systemd for a slice with these limits, or gives one that is there these limits. systemd knows the properties of
/// version 2 on version 1 as well.
fn slice_step(name: &str, limits: &Limits) -> Step {
    let mut properties = vec![("CPUWeight", limits.weight())];
    // Microseconds in each second.
    properties.extend(limits.quota.map(|quota| ("CPUQuotaPerSecUSec", quota * (1_000_000 / CPU_PERIOD))));
    properties.extend(limits.memory.map(|bytes| ("MemoryMax", bytes)));
    // Without effect with version 1.
    properties.extend((!limits.has_swap).then_some(("MemorySwapMax", 0)));
    let listed = |before: &[&str], after: &[&str]| {
        let count = properties.len().to_string();
        let each = properties.iter().flat_map(|(name, value)| [(*name).to_owned(), "t".to_owned(), value.to_string()]);
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        [texts(before), vec![count], each.collect(), texts(after)].concat()
    };
    Step::Run {
        command: manager("StartTransientUnit", "ssa(sv)a(sa(sv))", &listed(&[name, "replace"], &["0"])),
        otherwise: Some(manager("SetUnitProperties", "sba(sv)", &listed(&[name, "true"], &[]))),
    }
}

/// A call of systemd's manager by its own client.
fn manager(method: &str, signature: &str, arguments: &[String]) -> Vec<String> {
    let call = [
        "busctl",
        "--system",
        "--quiet",
        "call",
        "org.freedesktop.systemd1",
        "/org/freedesktop/systemd1",
        "org.freedesktop.systemd1.Manager",
        method,
        signature,
    ];
    call.into_iter().map(str::to_owned).chain(arguments.iter().cloned()).collect()
}

#[cfg(test)]
mod tests;
