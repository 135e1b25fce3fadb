//! `docs/compatibility.md`, made from the table.

use berth_model::{ecs, logs};
use expect_test::expect_file;

use super::{Members, TABLES, Treatment};

const INTRODUCTION: &str = "\
# Compatibility

What Berth makes of each operation of the Amazon ECS API and of each member of a request. No member is ignored in silence:
what cannot be honoured is refused by name, and nothing changes. Members that AWS adds after this version are unknown here
and passed over, as AWS does; a line of the log names them.

- **effective**: does what the ECS API says. So is every member that is not named below.
- **recorded**: taken, and given back where a reply has it; without effect on Berth's hosts.
- **only**: taken with these values, each of which is effective or asks for what Berth does anyway; refused with others.
- **refused**: the request is refused when the member is set. An empty value, `false` and 0 do not count as set.

This page is made from the table in `api/src/member/table.rs`, which is also what requests are checked with.
";

/// Their forms are read by name, without shapes.
const FORMS: &str = "
## AWS IAM and AWS STS

Of the query protocol there are `CreateAccessKey`, `ListAccessKeys`, `DeleteAccessKey` and `GetCallerIdentity`. All
parameters are effective; Berth's own are `Role` and `Clusters.member.N` of `CreateAccessKey`, and `AllUsers` of
`ListAccessKeys`.
";

#[test]
fn the_document_says_what_the_table_does() {
    let others = ecs::Operation::ALL.iter().map(|operation| operation.name()).filter(|name| members(name).is_none());
    let others: Vec<String> = others.map(|name| format!("`{name}`")).collect();
    let text = format!(
        "{INTRODUCTION}{}{}{FORMS}\n## Not offered\n\nThese operations answer `UnsupportedFeatureException`:\n{}.\n",
        service("Amazon ECS", ecs::Operation::ALL.iter().map(|operation| operation.name())),
        service("Amazon CloudWatch Logs", logs::Operation::ALL.iter().map(|operation| operation.name())),
        others.join(", "),
    );
    expect_file!["../../../docs/compatibility.md"].assert_eq(&text);
}

/// The table of an operation, if it is offered.
fn members(operation: &str) -> Option<Members> {
    TABLES.iter().find(|(name, _)| *name == operation).map(|(_, members)| *members)
}

fn service<'a>(name: &str, operations: impl Iterator<Item = &'a str>) -> String {
    let sections = operations.filter_map(|operation| Some(section(operation, members(operation)?)));
    format!("\n## {name}\n{}", sections.collect::<String>())
}

fn section(operation: &str, members: Members) -> String {
    let rows: Vec<String> = members.iter().filter_map(|(path, treatment)| row(path, *treatment)).collect();
    let rows = if rows.is_empty() {
        "All members are effective.".to_owned()
    } else {
        format!("| Member | Treatment |\n| --- | --- |\n{}", rows.join("\n"))
    };
    format!("\n### {operation}\n\n{rows}\n")
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
