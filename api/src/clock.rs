//! The edge's clock: where the pure parts that the edge drives get their time from.

use std::time::{SystemTime, UNIX_EPOCH};

use berth_model::time::Timestamp;

/// This moment.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
