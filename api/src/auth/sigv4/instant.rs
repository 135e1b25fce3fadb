//! The moment of a signature, in the two forms that HTTP has for it.

/// A moment, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Instant {
    seconds: i64,
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const DAY: i64 = 86_400;

impl Instant {
    pub(super) fn from_seconds(seconds: i64) -> Self {
        Self { seconds }
    }

    /// Seconds since the epoch.
    pub(super) fn seconds(self) -> i64 {
        self.seconds
    }

    /// `20150830T123600Z`
    pub(super) fn parse_basic(text: &str) -> Option<Self> {
        let bytes: &[u8; 16] = text.as_bytes().try_into().ok()?;
        let number = |from: usize, to: usize| number(&bytes[from..to]);
        if bytes[8] != b'T' || bytes[15] != b'Z' {
            return None;
        }
        Self::new(number(0, 4)?, number(4, 6)?, number(6, 8)?, [number(9, 11)?, number(11, 13)?, number(13, 15)?])
    }

    /// `Sun, 30 Aug 2015 12:36:00 GMT`
    pub(super) fn parse_http(text: &str) -> Option<Self> {
        let bytes: &[u8; 29] = text.as_bytes().try_into().ok()?;
        let number = |from: usize, to: usize| number(&bytes[from..to]);
        let has = |from: usize, part: &[u8]| bytes[from..].starts_with(part);
        if !(has(3, b", ")
            && has(7, b" ")
            && has(11, b" ")
            && has(16, b" ")
            && has(19, b":")
            && has(22, b":")
            && has(25, b" GMT"))
        {
            return None;
        }
        let month = (1..).zip(MONTHS).find(|(_, name)| bytes[8..11] == *name.as_bytes())?.0;
        Self::new(number(12, 16)?, month, number(5, 7)?, [number(17, 19)?, number(20, 22)?, number(23, 25)?])
    }

    fn new(year: i64, month: i64, day: i64, [hour, minute, second]: [i64; 3]) -> Option<Self> {
        // A leap second is the first of the next minute to us.
        if !(1..=12).contains(&month)
            || !(1..=days_in(year, month)).contains(&day)
            || hour > 23
            || minute > 59
            || second > 60
        {
            return None;
        }
        Some(Self { seconds: days_from_civil(year, month, day) * DAY + hour * 3_600 + minute * 60 + second })
    }

    /// `20150830T123600Z`
    pub(super) fn basic(self) -> String {
        let (year, month, day) = civil_from_days(self.seconds.div_euclid(DAY));
        let second = self.seconds.rem_euclid(DAY);
        format!("{year:04}{month:02}{day:02}T{:02}{:02}{:02}Z", second / 3_600, second / 60 % 60, second % 60)
    }
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
}

fn days_in(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since the epoch. Counts years from March, so that the leap day is the last of its year.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let month = (month + 9) % 12;
    let in_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + in_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let in_era = days.rem_euclid(146_097);
    let year = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year + year / 4 - year / 100);
    let month = (5 * in_year + 2) / 153;
    let day = in_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_read_as_they_are_written() {
        for (text, seconds) in [
            ("19700101T000000Z", 0),
            ("20150830T123600Z", 1_440_938_160),
            ("20240229T235959Z", 1_709_251_199),
            ("20000301T000000Z", 951_868_800),
            ("21000228T000000Z", 4_107_456_000),
        ] {
            assert_eq!(Instant::parse_basic(text).map(Instant::seconds), Some(seconds), "{text}");
            assert_eq!(Instant::from_seconds(seconds).basic(), text);
        }
        let http = Instant::parse_http("Sun, 30 Aug 2015 12:36:00 GMT");
        assert_eq!(http, Instant::parse_basic("20150830T123600Z"));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "20150830T123600",
            "20150830 123600Z",
            "2015083\u{660}123600Z",
            "20230229T000000Z",
            "20231301T000000Z",
            "20230100T000000Z",
            "20230101T240000Z",
            "20230101T006000Z",
            "2023-01-01T00:00Z",
            "99999999T999999Z",
        ] {
            assert_eq!(Instant::parse_basic(text), None, "{text}");
            assert_eq!(Instant::parse_http(text), None, "{text}");
        }
        for text in ["Sun, 30 Oug 2015 12:36:00 GMT", "Sun, 30 Aug 2015 12:36:00 CET", "Sun, 31 Feb 2015 12:36:00 GMT"]
        {
            assert_eq!(Instant::parse_http(text), None, "{text}");
        }
    }
}
