//! Brings events to one log stream, in order and each once.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_cloudwatchlogs as logs;
use berth_model::time::Timestamp;
use logs::error::DisplayErrorContext;
use logs::types::{Entity, InputLogEvent, OutputLogEvent};
use tokio::sync::watch;

use super::buffer::{Buffer, Dropped};
use super::destination::Destination;
use super::line::{Event, Position};
use crate::client::refusal;

/// How long the first event waits for others to go with it. Longer is slower to watch, shorter is more calls.
const GATHER: Duration = Duration::from_millis(50);
/// Limits of PutLogEvents: events, bytes with 26 for each event, and the span of time.
const BATCH_EVENTS_MAX: usize = 10_000;
const BATCH_BYTES_MAX: usize = 1_048_576;
const BATCH_SPAN_MAX: Duration = Duration::from_hours(24);
/// First wait after a failure; doubles each time up to the other.
pub(super) const RETRY_MIN: Duration = Duration::from_millis(100);
const RETRY_MAX: Duration = Duration::from_secs(10);
/// Most pages without events, one after the other, in the search for a stream's end. Amazon gives some for a stream in which
/// little was written; with fewer, what is there is taken for nothing and comes twice, and more hold up what is to come.
const EMPTY_PAGES_MAX: usize = 100;
/// How Berth is told how many events a batch tells of as missing, for its metrics.
const DROPPED_ATTRIBUTE: &str = "berth.dropped-events";

/// See the module.
#[derive(Debug)]
pub(super) struct Courier {
    pub(super) client: logs::Client,
    pub(super) destination: Arc<Destination>,
    /// True if it is Berth that takes the events.
    pub(super) is_berth: bool,
    /// Where the stream ends at the server.
    pub(super) position: Position,
    /// What was taken out of the buffer and is not delivered.
    pub(super) under_way: Vec<Event>,
    pub(super) pause: Pause,
}

/// The waits between failures: each twice as long as the one before. A server that is back ends them.
#[derive(Debug)]
pub(super) struct Pause {
    wait: Duration,
    /// True while the server is there. Told anew with each return.
    server: watch::Receiver<bool>,
}

impl Pause {
    pub(super) fn new(server: watch::Receiver<bool>) -> Self {
        Self { wait: RETRY_MIN, server }
    }

    /// Waits after a failure. A server that came back while the failure was coming counts as well.
    async fn take(&mut self) {
        let server_is_back = async {
            while self.server.changed().await.is_ok() {
                if *self.server.borrow_and_update() {
                    return;
                }
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = server_is_back => self.reset(),
            () = tokio::time::sleep(self.wait) => self.wait = (self.wait * 2).min(RETRY_MAX),
        }
    }

    fn reset(&mut self) {
        self.wait = RETRY_MIN;
    }
}

impl Courier {
    /// Delivers all that comes into the buffer.
    pub(super) async fn run(&mut self, buffer: &Buffer) {
        while buffer.wait().await {
            drop(tokio::time::timeout(GATHER, buffer.wait_for(BATCH_BYTES_MAX)).await);
            let mut batch = Batch::default();
            self.under_way = buffer.take(|event| batch.takes(event));
            self.deliver().await;
        }
    }

    /// Delivers what an earlier run was cut short with, and says what is missing behind it.
    pub(super) async fn end_with(&mut self, missing: Dropped) {
        self.leave_out_taken().await;
        self.deliver().await;
        if !missing.is_nothing() {
            self.under_way = vec![Event::gap(missing)];
            self.deliver().await;
        }
    }

    /// Delivers what is under way, however often it takes.
    async fn deliver(&mut self) {
        let mut has_made_stream = false;
        while !self.under_way.is_empty() {
            match self.put(&self.under_way).await {
                Put::Taken => {
                    for event in std::mem::take(&mut self.under_way) {
                        self.position.step(&event);
                    }
                    self.pause.reset();
                    return;
                }
                Put::Refused => {
                    tracing::error!(
                        stream = self.destination.stream,
                        dropped = self.under_way.len(),
                        "output refused for good"
                    );
                    self.under_way.clear();
                    return;
                }
                Put::NoStream => {
                    self.make_stream().await;
                    // The first time nothing has failed: the stream is new.
                    if !std::mem::replace(&mut has_made_stream, true) {
                        continue;
                    }
                }
                Put::Failed => {}
                Put::Unknown => self.leave_out_taken().await,
            }
            self.pause.take().await;
        }
    }

    /// Leaves out of what is under way what was taken all the same: the server knows.
    async fn leave_out_taken(&mut self) {
        let before = self.position;
        self.find_position().await;
        let taken = self.position.taken_since(before, &self.under_way);
        self.under_way.drain(..taken);
    }

    async fn put(&self, events: &[Event]) -> Put {
        let Destination { group, stream, .. } = &*self.destination;
        let event = |event: &Event| {
            let event = InputLogEvent::builder().timestamp(event.at).message(&event.message);
            event.build().expect("an event with moment and message is complete")
        };
        let mut call = self.client.put_log_events().log_group_name(group).log_stream_name(stream);
        let dropped: u64 = events.iter().filter_map(|event| event.gap).map(|gap| gap.count.max(1)).sum();
        if dropped > 0 && self.is_berth {
            call = call.entity(Entity::builder().attributes(DROPPED_ATTRIBUTE, dropped.to_string()).build());
        }
        let error = match call.set_log_events(Some(events.iter().map(event).collect())).send().await {
            Ok(answer) => {
                let rejected = answer.rejected_log_events_info().map_or(0, |info| rejected(info, events.len()));
                if rejected > 0 {
                    tracing::warn!(stream, rejected, "output too old or too new for the server");
                }
                return Put::Taken;
            }
            Err(error) => error,
        };
        let put = match refusal(&error) {
            Some("ResourceNotFoundException") => Put::NoStream,
            Some("InvalidParameterException") => Put::Refused,
            Some("ThrottlingException" | "AccessDeniedException") => Put::Failed,
            Some(_) | None => Put::Unknown,
        };
        tracing::debug!(stream, error = %DisplayErrorContext(&error), "output not taken");
        put
    }

    /// Makes the stream, and the group if it may. What fails shows when they are used.
    async fn make_stream(&self) {
        if let Err(error) = make_stream(&self.client, &self.destination).await {
            tracing::debug!(?error, stream = self.destination.stream, "log stream not made");
        }
    }

    /// Asks the server where the stream ends, until it answers.
    pub(super) async fn find_position(&mut self) {
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
        let Destination { group, stream, .. } = &*self.destination;
        let mut end = End::default();
        loop {
            let call = self.client.get_log_events().log_group_name(group).log_stream_name(stream);
            match call.start_from_head(false).set_next_token(end.token.clone()).send().await {
                Ok(answer) if end.is_found(answer.events(), answer.next_backward_token()) => break,
                Ok(_) => {}
                Err(error) if refusal(&error) == Some("ResourceNotFoundException") => break,
                Err(error) => {
                    tracing::debug!(stream, error = %DisplayErrorContext(&error), "end of stream unknown");
                    return None;
                }
            }
        }
        if end.empty_pages > EMPTY_PAGES_MAX {
            tracing::warn!(stream, "nothing found in the stream: what is there may come twice");
        }
        Some(end.position)
    }
}

/// Looks for a stream's end in its pages, the last one first.
#[derive(Debug, Default)]
struct End {
    position: Position,
    /// Names the next page.
    token: Option<String>,
    /// How many of the last pages had no events.
    empty_pages: usize,
}

impl End {
    /// Takes in a page, and the token of the one before it. True if no more are needed.
    fn is_found(&mut self, events: &[OutputLogEvent], back: Option<&str>) -> bool {
        let moments = || events.iter().filter_map(OutputLogEvent::timestamp);
        let Position { at, count } = &mut self.position;
        if let Some(last) = moments().max() {
            if *count == 0 {
                *at = last;
            }
            *count += moments().filter(|moment| *moment == *at).count();
            let is_last = |event: &&OutputLogEvent| event.timestamp() == Some(*at);
            if events.iter().filter(is_last).any(|event| event.message().is_some_and(Event::is_gap)) {
                *count = usize::MAX;
                return true;
            }
            self.empty_pages = 0;
        } else {
            // There may be events before it all the same.
            self.empty_pages += 1;
        }
        let is_whole = moments().any(|moment| moment < *at);
        let is_head = back.is_none_or(|back| Some(back) == self.token.as_deref());
        self.token = back.map(str::to_owned);
        is_whole || is_head || self.empty_pages > EMPTY_PAGES_MAX
    }
}

/// Why a stream could not be made, in the words of `awslogs`.
#[derive(Debug)]
pub(super) enum NoStream {
    /// Its group is not there.
    Group(String),
    /// It is not allowed.
    Denied(String),
    /// Something that may pass.
    Failed(String),
}

/// Makes the stream, and the group if it may.
pub(super) async fn make_stream(client: &logs::Client, destination: &Destination) -> Result<(), NoStream> {
    let Destination { group, stream, creates_group, .. } = destination;
    let call = client.create_log_stream().log_group_name(group).log_stream_name(stream);
    let mut made = call.clone().send().await;
    if *creates_group && made.as_ref().is_err_and(|error| refusal(error) == Some("ResourceNotFoundException")) {
        match client.create_log_group().log_group_name(group).send().await {
            Err(error) if refusal(&error) != Some("ResourceAlreadyExistsException") => {
                return Err(no_stream("failed to create Cloudwatch log group", &error));
            }
            Ok(_) | Err(_) => made = call.send().await,
        }
    }
    match made {
        Err(error) if refusal(&error) != Some("ResourceAlreadyExistsException") => {
            Err(no_stream("failed to create Cloudwatch log stream", &error))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

fn no_stream<E>(what: &str, error: &logs::error::SdkError<E>) -> NoStream
where
    E: logs::error::ProvideErrorMetadata + std::error::Error + 'static,
{
    let text = format!("{what}: {}", text(error));
    match refusal(error) {
        Some("ResourceNotFoundException") => NoStream::Group(text),
        Some("AccessDeniedException" | "UnrecognizedClientException" | "InvalidSignatureException") => {
            NoStream::Denied(text)
        }
        Some(_) | None => NoStream::Failed(text),
    }
}

/// An error as AWS's clients show it: its type and its message.
fn text<E>(error: &logs::error::SdkError<E>) -> String
where
    E: logs::error::ProvideErrorMetadata + std::error::Error + 'static,
{
    match error.as_service_error().map(|error| (error.code(), error.message())) {
        Some((Some(code), Some(message))) => format!("{code}: {message}"),
        Some(_) | None => DisplayErrorContext(error).to_string(),
    }
}

/// What goes into one call.
#[derive(Debug, Default)]
struct Batch {
    events: usize,
    bytes: usize,
    first_at: Option<i64>,
}

impl Batch {
    /// Counts an event in if it fits.
    fn takes(&mut self, event: &Event) -> bool {
        let first_at = *self.first_at.get_or_insert(event.at);
        let span = Timestamp(event.at).since(Timestamp(first_at));
        let fits =
            self.events < BATCH_EVENTS_MAX && self.bytes + event.size() <= BATCH_BYTES_MAX && span < BATCH_SPAN_MAX;
        if fits || self.events == 0 {
            self.events += 1;
            self.bytes += event.size();
            return true;
        }
        false
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
    use tokio::time::Instant;

    use super::*;

    #[test]
    fn rejected_events_are_counted_at_both_ends() {
        let info = RejectedLogEventsInfo::builder;
        assert_eq!(rejected(&info().build(), 10), 0);
        assert_eq!(rejected(&info().too_old_log_event_end_index(3).expired_log_event_end_index(2).build(), 10), 3);
        assert_eq!(rejected(&info().too_new_log_event_start_index(9).expired_log_event_end_index(2).build(), 10), 3);
        assert_eq!(rejected(&info().too_old_log_event_end_index(10).build(), 10), 10);
    }

    #[test]
    fn a_batch_keeps_to_the_limits_of_a_call() {
        let event = |at: i64, bytes: usize| Event { at, message: "x".repeat(bytes), gap: None, is_late: false };
        let mut batch = Batch::default();
        assert!(batch.takes(&event(0, 1 << 19)));
        assert!(!batch.takes(&event(0, 1 << 19)), "26 bytes more for each");
        assert!(batch.takes(&event(0, 1000)));
        assert!(!batch.takes(&event(86_400_000, 1)));
        let mut batch = Batch::default();
        assert_eq!((0..20_000).take_while(|_| batch.takes(&event(0, 1))).count(), BATCH_EVENTS_MAX);
    }

    /// Where the end is found in pages of moments and messages, each with the token of the one before it, and in how many.
    fn end(pages: &[(&[(i64, &str)], &str)]) -> (Position, usize) {
        let mut end = End::default();
        let event = |(at, message): &(i64, &str)| OutputLogEvent::builder().timestamp(*at).message(*message).build();
        for (read, (events, back)) in pages.iter().enumerate() {
            let events: Vec<_> = events.iter().map(event).collect();
            if end.is_found(&events, Some(*back).filter(|back| !back.is_empty())) {
                return (end.position, read + 1);
            }
        }
        panic!("more pages are wanted");
    }

    #[test]
    fn the_end_of_a_stream_is_behind_all_events_of_its_last_moment() {
        let at = |at, count| Position { at, count };
        assert_eq!(end(&[(&[(4, "a"), (5, "b"), (5, "c")], "1")]), (at(5, 2), 1));
        assert_eq!(end(&[(&[(5, "b"), (5, "c")], "1"), (&[(4, "a"), (5, "b")], "2")]), (at(5, 3), 2));
        assert_eq!(end(&[(&[(5, "a")], "1"), (&[], "1")]), (at(5, 1), 2));
        assert_eq!(end(&[(&[(5, "a")], "")]), (at(5, 1), 1));
        assert_eq!(end(&[(&[(4, "a"), (5, "[berth] events dropped: 7")], "1")]), (at(5, usize::MAX), 1));
    }

    #[test]
    fn a_page_without_events_is_not_the_end_of_a_stream() {
        let at = |at, count| Position { at, count };
        assert_eq!(end(&[(&[], "1"), (&[], "2"), (&[(4, "a"), (5, "b")], "3")]), (at(5, 1), 3));
        assert_eq!(end(&[(&[(5, "b")], "1"), (&[], "2"), (&[(5, "a")], "3"), (&[], "3")]), (at(5, 2), 4));
        assert_eq!(end(&[(&[], "1"), (&[], "1")]), (at(0, 0), 2), "there is nothing");
        assert_eq!(end(&[(&[], "")]), (at(0, 0), 1));
        let tokens: Vec<String> = (0..=EMPTY_PAGES_MAX).map(|token| token.to_string()).collect();
        let pages: Vec<_> = tokens.iter().map(|token| (&[][..], token.as_str())).collect();
        assert_eq!(end(&pages), (at(0, 0), EMPTY_PAGES_MAX + 1), "there is a bound");
    }

    #[tokio::test]
    async fn a_server_that_is_back_ends_the_wait_at_once() {
        let (is_there, server) = watch::channel(false);
        let mut pause = Pause { wait: RETRY_MAX, server };
        let start = Instant::now();
        tokio::join!(pause.take(), async { is_there.send_replace(true) });
        assert_eq!(pause.wait, RETRY_MIN);
        // It also counts if it came back during the call that failed.
        pause.wait = RETRY_MAX;
        is_there.send_replace(true);
        pause.take().await;
        assert!(start.elapsed() < RETRY_MAX);
        // That it goes away is nothing to wake for.
        is_there.send_replace(false);
        pause.take().await;
        assert_eq!(pause.wait, RETRY_MIN * 2);
    }
}
