//! What this machine has for tasks.

use std::fs;
use std::thread::available_parallelism;

use berth_model::task::Architecture;
use berth_model::unit::Resources;

use crate::backend::BackendError;

/// Memory that no task gets: for the system, the Docker engine, the server and the agents. With less, tasks that use
/// what they were promised drive the machine into swap or kill the server.
const RESERVED_MEMORY_MIB_MIN: u64 = 512;

/// The same as a share of the machine: a larger one has more containers, whose shims and caches grow with their number.
const RESERVED_MEMORY_PERCENT: u64 = 5;

/// A machine to slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// What tasks may have of it.
    pub capacity: Resources,
    /// Its processor.
    pub architecture: Architecture,
}

impl Machine {
    /// This machine. All of its processors: they are shared by weight, and the system gets its part in any case.
    ///
    /// # Errors
    /// [`BackendError::Misconfigured`] if it does not say what it has, or has a processor that Berth does not know.
    pub fn detect() -> Result<Self, BackendError> {
        let unknown = |text: &str, error: std::io::Error| BackendError::misconfigured(text, error);
        let processors =
            available_parallelism().map_err(|error| unknown("the number of processors is unknown", error))?;
        let meminfo = fs::read_to_string("/proc/meminfo").map_err(|error| unknown("the memory is unknown", error))?;
        let memory_mib = memory_mib(&meminfo).ok_or_else(|| BackendError::Misconfigured {
            text: "/proc/meminfo names no MemTotal".to_owned(),
            cause: None,
        })?;
        let processors = u64::try_from(processors.get()).unwrap_or(u64::MAX);
        let capacity = Resources::new(processors.saturating_mul(1024), usable(memory_mib));
        Ok(Self { capacity, architecture: architecture()? })
    }
}

fn architecture() -> Result<Architecture, BackendError> {
    match std::env::consts::ARCH {
        "x86_64" => Ok(Architecture::X86_64),
        "aarch64" => Ok(Architecture::Arm64),
        other => Err(BackendError::Misconfigured { text: format!("the processor {other} is not known"), cause: None }),
    }
}

fn memory_mib(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024)
}

fn usable(memory_mib: u64) -> u64 {
    let reserved = RESERVED_MEMORY_MIB_MIN.max(memory_mib * RESERVED_MEMORY_PERCENT / 100);
    memory_mib.saturating_sub(reserved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_and_some_of_it_kept_back() {
        let meminfo = "MemTotal:        8048640 kB\nMemFree:         100 kB\n";
        assert_eq!(memory_mib(meminfo), Some(7_860));
        assert_eq!(memory_mib("MemFree: 1 kB"), None);
        assert_eq!(usable(7_860), 7_348);
        assert_eq!(usable(65_536), 62_260);
        assert_eq!(usable(100), 0);
    }

    #[test]
    fn this_machine_has_something() {
        let machine = Machine::detect().unwrap();
        assert!(Resources::new(1024, 1).fits_in(machine.capacity));
    }
}
