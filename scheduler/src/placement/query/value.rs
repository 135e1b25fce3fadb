//! Values that are more than texts: numbers, versions, dates.

use std::cmp::Ordering;

use berth_model::time::Timestamp;

/// Most parts of a version; more is no version.
const VERSION_PARTS_MAX: usize = 8;

/// A version such as `1.14.5`. Parts that are not named are 0.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version([u64; VERSION_PARTS_MAX]);

impl Version {
    /// Reads numbers with dots between them; a `v` before and whatever follows a hyphen or a plus does not count.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split(['-', '+']).next().unwrap_or_default();
        let mut parts = [0; VERSION_PARTS_MAX];
        for (at, part) in text.split('.').enumerate() {
            *parts.get_mut(at)? = number(part)?;
        }
        Some(Self(parts))
    }
}

/// Compares two texts: as numbers if both are, else letter by letter.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.cmp(b),
    }
}

/// Reads a number without a sign.
pub(super) fn number(text: &str) -> Option<u64> {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain { text.parse().ok() } else { None }
}

/// Reads `2018-06-18`, `2018-06-18T22:28:28`, both in UTC, or the latter followed by `Z` or an offset (`+01:00`).
pub(super) fn date(text: &str) -> Option<Timestamp> {
    let (day, time) = match text.split_once('T') {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let mut parts = day.split('-');
    let (year, month, day) = (fixed(parts.next()?, 4)?, fixed(parts.next()?, 2)?, fixed(parts.next()?, 2)?);
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=days_of(year, month)).contains(&day) {
        return None;
    }
    let seconds = match time {
        Some(time) => seconds(time)?,
        None => 0,
    };
    Some(Timestamp((days_since_epoch(year, month, day) * 86_400 + seconds) * 1000))
}

/// Seconds since midnight UTC, which an offset may move before or after the day.
fn seconds(time: &str) -> Option<i64> {
    let (clock, rest) = time.split_at_checked(8)?;
    let mut parts = clock.split(':');
    let (hour, minute, second) = (fixed(parts.next()?, 2)?, fixed(parts.next()?, 2)?, fixed(parts.next()?, 2)?);
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let offset = match (rest, rest.strip_prefix('+'), rest.strip_prefix('-')) {
        ("" | "Z", _, _) => 0,
        (_, Some(ahead), _) => minutes(ahead)?,
        (_, _, Some(behind)) => -minutes(behind)?,
        _ => return None,
    };
    Some((hour * 60 + minute - offset) * 60 + second)
}

fn minutes(offset: &str) -> Option<i64> {
    let (hours, minutes) = offset.split_once(':')?;
    let (hours, minutes) = (fixed(hours, 2)?, fixed(minutes, 2)?);
    (hours <= 23 && minutes <= 59).then_some(hours * 60 + minutes)
}

/// A number of exactly so many digits.
fn fixed(text: &str, digits: usize) -> Option<i64> {
    let number = if text.len() == digits { number(text) } else { None };
    i64::try_from(number?).ok()
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a day of the years 0 to 9999.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    /// Days from the first of January of year 0 to 1970.
    const EPOCH: i64 = 719_528;
    // The year 0 is a leap year; each of the years before this one has 365 days and its share of leap days.
    let leap_days = if year == 0 { 0 } else { (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 + 1 };
    let before: i64 = (1..month).map(|month| days_of(year, month)).sum();
    year * 365 + leap_days + before + day - 1 - EPOCH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (text, seconds) in [
            ("1970-01-01", 0),
            ("1969-12-31T23:59:59Z", -1),
            ("2000-02-29", 951_782_400),
            ("2018-06-18T22:28:28+00:00", 1_529_360_908),
            ("2018-06-18T22:28:28Z", 1_529_360_908),
            ("2018-06-18T22:28:28", 1_529_360_908),
            ("2018-06-18T23:58:28+01:30", 1_529_360_908),
            ("2018-06-18T20:28:28-02:00", 1_529_360_908),
            ("2024-12-31T23:59:59Z", 1_735_689_599),
            ("0000-01-01", -62_167_219_200),
            ("9999-12-31", 253_402_214_400),
        ] {
            assert_eq!(date(text), Some(Timestamp(seconds * 1000)), "{text}");
        }
        for text in [
            "",
            "2018",
            "2018-13-01",
            "2018-02-29",
            "2018-1-01",
            "2018-01-01T",
            "2018-01-01T24:00:00Z",
            "2018-01-01Tx",
            "2018-01-01T00:00:00z",
            "2018-01-01T00:00:00+1:00",
            "2018-01-01T00:00:00+01",
            "2018-01-01-01",
            "+018-01-01",
            "2018-01-01T00:00:00é",
            "2018-01-01T00:00é00",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn versions_are_compared_part_by_part() {
        let version = |text| Version::parse(text).expect(text);
        assert!(version("1.9.0") < version("1.14.5"));
        assert!(version("v1.14.5-rc1") == version("1.14.5"));
        assert!(version("1.14") == version("1.14.0"));
        assert!(version("2") > version("1.99.99"));
        for text in ["", "1.", "x", "1..2", "-1", "1.2.3.4.5.6.7.8.9", "99999999999999999999"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }

    #[test]
    fn texts_are_compared_as_numbers_if_they_are() {
        assert_eq!(compare("9", "10"), Ordering::Less);
        assert_eq!(compare("9a", "10"), Ordering::Greater);
        assert_eq!(compare("010", "10"), Ordering::Equal);
    }
}
