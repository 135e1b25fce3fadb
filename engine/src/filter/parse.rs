//! From a pattern's text to its tree: recursive descent, with a bound on depth.

use std::fmt;

use regex::RegexBuilder;

use super::condition::{Condition, Literal, Operator};
use super::json::{Predicate, Selector, Step, Test, is_plain};
use super::{Expression, Field, FieldTest, Fields, Kind, Needle, Role, Term};

/// Most characters of a pattern. CloudWatch Logs' own bound.
const CHARACTERS_MAX: usize = 1024;

/// Deepest nesting of parentheses. Bounds the stack; nobody writes a tenth of it.
const DEPTH_MAX: usize = 32;

/// Most memory that one compiled regular expression may take, in bytes. One that is much larger than its text
/// (`(a{99}){99}`) is a mistake or an attack.
const EXPRESSION_BYTES_MAX: usize = 256 * 1024;

/// Most characters of a message that are the client's own.
const SHOWN_MAX: usize = 64;

/// What is wrong with a pattern, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPattern {
    /// The position of the character where it goes wrong, from 1; one more than the length for the end.
    pub position: usize,
    /// What is wrong there.
    pub problem: String,
}

impl fmt::Display for InvalidPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {}: {}", self.position, self.problem)
    }
}

impl std::error::Error for InvalidPattern {}

type Parsed<T> = Result<T, InvalidPattern>;

/// Reads a whole pattern.
pub(super) fn parse(text: &str) -> Parsed<Kind> {
    let mut parser = Parser { text, at: 0 };
    let length = text.chars().count();
    if length > CHARACTERS_MAX {
        let problem = format!("the pattern has {length} characters, more than {CHARACTERS_MAX}");
        return Err(InvalidPattern { position: CHARACTERS_MAX + 1, problem });
    }
    parser.skip_space();
    let kind = match parser.peek() {
        Some('{') => {
            parser.skip();
            let condition = parser.any(0, &mut Parser::json_test)?;
            parser.expect("}", "'&&', '||' or '}'")?;
            Kind::Json(condition)
        }
        Some('[') => {
            parser.skip();
            Kind::Fields(parser.fields()?)
        }
        _ => Kind::Terms(parser.terms()?),
    };
    parser.skip_space();
    match parser.peek() {
        None => Ok(kind),
        Some(_) => Err(parser.expected("the end")),
    }
}

struct Parser<'a> {
    text: &'a str,
    /// In bytes.
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Skips space and takes `token` if it is there.
    fn take(&mut self, token: &str) -> bool {
        self.skip_space();
        let is_there = self.rest().starts_with(token);
        if is_there {
            self.at += token.len();
        }
        is_there
    }

    /// Skips space and takes a word in capital or small letters, if it is there.
    fn take_word(&mut self, word: &str) -> bool {
        self.skip_space();
        let Some((found, behind)) = self.rest().split_at_checked(word.len()) else { return false };
        let is_there = found.eq_ignore_ascii_case(word) && !behind.starts_with(is_plain);
        if is_there {
            self.at += word.len();
        }
        is_there
    }

    fn expect(&mut self, token: &str, what: &str) -> Parsed<()> {
        if self.take(token) { Ok(()) } else { Err(self.expected(what)) }
    }

    fn take_while(&mut self, accepts: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !accepts(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn error_at(&self, at: usize, problem: impl Into<String>) -> InvalidPattern {
        InvalidPattern { position: self.text[..at].chars().count() + 1, problem: problem.into() }
    }

    fn error(&self, problem: impl Into<String>) -> InvalidPattern {
        self.error_at(self.at, problem)
    }

    fn expected(&self, what: &str) -> InvalidPattern {
        let shown: String = self.rest().chars().take(SHOWN_MAX).collect();
        if shown.is_empty() {
            return self.error(format!("expected {what}, but the pattern ends here"));
        }
        self.error(format!("expected {what}, not '{shown}'"))
    }

    // Terms

    fn terms(&mut self) -> Parsed<Vec<Term>> {
        let mut terms = Vec::new();
        loop {
            self.skip_space();
            let role = match self.peek() {
                None => return Ok(terms),
                Some('?') => Role::Optional,
                Some('-') => Role::Excluded,
                Some(_) => Role::Required,
            };
            if role != Role::Required {
                self.skip();
            }
            let start = self.at;
            let needle = match self.peek() {
                Some('"') => Needle::Text(self.quoted('"')?),
                Some('%') => Needle::Regex(self.regex()?),
                _ => Needle::Text(self.take_while(|c| !c.is_whitespace() && !matches!(c, '"' | '%')).to_owned()),
            };
            match (&needle, self.peek()) {
                (Needle::Text(_), _) if self.at == start => return Err(self.expected("a term")),
                (_, Some(next)) if !next.is_whitespace() => return Err(self.expected("a space behind the term")),
                _ => {}
            }
            if let Needle::Text(text) = &needle
                && !self.text[start..].starts_with('"')
                && let Some((at, character)) = text.char_indices().find(|(_, c)| !(c.is_alphanumeric() || *c == '_'))
            {
                let problem = format!("a term with '{character}' has to stand in quotation marks");
                return Err(self.error_at(start + at, problem));
            }
            terms.push(Term { role, needle });
        }
    }

    /// What stands between two quotation marks, of which the first is next. A backslash takes the next mark, or
    /// backslash, for itself.
    fn quoted(&mut self, mark: char) -> Parsed<String> {
        let start = self.at;
        self.skip();
        let mut text = String::new();
        while let Some(character) = self.peek() {
            self.skip();
            match (character, self.peek()) {
                (character, _) if character == mark => return Ok(text),
                ('\\', Some(next)) if next == mark || next == '\\' => {
                    text.push(next);
                    self.skip();
                }
                _ => text.push(character),
            }
        }
        Err(self.error_at(start, "this quotation mark is not closed"))
    }

    fn regex(&mut self) -> Parsed<Expression> {
        let start = self.at;
        self.skip();
        let text = self.take_while(|c| c != '%');
        if self.peek().is_none() {
            return Err(self.error_at(start, "this '%' is not closed"));
        }
        self.skip();
        if text.is_empty() {
            return Err(self.error_at(start, "the regular expression is empty"));
        }
        let compiled = RegexBuilder::new(text).size_limit(EXPRESSION_BYTES_MAX).build();
        compiled.map(Expression).map_err(|error| {
            let problem = error.to_string();
            let problem = problem.lines().last().unwrap_or_default().trim_start_matches("error: ");
            self.error_at(start, format!("the regular expression cannot be used: {problem}"))
        })
    }

    // Conditions

    fn any<T>(&mut self, depth: usize, test: &mut dyn FnMut(&mut Self) -> Parsed<T>) -> Parsed<Condition<T>> {
        let first = self.all(depth, test)?;
        if !self.take("||") {
            return Ok(first);
        }
        let mut any = vec![first, self.all(depth, test)?];
        while self.take("||") {
            any.push(self.all(depth, test)?);
        }
        Ok(Condition::Any(any))
    }

    fn all<T>(&mut self, depth: usize, test: &mut dyn FnMut(&mut Self) -> Parsed<T>) -> Parsed<Condition<T>> {
        let first = self.one(depth, test)?;
        if !self.take("&&") {
            return Ok(first);
        }
        let mut all = vec![first, self.one(depth, test)?];
        while self.take("&&") {
            all.push(self.one(depth, test)?);
        }
        Ok(Condition::All(all))
    }

    fn one<T>(&mut self, depth: usize, test: &mut dyn FnMut(&mut Self) -> Parsed<T>) -> Parsed<Condition<T>> {
        if !self.take("(") {
            return test(self).map(Condition::Test);
        }
        if depth == DEPTH_MAX {
            return Err(self.error(format!("parentheses are nested deeper than {DEPTH_MAX}")));
        }
        let inner = self.any(depth + 1, test)?;
        self.expect(")", "'&&', '||' or ')'")?;
        Ok(inner)
    }

    fn operator(&mut self) -> Option<Operator> {
        Operator::ALL.into_iter().find(|operator| self.take(operator.text()))
    }

    /// What something is compared with. `ends` are characters that end a word, besides space and `)`.
    fn literal(&mut self, operator: Operator, ends: &[char]) -> Parsed<Literal> {
        self.skip_space();
        let start = self.at;
        let literal = match self.peek() {
            Some('"') => Literal::Quoted(self.quoted('"')?),
            Some('%') => Literal::Regex(self.regex()?),
            _ => {
                let is_in = |c: char| {
                    !c.is_whitespace() && !matches!(c, '"' | '%' | '(' | ')' | '&' | '|') && !ends.contains(&c)
                };
                Literal::Word(self.take_while(is_in).to_owned())
            }
        };
        if literal == Literal::Word(String::new()) {
            return Err(self.expected("a value"));
        }
        if operator.is_of_numbers() && literal.number().is_none() {
            return Err(self.error_at(start, format!("'{operator}' compares with a number")));
        }
        Ok(literal)
    }

    // Patterns in braces

    fn json_test(&mut self) -> Parsed<Test> {
        let selector = self.selector()?;
        let predicate = if self.take_word("IS") {
            match () {
                () if self.take_word("TRUE") => Predicate::IsTrue,
                () if self.take_word("FALSE") => Predicate::IsFalse,
                () if self.take_word("NULL") => Predicate::IsNull,
                () => return Err(self.expected("TRUE, FALSE or NULL")),
            }
        } else if self.take_word("NOT") {
            if !self.take_word("EXISTS") {
                return Err(self.expected("EXISTS"));
            }
            Predicate::NotExists
        } else if self.take_word("EXISTS") {
            Predicate::Exists
        } else if let Some(operator) = self.operator() {
            Predicate::Compare(operator, self.literal(operator, &['}'])?)
        } else {
            return Err(self.expected("=, !=, <, <=, >, >=, IS, EXISTS or NOT EXISTS"));
        };
        Ok(Test { selector, predicate })
    }

    fn selector(&mut self) -> Parsed<Selector> {
        self.expect("$", "a selector, which begins with '$'")?;
        let mut steps = Vec::new();
        loop {
            match self.peek() {
                Some('.') => {
                    self.skip();
                    // As in `$.["a b"]`.
                    if self.peek() == Some('[') {
                        continue;
                    }
                    if self.peek() == Some('*') {
                        self.skip();
                        steps.push(Step::Each);
                        continue;
                    }
                    let name = self.take_while(is_plain);
                    if name.is_empty() {
                        return Err(self.expected("the name of a member"));
                    }
                    steps.push(Step::Member(name.to_owned()));
                }
                Some('[') => {
                    self.skip();
                    steps.push(self.bracketed()?);
                    self.expect("]", "']'")?;
                }
                _ if steps.is_empty() => return Err(self.expected("'.' or '[' and a member")),
                _ => return Ok(Selector(steps)),
            }
        }
    }

    fn bracketed(&mut self) -> Parsed<Step> {
        self.skip_space();
        match self.peek() {
            Some('*') => {
                self.skip();
                Ok(Step::Each)
            }
            Some(mark @ ('"' | '\'')) => self.quoted(mark).map(Step::Member),
            _ => {
                let start = self.at;
                let digits = self.take_while(|c| c.is_ascii_digit());
                let Ok(number) = digits.parse() else {
                    let problem = "expected the number of an element, '*' or a name in quotation marks";
                    return Err(self.error_at(start, problem));
                };
                Ok(Step::Element(number))
            }
        }
    }

    // Patterns in brackets

    fn fields(&mut self) -> Parsed<Fields> {
        let mut before = Vec::new();
        let mut after: Option<Vec<Field>> = None;
        loop {
            self.skip_space();
            let start = self.at;
            if self.take("...") {
                if after.replace(Vec::new()).is_some() {
                    return Err(self.error_at(start, "only one '...' can be told apart"));
                }
            } else {
                after.as_mut().unwrap_or(&mut before).push(self.field()?);
            }
            if self.take("]") {
                return Ok(Fields { before, after });
            }
            self.expect(",", "',' or ']'")?;
        }
    }

    fn field(&mut self) -> Parsed<Field> {
        let start = self.at;
        let name = self.name()?;
        self.skip_space();
        if matches!(self.peek(), Some(',' | ']')) {
            return Ok(Field { name, condition: None });
        }
        self.at = start;
        let mut first: Option<String> = None;
        let condition = self.any(0, &mut |parser| {
            parser.skip_space();
            let start = parser.at;
            let name = parser.name()?;
            if first.get_or_insert_with(|| name.clone()) != &name {
                return Err(parser.error_at(start, "the conditions of one field have to name this field"));
            }
            let operator = parser.operator().ok_or_else(|| parser.expected("',', ']', =, !=, <, <=, > or >="))?;
            let literal = parser.literal(operator, &[',', ']'])?;
            Ok(FieldTest { name, operator, literal })
        })?;
        Ok(Field { name: first.unwrap_or_default(), condition: Some(condition) })
    }

    /// A field's name; parentheses before it belong to its conditions.
    fn name(&mut self) -> Parsed<String> {
        let at = self.at;
        while self.take("(") {}
        self.skip_space();
        let name = self.take_while(is_plain);
        if name.is_empty() {
            self.at = at;
            return Err(self.expected("the name of a field, or '...'"));
        }
        Ok(name.to_owned())
    }
}
