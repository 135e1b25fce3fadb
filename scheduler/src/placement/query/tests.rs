use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

/// A host as tests tell of it.
#[derive(Debug, Default)]
struct Sample {
    attributes: BTreeMap<&'static str, &'static str>,
    is_connected: bool,
    version: Option<&'static str>,
    instance: Option<&'static str>,
    registered_at: Option<Timestamp>,
    running_tasks: u64,
    groups: Vec<&'static str>,
}

impl Sample {
    fn chosen_by(&self, text: &str) -> bool {
        let query = Query::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        query.matches(self)
    }
}

impl Subjects for Sample {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).copied()
    }

    fn is_connected(&self) -> bool {
        self.is_connected
    }

    fn agent_version(&self) -> Option<&str> {
        self.version
    }

    fn ec2_instance_id(&self) -> Option<&str> {
        self.instance
    }

    fn registered_at(&self) -> Option<Timestamp> {
        self.registered_at
    }

    fn running_tasks(&self) -> u64 {
        self.running_tasks
    }

    fn has_group(&self, passes: &dyn Fn(&str) -> bool) -> bool {
        self.groups.iter().any(|group| passes(group))
    }
}

fn sample() -> Sample {
    Sample {
        attributes: BTreeMap::from([
            ("ecs.instance-type", "t2.small"),
            ("ecs.availability-zone", "us-east-1a"),
            ("ecs.capability.x", ""),
            ("stack", "prod"),
            ("cores", "8"),
        ]),
        is_connected: true,
        version: Some("1.14.4"),
        instance: Some("i-abcd1234"),
        registered_at: Some(Timestamp(1_529_360_908_000)),
        running_tasks: 2,
        groups: vec!["service:production", "family:web"],
    }
}

#[test]
fn every_operator_in_every_spelling() {
    for (text, is_chosen) in [
        ("attribute:ecs.instance-type == t2.small", true),
        ("attribute:ecs.instance-type equals t2.small", true),
        ("attribute:ecs.instance-type==t2.small", true),
        ("attribute:stack == 'prod'", true),
        ("attribute:stack == \"pro d\"", false),
        ("attribute:stack != prod", false),
        ("attribute:stack not_equals test", true),
        ("attribute:none != test", true),
        ("attribute:none == test", false),
        ("attribute:cores > 4", true),
        ("attribute:cores > 10", false),
        ("attribute:cores greater_than 4", true),
        ("attribute:cores >= 8", true),
        ("attribute:cores greater_than_equal 9", false),
        ("attribute:cores < 10", true),
        ("attribute:cores less_than 8", false),
        ("attribute:cores <= 8", true),
        ("attribute:cores less_than_equal 7", false),
        ("attribute:stack > abc", true),
        ("attribute:stack exists", true),
        ("attribute:ecs.capability.x exists", true),
        ("attribute:none exists", false),
        ("attribute:none !exists", true),
        ("attribute:stack not_exists", false),
        ("attribute:ecs.availability-zone in [us-east-1a, us-east-1b]", true),
        ("attribute:ecs.availability-zone in ['us-east-1c','us-east-1b']", false),
        ("attribute:ecs.availability-zone !in [us-east-1c]", true),
        ("attribute:ecs.availability-zone not_in [ us-east-1a ]", false),
        ("attribute:ecs.instance-type =~ t2.*", true),
        ("attribute:ecs.instance-type matches t2", false),
        ("attribute:ecs.instance-type =~ 't2[.](micro|small)'", true),
        ("attribute:ecs.instance-type =~ t2.(micro|small)", true),
        ("(attribute:ecs.instance-type =~ g2|t2.small)", true),
        ("attribute:ecs.instance-type !~ g2.*", true),
        ("attribute:ecs.instance-type not_matches [a-z0-9.]+", false),
        ("attribute:none !~ x", true),
        ("agentConnected == true", true),
        ("agentConnected != true", false),
        ("agentConnected in [true, false]", true),
        ("agentConnected =~ f.*", false),
        ("agentVersion < 1.14.5", true),
        ("agentVersion >= 1.9", true),
        ("agentVersion == 1.14.4", true),
        ("ec2InstanceId in ['i-abcd1234', 'i-wxyx7890']", true),
        ("ec2InstanceId exists", true),
        ("registeredAt < 2018-02-13", false),
        ("registeredAt >= 2018-06-18T22:28:28+00:00", true),
        ("registeredAt > 2018-06-18T22:28:28Z", false),
        ("runningTasksCount == 2", true),
        ("runningTasksCount != 2", false),
        ("runningTasksCount <= 1", false),
        ("task:group == service:production", true),
        ("task:group == database", false),
        ("task:group != family:web", false),
        ("task:group =~ family:.*", true),
        ("task:group exists", true),
    ] {
        assert_eq!(sample().chosen_by(text), is_chosen, "{text}");
    }
}

#[test]
fn tests_are_joined() {
    for (text, is_chosen) in [
        ("attribute:stack == prod and attribute:cores == 8", true),
        ("attribute:stack == prod && attribute:cores == 9", false),
        ("attribute:stack == test or attribute:cores == 8", true),
        ("attribute:stack == test || attribute:cores == 9", false),
        // `and` binds tighter.
        ("attribute:stack exists or attribute:none exists and attribute:none exists", true),
        ("(attribute:stack exists or attribute:none exists) and attribute:none exists", false),
        ("not(task:group == database)", true),
        ("!(task:group == service:production)", false),
        ("not attribute:stack == prod or attribute:cores == 8", true),
        ("not not attribute:stack == prod", true),
        ("!attribute:stack exists", false),
        ("  ( ( attribute:stack == prod ) )  ", true),
        ("attribute:ecs.instance-type =~ t2.*&&attribute:stack==prod", true),
        ("attribute:ecs.instance-type =~ t2.* and attribute:ecs.availability-zone != us-east-1d", true),
    ] {
        assert_eq!(sample().chosen_by(text), is_chosen, "{text}");
    }
}

#[test]
fn what_a_host_has_not_said_is_unlike_everything() {
    let silent = Sample::default();
    for text in ["agentVersion > 0", "ec2InstanceId =~ .*", "registeredAt > 1970-01-01", "task:group =~ .*"] {
        assert!(!silent.chosen_by(text), "{text}");
    }
    assert!(silent.chosen_by("agentVersion != 1.0 and ec2InstanceId != i-1 and registeredAt != 2018-01-01"));
    assert!(silent.chosen_by("agentConnected == false and runningTasksCount == 0"));
}

fn check_error(text: &str, expected: &Expect) {
    expected.assert_eq(&Query::parse(text).expect_err(text).to_string());
}

#[test]
fn mistakes_are_named_with_their_place() {
    check_error(
        "",
        &expect![
            "at character 1: expected attribute:NAME, agentConnected, agentVersion, ec2InstanceId, registeredAt, runningTasksCount or task:group, found the end"
        ],
    );
    check_error(
        "atribute:a == b",
        &expect![
            "at character 1: expected attribute:NAME, agentConnected, agentVersion, ec2InstanceId, registeredAt, runningTasksCount or task:group, found 'atribute:a == b'"
        ],
    );
    check_error(
        "attribute: == b",
        &expect![
            "at character 1: expected attribute:NAME, agentConnected, agentVersion, ec2InstanceId, registeredAt, runningTasksCount or task:group, found 'attribute: == b'"
        ],
    );
    check_error(
        "task:family == b",
        &expect![
            "at character 1: expected attribute:NAME, agentConnected, agentVersion, ec2InstanceId, registeredAt, runningTasksCount or task:group, found 'task:family == b'"
        ],
    );
    check_error(
        "attribute:é",
        &expect![
            "at character 12: expected an operator: ==, !=, >, >=, <, <=, in, !in, =~, !~, exists or !exists, found the end"
        ],
    );
    check_error(
        "attribute:a = b",
        &expect![
            "at character 13: expected an operator: ==, !=, >, >=, <, <=, in, !in, =~, !~, exists or !exists, found '= b'"
        ],
    );
    check_error("attribute:a ==", &expect!["at character 15: expected a value, found the end"]);
    check_error("attribute:a == b c", &expect!["at character 18: expected 'and', 'or' or the end, found 'c'"]);
    check_error("attribute:a == b)", &expect!["at character 17: this parenthesis closes nothing"]);
    check_error("(attribute:a == b", &expect!["at character 1: this parenthesis is not closed"]);
    check_error("(attribute:a == b x", &expect!["at character 19: expected 'and', 'or' or ')', found 'x'"]);
    check_error("attribute:a in b", &expect!["at character 16: expected a list such as [a, b], found 'b'"]);
    check_error("attribute:a in []", &expect!["at character 17: expected a value, found ']'"]);
    check_error("attribute:a in [b c]", &expect!["at character 19: expected ',' or ']', found 'c]'"]);
    check_error("attribute:a == 'b", &expect!["at character 16: this quote is not closed"]);
    check_error("attribute:a =~ 'a)|(b'", &expect!["at character 16: 'a)|(b' is not a regular expression"]);
    check_error("attribute:a =~ (a{99}){999}", &expect!["at character 16: this regular expression is too large"]);
    check_error("attribute:a =~ ''", &expect!["at character 16: expected a regular expression, found ''''"]);
    check_error("agentConnected == yes", &expect!["at character 19: expected true or false, found 'yes'"]);
    check_error("agentConnected > true", &expect!["at character 16: this subject takes ==, !=, in, !in, =~ or !~"]);
    check_error("agentVersion == new", &expect!["at character 17: expected a version such as 1.14.5, found 'new'"]);
    check_error("agentVersion =~ 1.*", &expect!["at character 14: this subject takes ==, !=, >, >=, < or <="]);
    check_error(
        "registeredAt < today",
        &expect!["at character 16: expected a date such as 2018-06-18 or 2018-06-18T22:28:28Z, found 'today'"],
    );
    check_error("runningTasksCount == -1", &expect!["at character 22: expected a number, found '-1'"]);
    check_error("runningTasksCount in [1]", &expect!["at character 19: this subject takes ==, !=, >, >=, < or <="]);
    check_error(
        "task:group > a",
        &expect!["at character 12: this subject takes ==, !=, in, !in, =~, !~, exists or !exists"],
    );
    check_error(
        &format!("attribute:a == {}", "x".repeat(2000)),
        &expect!["at character 2001: the expression has 2015 characters, more than 2000"],
    );
    check_error(
        &format!("{}attribute:a exists", "!".repeat(40)),
        &expect!["at character 34: the expression is nested deeper than 32 levels"],
    );
    check_error(&"(".repeat(1999), &expect!["at character 34: the expression is nested deeper than 32 levels"]);
}

#[test]
fn what_can_change_with_the_tasks_is_known() {
    let depends = |text| Query::parse(text).expect(text).depends_on_tasks();
    assert!(depends("attribute:a exists and not (attribute:b exists or task:group == x)"));
    assert!(depends("runningTasksCount < 3"));
    assert!(!depends("attribute:task:group == x or agentVersion > 1"));
}

/// An expression together with what it must say of the [`sample`].
fn expression() -> impl Strategy<Value = (String, bool)> {
    let test = prop_oneof![
        Just(("attribute:stack == prod".to_owned(), true)),
        Just(("attribute:none exists".to_owned(), false)),
        Just(("attribute:ecs.instance-type =~ t2.(micro|small)".to_owned(), true)),
        Just(("runningTasksCount > 2".to_owned(), false)),
        Just(("task:group in [a, 'family:web']".to_owned(), true)),
        Just(("agentVersion>=2".to_owned(), false)),
    ];
    test.prop_recursive(4, 24, 3, |inner| {
        let joint = prop::sample::select(vec![" and ", "&&", " && "]);
        let or = prop::sample::select(vec![" or ", "||", " || "]);
        let not = prop::sample::select(vec!["not", "!", "not "]);
        prop_oneof![
            (inner.clone(), joint, inner.clone())
                .prop_map(|((a, is_a), sign, (b, is_b))| (format!("({a}){sign}({b})"), is_a && is_b)),
            (inner.clone(), or, inner.clone())
                .prop_map(|((a, is_a), sign, (b, is_b))| (format!("({a}){sign}({b})"), is_a || is_b)),
            (not, inner).prop_map(|(sign, (a, is_a))| (format!("{sign}({a})"), !is_a)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn joined_tests_follow_logic((text, is_chosen) in expression()) {
        prop_assert_eq!(sample().chosen_by(&text), is_chosen, "{}", text);
    }

    #[test]
    fn no_text_at_all_panics(text in any::<String>()) {
        let error = Query::parse(&text).err();
        prop_assert!(error.is_none_or(|error| (1..=text.chars().count() + 1).contains(&error.position)));
    }

    /// Texts of what expressions are made of come further than random ones.
    #[test]
    fn no_mixture_of_parts_panics(parts in prop::collection::vec(prop::sample::select(vec![
        "attribute:a", "task:group", "agentVersion", "registeredAt", "runningTasksCount", "agentConnected", "==", "!=",
        "=~", "!~", ">", "<=", "in", "!in", "exists", "!", "not", "(", ")", "[", "]", ",", "and", "||", " ", " ", " ",
        "'", "\"", "\\", "é", "1.2", "2018-06-18", "T22:28:28Z", "true", "x.*", "(?i", "{9}", "\u{0}",
    ]), 0..24)) {
        let text = parts.concat();
        if let Ok(query) = Query::parse(&text) {
            query.depends_on_tasks();
            sample().chosen_by(&text);
        }
    }
}
