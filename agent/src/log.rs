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
use tokio::sync::watch;
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
    /// Changes when the server is there again, whatever was tried before.
    pub(crate) server_is_back: watch::Receiver<()>,
}

impl Shipment {
    /// Ships until all is shipped or the time is over.
    pub(crate) async fn run(self) {
        let mut courier = Courier {
            clients: self.clients.clone(),
            stream: self.stream.clone(),
            position: Position::default(),
            queue: VecDeque::new(),
            pause: Pause::new(self.server_is_back.clone()),
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
            let reading = self.read_to_end(courier, is_last).await;
            // The next one goes on from where it was left.
            courier.queue.clear();
            match reading {
                Reading::Whole => return,
                Reading::Ended => {}
                // The end cuts the wait short.
                Reading::Cut => drop(tokio::time::timeout(RETRY_MIN, self.ended.cancelled()).await),
            }
        }
    }

    /// Reads and ships. Lines without an end are left for the last reading.
    async fn read_to_end(&self, courier: &mut Courier, is_last: bool) -> Reading {
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
                    if is_last {
                        courier.queue.extend(lines.finish());
                        courier.deliver().await;
                        return Reading::Whole;
                    }
                    if tokio::time::timeout(END_GRACE, self.ended.cancelled()).await.is_err() {
                        return Reading::Cut;
                    }
                    let end = self.runtime.end_of_output(&self.runtime_id).await;
                    let is_whole = end.is_ok_and(|end| lines.are_whole(end.as_ref()));
                    return if is_whole { Reading::Whole } else { Reading::Ended };
                }
                Err(error) => {
                    // A container that is gone has nothing more to say.
                    tracing::debug!(stream = self.stream, %error, "output cannot be read");
                    let is_ended = self.ended.is_cancelled();
                    return match is_last {
                        true => Reading::Whole,
                        false if is_ended => Reading::Ended,
                        false => Reading::Cut,
                    };
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

/// How a reading came to its end.
enum Reading {
    /// Nothing is left.
    Whole,
    /// The container has ended, and the end of its output may be missing.
    Ended,
    /// Docker went away or ended the output early.
    Cut,
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
    pause: Pause,
}

/// The waits between failures: each twice as long as the one before. A server that is back ends them.
#[derive(Debug)]
struct Pause {
    wait: Duration,
    server_is_back: watch::Receiver<()>,
}

impl Pause {
    fn new(server_is_back: watch::Receiver<()>) -> Self {
        Self { wait: RETRY_MIN, server_is_back }
    }

    /// Waits after a failure. A server that came back while the failure was coming counts as well.
    async fn take(&mut self) {
        tokio::select! {
            Ok(()) = self.server_is_back.changed() => self.reset(),
            () = tokio::time::sleep(self.wait) => self.wait = (self.wait * 2).min(RETRY_MAX),
        }
    }

    fn reset(&mut self) {
        self.wait = RETRY_MIN;
    }
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
        let mut has_made_stream = false;
        while !self.queue.is_empty() {
            let count = self.batch_len().max(1);
            match self.put(count).await {
                Put::Taken => {
                    for event in self.queue.drain(..count) {
                        self.position.advance(event.at);
                    }
                    self.pause.reset();
                    continue;
                }
                Put::Refused => {
                    tracing::error!(stream = self.stream, dropped = count, "output refused for good");
                    self.queue.drain(..count);
                    continue;
                }
                Put::NoStream => {
                    self.make_stream().await;
                    // The first time nothing has failed: the stream is new.
                    if !std::mem::replace(&mut has_made_stream, true) {
                        continue;
                    }
                }
                Put::Failed => {}
                Put::Unknown => {
                    // It may have been taken all the same: the server knows.
                    let before = self.position;
                    self.find_position().await;
                    let taken = self.position.taken_since(before, &self.queue);
                    self.queue.drain(..taken);
                }
            }
            self.pause.take().await;
        }
    }

    async fn put(&self, count: usize) -> Put {
        let event = |event: &Event| {
            let event = InputLogEvent::builder().timestamp(event.at).message(&event.message);
            event.build().expect("an event with moment and message is complete")
        };
        let events = self.queue.iter().take(count).map(event).collect();
        let call = self.clients.logs.put_log_events().log_group_name(GROUP).log_stream_name(&self.stream);
        let error = match call.set_log_events(Some(events)).send().await {
            Ok(answer) => {
                let rejected = answer.rejected_log_events_info().map_or(0, |info| rejected(info, count));
                if rejected > 0 {
                    tracing::warn!(stream = self.stream, rejected, "output too old or too new for the server");
                }
                return Put::Taken;
            }
            Err(error) => error,
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
        let call = client.create_log_stream().log_group_name(GROUP).log_stream_name(&self.stream);
        let Err(error) = call.clone().send().await else { return };
        if refusal(&error) == Some("ResourceNotFoundException") {
            if let Err(error) = client.create_log_group().log_group_name(GROUP).send().await {
                tracing::debug!(error = %DisplayErrorContext(&error), "log group not made");
            }
            if call.send().await.is_ok() {
                return;
            }
        }
        tracing::debug!(error = %DisplayErrorContext(&error), "log stream not made");
    }

    /// Asks the server where the stream ends, until it answers.
    async fn find_position(&mut self) {
        loop {
            if let Some(position) = self.end_of_stream().await {
                self.position = position;
                return;
            }
            self.pause.take().await;
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

/// How many of `count` events were not taken: too old or expired ones at the beginning, too new ones at the end.
fn rejected(info: &logs::types::RejectedLogEventsInfo, count: usize) -> usize {
    let index = |index: Option<i32>| index.and_then(|index| usize::try_from(index).ok());
    let old = index(info.too_old_log_event_end_index()).max(index(info.expired_log_event_end_index())).unwrap_or(0);
    let new = index(info.too_new_log_event_start_index()).unwrap_or(count);
    count.saturating_sub(new.saturating_sub(old))
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

#[cfg(test)]
mod tests {
    use logs::types::RejectedLogEventsInfo;

    use super::*;

    #[test]
    fn rejected_events_are_counted_at_both_ends() {
        let info = RejectedLogEventsInfo::builder;
        assert_eq!(rejected(&info().build(), 10), 0);
        assert_eq!(rejected(&info().too_old_log_event_end_index(3).expired_log_event_end_index(2).build(), 10), 3);
        assert_eq!(rejected(&info().too_new_log_event_start_index(9).expired_log_event_end_index(2).build(), 10), 3);
        assert_eq!(rejected(&info().too_old_log_event_end_index(10).build(), 10), 10);
    }

    #[tokio::test]
    async fn a_server_that_is_back_ends_the_wait_at_once() {
        let (back, server_is_back) = watch::channel(());
        let mut pause = Pause { wait: RETRY_MAX, server_is_back };
        let start = Instant::now();
        tokio::join!(pause.take(), async { back.send_replace(()) });
        assert_eq!(pause.wait, RETRY_MIN);
        // It also counts if it came back during the call that failed.
        pause.wait = RETRY_MAX;
        back.send_replace(());
        pause.take().await;
        assert!(start.elapsed() < RETRY_MAX);
        pause.take().await;
        assert_eq!(pause.wait, RETRY_MIN * 2);
    }
}
