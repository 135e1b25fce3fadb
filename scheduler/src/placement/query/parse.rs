//! From the text of an expression to its tree: recursive descent, with a bound on depth.

use std::fmt;

use regex::RegexBuilder;

use super::value::{self, Version};
use super::{CHARACTERS_MAX, Check, Comparison, Expression, Pattern, Test};

/// Deepest nesting of parentheses and `not`. Bounds the stack; nobody writes a tenth of it.
const DEPTH_MAX: usize = 32;

/// Most memory that one compiled regular expression may take, in bytes. An expression is kept as long as tasks with it
/// wait, and one that is much larger than its text (`(a{99}){99}`) is a mistake or an attack.
const PATTERN_BYTES_MAX: usize = 128 * 1024;

/// Most characters of a message that are the client's own.
const SHOWN_MAX: usize = 64;

/// What is wrong with an expression, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidQuery {
    /// The position of the character where it goes wrong, from 1; one more than the length for the end.
    pub position: usize,
    /// What is wrong there.
    pub problem: String,
}

impl fmt::Display for InvalidQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {}: {}", self.position, self.problem)
    }
}

impl std::error::Error for InvalidQuery {}

type Parsed<T> = Result<T, InvalidQuery>;

/// Reads a whole expression.
pub(super) fn parse(text: &str) -> Parsed<Expression> {
    let mut parser = Parser { text, at: 0 };
    let length = text.chars().count();
    if length > CHARACTERS_MAX {
        let problem = format!("the expression has {length} characters, more than {CHARACTERS_MAX}");
        return Err(InvalidQuery { position: CHARACTERS_MAX + 1, problem });
    }
    let expression = parser.any(0)?;
    parser.skip_space();
    match parser.rest().chars().next() {
        None => Ok(expression),
        Some(')') => Err(parser.error("this parenthesis closes nothing")),
        Some(_) => Err(parser.expected("'and', 'or' or the end")),
    }
}

/// The operators of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Compare(Comparison),
    NotEqual,
    In,
    NotIn,
    Matches,
    NotMatches,
    Exists,
    NotExists,
}

/// Operators by their signs, the longer of those that begin alike first.
const SIGNS: [(&str, Operator); 8] = [
    ("==", Operator::Compare(Comparison::Equal)),
    ("=~", Operator::Matches),
    ("!=", Operator::NotEqual),
    ("!~", Operator::NotMatches),
    (">=", Operator::Compare(Comparison::GreaterOrEqual)),
    (">", Operator::Compare(Comparison::Greater)),
    ("<=", Operator::Compare(Comparison::LessOrEqual)),
    ("<", Operator::Compare(Comparison::Less)),
];

/// Operators by their words.
const WORDS: [(&str, Operator); 14] = [
    ("equals", Operator::Compare(Comparison::Equal)),
    ("not_equals", Operator::NotEqual),
    ("greater_than", Operator::Compare(Comparison::Greater)),
    ("greater_than_equal", Operator::Compare(Comparison::GreaterOrEqual)),
    ("less_than", Operator::Compare(Comparison::Less)),
    ("less_than_equal", Operator::Compare(Comparison::LessOrEqual)),
    ("exists", Operator::Exists),
    ("not_exists", Operator::NotExists),
    ("!exists", Operator::NotExists),
    ("in", Operator::In),
    ("not_in", Operator::NotIn),
    ("!in", Operator::NotIn),
    ("matches", Operator::Matches),
    ("not_matches", Operator::NotMatches),
];

const SUBJECTS: &str = "attribute:NAME, agentConnected, agentVersion, ec2InstanceId, registeredAt, runningTasksCount \
                        or task:group";

/// The kinds of subject, before their operator is known.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Subject {
    Attribute(String),
    AgentConnected,
    AgentVersion,
    Ec2InstanceId,
    RegisteredAt,
    RunningTasksCount,
    TaskGroup,
}

impl Subject {
    fn admits(&self, operator: Operator) -> bool {
        let is_order = match operator {
            Operator::Compare(Comparison::Equal) | Operator::NotEqual => return true,
            Operator::Compare(_) => true,
            Operator::In | Operator::NotIn | Operator::Matches | Operator::NotMatches => false,
            Operator::Exists | Operator::NotExists => {
                return matches!(self, Self::Attribute(_) | Self::TaskGroup | Self::Ec2InstanceId);
            }
        };
        match self {
            Self::Attribute(_) => true,
            Self::AgentVersion | Self::RegisteredAt | Self::RunningTasksCount => is_order,
            Self::AgentConnected | Self::Ec2InstanceId | Self::TaskGroup => !is_order,
        }
    }

    fn operators(&self) -> &'static str {
        match self {
            Self::Attribute(_) => "any operator",
            Self::AgentVersion | Self::RegisteredAt | Self::RunningTasksCount => "==, !=, >, >=, < or <=",
            Self::AgentConnected => "==, !=, in, !in, =~ or !~",
            Self::Ec2InstanceId | Self::TaskGroup => "==, !=, in, !in, =~, !~, exists or !exists",
        }
    }
}

#[derive(Debug)]
struct Parser<'a> {
    text: &'a str,
    /// In bytes; always between two characters.
    at: usize,
}

impl<'a> Parser<'a> {
    fn any(&mut self, depth: usize) -> Parsed<Expression> {
        let first = self.all(depth)?;
        let mut parts = vec![first];
        while self.takes_joint("||", "or") {
            parts.push(self.all(depth)?);
        }
        Ok(if parts.len() == 1 { parts.swap_remove(0) } else { Expression::Any(parts) })
    }

    fn all(&mut self, depth: usize) -> Parsed<Expression> {
        let first = self.one(depth)?;
        let mut parts = vec![first];
        while self.takes_joint("&&", "and") {
            parts.push(self.one(depth)?);
        }
        Ok(if parts.len() == 1 { parts.swap_remove(0) } else { Expression::All(parts) })
    }

    /// One test, or something in parentheses or negated.
    fn one(&mut self, depth: usize) -> Parsed<Expression> {
        if depth > DEPTH_MAX {
            return Err(self.error(&format!("the expression is nested deeper than {DEPTH_MAX} levels")));
        }
        self.skip_space();
        if self.takes("!") || self.takes_word("not") {
            return Ok(Expression::Not(Box::new(self.one(depth + 1)?)));
        }
        let opened = self.at;
        if self.takes("(") {
            let inside = self.any(depth + 1)?;
            self.skip_space();
            if !self.takes(")") {
                if self.rest().is_empty() {
                    self.at = opened;
                    return Err(self.error("this parenthesis is not closed"));
                }
                return Err(self.expected("'and', 'or' or ')'"));
            }
            return Ok(inside);
        }
        self.test()
    }

    fn test(&mut self) -> Parsed<Expression> {
        let subject = self.subject()?;
        self.skip_space();
        let at = self.at;
        let operator = self.operator()?;
        if !subject.admits(operator) {
            self.at = at;
            return Err(self.error(&format!("this subject takes {}", subject.operators())));
        }
        let (test, is_negated) = self.argument(subject, operator)?;
        let test = Expression::Test(test);
        Ok(if is_negated { Expression::Not(Box::new(test)) } else { test })
    }

    fn subject(&mut self) -> Parsed<Subject> {
        let at = self.at;
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/' | '\\' | ':' | '@' | '+');
        let word = self.takes_while(is_part);
        let subject = match word.split_once(':') {
            Some(("attribute", name)) if !name.is_empty() => Subject::Attribute(name.to_owned()),
            Some(("task", "group")) => Subject::TaskGroup,
            Some(_) | None => match word {
                "agentConnected" => Subject::AgentConnected,
                "agentVersion" => Subject::AgentVersion,
                "ec2InstanceId" => Subject::Ec2InstanceId,
                "registeredAt" => Subject::RegisteredAt,
                "runningTasksCount" => Subject::RunningTasksCount,
                _ => {
                    self.at = at;
                    return Err(self.expected(SUBJECTS));
                }
            },
        };
        Ok(subject)
    }

    fn operator(&mut self) -> Parsed<Operator> {
        for (sign, operator) in SIGNS {
            if self.takes(sign) {
                return Ok(operator);
            }
        }
        let found = WORDS.into_iter().find(|(word, _)| self.takes_word(word));
        found
            .map(|(_, operator)| operator)
            .ok_or_else(|| self.expected("an operator: ==, !=, >, >=, <, <=, in, !in, =~, !~, exists or !exists"))
    }

    /// The argument of a test, and whether the test is of a negated form.
    fn argument(&mut self, subject: Subject, operator: Operator) -> Parsed<(Test, bool)> {
        self.skip_space();
        let at = self.at;
        let is_negated =
            matches!(operator, Operator::NotEqual | Operator::NotIn | Operator::NotMatches | Operator::NotExists);
        let check = match operator {
            Operator::Compare(comparison) => Check::Compare(comparison, self.literal()?),
            Operator::NotEqual => Check::Compare(Comparison::Equal, self.literal()?),
            Operator::In | Operator::NotIn => Check::In(self.list()?),
            Operator::Matches | Operator::NotMatches => Check::Matches(self.pattern()?),
            Operator::Exists | Operator::NotExists => Check::Exists,
        };
        let mut invalid = |what: &str| {
            self.at = at;
            Err(self.expected(what))
        };
        let test = match (subject, check) {
            (Subject::Attribute(name), check) => Test::Attribute(name, check),
            (Subject::TaskGroup, check) => Test::TaskGroup(check),
            (Subject::Ec2InstanceId, check) => Test::Ec2InstanceId(check),
            (Subject::AgentConnected, check) => {
                let is_flag = |text: &String| matches!(text.as_str(), "true" | "false");
                let is_valid = match &check {
                    Check::Compare(_, text) => is_flag(text),
                    Check::In(texts) => texts.iter().all(is_flag),
                    Check::Matches(_) | Check::Exists => true,
                };
                if !is_valid {
                    return invalid("true or false");
                }
                Test::AgentConnected(check)
            }
            (Subject::AgentVersion, Check::Compare(comparison, text)) => match Version::parse(&text) {
                Some(version) => Test::AgentVersion(comparison, version),
                None => return invalid("a version such as 1.14.5"),
            },
            (Subject::RegisteredAt, Check::Compare(comparison, text)) => match value::date(&text) {
                Some(at) => Test::RegisteredAt(comparison, at),
                None => return invalid("a date such as 2018-06-18 or 2018-06-18T22:28:28Z"),
            },
            (Subject::RunningTasksCount, Check::Compare(comparison, text)) => match value::number(&text) {
                Some(count) => Test::RunningTasksCount(comparison, count),
                None => return invalid("a number"),
            },
            (subject @ (Subject::AgentVersion | Subject::RegisteredAt | Subject::RunningTasksCount), _) => {
                // No operator leads here (see `Subject::admits`).
                return invalid(subject.operators());
            }
        };
        Ok((test, is_negated))
    }

    /// A value in quotes, or a word.
    fn literal(&mut self) -> Parsed<String> {
        self.skip_space();
        if let Some(text) = self.quoted()? {
            return Ok(text);
        }
        let word = self.takes_while(|c| {
            !(c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | ',' | '\'' | '"' | '&' | '|' | '<' | '>' | '='))
        });
        if word.is_empty() { Err(self.expected("a value")) } else { Ok(word.to_owned()) }
    }

    /// `[a, b]`
    fn list(&mut self) -> Parsed<Vec<String>> {
        if !self.takes("[") {
            return Err(self.expected("a list such as [a, b]"));
        }
        let mut values = Vec::new();
        loop {
            values.push(self.literal()?);
            self.skip_space();
            if self.takes("]") {
                return Ok(values);
            }
            if !self.takes(",") {
                return Err(self.expected("',' or ']'"));
            }
        }
    }

    /// A regular expression in quotes, or up to the next space outside of its own brackets.
    fn pattern(&mut self) -> Parsed<Pattern> {
        let at = self.at;
        let text = match self.quoted()? {
            Some(text) => text,
            None => self.bare_pattern().to_owned(),
        };
        if text.is_empty() {
            self.at = at;
            return Err(self.expected("a regular expression"));
        }
        let whole = format!(r"\A(?:{text})\z");
        // By itself too, or `a)|(b` would pass for what it becomes inside of others.
        let compiled = [text.as_str(), whole.as_str()].map(|pattern| {
            let mut builder = RegexBuilder::new(pattern);
            builder.size_limit(PATTERN_BYTES_MAX).dfa_size_limit(PATTERN_BYTES_MAX).nest_limit(64).build()
        });
        match compiled {
            [Ok(_), Ok(pattern)] => Ok(Pattern(pattern)),
            [Err(regex::Error::CompiledTooBig(_)), _] | [_, Err(regex::Error::CompiledTooBig(_))] => {
                self.at = at;
                Err(self.error("this regular expression is too large"))
            }
            _ => {
                self.at = at;
                Err(self.error(&format!("'{}' is not a regular expression", shown(&text))))
            }
        }
    }

    fn bare_pattern(&mut self) -> &'a str {
        let (mut open, mut is_set, mut is_escaped) = (0_usize, false, false);
        let rest = self.rest();
        let end = rest.char_indices().find(|&(at, c)| {
            if std::mem::take(&mut is_escaped) {
                return false;
            }
            match c {
                '\\' => is_escaped = true,
                '[' => is_set = true,
                ']' => is_set = false,
                _ if is_set => {}
                '(' => open += 1,
                ')' if open == 0 => return true,
                ')' => open -= 1,
                _ if open > 0 => {}
                _ => return c.is_whitespace() || rest[at..].starts_with("&&") || rest[at..].starts_with("||"),
            }
            false
        });
        let length = end.map_or(rest.len(), |(at, _)| at);
        self.at += length;
        &rest[..length]
    }

    /// A text in single or double quotes, in which a backslash before the same quote stands for the quote.
    fn quoted(&mut self) -> Parsed<Option<String>> {
        let opened = self.at;
        let Some(quote) = self.rest().chars().next().filter(|c| matches!(c, '\'' | '"')) else {
            return Ok(None);
        };
        let mut text = String::new();
        let mut characters = self.rest().char_indices().skip(1).peekable();
        while let Some((at, c)) = characters.next() {
            if c == quote {
                self.at += at + c.len_utf8();
                return Ok(Some(text));
            }
            let next = characters.peek().map(|(_, next)| *next);
            // Any other backslash is the value's own: regular expressions are full of them.
            if c == '\\' && next == Some(quote) {
                characters.next();
                text.push(quote);
                continue;
            }
            text.push(c);
        }
        self.at = opened;
        Err(self.error("this quote is not closed"))
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn takes(&mut self, sign: &str) -> bool {
        let is_there = self.rest().starts_with(sign);
        if is_there {
            self.at += sign.len();
        }
        is_there
    }

    /// Takes a word that stands alone.
    fn takes_word(&mut self, word: &str) -> bool {
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '.' | '-'));
        let is_there = self.rest().strip_prefix(word).is_some_and(ends);
        if is_there {
            self.at += word.len();
        }
        is_there
    }

    /// Takes what joins two tests.
    fn takes_joint(&mut self, sign: &str, word: &str) -> bool {
        self.skip_space();
        self.takes(sign) || self.takes_word(word)
    }

    fn takes_while(&mut self, is_part: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn error(&self, problem: &str) -> InvalidQuery {
        InvalidQuery { position: self.text[..self.at].chars().count() + 1, problem: problem.to_owned() }
    }

    fn expected(&self, what: &str) -> InvalidQuery {
        let found = match self.rest() {
            "" => "the end".to_owned(),
            rest => format!("'{}'", shown(rest)),
        };
        self.error(&format!("expected {what}, found {found}"))
    }
}

/// The beginning of a client's text: a hostile one must not come back whole in a message.
fn shown(text: &str) -> String {
    text.chars().take(SHOWN_MAX).collect()
}
