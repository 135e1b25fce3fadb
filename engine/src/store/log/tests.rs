use super::*;

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const DAY: Duration = Duration::from_hours(24);

/// Segments of a KiB, kept for longer than the machine's clock and [`NOW`] can be apart.
const BOUNDS: LogBounds =
    LogBounds { stream_bytes_max: 16 << 10, bytes_max: 4 << 20, retention: Duration::from_hours(36_500 * 24) };

fn event(offset_ms: i64, message: &str) -> LogEvent {
    LogEvent { timestamp: Timestamp(NOW.0 + offset_ms), message: message.to_owned() }
}

fn numbered(range: std::ops::Range<i64>) -> Vec<LogEvent> {
    range.map(|n| event(n, &n.to_string())).collect()
}

fn messages(page: &LogPage) -> Vec<&str> {
    page.events.iter().map(|event| event.message.as_str()).collect()
}

struct Fixture {
    logs: LogStore,
    directory: tempfile::TempDir,
}

impl Fixture {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let logs = LogStore::open(directory.path().join("logs"), BOUNDS).unwrap();
        logs.create_group("g", NOW).await.unwrap();
        logs.create_stream("g", "s", None, NOW).await.unwrap();
        Self { logs, directory }
    }

    async fn put(&self, events: Vec<LogEvent>) {
        assert_eq!(self.logs.put("g", "s", events, NOW).await.unwrap(), RejectedEvents::default());
    }

    async fn get(&self, query: LogQuery) -> LogPage {
        self.logs.get("g", "s", query, NOW).await.unwrap()
    }

    /// The same logs, kept for another time.
    fn keeping(&self, retention: Duration) -> LogStore {
        LogStore::open(self.directory.path().join("logs"), LogBounds { retention, ..BOUNDS }).unwrap()
    }

    /// How many bytes were dropped.
    fn counted(&self, reason: &str) -> u64 {
        let families: Vec<_> = self.logs.collectors().iter().flat_map(|collector| collector.collect()).collect();
        let text = prometheus::TextEncoder::new().encode_to_string(&families).unwrap();
        let line = format!("berth_log_dropped_bytes_total{{reason=\"{reason}\"}} ");
        text.lines().find_map(|found| found.strip_prefix(&line)?.parse().ok()).unwrap()
    }

    fn files(&self) -> Vec<PathBuf> {
        let directory = std::fs::read_dir(self.directory.path().join("logs/g/s")).unwrap();
        let mut files: Vec<_> = directory.map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some());
        files.sort();
        files
    }
}

fn from_head(limit: usize) -> LogQuery {
    LogQuery { from_head: true, limit: Some(limit), ..LogQuery::default() }
}

fn go_on(token: &str) -> LogQuery {
    LogQuery { token: Some(token.to_owned()), limit: Some(2), ..LogQuery::default() }
}

#[tokio::test]
async fn forward_tokens_walk_to_the_end_and_stay_there() {
    let it = Fixture::new().await;
    it.put(numbered(0..5)).await;
    let first = it.get(from_head(2)).await;
    assert_eq!(messages(&first), ["0", "1"]);
    let second = it.get(go_on(&first.next_forward_token)).await;
    assert_eq!(messages(&second), ["2", "3"]);
    let third = it.get(go_on(&second.next_forward_token)).await;
    assert_eq!(messages(&third), ["4"]);
    let end = it.get(go_on(&third.next_forward_token)).await;
    assert_eq!(end.events, []);
    assert_eq!(end.next_forward_token, third.next_forward_token);
    it.put(numbered(5..6)).await;
    assert_eq!(messages(&it.get(go_on(&end.next_forward_token)).await), ["5"]);
}

#[tokio::test]
async fn without_a_token_the_last_events_come_and_backward_tokens_walk_to_the_head() {
    let it = Fixture::new().await;
    it.put(numbered(0..5)).await;
    let last = it.get(LogQuery { limit: Some(2), ..LogQuery::default() }).await;
    assert_eq!(messages(&last), ["3", "4"]);
    let middle = it.get(go_on(&last.next_backward_token)).await;
    assert_eq!(messages(&middle), ["1", "2"]);
    let first = it.get(go_on(&middle.next_backward_token)).await;
    assert_eq!(messages(&first), ["0"]);
    let head = it.get(go_on(&first.next_backward_token)).await;
    assert_eq!(head.events, []);
    assert_eq!(head.next_backward_token, first.next_backward_token);
    // Turning round gives what was seen before.
    assert_eq!(messages(&it.get(go_on(&middle.next_forward_token)).await), ["3", "4"]);
}

#[tokio::test]
async fn times_bound_what_is_read() {
    let it = Fixture::new().await;
    it.put(numbered(0..10)).await;
    let query = LogQuery { start: Some(Timestamp(NOW.0 + 3)), end: Some(Timestamp(NOW.0 + 6)), ..LogQuery::default() };
    assert_eq!(messages(&it.get(query.clone()).await), ["3", "4", "5"]);
    assert_eq!(messages(&it.get(LogQuery { from_head: true, ..query }).await), ["3", "4", "5"]);
}

#[tokio::test]
async fn an_empty_stream_gives_tokens_too() {
    let it = Fixture::new().await;
    let page = it.get(LogQuery::default()).await;
    assert_eq!(page.events, []);
    it.put(numbered(0..1)).await;
    assert_eq!(messages(&it.get(go_on(&page.next_forward_token)).await), ["0"]);
}

#[tokio::test]
async fn a_line_cut_short_is_passed_over_and_then_cut_off() {
    let it = Fixture::new().await;
    it.put(numbered(0..2)).await;
    let file = it.files().remove(0);
    let mut content = std::fs::read(&file).unwrap();
    content.extend_from_slice(br#"{"t":1,"i":1,"m":"ha"#);
    std::fs::write(&file, content).unwrap();
    let before = it.get(LogQuery::default()).await;
    assert_eq!(messages(&before), ["0", "1"]);
    it.put(numbered(2..3)).await;
    assert_eq!(messages(&it.get(from_head(10)).await), ["0", "1", "2"]);
    assert_eq!(messages(&it.get(go_on(&before.next_forward_token)).await), ["2"]);
}

#[tokio::test]
async fn a_full_stream_drops_its_oldest_events_and_tokens_stay_good() {
    let it = Fixture::new().await;
    let head = it.get(from_head(1)).await;
    for n in 0..1000 {
        it.put(vec![event(n, &format!("{n} {}", "x".repeat(100)))]).await;
    }
    let bytes: u64 = it.files().iter().map(|file| file.metadata().unwrap().len()).sum();
    assert!((15 << 10..=17 << 10).contains(&bytes), "{bytes}");
    let mut page = it.get(go_on(&head.next_forward_token)).await;
    let mut seen = Vec::new();
    while !page.events.is_empty() {
        seen.extend(page.events.iter().map(|event| event.timestamp.0 - NOW.0));
        page = it.get(go_on(&page.next_forward_token)).await;
    }
    let first = seen[0];
    assert!(first > 850, "{first}");
    assert_eq!(seen, (first..1000).collect::<Vec<_>>());
    let mut page = it.get(LogQuery { limit: Some(2), ..LogQuery::default() }).await;
    let mut backwards = Vec::new();
    while !page.events.is_empty() {
        backwards.extend(page.events.iter().rev().map(|event| event.timestamp.0 - NOW.0));
        page = it.get(go_on(&page.next_backward_token)).await;
    }
    backwards.reverse();
    assert_eq!(backwards, seen);
    assert!(it.counted("stream_full") > 100_000);
    assert_eq!(it.counted("store_full"), 0);
    let group = &it.logs.groups(GroupQuery { limit: 1, ..GroupQuery::default() }).await.unwrap()[0];
    assert_eq!(group.stored_bytes, bytes + room::STREAM_BYTES);
}

#[tokio::test]
async fn an_answer_stays_below_its_bound_in_bytes() {
    let it = Fixture::new().await;
    let large = "x".repeat(BATCH_BYTES_MAX - 100);
    it.put(vec![event(0, &large)]).await;
    it.put(vec![event(1, &large)]).await;
    assert_eq!(it.get(LogQuery::default()).await.events.len(), 1);
}

#[tokio::test]
async fn a_full_store_drops_what_is_oldest_in_all_streams() {
    let it = Fixture::new().await;
    let line = "x".repeat(1000);
    it.put(numbered(0..1)).await;
    let streams = (BOUNDS.bytes_max / (10_000 + room::STREAM_BYTES)) * 2;
    for n in 0..streams {
        let stream = format!("{n}");
        it.logs.create_stream("g", &stream, None, NOW).await.unwrap();
        it.logs.put("g", &stream, vec![event(0, &line); 10], NOW).await.unwrap();
    }
    it.logs.prune(NOW).await.unwrap();
    let group = &it.logs.groups(GroupQuery { limit: 1, ..GroupQuery::default() }).await.unwrap()[0];
    assert!(group.stored_bytes <= BOUNDS.bytes_max, "{}", group.stored_bytes);
    assert!(group.stored_bytes > BOUNDS.bytes_max / 100 * 80, "{}", group.stored_bytes);
    let gone = it.logs.get("g", "0", LogQuery::default(), NOW).await;
    assert!(matches!(gone, Err(LogError::NotFound("stream"))), "{gone:?}");
    let young = it.logs.get("g", &format!("{}", streams - 1), LogQuery::default(), NOW).await.unwrap();
    assert_eq!(young.events.len(), 10);
    assert!(it.counted("store_full") >= 10_000);
}

#[tokio::test]
async fn a_group_keeps_its_events_as_long_as_it_says() {
    let it = Fixture::new().await;
    let days = |days: i64| days * 86_400_000;
    it.put(vec![event(-days(2), "old"), event(-days(1) - 1, "in")]).await;
    it.logs.set_retention("g", Some(3)).await.unwrap();
    assert_eq!(messages(&it.get(LogQuery::default()).await), ["old", "in"]);
    it.logs.set_retention("g", Some(1)).await.unwrap();
    assert_eq!(it.get(LogQuery::default()).await.events, []);
    let put = it.logs.put("g", "s", vec![event(-days(1) - 1, "old"), event(-days(1), "new")], NOW).await.unwrap();
    assert_eq!(put, RejectedEvents { expired_end: Some(1), ..RejectedEvents::default() });
    assert_eq!(messages(&it.get(LogQuery::default()).await), ["new"]);
    it.logs.set_retention("g", None).await.unwrap();
    assert_eq!(it.get(LogQuery::default()).await.events.len(), 3);
    assert!(matches!(it.logs.set_retention("h", None).await, Err(LogError::NotFound("group"))));
}

#[tokio::test]
async fn groups_are_listed_by_name() {
    let it = Fixture::new().await;
    for name in ["web/b", "web/a", "Web/c", "x"] {
        it.logs.create_group(name, NOW).await.unwrap();
    }
    let list = async |query: GroupQuery| -> Vec<String> {
        let limit = if query.limit == 0 { 9 } else { query.limit };
        let found = it.logs.groups(GroupQuery { limit, ..query }).await.unwrap();
        found.into_iter().map(|group| group.name).collect()
    };
    let all = GroupQuery::default;
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(list(all()).await, ["Web/c", "g", "web/a", "web/b", "x"]);
    assert_eq!(list(GroupQuery { prefix: text("web/"), ..all() }).await, ["web/a", "web/b"]);
    assert_eq!(list(GroupQuery { pattern: text("EB/"), ..all() }).await, ["Web/c", "web/a", "web/b"]);
    assert_eq!(list(GroupQuery { after: text("g"), limit: 2, ..all() }).await, ["web/a", "web/b"]);
    assert_eq!(list(GroupQuery { names: Some(vec!["x".to_owned(), "y".to_owned()]), ..all() }).await, ["x"]);
    it.logs.delete_group("x").await.unwrap();
    assert_eq!(list(GroupQuery { prefix: text("x"), ..all() }).await, [""; 0]);
    assert!(matches!(it.logs.delete_group("x").await, Err(LogError::NotFound("group"))));
}

#[tokio::test]
async fn streams_are_listed_by_name_and_by_their_last_events() {
    let it = Fixture::new().await;
    let long = "ä".repeat(300);
    for (name, at) in [("b", 2), ("a/1", 3), (long.as_str(), 1)] {
        it.logs.create_stream("g", name, None, NOW).await.unwrap();
        it.logs.put("g", name, vec![event(-5, "first"), event(at, "last")], NOW).await.unwrap();
    }
    let list = async |query: StreamQuery| it.logs.streams("g", StreamQuery { limit: 9, ..query }).await.unwrap();
    let names = |found: &[StreamView]| found.iter().map(|stream| stream.name.clone()).collect::<Vec<_>>();
    let all = StreamQuery::default;
    let by_name = list(all()).await;
    assert_eq!(names(&by_name), ["a/1", "b", "s", &long]);
    assert_eq!(by_name[0].first_event, Some(Timestamp(NOW.0 - 5)));
    assert_eq!(by_name[0].last_event, Some(Timestamp(NOW.0 + 3)));
    assert_eq!(by_name[0].last_ingested, Some(NOW));
    assert_eq!((by_name[2].first_event, by_name[2].last_event), (None, None));
    let prefix = Some("a/".to_owned());
    assert_eq!(names(&list(StreamQuery { prefix, ..all() }).await), ["a/1"]);
    let order = StreamOrder::LastEvent;
    assert_eq!(names(&list(StreamQuery { order, ..all() }).await), ["s", &long, "b", "a/1"]);
    for (order, descending) in [(StreamOrder::Name, false), (order, false), (StreamOrder::Name, true), (order, true)] {
        let whole = list(StreamQuery { order, descending, ..all() }).await;
        let mut query = StreamQuery { order, descending, limit: 1, ..all() };
        let mut paged = Vec::new();
        while let Some(one) = it.logs.streams("g", query.clone()).await.unwrap().pop() {
            query.after = Some(one.place());
            paged.push(one);
        }
        assert_eq!(paged, whole);
    }
    it.logs.delete_stream("g", "b").await.unwrap();
    assert!(matches!(it.logs.delete_stream("g", "b").await, Err(LogError::NotFound("stream"))));
    assert!(matches!(it.logs.delete_stream("h", "b").await, Err(LogError::NotFound("group"))));
    assert!(matches!(it.logs.streams("h", all()).await, Err(LogError::NotFound("group"))));
}

#[tokio::test]
async fn events_of_all_streams_are_found_in_the_order_of_their_moments() {
    let it = Fixture::new().await;
    // Segments are as old as the machine's clock says.
    let now = stream::last_written(&it.directory.path().join("logs/g/s")).unwrap();
    for (name, offset) in [("a/1", 0), ("a/2", 1), ("s", 2)] {
        if name != "s" {
            it.logs.create_stream("g", name, None, now).await.unwrap();
        }
        let event = |n: i64| LogEvent { timestamp: Timestamp(now.0 + 3 * n + offset), message: format!("{name} {n}") };
        it.logs.put("g", name, (0..40).map(event).collect(), now).await.unwrap();
    }
    let all =
        || FilterQuery { streams: Streams::All, start: None, end: None, pattern: None, cursor: None, limit: None };
    let find = async |query: FilterQuery| it.logs.filter("g", query, now).await.unwrap();
    let texts = |page: &FilterPage| page.events.iter().map(|found| found.event.message.clone()).collect::<Vec<_>>();
    let whole = find(all()).await;
    assert_eq!(whole.next, None);
    let expected: Vec<_> = (0..40).flat_map(|n| ["a/1", "a/2", "s"].map(|name| format!("{name} {n}"))).collect();
    assert_eq!(texts(&whole), expected);
    // Page by page it is the same.
    for limit in [1, 7, 119, 120] {
        let mut query = FilterQuery { limit: Some(limit), ..all() };
        let mut paged = Vec::new();
        loop {
            let page = find(query.clone()).await;
            assert!(page.events.len() <= limit);
            query.cursor = page.next;
            paged.extend(page.events);
            if query.cursor.is_none() {
                break;
            }
        }
        assert_eq!(paged, whole.events, "{limit}");
    }
    let prefix = Streams::Prefix("a/".to_owned());
    let pattern = Some("\"1 7\"".parse().unwrap());
    assert_eq!(texts(&find(FilterQuery { streams: prefix, pattern, ..all() }).await), ["a/1 7"]);
    let named = || Streams::Named(vec!["s".to_owned(), "s".to_owned()]);
    let (start, end) = (Some(Timestamp(now.0 + 5)), Some(Timestamp(now.0 + 11)));
    assert_eq!(texts(&find(FilterQuery { streams: named(), start, end, ..all() }).await), ["s 1", "s 2", "s 3"]);
    let unknown = Streams::Named(vec!["a/1".to_owned(), "b".to_owned()]);
    let unknown = it.logs.filter("g", FilterQuery { streams: unknown, ..all() }, now).await;
    assert!(matches!(unknown, Err(LogError::NotFound("stream"))));
    assert!(matches!(it.logs.filter("h", all(), now).await, Err(LogError::NotFound("group"))));
    // What was written long before is not looked at.
    let start = Some(now + 3 * AHEAD_MAX);
    assert_eq!(find(FilterQuery { start, ..all() }).await.events, []);
}

#[tokio::test]
async fn a_page_of_found_events_is_bounded_in_bytes() {
    let it = Fixture::new().await;
    let large = "x".repeat(BATCH_BYTES_MAX - 100);
    for n in 0..2 {
        it.logs.create_stream("g", &format!("{n}"), None, NOW).await.unwrap();
        it.logs.put("g", &format!("{n}"), vec![event(n, &large)], NOW).await.unwrap();
    }
    let query = FilterQuery { streams: Streams::All, start: None, end: None, pattern: None, cursor: None, limit: None };
    let page = it.logs.filter("g", query, NOW).await.unwrap();
    assert_eq!((page.events.len(), page.next.is_some()), (1, true));
    assert_eq!(page.events[0].place.stream, "0");
}

#[tokio::test]
async fn a_search_goes_part_by_part_and_finds_everything_once() {
    let it = Fixture::new().await;
    let group = it.directory.path().join("logs/g");
    let now = stream::last_written(&group.join("s")).unwrap();
    it.logs.create_stream("g", "t", None, now).await.unwrap();
    let put = async |stream: &str, n: i64| {
        let message = format!("{stream} {n} {}", "x".repeat(100));
        let event = LogEvent { timestamp: Timestamp(now.0 + n), message };
        it.logs.put("g", stream, vec![event], Timestamp(now.0 + n)).await.unwrap();
    };
    for n in 0..30 {
        put("s", n).await;
        put("t", n).await;
    }
    let all = FilterQuery { streams: Streams::All, start: None, end: None, pattern: None, cursor: None, limit: None };
    let going_on = CancellationToken::new();
    let segments = u64::try_from(it.files().len()).unwrap();
    assert!(segments > 3, "{segments}");
    for (pattern, limit, expected) in [(None, None, 60), (None, Some(3), 60), (Some("\"s 7\""), None, 1)] {
        let pattern = pattern.map(|pattern| pattern.parse().unwrap());
        let mut query = FilterQuery { pattern, limit, ..all.clone() };
        let (mut found, mut pages, mut written) = (Vec::new(), 0, 100);
        loop {
            // Whatever is bigger than nothing ends a part after one segment.
            let page = search::search(&group, &query, 1, &going_on).unwrap();
            assert!(page.events.is_sorted());
            found.extend(page.events.into_iter().filter(|found| found.place.at.0 < now.0 + 100));
            pages += 1;
            query.cursor = page.next;
            if query.cursor.is_none() {
                break;
            }
            // What is written meanwhile moves no part.
            if pages < 4 {
                put("t", written).await;
                written += 1;
            }
        }
        let mut places: Vec<_> = found.iter().map(|found| found.place.clone()).collect();
        places.sort();
        places.dedup();
        assert_eq!((found.len(), places.len()), (expected, expected), "{limit:?}");
        assert!(pages >= 2 * segments, "{pages}");
    }
    // Far more than there is: one part, in order.
    let page = search::search(&group, &all, u64::MAX, &going_on).unwrap();
    assert!(page.events.is_sorted() && page.next.is_none());
}

#[tokio::test]
async fn a_search_that_nobody_waits_for_ends() {
    let it = Fixture::new().await;
    it.put(numbered(0..1)).await;
    let query = FilterQuery { streams: Streams::All, start: None, end: None, pattern: None, cursor: None, limit: None };
    let cancelled = CancellationToken::new();
    cancelled.cancel();
    let ended = search::search(&it.directory.path().join("logs/g"), &query, u64::MAX, &cancelled);
    assert!(matches!(ended, Err(LogError::Io(_))), "{ended:?}");
}

#[tokio::test]
async fn work_counts_until_it_ends_also_if_nobody_waits_for_it() {
    let it = Fixture::new().await;
    let inner = &it.logs.inner;
    let (hold, held) = std::sync::mpsc::channel::<()>();
    {
        let call = it.logs.call(move |_| {
            assert!(held.recv().is_err());
            Ok(())
        });
        let mut call = std::pin::pin!(call);
        std::future::poll_fn(|context| {
            assert!(call.as_mut().poll(context).is_pending());
            std::task::Poll::Ready(())
        })
        .await;
        assert_eq!(inner.calls.available_permits(), CALLS_MAX - 1);
    }
    assert_eq!(inner.calls.available_permits(), CALLS_MAX - 1);
    drop(hold);
    drop(inner.calls.acquire_many(u32::try_from(CALLS_MAX).unwrap()).await.unwrap());
}

#[tokio::test]
async fn what_a_dead_process_left_half_done_goes_at_the_next_start() {
    let it = Fixture::new().await;
    let root = it.directory.path().join("logs");
    std::fs::create_dir_all(root.join(".remains-7/s")).unwrap();
    let logs = LogStore::open(root.clone(), BOUNDS).unwrap();
    assert!(!root.join(".remains-7").exists());
    assert!(logs.get("g", "s", LogQuery::default(), NOW).await.is_ok());
}

#[tokio::test]
async fn batches_outside_the_bounds_are_refused_whole() {
    let it = Fixture::new().await;
    for (bad, why) in [
        (vec![event(1, "b"), event(0, "a")], "order"),
        (vec![event(0, "a"), event(86_400_001, "b")], "span"),
        (vec![event(0, &"x".repeat(BATCH_BYTES_MAX))], "bytes"),
        (vec![event(0, "x"); BATCH_EVENTS_MAX + 1], "events"),
    ] {
        assert!(matches!(it.logs.put("g", "s", bad, NOW).await, Err(LogError::Invalid(_))), "{why}");
    }
    assert_eq!(it.get(LogQuery::default()).await.events, []);
}

#[tokio::test]
async fn events_too_old_or_too_new_are_turned_away_alone() {
    let it = Fixture::new().await;
    let day = 86_400_000;
    let old = it.logs.put("g", "s", vec![event(-14 * day - 1, "old"), event(-14 * day, "in")], NOW).await.unwrap();
    assert_eq!(old, RejectedEvents { too_old_end: Some(1), ..RejectedEvents::default() });
    let new = it.logs.put("g", "s", vec![event(0, "now"), event(7_200_001, "new")], NOW).await.unwrap();
    assert_eq!(new, RejectedEvents { too_new_start: Some(1), ..RejectedEvents::default() });
    assert_eq!(messages(&it.get(LogQuery::default()).await), ["in", "now"]);
}

#[tokio::test]
async fn what_is_missing_or_there_already_is_said() {
    let it = Fixture::new().await;
    assert!(matches!(it.logs.create_group("g", NOW).await, Err(LogError::AlreadyExists("group"))));
    assert!(matches!(it.logs.create_stream("g", "s", None, NOW).await, Err(LogError::AlreadyExists("stream"))));
    assert!(matches!(it.logs.create_stream("h", "s", None, NOW).await, Err(LogError::NotFound("group"))));
    assert!(matches!(it.logs.put("g", "t", numbered(0..1), NOW).await, Err(LogError::NotFound("stream"))));
    assert!(matches!(it.logs.get("h", "s", LogQuery::default(), NOW).await, Err(LogError::NotFound("group"))));
    for bad in ["", "x", "f/", "f/-1", "b/x", "g/1", "f/99999999999999999999999"] {
        assert!(matches!(it.logs.get("g", "s", go_on(bad), NOW).await, Err(LogError::Invalid(_))), "{bad}");
    }
    assert_eq!(it.get(go_on("f/9999999999")).await.events, [], "beyond the end is the end");
}

#[tokio::test]
async fn any_name_is_one_file_below_its_group() {
    let it = Fixture::new().await;
    let long = "ä".repeat(512);
    let names = ["..", ".", "a/b", "../../x", "a%2Fb", "~", "%", "a b", &long, "\0", "A", "a"];
    for name in names {
        it.logs.create_stream("g", name, None, NOW).await.unwrap();
        it.logs.put("g", name, vec![event(0, name)], NOW).await.unwrap();
    }
    for name in names {
        let page = it.logs.get("g", name, LogQuery::default(), NOW).await.unwrap();
        assert_eq!(messages(&page), [name]);
    }
    // And what is to be known of the group.
    let below = std::fs::read_dir(it.directory.path().join("logs/g")).unwrap().count();
    assert_eq!(below, names.len() + 2);
    assert_eq!(std::fs::read_dir(it.directory.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn output_goes_when_its_time_is_over() {
    let it = Fixture::new().await;
    it.put(numbered(0..1)).await;
    // Files are as old as the machine's clock says.
    let written = stream::last_written(&it.directory.path().join("logs/g/s")).unwrap();
    let (later, logs) = (written + 10 * DAY, it.keeping(11 * DAY));
    assert_eq!(logs.prune(later).await.unwrap(), 0);
    logs.set_retention("g", Some(14)).await.unwrap();
    assert_eq!(it.keeping(9 * DAY).prune(later).await.unwrap(), 0);
    logs.set_retention("g", Some(7)).await.unwrap();
    assert_eq!(logs.prune(later).await.unwrap(), 1);
    assert!(matches!(it.logs.get("g", "s", LogQuery::default(), NOW).await, Err(LogError::NotFound("stream"))));
    assert_eq!(it.counted("store_full"), 0);
}

#[tokio::test]
async fn a_group_that_says_nothing_keeps_its_events_as_long_as_the_store_says() {
    let it = Fixture::new().await;
    // Segments are as old as the machine's clock says.
    let now = stream::last_written(&it.directory.path().join("logs/g/s")).unwrap();
    let event =
        |offset_ms: i64, message: &str| LogEvent { timestamp: Timestamp(now.0 + offset_ms), ..event(0, message) };
    it.logs.put("g", "s", vec![event(0, "old"), event(3_600_000, "new")], now).await.unwrap();
    let (later, logs) = (now + DAY + Duration::from_millis(1), it.keeping(DAY));
    let page = logs.get("g", "s", LogQuery::default(), later).await.unwrap();
    assert_eq!(messages(&page), ["new"]);
    let query = FilterQuery { streams: Streams::All, start: None, end: None, pattern: None, cursor: None, limit: None };
    let found = logs.filter("g", query, later).await.unwrap();
    assert_eq!(found.events.iter().map(|found| found.event.message.as_str()).collect::<Vec<_>>(), ["new"]);
    let put = logs.put("g", "s", vec![event(-86_400_001, "old"), event(-1, "newer")], now).await.unwrap();
    assert_eq!(put, RejectedEvents { expired_end: Some(1), ..RejectedEvents::default() });
}

#[tokio::test]
async fn a_slow_stream_lets_go_what_is_old_while_it_goes_on() {
    let it = Fixture::new().await;
    let (keep, logs) = (40 * DAY, it.keeping(40 * DAY));
    // A line a day, up to some time ago: files that change now must not count as written at that time.
    let first = stream::last_written(&it.directory.path().join("logs/g/s")).unwrap() - 100 * DAY;
    for day in 0..20 {
        let now = first + day * DAY;
        logs.put("g", "s", vec![LogEvent { timestamp: now, message: day.to_string() }], now).await.unwrap();
        let file = std::fs::OpenOptions::new().append(true).open(it.files().last().unwrap()).unwrap();
        file.set_modified(std::time::UNIX_EPOCH + now.since(Timestamp::default())).unwrap();
    }
    // An eighth of the time that events are kept is five days.
    assert_eq!(it.files().len(), 4);
    assert_eq!(logs.prune(first + keep + 12 * DAY).await.unwrap(), 0);
    let left = it.logs.get("g", "s", LogQuery { from_head: true, ..LogQuery::default() }, first).await.unwrap();
    assert_eq!(messages(&left)[0], "10");
    assert_eq!(it.files().len(), 2);
    assert_eq!(logs.prune(first + keep + 20 * DAY).await.unwrap(), 1);
}
