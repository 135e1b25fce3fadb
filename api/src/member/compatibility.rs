//! `docs/compatibility.md`, made from the table.

use std::fmt::Write as _;

use berth_model::{ecs, logs};
use expect_test::expect_file;

use super::{Members, TABLES, Treatment};

const INTRODUCTION: &str = "\
# Compatibility

What Berth makes of each operation of the Amazon ECS API and of each member of a request. No member is ignored in silence:
what cannot be honoured is refused by name, and nothing changes. Members that AWS adds after this version are unknown here
and passed over, as AWS does.

- **effective**: does what the ECS API says. So is every member that is not named below.
- **recorded**: taken, and given back where a reply has it; without effect on Berth's hosts.
- **only**: taken with these values, which ask for what Berth does anyway; refused with others.
- **refused**: the request is refused when the member is set. An empty value, `false` and 0 do not count as set.

This page is made from the table in `api/src/member/table.rs`, which is also what requests are checked with.
";

#[test]
fn the_document_says_what_the_table_does() {
    let mut text = INTRODUCTION.to_owned();
    let offered = |name: &str| TABLES.iter().find(|(operation, _)| *operation == name).map(|(_, members)| *members);
    section(&mut text, "Amazon ECS", ecs::Operation::ALL.iter().map(|operation| operation.name()), offered);
    section(
        &mut text,
        "Amazon CloudWatch Logs",
        logs::Operation::ALL.iter().map(|operation| operation.name()),
        offered,
    );
    let others = ecs::Operation::ALL.iter().map(|operation| operation.name()).filter(|name| offered(name).is_none());
    let others: Vec<String> = others.map(|name| format!("`{name}`")).collect();
    text.push_str("\n## Not offered\n\nThese operations answer `UnsupportedFeatureException`:\n");
    let _ = writeln!(text, "{}.", others.join(", "));
    expect_file!["../../../docs/compatibility.md"].assert_eq(&text);
}

fn section<'a>(
    text: &mut String,
    service: &str,
    operations: impl Iterator<Item = &'a str>,
    offered: impl Fn(&str) -> Option<Members>,
) {
    let _ = writeln!(text, "\n## {service}");
    for (name, members) in operations.filter_map(|name| Some((name, offered(name)?))) {
        let _ = writeln!(text, "\n### {name}\n");
        let rows: Vec<String> = members.iter().filter_map(|(path, treatment)| row(path, *treatment)).collect();
        if rows.is_empty() {
            text.push_str("All members are effective.\n");
        } else {
            let _ = writeln!(text, "| Member | Treatment |\n| --- | --- |\n{}", rows.join("\n"));
        }
    }
}

fn row(path: &str, treatment: Treatment) -> Option<String> {
    let words = match treatment {
        Treatment::Effective => return None,
        Treatment::Recorded => "recorded".to_owned(),
        Treatment::Refused => "refused".to_owned(),
        Treatment::Only(values) => {
            let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            format!("only {}", values.join(", "))
        }
    };
    Some(format!("| `{path}` | {words} |"))
}
