//! Which line of a container's output begins a log event, where an event may have several: the options
//! `awslogs-multiline-pattern` and `awslogs-datetime-format` of the log driver `awslogs`.

use regex::bytes::{Regex, RegexBuilder};

/// Most bytes of a compiled expression. A larger one would take long to build and much memory on each host.
const EXPRESSION_BYTES_MAX: usize = 256 * 1024;

/// Most characters of a pattern or a format.
const CHARACTERS_MAX: usize = 1024;

/// What the codes of a date and time stand for, in the format of `strftime` as far as `awslogs` knows it.
const CODES: &[(char, &str)] = &[
    ('a', "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"),
    ('A', "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"),
    ('w', "[0-6]"),
    ('d', "(?:0[1-9]|[12][0-9]|3[01])"),
    ('b', "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"),
    ('B', "(?:January|February|March|April|May|June|July|August|September|October|November|December)"),
    ('m', "(?:0[1-9]|1[0-2])"),
    ('y', "[0-9]{2}"),
    ('Y', "[0-9]{4}"),
    ('H', "(?:[01][0-9]|2[0-3])"),
    ('I', "(?:0[1-9]|1[0-2])"),
    ('p', "(?:AM|PM)"),
    ('M', "[0-5][0-9]"),
    ('S', "(?:[0-5][0-9]|60)"),
    ('f', "[0-9]{6}"),
    ('z', "[+-][0-9]{4}"),
    ('Z', "[A-Z]{1,4}T"),
    ('j', "(?:[0-2][0-9]{2}|3[0-5][0-9]|36[0-6])"),
    ('L', r"\.[0-9]{3}"),
    ('%', "%"),
];

/// Tells the first lines of events.
#[derive(Debug, Clone)]
pub struct FirstLine(Regex);

impl FirstLine {
    /// Lines in which a regular expression is found.
    ///
    /// # Errors
    /// What is wrong with it, to follow the name of the option.
    pub fn matching(pattern: &str) -> Result<Self, String> {
        check_length(pattern)?;
        let compiled = RegexBuilder::new(pattern).size_limit(EXPRESSION_BYTES_MAX).build();
        let error = |error: regex::Error| match error {
            regex::Error::CompiledTooBig(_) => "is too large a regular expression".to_owned(),
            other => {
                // The last line says what it is, those before draw where.
                let text = other.to_string();
                let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                format!("is not a valid regular expression: {reason}")
            }
        };
        compiled.map(Self).map_err(error)
    }

    /// Lines in which a moment in this format is found, in the codes of `strftime`.
    ///
    /// # Errors
    /// What is wrong with it, to follow the name of the option.
    pub fn dated(format: &str) -> Result<Self, String> {
        check_length(format)?;
        let mut pattern = String::new();
        let mut characters = format.chars();
        while let Some(character) = characters.next() {
            if character != '%' {
                pattern.push_str(&regex::escape(character.encode_utf8(&mut [0; 4])));
                continue;
            }
            let code = characters.next();
            let known = CODES.iter().find(|(name, _)| Some(*name) == code);
            let Some((_, meaning)) = known else {
                let shown = code.map(String::from).unwrap_or_default();
                return Err(format!("has the code '%{shown}', which is not supported"));
            };
            pattern.push_str(meaning);
        }
        Self::matching(&pattern)
    }

    /// True if an event begins with this line.
    pub fn is(&self, line: &[u8]) -> bool {
        self.0.is_match(line)
    }
}

fn check_length(text: &str) -> Result<(), String> {
    if text.is_empty() || text.chars().count() > CHARACTERS_MAX {
        return Err(format!("must have 1 to {CHARACTERS_MAX} characters"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_the_pattern_or_the_moment_is_a_first_one() {
        for (first, line, expected) in [
            (FirstLine::matching("^INFO"), "INFO x", true),
            (FirstLine::matching("^INFO"), " INFO x", false),
            (FirstLine::dated("[%b %d, %Y %H:%M:%S]"), "[Nov 27, 2026 06:12:36] x", true),
            (FirstLine::dated("[%b %d, %Y %H:%M:%S]"), "[Nov 32, 2026 06:12:36] x", false),
            (FirstLine::dated("%Y-%m-%dT%H:%M:%S%L%z"), "at 2026-11-27T06:12:36.123+0000 x", true),
            (FirstLine::dated("%Y"), "no year", false),
            (FirstLine::dated("a.b %j%%"), "a.b 366%", true),
            (FirstLine::dated("a.b %j%%"), "axb 366%", false),
        ] {
            assert_eq!(first.unwrap().is(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for (refused, expected) in [
            (FirstLine::matching(""), "1 to 1024"),
            (FirstLine::matching("("), "is not a valid regular expression"),
            (FirstLine::matching("(?:a{1000}){1000}"), "too large"),
            (FirstLine::dated("%Q"), "'%Q'"),
            (FirstLine::dated("x%"), "'%'"),
        ] {
            let text = refused.unwrap_err();
            assert!(text.contains(expected), "{text}");
        }
    }
}
