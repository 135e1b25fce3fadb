//! What the patterns in braces and in brackets have in common: comparisons, joined by `&&` and `||`.

use std::fmt;

use super::Expression;

/// Comparisons, joined.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Condition<T> {
    Test(T),
    /// At least two.
    All(Vec<Self>),
    /// At least two.
    Any(Vec<Self>),
}

impl<T> Condition<T> {
    pub(super) fn holds(&self, test: &impl Fn(&T) -> bool) -> bool {
        match self {
            Self::Test(one) => test(one),
            Self::All(all) => all.iter().all(|one| one.holds(test)),
            Self::Any(any) => any.iter().any(|one| one.holds(test)),
        }
    }
}

impl<T: fmt::Display> fmt::Display for Condition<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, operator) = match self {
            Self::Test(test) => return write!(f, "{test}"),
            Self::All(parts) => (parts, "&&"),
            Self::Any(parts) => (parts, "||"),
        };
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                write!(f, " {operator} ")?;
            }
            match part {
                Self::Test(test) => write!(f, "{test}")?,
                joined => write!(f, "({joined})")?,
            }
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    /// Longer ones first, so that none is taken for the beginning of another.
    pub(super) const ALL: [Self; 6] =
        [Self::NotEqual, Self::LessOrEqual, Self::GreaterOrEqual, Self::Equal, Self::Less, Self::Greater];

    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    pub(super) const fn is_of_numbers(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }

    fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Equal => {
                left.total_cmp(&right).is_eq() || left.partial_cmp(&right).is_some_and(std::cmp::Ordering::is_eq)
            }
            Self::NotEqual => !Self::Equal.holds(left, right),
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// What something is compared with.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    /// Without quotation marks; a number, or text in which `*` stands for anything.
    Word(String),
    /// In quotation marks; `*` stands for anything.
    Quoted(String),
    /// A regular expression.
    Regex(Expression),
}

impl Literal {
    /// The number that it is.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Word(word) => number(word),
            Self::Quoted(_) | Self::Regex(_) => None,
        }
    }

    /// Compares a text with this.
    pub(super) fn compare_text(&self, operator: Operator, text: &str) -> bool {
        if operator.is_of_numbers() {
            let numbers = number(text).zip(self.number());
            return numbers.is_some_and(|(left, right)| operator.holds(left, right));
        }
        let is_equal = match self {
            Self::Word(pattern) | Self::Quoted(pattern) => {
                let as_numbers = number(text).zip(self.number());
                glob(pattern, text) || as_numbers.is_some_and(|(left, right)| Operator::Equal.holds(left, right))
            }
            Self::Regex(expression) => expression.0.is_match(text),
        };
        is_equal == (operator == Operator::Equal)
    }

    /// Compares a number, which is also written as `text`, with this.
    pub(super) fn compare_number(&self, operator: Operator, left: f64, text: &str) -> bool {
        match self.number() {
            Some(right) => operator.holds(left, right),
            None => self.compare_text(operator, text),
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Quoted(text) => super::quote(f, text),
            Self::Regex(expression) => write!(f, "{expression}"),
        }
    }
}

/// The number that a text is: digits with a sign, a point or an exponent. Rust reads `inf` and `nan`, too.
fn number(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    text.parse().ok().filter(|_| is_plain)
}

/// Whether a text is as the pattern says, in which each `*` stands for any number of characters.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    let Some((head, tail)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut rest) = text.strip_prefix(head) else { return false };
    let mut pieces: Vec<_> = tail.split('*').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        // The first place is the best: it leaves most for what follows.
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}
