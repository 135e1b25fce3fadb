//! As much XML as the answers need: elements with text or elements in them.

/// One element, opened and not yet closed.
#[derive(Debug)]
pub(super) struct Element {
    name: String,
    attributes: String,
    content: String,
}

impl Element {
    /// An empty one.
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), attributes: String::new(), content: String::new() }
    }

    pub(super) fn attribute(&mut self, name: &str, value: &str) {
        self.attributes.extend([" ", name, "=\"", &escaped(value), "\""]);
    }

    /// Adds text.
    pub(super) fn text(mut self, text: &str) -> Self {
        self.content.push_str(&escaped(text));
        self
    }

    /// Adds an element that holds text.
    pub(super) fn with(mut self, name: &str, text: &str) -> Self {
        self.push(Self::new(name).text(text));
        self
    }

    /// Adds an element.
    pub(super) fn push(&mut self, element: Self) {
        self.content.push_str(&element.closed());
    }

    fn closed(self) -> String {
        let Self { name, attributes, content } = self;
        format!("<{name}{attributes}>{content}</{name}>")
    }

    /// As a document of its own.
    pub(super) fn document(self) -> Vec<u8> {
        self.closed().into_bytes()
    }
}

/// Text in which nothing is markup. Characters that XML cannot hold at all become spaces.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(character),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}
