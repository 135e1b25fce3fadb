//! Filter patterns of CloudWatch Logs: which events a reader wants. Pure.
//!
//! Three languages share the name. Terms (`ERROR -"not found" ?a ?b %4\d\d%`) look for pieces of text; a pattern in braces
//! (`{ $.level = "error" && $.took > 3 }`) reads the event as JSON; one in brackets (`[ip, ..., status = 4*, bytes]`) cuts
//! it into fields at spaces. Everything is case sensitive. [`Pattern`] is read from text and written back as text that
//! means the same.

mod condition;
mod json;
mod parse;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use regex::Regex;

use condition::{Condition, Literal};
use json::Test;
pub use parse::InvalidPattern;

/// A pattern, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Terms(Vec<Term>),
    Json(Condition<Test>),
    Fields(Fields),
}

impl Pattern {
    /// True if the event is wanted.
    pub fn matches(&self, message: &str) -> bool {
        match &self.kind {
            Kind::Terms(terms) => terms_match(terms, message),
            Kind::Json(condition) => match serde_json::from_str(message.trim()) {
                Ok(value @ serde_json::Value::Object(_)) => condition.holds(&|test| test.holds(&value)),
                Ok(_) | Err(_) => false,
            },
            Kind::Fields(fields) => fields.match_all(message),
        }
    }
}

impl FromStr for Pattern {
    type Err = InvalidPattern;

    fn from_str(text: &str) -> Result<Self, InvalidPattern> {
        parse::parse(text).map(|kind| Self { kind })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Terms(terms) => {
                for (at, term) in terms.iter().enumerate() {
                    write!(f, "{}{term}", if at > 0 { " " } else { "" })?;
                }
                Ok(())
            }
            Kind::Json(condition) => write!(f, "{{ {condition} }}"),
            Kind::Fields(fields) => write!(f, "{fields}"),
        }
    }
}

/// A piece of text to be there or not.
#[derive(Debug, Clone, PartialEq)]
struct Term {
    role: Role,
    needle: Needle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Has to be there.
    Required,
    /// One of these has to be there, if nothing else is said.
    Optional,
    /// Must not be there.
    Excluded,
}

#[derive(Debug, Clone, PartialEq)]
enum Needle {
    Text(String),
    Regex(Expression),
}

impl Needle {
    fn is_in(&self, message: &str) -> bool {
        match self {
            Self::Text(text) => message.contains(text.as_str()),
            Self::Regex(expression) => expression.0.is_match(message),
        }
    }
}

/// Optional terms count only where there are no others, as at AWS.
fn terms_match(terms: &[Term], message: &str) -> bool {
    if !terms.is_empty() && terms.iter().all(|term| term.role == Role::Optional) {
        return terms.iter().any(|term| term.needle.is_in(message));
    }
    terms.iter().all(|term| match term.role {
        Role::Required => term.needle.is_in(message),
        Role::Optional => true,
        Role::Excluded => !term.needle.is_in(message),
    })
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.role {
            Role::Required => "",
            Role::Optional => "?",
            Role::Excluded => "-",
        })?;
        match &self.needle {
            Needle::Text(text) => quote(f, text),
            Needle::Regex(expression) => write!(f, "{expression}"),
        }
    }
}

fn quote(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            f.write_str("\\")?;
        }
        write!(f, "{character}")?;
    }
    f.write_str("\"")
}

/// A regular expression; the same as another of the same text.
#[derive(Debug, Clone)]
struct Expression(Regex);

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "%{}%", self.0.as_str())
    }
}

/// The fields of an event, in order.
#[derive(Debug, Clone, PartialEq)]
struct Fields {
    before: Vec<Field>,
    /// After any number of fields, these are the last ones. Without, there are no others.
    after: Option<Vec<Field>>,
}

/// One field, by any name, and what it has to be.
#[derive(Debug, Clone, PartialEq)]
struct Field {
    name: String,
    condition: Option<Condition<FieldTest>>,
}

/// A comparison of the field that it stands in.
#[derive(Debug, Clone, PartialEq)]
struct FieldTest {
    name: String,
    operator: condition::Operator,
    literal: Literal,
}

impl fmt::Display for FieldTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.name, self.operator, self.literal)
    }
}

impl Fields {
    fn match_all(&self, message: &str) -> bool {
        let found = cut(message);
        let match_these = |fields: &[Field], found: &[Cow<'_, str>]| {
            fields.iter().zip(found).all(|(field, text)| match &field.condition {
                None => true,
                Some(condition) => condition.holds(&|test| test.literal.compare_text(test.operator, text)),
            })
        };
        match &self.after {
            None => found.len() == self.before.len() && match_these(&self.before, &found),
            Some(after) => {
                found.len() >= self.before.len() + after.len()
                    && match_these(&self.before, &found)
                    && match_these(after, &found[found.len() - after.len()..])
            }
        }
    }
}

impl fmt::Display for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = |field: &Field| match &field.condition {
            None => field.name.clone(),
            Some(condition) => condition.to_string(),
        };
        let mut all: Vec<_> = self.before.iter().map(field).collect();
        if let Some(after) = &self.after {
            all.push("...".to_owned());
            all.extend(after.iter().map(field));
        }
        write!(f, "[{}]", all.join(", "))
    }
}

/// Cuts a message at its spaces. What stands in quotation marks or square brackets is one field, without these.
fn cut(message: &str) -> Vec<Cow<'_, str>> {
    let mut fields = Vec::new();
    let mut rest = message.trim_start();
    while let Some(first) = rest.chars().next() {
        let close = match first {
            '"' => Some('"'),
            '[' => Some(']'),
            _ => None,
        };
        let enclosed = close.and_then(|close| {
            let (inside, behind) = rest[1..].split_once(close)?;
            // A mark within a word encloses nothing.
            (behind.is_empty() || behind.starts_with(char::is_whitespace)).then_some((inside, behind))
        });
        let (field, behind) = enclosed.unwrap_or_else(|| {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            rest.split_at(end)
        });
        fields.push(Cow::Borrowed(field));
        rest = behind.trim_start();
    }
    fields
}
