//! Points in time as the JSON protocol of the ECS API spells them.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z, negative before.
///
/// On the wire it is a JSON number of seconds, with a fraction only if the second is not whole.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EpochSeconds(i64);

const MILLISECONDS_PER_SECOND: i64 = 1000;

impl EpochSeconds {
    /// From milliseconds since the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }
}

impl Serialize for EpochSeconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 % MILLISECONDS_PER_SECOND == 0 {
            return serializer.serialize_i64(self.0 / MILLISECONDS_PER_SECOND);
        }
        #[expect(clippy::cast_precision_loss, reason = "exact for 285,000 years around the epoch")]
        serializer.serialize_f64(self.0 as f64 / MILLISECONDS_PER_SECOND as f64)
    }
}

impl<'de> Deserialize<'de> for EpochSeconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Seconds)
    }
}

struct Seconds;

impl Visitor<'_> for Seconds {
    type Value = EpochSeconds;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of seconds since the epoch")
    }

    fn visit_i64<E: Error>(self, seconds: i64) -> Result<EpochSeconds, E> {
        seconds.checked_mul(MILLISECONDS_PER_SECOND).map(EpochSeconds).ok_or_else(|| out_of_range(seconds))
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<EpochSeconds, E> {
        match i64::try_from(seconds) {
            Ok(seconds) => self.visit_i64(seconds),
            Err(_) => Err(out_of_range(seconds)),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a bound of this size needs no last digit")]
    #[expect(clippy::cast_possible_truncation, reason = "rounded and inside the range of i64")]
    fn visit_f64<E: Error>(self, seconds: f64) -> Result<EpochSeconds, E> {
        let millis = (seconds * MILLISECONDS_PER_SECOND as f64).round();
        if millis.abs() < i64::MAX as f64 { Ok(EpochSeconds(millis as i64)) } else { Err(out_of_range(seconds)) }
    }
}

fn out_of_range<E: Error>(seconds: impl fmt::Display) -> E {
    E::custom(format!("{seconds} seconds since the epoch is out of range"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_seconds_are_an_integer_and_others_have_milliseconds() {
        for (millis, text) in [
            (0, "0"),
            (1_700_000_000_000, "1700000000"),
            (1_700_000_000_123, "1700000000.123"),
            (1_700_000_000_100, "1700000000.1"),
            (253_402_300_799_999, "253402300799.999"),
            (-1500, "-1.5"),
        ] {
            let point = EpochSeconds::from_millis(millis);
            assert_eq!(serde_json::to_string(&point).expect("a number"), text);
            assert_eq!(serde_json::from_str::<EpochSeconds>(text).expect("a number").millis(), millis);
        }
    }

    #[test]
    fn other_spellings_of_a_number_are_read() {
        for (text, millis) in [("1.7E9", 1_700_000_000_000), ("1700000000.0", 1_700_000_000_000), ("0.0004", 0)] {
            assert_eq!(serde_json::from_str::<EpochSeconds>(text).expect("a number").millis(), millis);
        }
    }

    #[test]
    fn what_is_no_point_in_time_is_refused() {
        for text in ["1e300", "9223372036854775807", "18446744073709551615", "\"2023-11-14\"", "null", "true"] {
            assert!(serde_json::from_str::<EpochSeconds>(text).is_err(), "{text}");
        }
    }
}
