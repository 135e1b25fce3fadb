//! Ships a container's output to CloudWatch Logs, as the server offers it: without doubles, also across a restart of the
//! agent, and without loss as long as it is taken as fast as it comes.
//!
//! Nothing here holds up the container. Its output lies with Docker, in files of a bounded size, and is read faster than
//! it comes; between reading and the server is a buffer of a bounded size. While the container runs, what does not
//! fit is dropped, the oldest first, and counted: an event in its place says how many. Once it has ended nothing more
//! comes, and reading waits for the server. What could not be shipped in time after the end is dropped, and an event says so.
//!
//! Where Docker's files cannot be read, Docker gives the output out, more slowly than it may come and with faults that
//! are seen to here; then some of it may be gone before it could be counted.

mod buffer;
mod courier;
mod destination;
mod line;

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_cloudwatchlogs as logs;
use berth_model::time::Timestamp;
use futures_util::StreamExt;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::clock::wall;
use crate::runtime::{Error, Output, Runtime};
pub(crate) use buffer::Room;
use buffer::{Buffer, Dropped};
use courier::{Courier, NoStream, Pause, RETRY_MIN};
pub use destination::GROUP;
pub(crate) use destination::{Destination, Driver, LogConfig, docker_config, driver, log_config};
use line::{Event, Lines, OUT_OF_ORDER_MAX, Position};

/// The output of a container that has ended ends by itself; if it does not in this time, that was all.
const END_GRACE: Duration = Duration::from_secs(5);
/// Output that is younger than this is read as it comes.
const CAUGHT_UP_WITHIN: Duration = Duration::from_millis(500);
/// Docker passes over the files that it begins and ends while an older one is still being read, without a word. A reader
/// that is behind and comes upon such a leap in time reads anew, which begins with these files; after a mere silence it finds
/// the same again. A file is filled in no less time.
const LEAP: Duration = Duration::from_millis(100);
/// A follower that was behind may also wait for ever on a file that is no longer written. After so long a silence Docker is
/// asked for the last piece, and again after twice as long each time, up to the other.
const SILENCE_MIN: Duration = Duration::from_secs(1);
const SILENCE_MAX: Duration = Duration::from_mins(1);
/// How long a start waits for the log stream. A server that is slow or away must not keep a container from starting.
const STREAM_WITHIN: Duration = Duration::from_secs(5);

/// One container's output.
#[derive(Debug)]
pub(crate) struct Shipment {
    pub(crate) runtime: Arc<dyn Runtime>,
    pub(crate) client: logs::Client,
    /// True if it is Berth that takes it.
    pub(crate) is_berth: bool,
    pub(crate) runtime_id: String,
    pub(crate) destination: Arc<Destination>,
    /// True if some of it may be there already.
    pub(crate) is_resumed: bool,
    /// The container has ended.
    pub(crate) ended: CancellationToken,
    /// How long to go on after its end.
    pub(crate) wait: Wait,
    /// True while the server is there. Told anew with each return, whatever was tried before.
    pub(crate) server: watch::Receiver<bool>,
    /// What waits on the whole host.
    pub(crate) room: Room,
}

/// How long output may take after its container's end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wait {
    /// What counts is the time in which the server is there.
    pub(crate) served: Duration,
    /// Whether it is there or not.
    pub(crate) longest: Duration,
}

/// What is left of a shipment that was given up.
#[derive(Debug)]
pub(crate) struct Rest {
    shipment: Shipment,
    courier: Courier,
    missing: Dropped,
}

/// Makes sure that the log stream is there that a container's options name, as the log driver does when it starts.
///
/// # Errors
/// Why it cannot start, worded as the ECS agent words it: the group is not there and is not to be made, or Amazon does
/// not let this host write there. Berth lets it once it knows the container.
pub(crate) async fn prepare(client: &logs::Client, destination: &Destination, is_berth: bool) -> Result<(), String> {
    match tokio::time::timeout(STREAM_WITHIN, courier::make_stream(client, destination)).await {
        Err(_) | Ok(Ok(())) => Ok(()),
        Ok(Err(NoStream::Group(text))) => Err(not_started(&text)),
        Ok(Err(NoStream::Denied(text))) if !is_berth => Err(not_started(&text)),
        // It may pass. Until then the output waits.
        Ok(Err(NoStream::Denied(error) | NoStream::Failed(error))) => {
            tracing::warn!(stream = destination.stream, error, "log stream not made yet");
            Ok(())
        }
    }
}

/// Why a container cannot start whose log driver cannot.
pub(crate) fn not_started(text: &str) -> String {
    format!("CannotStartContainerError: Error response from daemon: failed to initialize logging driver: {text}")
}

impl Shipment {
    /// Ships until all is shipped or the time is over. Then gives what is left to be done without the container.
    pub(crate) async fn run(self) -> Option<Rest> {
        let buffer = Buffer::new(self.destination.buffer_bytes, self.room.clone());
        let mut courier = Courier {
            client: self.client.clone(),
            destination: Arc::clone(&self.destination),
            is_berth: self.is_berth,
            position: Position::default(),
            under_way: Vec::new(),
            pause: Pause::new(self.server.clone()),
        };
        tokio::select! {
            () = self.ship(&buffer, &mut courier) => return None,
            () = self.time_is_over() => {}
        }
        let missing = buffer.missing(wall());
        tracing::warn!(
            stream = self.destination.stream,
            dropped = missing.count,
            is_more = missing.is_more,
            "output given up"
        );
        Some(Rest { shipment: self, courier, missing })
    }

    /// Waits for the container's end, and until its output has had its time.
    async fn time_is_over(&self) {
        self.ended.cancelled().await;
        if self.is_berth {
            self.wait.pass(self.server.clone()).await;
        } else {
            // While others are away tasks come and go here, and each would keep its containers on the disk.
            tokio::time::sleep(self.wait.served).await;
        }
    }

    async fn ship(&self, buffer: &Buffer, courier: &mut Courier) {
        if self.is_resumed {
            courier.find_position().await;
        }
        let position = courier.position;
        let read = async {
            self.read(buffer, position).await;
            buffer.close();
        };
        tokio::join!(read, courier.run(buffer));
    }

    /// Reads everything behind a position, as often as it takes.
    async fn read(&self, buffer: &Buffer, mut position: Position) {
        loop {
            // Docker 20.10 mostly leaves out the last line of an output that it follows if it has no line end. Begun
            // after the container's end, a reading is whole.
            let is_last = self.ended.is_cancelled();
            let mut lines = Lines::after(position, self.destination.first_line.clone());
            let reading = self.read_to_end(buffer, &mut lines, position, is_last).await;
            if matches!(reading, Reading::Whole) {
                return self.push(buffer, lines.finish()).await;
            }
            // What is read next begins behind what is told of.
            self.push(buffer, lines.end_missing().into_iter().collect()).await;
            position = lines.position();
            if matches!(reading, Reading::Cut) {
                // The end cuts the wait short.
                drop(tokio::time::timeout(RETRY_MIN, self.ended.cancelled()).await);
            }
        }
    }

    /// Reads on from a position. Lines without an end are left for the last reading.
    async fn read_to_end(&self, buffer: &Buffer, lines: &mut Lines, position: Position, is_last: bool) -> Reading {
        let began_at = wall();
        let since = since(position, began_at);
        let Output { chunks: mut output, is_exact } =
            self.runtime.output(&self.runtime_id, since, self.ended.clone()).await;
        // The moment of the last piece, and whether that was over when it came.
        let mut last: Option<(Timestamp, bool)> = None;
        let mut was_behind = false;
        let mut silence = SILENCE_MIN;
        loop {
            let hung = async {
                self.ended.cancelled().await;
                tokio::time::sleep(END_GRACE).await;
            };
            let event_ends = sleep_until(lines.open_until().map(|at| at.since(wall())));
            let chunk = tokio::select! {
                biased;
                chunk = output.next() => chunk,
                () = hung, if !is_exact => None,
                () = event_ends => {
                    self.push(buffer, lines.end_open_before(wall())).await;
                    continue;
                }
                () = tokio::time::sleep(silence), if was_behind && !is_exact => {
                    let end = self.runtime.end_of_output(&self.runtime_id).await;
                    if end.is_ok_and(|end| !lines.ends_with(end.as_ref())) {
                        return Reading::Behind;
                    }
                    silence = (silence * 2).min(SILENCE_MAX);
                    continue;
                }
            };
            match chunk {
                Some(Ok(chunk)) => {
                    // What was there when the reading began is read whole.
                    let is_leap = |(at, was_old): (Timestamp, bool)| was_old && chunk.at.since(at) > LEAP;
                    if !is_exact && chunk.at > began_at && last.is_some_and(is_leap) {
                        return Reading::Behind;
                    }
                    let was_old = wall().since(chunk.at) > CAUGHT_UP_WITHIN;
                    last = Some((chunk.at, was_old));
                    was_behind |= was_old;
                    silence = SILENCE_MIN;
                    self.push(buffer, lines.push(&chunk)).await;
                }
                None if is_last || is_exact => return Reading::Whole,
                None => {
                    if tokio::time::timeout(END_GRACE, self.ended.cancelled()).await.is_err() {
                        return Reading::Cut;
                    }
                    let end = self.runtime.end_of_output(&self.runtime_id).await;
                    let is_whole = end.is_ok_and(|end| lines.are_whole(end.as_ref()));
                    return if is_whole { Reading::Whole } else { Reading::Ended };
                }
                Some(Err(Error::Overtaken)) => return Reading::Behind,
                Some(Err(Error::Broken(error))) if is_exact => {
                    tracing::warn!(stream = self.destination.stream, %error, "output cannot be read now");
                    return Reading::Cut;
                }
                Some(Err(error)) => {
                    // A container that is gone has nothing more to say.
                    tracing::debug!(stream = self.destination.stream, %error, "output cannot be read");
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

    /// Hands events over. What runs is never waited for, or Docker drops what nobody counts.
    async fn push(&self, buffer: &Buffer, events: Vec<Event>) {
        for event in events {
            if self.ended.is_cancelled() {
                buffer.push_waiting(event).await;
            } else {
                buffer.push(event);
            }
        }
    }
}

impl Wait {
    /// Waits until the time is over.
    async fn pass(self, mut server: watch::Receiver<bool>) {
        let served = async {
            let mut left = self.served;
            // Who tells of the server ends after all others.
            while server.wait_for(|is_there| *is_there).await.is_ok() {
                let began = Instant::now();
                if tokio::time::timeout(left, server.wait_for(|is_there| !is_there)).await.is_err() {
                    return;
                }
                left = left.saturating_sub(began.elapsed());
            }
        };
        drop(tokio::time::timeout(self.longest, served).await);
    }
}

impl Rest {
    /// Delivers what was under way and says what is missing, in the same time again. Only for a container that is gone: if
    /// it is started again, it is read again.
    pub(crate) async fn tell(mut self) {
        tokio::select! {
            () = self.courier.end_with(self.missing) => return,
            () = self.shipment.time_is_over() => {}
        }
        tracing::warn!(stream = self.shipment.destination.stream, "no event says what is missing");
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
    /// The container prints faster than Docker gives it out, and some of it may have been passed over.
    Behind,
}

/// From when on all was written that comes behind a position. `None` if nobody knows: after a clock was set back, what is
/// written next is older than what is there.
fn since(position: Position, now: Timestamp) -> Option<Timestamp> {
    let at = Timestamp(position.at);
    (position.count > 0 && at <= now).then(|| at - OUT_OF_ORDER_MAX)
}

async fn sleep_until(wait: Option<Duration>) {
    match wait {
        // What decides is later than the moment itself.
        Some(wait) => tokio::time::sleep_until(Instant::now() + wait + Duration::from_millis(1)).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAIT: Wait = Wait { served: Duration::from_mins(10), longest: Duration::from_hours(24) };

    /// How long output has if the server is there and away, in turns, for so many minutes each, and away after that.
    async fn minutes_until_over(turns: &[u64]) -> u64 {
        let (is_there, server) = watch::channel(false);
        let began = Instant::now();
        let change = async {
            for (turn, minutes) in turns.iter().enumerate() {
                is_there.send_replace(turn % 2 == 0);
                tokio::time::sleep(Duration::from_mins(*minutes)).await;
            }
            is_there.send_replace(false);
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = WAIT.pass(server) => began.elapsed().as_secs() / 60,
            () = change => unreachable!("it never ends"),
        }
    }

    #[test]
    fn a_reading_goes_on_at_its_position_unless_the_clock_was_set_back() {
        let since = |at, count, now| since(Position { at, count }, Timestamp(now)).map(|since| since.0);
        assert_eq!(since(0, 0, 60_000), None);
        assert_eq!(since(60_000, 1, 60_000), Some(55_000));
        assert_eq!(since(60_001, 1, 60_000), None);
    }

    #[tokio::test(start_paused = true)]
    async fn only_time_in_which_the_server_is_there_counts() {
        assert_eq!(minutes_until_over(&[15]).await, 10);
        assert_eq!(minutes_until_over(&[0, 15, 15]).await, 25);
        assert_eq!(minutes_until_over(&[9, 600, 15]).await, 610);
        assert_eq!(minutes_until_over(&[9]).await, 24 * 60, "nothing waits for ever");
        assert_eq!(minutes_until_over(&[]).await, 24 * 60);
    }
}
