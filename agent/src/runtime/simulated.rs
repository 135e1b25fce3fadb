//! Containers that only pass their time: no Docker, no processes. For trying out a control plane with thousands of
//! hosts.
//!
//! A container runs for the seconds in its environment's `SIMULATED_SECONDS` (default 10, fractions allowed) and ends
//! with `SIMULATED_EXIT_CODE` (default 0), or with 143 if it is stopped before. They all end with the process.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use berth_model::acs::PayloadContainer;
use berth_model::task::HealthStatus;
use berth_model::time::Timestamp;
use berth_model::unit::{CpuUnits, MemoryMib};
use futures_util::future::{BoxFuture, FutureExt};
use futures_util::stream::{BoxStream, StreamExt};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    ARCHITECTURE, Chunk, Command, Created, Described, Ended, Error, Machine, Order, Output, Process, Pull, Runtime,
    Used,
};
use crate::holder::{is_holder, shared};
use crate::record::Binding;
use crate::session::{Found, FoundState};

/// The exit code of a process that ends on SIGTERM.
const TERMINATED: i32 = 143;
/// How long a holder lasts if it is not removed: longer than any task.
const HOLDS: Duration = Duration::from_hours(24 * 365);
/// What a simulated machine has unless it is told otherwise.
const CPU: CpuUnits = CpuUnits(4096);
const MEMORY: MemoryMib = MemoryMib(16384);

/// See the module.
#[derive(Debug, Default)]
pub struct Simulated {
    containers: Mutex<BTreeMap<String, Container>>,
    /// How many have been given out.
    addresses: AtomicUsize,
}

#[derive(Debug, Clone)]
struct Container {
    arn: String,
    name: String,
    lasts: Duration,
    exit_code: i32,
    ends_at: Option<Instant>,
    stopped: CancellationToken,
}

impl Container {
    fn new(order: Order<'_>) -> Self {
        let (lasts, exit_code) =
            if is_holder(&order.container.name) { (HOLDS, TERMINATED) } else { script(order.container) };
        Self {
            arn: order.task.arn.clone(),
            name: order.container.name.clone(),
            lasts,
            exit_code,
            ends_at: None,
            stopped: CancellationToken::new(),
        }
    }

    fn state(&self) -> FoundState {
        match self.ends_at {
            None => FoundState::Created,
            Some(_) if self.stopped.is_cancelled() => ended(TERMINATED),
            Some(at) if at <= Instant::now() => ended(self.exit_code),
            Some(_) => FoundState::Running { bindings: Vec::new() },
        }
    }
}

fn ended(exit_code: i32) -> FoundState {
    FoundState::Ended { exit_code, reason: None, at: None, began: None }
}

/// The address of a simulated task, the `n`th of this process.
fn address(n: usize) -> String {
    let [.., second, third, fourth] = n.to_be_bytes();
    format!("10.{second}.{third}.{fourth}")
}

/// How long a container lasts and how it ends. What cannot be read counts as not said.
fn script(container: &PayloadContainer) -> (Duration, i32) {
    let said = |name: &str| container.environment.expose().get(name);
    let seconds = said("SIMULATED_SECONDS").and_then(|text| text.parse().ok());
    let lasts = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let exit_code = said("SIMULATED_EXIT_CODE").and_then(|text| text.parse().ok());
    (lasts.unwrap_or(Duration::from_secs(10)), exit_code.unwrap_or(0))
}

impl Simulated {
    fn containers(&self) -> MutexGuard<'_, BTreeMap<String, Container>> {
        self.containers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, runtime_id: &str) -> Option<Container> {
        self.containers().get(runtime_id).cloned()
    }
}

impl Runtime for Simulated {
    fn machine(&self) -> BoxFuture<'_, Result<Machine, Error>> {
        let machine = Machine {
            cpu: CPU,
            memory: MEMORY,
            architecture: ARCHITECTURE,
            version: "simulated".to_owned(),
            api_minor: 41,
            log_drivers: vec!["json-file".to_owned()],
            has_task_limits: true,
            storage: None,
        };
        async { Ok(machine) }.boxed()
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<Found>, Error>> {
        let found = |(runtime_id, container): (&String, &Container)| Found {
            runtime_id: runtime_id.clone(),
            arn: container.arn.clone(),
            container: container.name.clone(),
            state: container.state(),
        };
        let found = self.containers().iter().map(found).collect();
        async { Ok(found) }.boxed()
    }

    fn create<'a>(&'a self, order: Order<'a>, _pull: Pull<'a>) -> BoxFuture<'a, Result<Created, String>> {
        let runtime_id = uuid::Uuid::new_v4().simple().to_string();
        self.containers().insert(runtime_id.clone(), Container::new(order));
        async { Ok(Created { runtime_id, image_digest: None }) }.boxed()
    }

    fn start<'a>(&'a self, runtime_id: &'a str, order: Order<'a>) -> BoxFuture<'a, Result<Vec<Binding>, String>> {
        let started = match self.containers().get_mut(runtime_id) {
            Some(container) => {
                // One that has ended is started again, one that runs is left alone.
                if container.ends_at.is_none_or(|at| at <= Instant::now()) {
                    container.ends_at = Some(Instant::now() + container.lasts);
                }
                let has_address = is_holder(&order.container.name) && shared(order.task).network;
                let number = self.addresses.fetch_add(usize::from(has_address), Ordering::Relaxed) + 1;
                Ok(has_address.then(|| Binding::all(address(number))).into_iter().collect())
            }
            None => Err("CannotStartContainerError: no such container".to_owned()),
        };
        async { started }.boxed()
    }

    fn wait<'a>(&'a self, runtime_id: &'a str, _is_exact: bool) -> BoxFuture<'a, Ended> {
        let container = self.get(runtime_id);
        async move {
            let Some((container, ends_at)) = container.and_then(|it| it.ends_at.map(|at| (it, at))) else {
                return Ended { exit_code: None, reason: None, at: None, began: None };
            };
            let exit_code = tokio::select! {
                () = container.stopped.cancelled() => TERMINATED,
                () = tokio::time::sleep_until(ends_at) => container.exit_code,
            };
            Ended { exit_code: Some(exit_code), reason: None, at: None, began: None }
        }
        .boxed()
    }

    fn stop<'a>(&'a self, runtime_id: &'a str, _timeout: Duration) -> BoxFuture<'a, Result<(), Error>> {
        if let Some(container) = self.get(runtime_id) {
            container.stopped.cancel();
        }
        async { Ok(()) }.boxed()
    }

    fn remove<'a>(&'a self, runtime_id: &'a str) -> BoxFuture<'a, Result<(), Error>> {
        if let Some(container) = self.containers().remove(runtime_id) {
            container.stopped.cancel();
        }
        async { Ok(()) }.boxed()
    }

    fn describe<'a>(&'a self, _runtime_id: &'a str) -> BoxFuture<'a, Result<Option<Described>, Error>> {
        async { Ok(None) }.boxed()
    }

    fn statistics<'a>(&'a self, _runtime_id: &'a str) -> BoxFuture<'a, Result<Option<serde_json::Value>, Error>> {
        async { Ok(None) }.boxed()
    }

    fn output<'a>(
        &'a self,
        _runtime_id: &'a str,
        _since: Option<Timestamp>,
        _ended: CancellationToken,
    ) -> BoxFuture<'a, Output> {
        async { Output { chunks: futures_util::stream::empty().boxed(), is_exact: false } }.boxed()
    }

    fn health(&self, _runtime_id: &str) -> BoxStream<'static, HealthStatus> {
        futures_util::stream::pending().boxed()
    }

    fn usage<'a>(&'a self, _runtime_ids: &'a [String]) -> BoxFuture<'a, BTreeMap<String, Used>> {
        async { BTreeMap::new() }.boxed()
    }

    fn check(&self) -> BoxFuture<'_, Result<(), Error>> {
        async { Ok(()) }.boxed()
    }

    fn end_of_output<'a>(&'a self, _runtime_id: &'a str) -> BoxFuture<'a, Result<Option<Chunk>, Error>> {
        async { Ok(None) }.boxed()
    }

    fn exec<'a>(&'a self, _runtime_id: &'a str, _command: Command<'a>) -> BoxFuture<'a, Result<Process, String>> {
        async { Err("Simulated containers have no processes.".to_owned()) }.boxed()
    }

    fn resize_exec<'a>(&'a self, _id: &'a str, _rows: u16, _columns: u16) -> BoxFuture<'a, Result<(), Error>> {
        async { Ok(()) }.boxed()
    }

    fn exec_code<'a>(&'a self, _id: &'a str) -> BoxFuture<'a, Option<i32>> {
        async { None }.boxed()
    }

    fn hang_up<'a>(&'a self, _id: &'a str) -> BoxFuture<'a, ()> {
        async {}.boxed()
    }

    fn hang_up_left<'a>(&'a self, _runtime_id: &'a str) -> BoxFuture<'a, ()> {
        async {}.boxed()
    }
}
