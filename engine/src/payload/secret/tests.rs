use std::future::ready;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use berth_model::acs::PayloadTask;
use berth_model::arn::ArnScope;
use berth_model::task::DesiredStatus;
use serde_json::{Value, json};

use super::*;
use crate::payload::payload_task;
use crate::sample;

const DB: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf";
const FILE: &str = "arn:aws:s3:::bucket/a.env";

/// Has a few things and counts what it is asked for.
#[derive(Debug, Default)]
struct Source {
    asked: std::sync::Mutex<Vec<String>>,
    big: bool,
}

impl Source {
    fn answer(&self, what: &str) -> Result<Sensitive<String>, Unavailable> {
        self.asked.lock().unwrap().push(what.to_owned());
        match what {
            "db-AbCdEf" => Ok(r#"{"username": "jane", "password": "s3cret", "port": 5432}"#.to_owned().into()),
            "token" if self.big => Ok("s3cret".repeat(FOUND_BYTES_MAX).into()),
            "half" => Ok(format!(r#"{{"key": "{}", "short": "s3cret"}}"#, "s".repeat(FOUND_BYTES_MAX / 2)).into()),
            "token" => Ok("t0ken".to_owned().into()),
            "zero" => Ok("\0".to_owned().into()),
            "a.env" => {
                Ok("# comment\nA=file\n\nB=before\nB= \"b\" #c\n#N=1\nexport\n=v\nS=file\nC=\r\n".to_owned().into())
            }
            "bad.env" => Ok("A=1\nB=s3cret\0".to_owned().into()),
            _ => Err(Unavailable::Missing),
        }
    }
}

impl SecretSource for Source {
    fn secret<'a>(&'a self, wanted: &'a SecretRef) -> Found<'a> {
        let name = match wanted {
            SecretRef::Managed(secret) => &secret.name,
            SecretRef::Parameter(parameter) => &parameter.name,
        };
        Box::pin(ready(self.answer(name)))
    }

    fn file<'a>(&'a self, wanted: &'a ObjectRef) -> Found<'a> {
        Box::pin(ready(self.answer(&wanted.key)))
    }
}

fn filled(source: &Source, container: Value, overrides: Value) -> Result<PayloadTask, String> {
    let mut task = sample::task(9, "demo", "web");
    task.request.overrides = serde_json::from_value(overrides).unwrap();
    let mut definition = sample::definition("web", 3);
    definition.document.container_definitions = Some(vec![serde_json::from_value(container).unwrap()]);
    let wants = wants(&task, &definition);
    let mut payload = payload_task(&ArnScope::default(), &task, &definition, DesiredStatus::Running);
    let looking = pin!(look_up(source, &wants));
    let Poll::Ready(found) = looking.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("nothing to wait for")
    };
    fill(&mut payload, &wants, &found?)?;
    Ok(payload)
}

fn refused(container: Value) -> String {
    let text = filled(&Source::default(), container, json!({})).unwrap_err();
    assert!(!text.contains("s3cret"), "{text}");
    text
}

fn secret(value_from: &str) -> Value {
    json!({ "name": "main", "secrets": [{ "name": "S", "valueFrom": value_from }] })
}

#[test]
fn secrets_and_files_come_into_the_environment_in_ecss_order() {
    let container = json!({
        "name": "main",
        "environment": [{ "name": "A", "value": "own" }],
        "secrets": [
            { "name": "S", "valueFrom": DB },
            { "name": "USER", "valueFrom": format!("{DB}:username::") },
            { "name": "PORT", "valueFrom": format!("{DB}:port") },
            { "name": "TOKEN", "valueFrom": "/token" },
        ],
        "environmentFiles": [{ "type": "s3", "value": FILE }],
    });
    let source = Source::default();
    let payload = filled(&source, container, json!({})).unwrap();
    let expected = [
        ("A", "own"),
        ("B", " \"b\" #c"),
        ("PORT", "5432"),
        ("S", r#"{"username": "jane", "password": "s3cret", "port": 5432}"#),
        ("TOKEN", "t0ken"),
        ("USER", "jane"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    assert_eq!(payload.containers[0].environment.expose(), &expected);
    assert_eq!(*source.asked.lock().unwrap(), ["db-AbCdEf", "token", "a.env"], "each is asked for once");
}

#[test]
fn files_of_a_run_take_the_place_of_the_definitions() {
    let container =
        json!({ "name": "main", "environmentFiles": [{ "type": "s3", "value": "arn:aws:s3:::b/none.env" }] });
    let over = json!({ "name": "main", "environmentFiles": [{ "type": "s3", "value": FILE }] });
    let payload = filled(&Source::default(), container, json!({ "containerOverrides": [over] })).unwrap();
    assert_eq!(payload.containers[0].environment.expose()["A"], "file");
}

#[test]
fn a_registrys_credentials_and_a_log_drivers_options_come_into_their_places() {
    let container = json!({
        "name": "main",
        "repositoryCredentials": { "credentialsParameter": DB },
        "logConfiguration": {
            "logDriver": "splunk",
            "options": { "splunk-url": "https://x" },
            "secretOptions": [{ "name": "splunk-token", "valueFrom": "token" }],
        },
    });
    let payload = filled(&Source::default(), container, json!({})).unwrap();
    let basic_auth_data = BasicAuthData { username: "jane".to_owned(), password: "s3cret".to_owned().into() };
    let container = &payload.containers[0];
    assert_eq!(container.registry_authentication, Some(RegistryAuthentication::Basic { basic_auth_data }));
    let settings: Value = serde_json::from_str(container.docker_config.host_config.as_deref().unwrap()).unwrap();
    assert_eq!(settings["LogConfig"]["Config"]["splunk-token"], "t0ken");
    assert!(!format!("{payload:?}").contains("t0ken"));
}

#[test]
fn what_cannot_be_had_is_named_and_not_shown() {
    for (container, expected) in [
        (
            secret("nothing"),
            "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secrets from ssm: \
             parameter nothing: ResourceNotFoundException: it is not there",
        ),
        (
            secret(&format!("{DB}:colour::")),
            "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: \
             failed to fetch secret arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf from secrets manager: \
             retrieved secret from Secrets Manager did not contain json key colour",
        ),
        (
            secret("zero"),
            "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secrets from ssm: \
             parameter zero: its value cannot be an environment variable's: it has a zero byte",
        ),
        (
            json!({ "name": "main", "environmentFiles": [{ "type": "s3", "value": "arn:aws:s3:::bucket/bad.env" }] }),
            "ResourceInitializationError: failed to download env files: arn:aws:s3:::bucket/bad.env: line 2 has a \
             zero byte",
        ),
    ] {
        assert_eq!(refused(container), expected);
    }
    let token = "arn:aws:secretsmanager:us-east-1:123456789012:secret:token";
    let text = refused(secret(&format!("{token}:key::")));
    assert!(text.ends_with("it is no JSON object and so has no key 'key'"), "{text}");
    let text = refused(json!({ "name": "main", "repositoryCredentials": { "credentialsParameter": token } }));
    assert!(text.ends_with("it is no JSON object with 'username' and 'password'"), "{text}");
    let text = filled(&Source { big: true, ..Source::default() }, secret("token"), json!({})).unwrap_err();
    assert!(text.ends_with("more than 1048576 bytes"), "{text}");
}

#[test]
fn what_comes_into_a_payload_is_bounded_and_not_what_it_is_taken_from() {
    let half = "arn:aws:secretsmanager:us-east-1:123456789012:secret:half";
    let secrets = |key: &str, count: usize| {
        let secret = |at| json!({ "name": format!("S{at}"), "valueFrom": format!("{half}:{key}::") });
        json!({ "name": "main", "secrets": (0..count).map(secret).collect::<Vec<_>>() })
    };
    let payload = filled(&Source::default(), secrets("short", 50), json!({})).unwrap();
    assert_eq!(payload.containers[0].environment.expose().len(), 50, "many keys of a large secret are little");
    filled(&Source::default(), secrets("key", 2), json!({})).unwrap();
    let text = filled(&Source::default(), secrets("key", 3), json!({})).unwrap_err();
    assert!(text.ends_with("more than 1048576 bytes"), "{text}");
}
