//! Checks a decoded request against the limits its service model states.
//!
//! The generated `Validate` implementations walk a request and name every member that breaks a limit: a missing
//! required member, a value outside an enumeration, a number, a length or a spelling that is not allowed. The walk
//! allocates nothing as long as nothing is wrong.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::{self, Display};

use crate::sensitive::Sensitive;

/// How many violations one check collects. More would only make the answer harder to read.
pub const VIOLATIONS_MAX: usize = 20;

/// How many characters of an offending value are repeated in a message.
pub const VALUE_SHOWN_CHARACTERS_MAX: usize = 64;

/// Checks `value` and everything in it.
///
/// # Errors
/// The violations found, at least one and at most [`VIOLATIONS_MAX`], in the order of the members.
pub fn check<T: Validate>(value: &T) -> Result<(), Violations> {
    let mut found = Violations::default();
    value.validate(&mut Checker {
        path: Path { parent: None, segment: Segment::Root },
        hidden: false,
        found: &mut found,
    });
    if found.list.is_empty() { Ok(()) } else { Err(found) }
}

/// A shape that knows the limits of its members.
pub trait Validate {
    /// Reports every broken limit to `at`, which stands at this value.
    fn validate(&self, at: &mut Checker<'_>);
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// A member that must be there is absent (or null).
    Required,
    /// A string is not among the values of its enumeration.
    OneOf {
        /// The value as sent, shortened.
        value: String,
        /// Every value that is allowed.
        allowed: &'static [&'static str],
    },
    /// A number is outside its range.
    Range {
        /// The value as sent.
        value: String,
        /// The range in words: "between 1 and 100".
        range: String,
    },
    /// A string, list or map is too short or too long.
    Length {
        /// How many units the value has.
        length: usize,
        /// What is counted.
        unit: Unit,
        /// The allowed lengths in words: "between 1 and 128".
        range: String,
    },
    /// A string has a character that its pattern does not allow.
    Pattern {
        /// The value as sent, shortened.
        value: String,
        /// The pattern as a regular expression over the whole value.
        pattern: &'static str,
    },
    /// Not exactly one member of a union is set.
    ExactlyOne {
        /// How many members are set.
        set: usize,
        /// The members of the union.
        members: &'static [&'static str],
    },
}

/// What the length of a value counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Unicode characters of a string.
    Characters,
    /// Elements of a list or entries of a map.
    Items,
}

/// One broken limit and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The member, as in `containerDefinitions[0].name`.
    pub path: String,
    /// What is wrong with it.
    pub rule: Rule,
}

impl Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.rule {
            Rule::Required => write!(f, "{path} is required"),
            Rule::OneOf { value, allowed } => {
                write!(f, "{path}: '{value}' is not one of {}", allowed.join(", "))
            }
            Rule::Range { value, range } => {
                write!(f, "{path}: {value} is out of range, it must be {range}")
            }
            Rule::Length { length, unit, range } => {
                let unit = match unit {
                    Unit::Characters => "characters",
                    Unit::Items => "items",
                };
                write!(f, "{path}: the number of {unit} must be {range}, not {length}")
            }
            Rule::Pattern { value, pattern } => {
                write!(f, "{path}: '{value}' has a character that is not allowed, it must match {pattern}")
            }
            Rule::ExactlyOne { set, members } => {
                write!(f, "{path}: exactly one of {} must be set, not {set}", members.join(", "))
            }
        }
    }
}

/// The violations of one value: at least one, at most [`VIOLATIONS_MAX`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Violations {
    list: Vec<Violation>,
    /// There are more than were collected.
    is_cut: bool,
}

impl Violations {
    /// The violations in the order of the members.
    pub fn as_slice(&self) -> &[Violation] {
        &self.list
    }

    /// Whether there were more violations than were collected.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }
}

impl Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.list.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{violation}")?;
        }
        if self.is_cut { f.write_str("; and more") } else { Ok(()) }
    }
}

impl std::error::Error for Violations {}

/// A place in the value being checked, and where violations are collected.
#[derive(Debug)]
pub struct Checker<'a> {
    path: Path<'a>,
    /// Values found here must not be repeated in a message.
    hidden: bool,
    found: &'a mut Violations,
}

/// The way from the root of the request to one place: a list on the stack, spelled out only for a violation.
#[derive(Debug, Clone, Copy)]
struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    segment: Segment<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Segment<'a> {
    Root,
    Member(&'static str),
    Index(usize),
    Key(&'a str),
}

impl Checker<'_> {
    /// Reports the member `name` if it is absent.
    pub fn required(&mut self, name: &'static str, is_present: bool) {
        if !is_present {
            self.step(Segment::Member(name)).report(|_| Rule::Required);
        }
    }

    /// Checks the member `name` if it is present.
    pub fn member<T>(&mut self, name: &'static str, value: Option<&T>, check: fn(&T, &mut Checker<'_>)) {
        if let Some(value) = value {
            check(value, &mut self.step(Segment::Member(name)));
        }
    }

    /// Checks every element of a list.
    pub fn each<T>(&mut self, values: &[T], check: fn(&T, &mut Checker<'_>)) {
        for (index, value) in values.iter().enumerate() {
            check(value, &mut self.step(Segment::Index(index)));
        }
    }

    /// Checks the key and the value of every entry of a map.
    pub fn entries<T>(
        &mut self,
        map: &BTreeMap<String, T>,
        check_key: fn(&String, &mut Checker<'_>),
        check_value: fn(&T, &mut Checker<'_>),
    ) {
        for (key, value) in map {
            let mut at = self.step(Segment::Key(key));
            check_key(key, &mut at);
            check_value(value, &mut at);
        }
    }

    /// Checks a value that must not be repeated in a message.
    pub fn sensitive<T>(&mut self, value: &Sensitive<T>, check: fn(&T, &mut Checker<'_>)) {
        let mut at = Checker { path: self.path, hidden: true, found: self.found };
        check(value.expose(), &mut at);
    }

    /// Reports a string that its enumeration does not have.
    pub fn not_one_of(&mut self, value: &str, allowed: &'static [&'static str]) {
        self.report(|at| Rule::OneOf { value: at.shown(value), allowed });
    }

    /// Reports a number below `min` or above `max`, both inclusive.
    pub fn range<T: PartialOrd + Display>(&mut self, value: &T, min: Option<T>, max: Option<T>) {
        if is_outside(value, min.as_ref(), max.as_ref()) {
            self.report(|at| Rule::Range { value: at.shown(&value.to_string()), range: in_words(min, max) });
        }
    }

    /// Reports a string of fewer than `min` or more than `max` characters.
    pub fn characters(&mut self, value: &str, min: Option<usize>, max: Option<usize>) {
        self.length(value.chars().count(), Unit::Characters, min, max);
    }

    /// Reports a list or map of fewer than `min` or more than `max` items.
    pub fn items(&mut self, length: usize, min: Option<usize>, max: Option<usize>) {
        self.length(length, Unit::Items, min, max);
    }

    /// Reports a string with a character for which `accepts` is false; `pattern` is the same in words.
    pub fn pattern(&mut self, value: &str, pattern: &'static str, accepts: fn(char) -> bool) {
        if !value.chars().all(accepts) {
            self.report(|at| Rule::Pattern { value: at.shown(value), pattern });
        }
    }

    /// Reports a union of which not exactly one member is present.
    pub fn exactly_one(&mut self, members: &'static [&'static str], is_present: &[bool]) {
        let set = is_present.iter().filter(|is_present| **is_present).count();
        if set != 1 {
            self.report(|_| Rule::ExactlyOne { set, members });
        }
    }

    fn length(&mut self, length: usize, unit: Unit, min: Option<usize>, max: Option<usize>) {
        if is_outside(&length, min.as_ref(), max.as_ref()) {
            self.report(|_| Rule::Length { length, unit, range: in_words(min, max) });
        }
    }

    fn step<'b>(&'b mut self, segment: Segment<'b>) -> Checker<'b> {
        Checker { path: Path { parent: Some(&self.path), segment }, hidden: self.hidden, found: self.found }
    }

    fn report(&mut self, rule: impl FnOnce(&Self) -> Rule) {
        if self.found.list.len() == VIOLATIONS_MAX {
            self.found.is_cut = true;
            return;
        }
        let path = self.path.to_string();
        let rule = rule(self);
        self.found.list.push(Violation { path, rule });
    }

    /// `value` as a message may repeat it.
    fn shown(&self, value: &str) -> String {
        if self.hidden { "***".to_owned() } else { shorten(value).into_owned() }
    }
}

impl Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.segment {
            Segment::Root => Ok(()),
            Segment::Member(name) => {
                let is_first = self.parent.is_none_or(|parent| matches!(parent.segment, Segment::Root));
                write!(f, "{}{name}", if is_first { "" } else { "." })
            }
            Segment::Index(index) => write!(f, "[{index}]"),
            Segment::Key(key) => write!(f, "[{:?}]", shorten(key)),
        }
    }
}

/// `value` up to what a message repeats.
fn shorten(value: &str) -> Cow<'_, str> {
    match value.char_indices().nth(VALUE_SHOWN_CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &value[..end]).into(),
        None => value.into(),
    }
}

fn is_outside<T: PartialOrd>(value: &T, min: Option<&T>, max: Option<&T>) -> bool {
    min.is_some_and(|min| value < min) || max.is_some_and(|max| value > max)
}

fn in_words<T: PartialOrd + Display>(min: Option<T>, max: Option<T>) -> String {
    match (min, max) {
        (Some(min), Some(max)) if min == max => format!("{min}"),
        (Some(min), Some(max)) => format!("between {min} and {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "anything".to_owned(),
    }
}

#[cfg(test)]
mod tests;
