//! Ships a container's output to CloudWatch Logs, as the server offers it: without loss and without doubles, also across
//! a restart of the agent.
//!
//! Nothing here holds up the container: its output lies with the runtime, and is read no faster than it is taken. What
//! could not be shipped in time after the container's end is dropped and counted.

mod line;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_cloudwatchlogs as logs;
use berth_model::time::Timestamp;
use futures_util::StreamExt;
use logs::error::DisplayErrorContext;
use logs::types::InputLogEvent;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::client::{Clients, refusal};
use crate::runtime::Runtime;
use line::{Event, Lines, Position};

/// The log group of all containers' output.
pub const GROUP: &str = "berth";

/// How long the first event waits for others to go with it. Longer is slower to watch, shorter is more calls.
const GATHER: Duration = Duration::from_millis(50);
/// Limits of PutLogEvents: events, bytes with 26 for each event, and the span of time.
const BATCH_EVENTS_MAX: usize = 10_000;
const BATCH_BYTES_MAX: usize = 1_048_576;
const BATCH_SPAN_MAX: Duration = Duration::from_hours(24);
/// Docker's moments are not quite in order between the two streams: reading again starts this much earlier.
const OVERLAP: Duration = Duration::from_secs(5);
/// The output of a container that has ended ends by itself; if it does not in this time, that was all.
const END_GRACE: Duration = Duration::from_secs(5);
/// First wait after a failure; doubles each time up to the other.
const RETRY_MIN: Duration = Duration::from_millis(100);
const RETRY_MAX: Duration = Duration::from_secs(10);

/// One container's output.
#[derive(Debug)]
pub(crate) struct Shipment {
    pub(crate) runtime: Arc<dyn Runtime>,
    pub(crate) clients: Clients,
    pub(crate) runtime_id: String,
    pub(crate) stream: String,
    /// True if some of it may be there already.
    pub(crate) is_resumed: bool,
    /// The container has ended.
    pub(crate) ended: CancellationToken,
    /// How long to go on after its end.
    pub(crate) wait: Duration,
}

impl Shipment {
    /// Ships until all is shipped or the time is over.
    pub(crate) async fn run(self) {
        let mut courier = Courier {
            clients: self.clients.clone(),
            stream: self.stream.clone(),
            position: Position::default(),
            queue: VecDeque::new(),
        };
        let time_is_over = async {
            self.ended.cancelled().await;
            tokio::time::sleep(self.wait).await;
        };
        tokio::select! {
            () = self.ship(&mut courier) => return,
            () = time_is_over => {}
        }
        let dropped = courier.queue.len();
        tracing::warn!(stream = self.stream, dropped, "output given up, with what was not read yet");
    }

    async fn ship(&self, courier: &mut Courier) {
        if self.is_resumed {
            courier.find_position().await;
        }
        loop {
            // Docker 20.10 mostly leaves out the last line of an output that it follows if it has no line end. Begun
            // after the container's end, a reading is whole.
            let is_last = self.ended.is_cancelled();
            let is_read = self.read_to_end(courier, is_last).await;
            if is_read && is_last {
                return;
            }
            // From where it was left.
            courier.queue.clear();
            if !is_read {
                tokio::time::sleep(RETRY_MIN).await;
            }
        }
    }

    /// Reads and ships. True at the end; false if Docker went away or ended the output early. Lines without an end are
    /// left for the last reading.
    async fn read_to_end(&self, courier: &mut Courier, is_last: bool) -> bool {
        let since = (courier.position.count > 0).then(|| Timestamp(courier.position.at) - OVERLAP);
        let mut output = self.runtime.output(&self.runtime_id, since);
        let mut lines = Lines::after(courier.position);
        loop {
            let hurry = if courier.queue.is_empty() { None } else { Some(Instant::now() + GATHER) };
            let is_open = self.gather(&mut output, &mut lines, courier, hurry).await;
            courier.deliver().await;
            match is_open {
                Ok(true) => {}
                Ok(false) => {
                    let is_end = tokio::time::timeout(END_GRACE, self.ended.cancelled()).await.is_ok();
                    if is_last {
                        courier.queue.extend(lines.finish());
                        courier.deliver().await;
                    }
                    return is_end;
                }
                Err(error) => {
                    // A container that is gone has nothing more to say.
                    tracing::debug!(stream = self.stream, %error, "output cannot be read");
                    return self.ended.is_cancelled();
                }
            }
        }
    }

    /// Reads until there is a batch, or something is there and its time is over. False at the end.
    async fn gather(
        &self,
        output: &mut (impl futures_util::Stream<Item = Result<crate::runtime::Chunk, crate::runtime::Error>> + Unpin),
        lines: &mut Lines,
        courier: &mut Courier,
        mut until: Option<Instant>,
    ) -> Result<bool, crate::runtime::Error> {
        let hung = async {
            self.ended.cancelled().await;
            tokio::time::sleep(END_GRACE).await;
        };
        tokio::pin!(hung);
        while !courier.has_batch() {
            let chunk = tokio::select! {
                chunk = output.next() => chunk,
                () = sleep_until(until) => return Ok(true),
                () = &mut hung, if until.is_none() => return Ok(false),
            };
            let Some(chunk) = chunk else { return Ok(false) };
            courier.queue.extend(lines.push(&chunk?));
            if until.is_none() && !courier.queue.is_empty() {
                until = Some(Instant::now() + GATHER);
            }
        }
        Ok(true)
    }
}

async fn sleep_until(until: Option<Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until).await,
        None => std::future::pending().await,
    }
}

/// Brings events to one log stream, in order and each once.
#[derive(Debug)]
struct Courier {
    clients: Clients,
    stream: String,
    /// Where the stream ends at the server.
    position: Position,
    /// Read, not yet delivered.
    queue: VecDeque<Event>,
}

impl Courier {
    fn has_batch(&self) -> bool {
        self.batch_len() < self.queue.len() || self.queue.len() >= BATCH_EVENTS_MAX
    }

    /// How many events of the queue go into the next call.
    fn batch_len(&self) -> usize {
        let Some(first) = self.queue.front() else {
            return 0;
        };
        let mut bytes = 0;
        let fits = |event: &&Event| {
            bytes += event.size();
            let span = Timestamp(event.at).since(Timestamp(first.at));
            bytes <= BATCH_BYTES_MAX && span < BATCH_SPAN_MAX
        };
        self.queue.iter().take(BATCH_EVENTS_MAX).take_while(fits).count()
    }

    /// Delivers the whole queue, however often it takes.
    async fn deliver(&mut self) {
        let mut wait = RETRY_MIN;
        while !self.queue.is_empty() {
            let count = self.batch_len().max(1);
            match self.put(count).await {
                Put::Taken => {
                    for event in self.queue.drain(..count) {
                        self.position.advance(event.at);
                    }
                    wait = RETRY_MIN;
                    continue;
                }
                Put::Refused => {
                    tracing::error!(stream = self.stream, dropped = count, "output refused for good");
                    self.queue.drain(..count);
                    continue;
                }
                Put::NoStream => self.make_stream().await,
                Put::Failed => {}
                Put::Unknown => {
                    // It may have been taken all the same: the server knows.
                    let before = self.position;
                    self.find_position().await;
                    let taken = self.position.taken_since(before, &self.queue);
                    self.queue.drain(..taken);
                }
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(RETRY_MAX);
        }
    }

    async fn put(&self, count: usize) -> Put {
        let event = |event: &Event| {
            let event = InputLogEvent::builder().timestamp(event.at).message(&event.message);
            event.build().expect("an event with moment and message is complete")
        };
        let events = self.queue.iter().take(count).map(event).collect();
        let call = self.clients.logs.put_log_events().log_group_name(GROUP).log_stream_name(&self.stream);
        let Err(error) = call.set_log_events(Some(events)).send().await else {
            return Put::Taken;
        };
        let put = match refusal(&error) {
            Some("ResourceNotFoundException") => return Put::NoStream,
            Some("InvalidParameterException") => Put::Refused,
            Some("ThrottlingException") => Put::Failed,
            Some(_) | None => Put::Unknown,
        };
        tracing::debug!(stream = self.stream, error = %DisplayErrorContext(&error), "output not taken");
        put
    }

    /// Makes group and stream. What fails shows when they are used.
    async fn make_stream(&self) {
        let client = &self.clients.logs;
        if let Err(error) = client.create_log_group().log_group_name(GROUP).send().await {
            tracing::debug!(error = %DisplayErrorContext(&error), "log group not made");
        }
        let call = client.create_log_stream().log_group_name(GROUP).log_stream_name(&self.stream);
        if let Err(error) = call.send().await {
            tracing::debug!(error = %DisplayErrorContext(&error), "log stream not made");
        }
    }

    /// Asks the server where the stream ends, until it answers.
    async fn find_position(&mut self) {
        let mut wait = RETRY_MIN;
        loop {
            match self.end_of_stream().await {
                Some(position) => {
                    self.position = position;
                    return;
                }
                None => tokio::time::sleep(wait).await,
            }
            wait = (wait * 2).min(RETRY_MAX);
        }
    }

    /// The stream's last moment, and how many events it has there. `None` if the server did not answer.
    async fn end_of_stream(&self) -> Option<Position> {
        let mut position = Position::default();
        let mut token: Option<String> = None;
        loop {
            let call = self.clients.logs.get_log_events().log_group_name(GROUP).log_stream_name(&self.stream);
            let answer = match call.start_from_head(false).set_next_token(token.clone()).send().await {
                Ok(answer) => answer,
                Err(error) if refusal(&error) == Some("ResourceNotFoundException") => {
                    return Some(position);
                }
                Err(error) => {
                    tracing::debug!(stream = self.stream, error = %DisplayErrorContext(&error), "end of stream unknown");
                    return None;
                }
            };
            let moments: Vec<i64> = answer.events().iter().filter_map(logs::types::OutputLogEvent::timestamp).collect();
            let Some(last) = moments.iter().max() else {
                return Some(position);
            };
            if position.count == 0 {
                position.at = *last;
            }
            position.count += moments.iter().filter(|at| **at == position.at).count();
            let is_whole = moments.iter().any(|at| *at < position.at);
            let back = answer.next_backward_token.filter(|back| Some(back) != token.as_ref());
            if is_whole || back.is_none() {
                return Some(position);
            }
            token = back;
        }
    }
}

enum Put {
    Taken,
    /// Not taken, and never will be.
    Refused,
    /// There is no such stream yet.
    NoStream,
    /// Not taken.
    Failed,
    /// Nobody knows.
    Unknown,
}
