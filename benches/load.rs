//! How many RunTask calls and tasks per second are acknowledged as durable, over 64 connections.
//!
//! Method: `berth up --simulate` on a data directory of this machine's disk, the store synced at each commit. Each
//! connection sends its next RunTask when it has the answer to the last one; tasks end as soon as they start. For each
//! `count`, two seconds of warm-up, then ten that count. Reported: calls/s, tasks/s, median and 99th percentile of the
//! answer time, how many calls were throttled (they are sent again and do not count), and the server's memory.
#![expect(clippy::print_stdout, reason = "a benchmark reports")]

#[expect(dead_code, reason = "each benchmark uses its part")]
mod control_plane;

use std::time::{Duration, Instant};

use anyhow::Result;
use control_plane::{Connection, ControlPlane};
use hdrhistogram::Histogram;
use hyper::body::Bytes;
use serde_json::json;

const CONNECTIONS: usize = 64;
const WARM_UP: Duration = Duration::from_secs(2);
const MEASURED: Duration = Duration::from_secs(10);
const BACK_OFF: Duration = Duration::from_millis(20);

#[tokio::main]
async fn main() -> Result<()> {
    for count in [1_u64, 10] {
        let data = tempfile::tempdir()?;
        let plane = ControlPlane::start(data.path(), &["--simulate", "--max-hosts", "8"])?;
        let idle = plane.memory_kib()?;
        let mut connection = plane.connect().await?;
        let definition = json!({
            "family": "load", "cpu": "256", "memory": "512",
            "containerDefinitions": [{
                "name": "main", "image": "none",
                "environment": [{"name": "SIMULATED_SECONDS", "value": "0"}],
            }],
        });
        connection.call("RegisterTaskDefinition", &definition).await?;
        let body = Bytes::from(json!({"taskDefinition": "load", "count": count}).to_string());
        let mut clients = Vec::new();
        for _ in 0..CONNECTIONS {
            clients.push(tokio::spawn(client(plane.connect().await?, body.clone())));
        }
        let (mut times, mut throttled) = (Histogram::<u64>::new(3)?, 0);
        for client in clients {
            let (own, refused) = client.await??;
            times.add(own)?;
            throttled += refused;
        }
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let calls = times.len() as f64 / MEASURED.as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "1 or 10")]
        let tasks = calls * count as f64;
        println!(
            "count={count:2} {calls:8.0} calls/s {tasks:8.0} tasks/s p50 {:6.1} ms p99 {:6.1} ms, {throttled} throttled, \
             memory {idle} KiB idle, {} KiB after",
            milliseconds(&times, 0.5),
            milliseconds(&times, 0.99),
            plane.memory_kib()?
        );
    }
    Ok(())
}

async fn client(mut connection: Connection, body: Bytes) -> Result<(Histogram<u64>, u64)> {
    let (mut times, mut throttled) = (Histogram::<u64>::new(3)?, 0);
    let begin = Instant::now();
    while begin.elapsed() < WARM_UP + MEASURED {
        let sent = Instant::now();
        match connection.send("RunTask", body.clone()).await {
            Ok(_) if begin.elapsed() > WARM_UP => {
                times.record(u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX))?;
            }
            Ok(_) => {}
            Err(error) if error.to_string().contains("ThrottlingException") => {
                throttled += 1;
                tokio::time::sleep(BACK_OFF).await;
            }
            Err(error) => return Err(error),
        }
    }
    Ok((times, throttled))
}

fn milliseconds(times: &Histogram<u64>, share: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "microseconds of seconds")]
    let micros = times.value_at_quantile(share) as f64;
    micros / 1000.0
}
