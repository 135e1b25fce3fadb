//! Tests of a JSON document.

use std::fmt;

use serde_json::Value;

use super::condition::{Literal, Operator};

/// A way into a document: `$.a.b[0]`, `$.["a b"][*]`, `$.*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selector(pub(super) Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Member(String),
    Element(usize),
    /// Each member, or each element.
    Each,
}

impl Selector {
    /// Whether anything that it leads to is as `test` says.
    fn any(&self, document: &Value, test: &impl Fn(&Value) -> bool) -> bool {
        fn walk(steps: &[Step], value: &Value, test: &impl Fn(&Value) -> bool) -> bool {
            let Some((step, rest)) = steps.split_first() else { return test(value) };
            match (step, value) {
                (Step::Member(name), Value::Object(members)) => {
                    members.get(name).is_some_and(|value| walk(rest, value, test))
                }
                (Step::Element(at), Value::Array(elements)) => {
                    elements.get(*at).is_some_and(|value| walk(rest, value, test))
                }
                (Step::Each, Value::Object(members)) => members.values().any(|value| walk(rest, value, test)),
                (Step::Each, Value::Array(elements)) => elements.iter().any(|value| walk(rest, value, test)),
                _ => false,
            }
        }
        walk(&self.0, document, test)
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        for step in &self.0 {
            match step {
                Step::Member(name) if !name.is_empty() && name.chars().all(is_plain) => write!(f, ".{name}")?,
                Step::Member(name) => {
                    f.write_str("[")?;
                    super::quote(f, name)?;
                    f.write_str("]")?;
                }
                Step::Element(at) => write!(f, "[{at}]")?,
                Step::Each => f.write_str("[*]")?,
            }
        }
        Ok(())
    }
}

/// What a member's name may have without quotation marks.
pub(super) fn is_plain(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '@' | '#')
}

/// One test.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Test {
    pub(super) selector: Selector,
    pub(super) predicate: Predicate,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Predicate {
    /// What is not there is neither equal nor not equal to anything.
    Compare(Operator, Literal),
    IsTrue,
    IsFalse,
    IsNull,
    Exists,
    NotExists,
}

impl Test {
    pub(super) fn holds(&self, document: &Value) -> bool {
        let any = |test: &dyn Fn(&Value) -> bool| self.selector.any(document, &test);
        match &self.predicate {
            Predicate::IsTrue => any(&|value| *value == Value::Bool(true)),
            Predicate::IsFalse => any(&|value| *value == Value::Bool(false)),
            Predicate::IsNull => any(&Value::is_null),
            Predicate::Exists => any(&|_| true),
            Predicate::NotExists => !any(&|_| true),
            Predicate::Compare(operator, literal) => any(&|value| match value {
                Value::String(text) => literal.compare_text(*operator, text),
                Value::Number(number) => {
                    let text = number.to_string();
                    number.as_f64().is_some_and(|left| literal.compare_number(*operator, left, &text))
                }
                Value::Bool(value) => literal.compare_text(*operator, if *value { "true" } else { "false" }),
                Value::Null | Value::Array(_) | Value::Object(_) => false,
            }),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { selector, predicate } = self;
        match predicate {
            Predicate::Compare(operator, literal) => write!(f, "{selector} {operator} {literal}"),
            Predicate::IsTrue => write!(f, "{selector} IS TRUE"),
            Predicate::IsFalse => write!(f, "{selector} IS FALSE"),
            Predicate::IsNull => write!(f, "{selector} IS NULL"),
            Predicate::Exists => write!(f, "{selector} EXISTS"),
            Predicate::NotExists => write!(f, "{selector} NOT EXISTS"),
        }
    }
}
