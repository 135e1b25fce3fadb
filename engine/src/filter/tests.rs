use proptest::prelude::*;

use super::condition::glob;
use super::*;

fn pattern(text: &str) -> Pattern {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// What `text` takes and what it leaves.
fn check(text: &str, wanted: &[&str], others: &[&str]) {
    let pattern = pattern(text);
    let again = super::tests::pattern(&pattern.to_string());
    assert_eq!(pattern, again, "{text}");
    for message in wanted {
        assert!(pattern.matches(message), "{text} has to take {message}");
    }
    for message in others {
        assert!(!pattern.matches(message), "{text} must not take {message}");
    }
}

#[test]
fn terms() {
    check("", &["", "x"], &[]);
    check("  ", &["", "x"], &[]);
    check("\"\"", &["", "x"], &[]);
    check("ERROR", &["ERROR", "an ERROR.", "xERRORx"], &["", "error"]);
    check("ERROR ARGUMENTS", &["ARGUMENTS: ERROR"], &["ERROR", "ARGUMENTS"]);
    check("\"INTERNAL SERVER ERROR\"", &["[500] INTERNAL SERVER ERROR"], &["INTERNAL  SERVER ERROR"]);
    check("?ERROR ?\"a b\"", &["ERROR", "a b"], &["", "a", "b"]);
    check("ERROR -EXITING -\"not now\"", &["ERROR 1"], &["ERROR EXITING", "ERROR not now", "x"]);
    check("?x ERROR", &["ERROR"], &["x"]);
    check("-x", &["", "y"], &["xy"]);
    check(r#""a \"b\" \\ c""#, &[r#"a "b" \ c"#], &["a b"]);
    check(r"%4\d\d% -%^debug%", &["401", "x 499"], &["4x", "debug 401"]);
    check("größe_1", &["größe_1"], &["grosse_1"]);
}

#[test]
fn json() {
    let login = r#"{"type": "login", "n": 3, "ok": true, "none": null, "at": {"ip": "10.0.0.7", "a b": 1},
        "list": [{"x": 1}, {"x": "two"}], "code": "404", "f": 1.5e3}"#;
    let takes = |text: &str| check(text, &[login], &["", "login", "[]", "3", "{"]);
    let leaves = |text: &str| check(text, &[], &[login, ""]);
    takes(r#"{ $.type = "login" }"#);
    takes("{$.type=login}");
    takes(r#"{ $.type = "log*" }"#);
    takes("{ $.at.ip = 10.0.*.7 }");
    takes(r"{ $.at.ip = %^10\.% }");
    takes(r#"{ $.at["a b"] = 1 && $.at.['a b'] >= 1 }"#);
    takes("{ $.n > 2 && $.n <= 3 && $.n != 4 && $.n = 3.0 }");
    takes("{ $.f = 1500 && $.f > 1e3 && $.f = 1.5e3 }");
    takes("{ $.ok IS TRUE && $.none IS NULL && $.gone NOT EXISTS && $.none EXISTS }");
    takes("{ $.ok = true }");
    takes("{ $.code = 404 && $.code = \"4*\" && $.code > 403 }");
    takes("{ $.list[0].x = 1 && $.list[1].x = two && $.list[*].x = 1 }");
    takes("{ $.*.ip = 10.0.0.7 }");
    takes(r#"{ ($.n = 9 || $.n = 3) && ($.type != "logout") }"#);
    takes("{ $.n = 3 || $.n = 9 && $.n = 8 }");
    leaves("{ ($.n = 3 || $.n = 9) && $.n = 8 }");
    leaves(r#"{ $.type != "login" }"#);
    leaves("{ $.gone != 1 }");
    leaves("{ $.gone = 1 }");
    leaves("{ $.ok IS FALSE }");
    leaves("{ $.ok IS NULL }");
    leaves("{ $.list[2].x EXISTS }");
    leaves("{ $.type > 1 }");
    leaves("{ $.type.x = 1 }");
    leaves("{ $.at = 1 }");
}

#[test]
fn fields() {
    let line = r#"127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534"#;
    let takes = |text: &str| check(text, &[line, &format!(" {line}  ")], &["", "127.0.0.1", "a b c d e f g h"]);
    let leaves = |text: &str| check(text, &[], &[line]);
    takes("[ip, user, name, time, request, status = 4*, bytes]");
    takes("[ip=127.0.0.*, ..., status_code = 404 || status_code = 410, bytes > 1000]");
    takes("[..., request = *html*, status, bytes]");
    takes("[..., request = \"*.html HTTP*\", status != 5*, bytes = 1534.0]");
    takes("[..., status = %^4%, bytes = 1534]");
    takes("[ip, user, name = frank, ...]");
    takes("[..., (status >= 400 && status < 500) || (status = x), bytes]");
    leaves("[ip, user, name]");
    leaves("[..., bytes < 1000]");
    leaves("[ip = 128*, ...]");
    leaves("[..., status > 404, bytes]");
    check("[...]", &[line, "", "x"], &[]);
    check("[a, b]", &["x [y z]", "\"x y\" z", "[x \"y"], &["x", "x y z", "x [y z", "a[b c] d"]);
}

#[test]
fn what_cannot_be_read_is_said_with_its_place() {
    let long = "x".repeat(1025);
    let deep = format!("{{ {}$.a = 1{} }}", "(".repeat(40), ")".repeat(40));
    for (text, position, problem) in [
        ("a.b", 2, "a term with '.' has to stand in quotation marks"),
        ("a -", 4, "expected a term, but the pattern ends here"),
        ("?", 2, "expected a term"),
        ("\"a", 1, "not closed"),
        ("a\"b\"", 2, "expected a space behind the term"),
        ("ä %(%", 3, "the regular expression cannot be used"),
        ("%a", 1, "not closed"),
        ("%%", 1, "empty"),
        ("%(a{99}){99}{99}%", 1, "the regular expression cannot be used"),
        ("{", 2, "expected a selector"),
        ("{ }", 3, "expected a selector"),
        ("{ $ = 1 }", 4, "expected '.' or '['"),
        ("{ $. = 1 }", 5, "expected the name of a member"),
        ("{ $.a }", 7, "expected =, !="),
        ("{ $.a = }", 9, "expected a value"),
        ("{ $.a > b }", 9, "'>' compares with a number"),
        ("{ $.a IS 1 }", 10, "expected TRUE"),
        ("{ $.a NOT 1 }", 11, "expected EXISTS"),
        ("{ $.a = 1", 10, "expected '&&'"),
        ("{ $.a = 1 } x", 13, "expected the end"),
        ("{ ($.a = 1 }", 12, "expected '&&', '||' or ')'"),
        ("{ $.a[x] = 1 }", 7, "expected the number of an element"),
        ("{ $.a[99999999999999999999999] = 1 }", 7, "expected the number of an element"),
        ("[", 2, "expected the name of a field"),
        ("[a", 3, "expected"),
        ("[a, ..., ...]", 10, "only one '...'"),
        ("[a = 1 || b = 2]", 11, "have to name this field"),
        ("[a = ]", 6, "expected a value"),
        (&long, 1025, "more than 1024"),
        (&deep, 36, "nested deeper"),
    ] {
        let error = text.parse::<Pattern>().expect_err(text);
        assert_eq!(error.position, position, "{text}: {error}");
        assert!(error.problem.contains(problem), "{text}: {error}");
    }
}

#[test]
fn stars_stand_for_anything() {
    for (pattern, text, expected) in [
        ("", "", true),
        ("*", "", true),
        ("a*", "abc", true),
        ("*c", "abc", true),
        ("a*c", "ac", true),
        ("a*a", "a", false),
        ("*b*", "abc", true),
        ("a*b*c", "a.b.b.c", true),
        ("a*b*c", "a.c.b", false),
        ("**", "x", true),
        ("a", "ab", false),
    ] {
        assert_eq!(glob(pattern, text), expected, "{pattern} {text}");
    }
}

/// Text that often means something.
fn likely() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{ "),
        Just(" }"),
        Just("["),
        Just("]"),
        Just("$.a"),
        Just("$.b[0]"),
        Just("$.*"),
        Just(" = "),
        Just(" != "),
        Just(" > "),
        Just("1"),
        Just("-2.5e1"),
        Just("\"x y\""),
        Just("x*"),
        Just("%a|b%"),
        Just(" && "),
        Just(" || "),
        Just("("),
        Just(")"),
        Just(", "),
        Just("..."),
        Just("w"),
        Just(" IS NULL"),
        Just(" NOT EXISTS"),
        Just("?"),
        Just("-"),
        Just(" "),
        Just("é"),
        Just("\\"),
        Just("\""),
        Just("%"),
    ];
    prop_oneof![
        proptest::collection::vec(piece.clone(), 0..12).prop_map(|pieces| pieces.concat()),
        proptest::collection::vec(piece.clone(), 0..9).prop_map(|pieces| format!("{{ {} }}", pieces.concat())),
        proptest::collection::vec(piece, 0..9).prop_map(|pieces| format!("[{}]", pieces.concat())),
        ".{0,40}",
    ]
}

fn test() -> impl Strategy<Value = String> {
    let selector = prop_oneof![Just("$.a"), Just("$.b.c"), Just("$.list[0]"), Just("$[\"a b\"]"), Just("$.list[*].x")];
    let rest = prop_oneof![
        Just(" = 1"),
        Just(" != \"x\\\"\""),
        Just(" >= -1e2"),
        Just(" = x*y"),
        Just(" IS TRUE"),
        Just(" NOT EXISTS"),
        Just(" = %x+%"),
    ];
    (selector, rest).prop_map(|(selector, rest)| format!("{selector}{rest}"))
}

fn joined() -> impl Strategy<Value = String> {
    test().prop_recursive(4, 16, 3, |inner| {
        (proptest::collection::vec(inner, 1..4), any::<bool>()).prop_map(|(parts, all)| {
            let parts: Vec<_> = parts.into_iter().map(|part| format!("({part})")).collect();
            parts.join(if all { " && " } else { "||" })
        })
    })
}

proptest! {
    #[test]
    fn no_text_is_too_much(text in likely(), message in ".{0,60}") {
        match text.parse::<Pattern>() {
            Ok(pattern) => {
                pattern.matches(&message);
                pattern.matches(&text);
                let again: Pattern = pattern.to_string().parse().map_err(|error| {
                    TestCaseError::fail(format!("{pattern}: {error}"))
                })?;
                prop_assert_eq!(pattern, again);
            }
            Err(error) => prop_assert!((1..=text.chars().count() + 1).contains(&error.position), "{}", error),
        }
    }

    #[test]
    fn conditions_are_written_as_they_are_read(text in joined()) {
        let text = format!("{{ {text} }}");
        prop_assume!(text.chars().count() <= 1000);
        let pattern = pattern(&text);
        prop_assert_eq!(&pattern, &super::tests::pattern(&pattern.to_string()));
    }

    #[test]
    fn a_phrase_finds_itself(phrase in ".{1,30}", around in ".{0,10}") {
        let mut quoted = String::new();
        for character in phrase.chars() {
            if matches!(character, '"' | '\\') {
                quoted.push('\\');
            }
            quoted.push(character);
        }
        let message = format!("{around}{phrase}{around}");
        let wanted = format!("\"{quoted}\"");
        prop_assert!(pattern(&wanted).matches(&message));
        let unwanted = format!("-{wanted}");
        prop_assert!(!pattern(&unwanted).matches(&message));
    }

    #[test]
    fn a_glob_of_the_pieces_of_a_text_takes_it(pieces in proptest::collection::vec("[a-c]{0,3}", 1..6)) {
        let text = pieces.concat();
        prop_assert!(glob(&pieces.join("*"), &text));
    }
}
