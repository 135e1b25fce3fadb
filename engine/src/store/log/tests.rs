use super::*;

const NOW: Timestamp = Timestamp(1_800_000_000_000);

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
        let logs = LogStore::open(directory.path().join("logs")).unwrap();
        logs.create_group("g").await.unwrap();
        logs.create_stream("g", "s").await.unwrap();
        Self { logs, directory }
    }

    async fn put(&self, events: Vec<LogEvent>) {
        assert_eq!(self.logs.put("g", "s", events, NOW).await.unwrap(), RejectedEvents::default());
    }

    async fn get(&self, query: LogQuery) -> LogPage {
        self.logs.get("g", "s", query).await.unwrap()
    }

    fn files(&self) -> Vec<PathBuf> {
        let directory = std::fs::read_dir(self.directory.path().join("logs/g/s")).unwrap();
        let mut files: Vec<_> = directory.map(|entry| entry.unwrap().path()).collect();
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
async fn the_oldest_half_is_dropped_and_tokens_stay_good() {
    let it = Fixture::new().await;
    let head = it.get(from_head(1)).await;
    let large = "x".repeat(BATCH_BYTES_MAX - 100);
    let segments = 3;
    let per_segment = i64::try_from(SEGMENT_BYTES_MAX).unwrap() / i64::try_from(large.len()).unwrap() + 1;
    for n in 0..per_segment * segments {
        it.put(vec![event(n, &format!("{n} {large}"))]).await;
    }
    assert_eq!(it.files().len(), 2);
    let mut page = it.get(go_on(&head.next_forward_token)).await;
    let mut seen = Vec::new();
    while let Some(event) = page.events.first() {
        assert_eq!(page.events.len(), 1, "an answer stays below its bound in bytes");
        seen.push(event.timestamp.0 - NOW.0);
        page = it.get(go_on(&page.next_forward_token)).await;
    }
    assert_eq!(seen, (per_segment..per_segment * segments).collect::<Vec<_>>());
    let mut page = it.get(LogQuery { limit: Some(1), ..LogQuery::default() }).await;
    let mut backwards = Vec::new();
    while let Some(event) = page.events.first() {
        backwards.push(event.timestamp.0 - NOW.0);
        page = it.get(go_on(&page.next_backward_token)).await;
    }
    backwards.reverse();
    assert_eq!(backwards, seen);
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
    assert_eq!(old, RejectedEvents { too_old_end: Some(1), too_new_start: None });
    let new = it.logs.put("g", "s", vec![event(0, "now"), event(7_200_001, "new")], NOW).await.unwrap();
    assert_eq!(new, RejectedEvents { too_old_end: None, too_new_start: Some(1) });
    assert_eq!(messages(&it.get(LogQuery::default()).await), ["in", "now"]);
}

#[tokio::test]
async fn what_is_missing_or_there_already_is_said() {
    let it = Fixture::new().await;
    assert!(matches!(it.logs.create_group("g").await, Err(LogError::AlreadyExists("group"))));
    assert!(matches!(it.logs.create_stream("g", "s").await, Err(LogError::AlreadyExists("stream"))));
    assert!(matches!(it.logs.create_stream("h", "s").await, Err(LogError::NotFound("group"))));
    assert!(matches!(it.logs.put("g", "t", numbered(0..1), NOW).await, Err(LogError::NotFound("stream"))));
    assert!(matches!(it.logs.get("h", "s", LogQuery::default()).await, Err(LogError::NotFound("group"))));
    for bad in ["", "x", "f/", "f/-1", "b/x", "g/1", "f/99999999999999999999999"] {
        assert!(matches!(it.logs.get("g", "s", go_on(bad)).await, Err(LogError::Invalid(_))), "{bad}");
    }
    assert_eq!(it.get(go_on("f/9999999999")).await.events, [], "beyond the end is the end");
}

#[tokio::test]
async fn any_name_is_one_file_below_its_group() {
    let it = Fixture::new().await;
    let long = "ä".repeat(512);
    let names = ["..", ".", "a/b", "../../x", "a%2Fb", "~", "%", "a b", &long, "\0", "A", "a"];
    for name in names {
        it.logs.create_stream("g", name).await.unwrap();
        it.logs.put("g", name, vec![event(0, name)], NOW).await.unwrap();
    }
    for name in names {
        let page = it.logs.get("g", name, LogQuery::default()).await.unwrap();
        assert_eq!(messages(&page), [name]);
    }
    let below = std::fs::read_dir(it.directory.path().join("logs/g")).unwrap().count();
    assert_eq!(below, names.len() + 1);
    assert_eq!(std::fs::read_dir(it.directory.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn streams_that_nobody_writes_to_are_pruned() {
    let it = Fixture::new().await;
    it.put(numbered(0..1)).await;
    assert_eq!(it.logs.prune(Timestamp(0)).await.unwrap(), 0);
    assert_eq!(it.logs.prune(Timestamp(i64::MAX)).await.unwrap(), 1);
    assert!(matches!(it.logs.get("g", "s", LogQuery::default()).await, Err(LogError::NotFound("stream"))));
}
