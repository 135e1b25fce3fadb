//! `GET /v1/openapi.json`: what stands below `/v1`, in the words of OpenAPI 3.1.
//!
//! The generated shapes bring the paths and schemas of all operations; here those that Berth offers are picked, with the
//! schemas they lead to.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use berth_model::state_change::ChangeKind;
use berth_model::{ecs, logs};
use bytes::Bytes;
use serde_json::{Map, Value, json};

use crate::member::TABLES;

/// What a reference to a schema begins with.
const SCHEMAS: &str = "#/components/schemas/";

/// What is turned away before anybody looks what it asks for.
const FORBIDDEN: &str = "From a web page, or under a name that is not this machine's: AccessDeniedException.";

/// What every SDK tries again.
const UNAVAILABLE: &str = "The server is ending, or takes no writes at present: ServerException.";

static DOCUMENT: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(document().to_string()));

/// `GET /v1/openapi.json`
pub(crate) async fn openapi() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.clone())
}

fn document() -> Value {
    let (mut paths, mut all) = (Map::new(), Map::new());
    for part in [ecs::OPENAPI, logs::OPENAPI] {
        let mut part: Value = serde_json::from_str(part).expect("the generator writes JSON");
        paths.append(part["paths"].as_object_mut().expect("an object"));
        all.append(part["schemas"].as_object_mut().expect("an object"));
    }
    paths.retain(|path, _| TABLES.iter().any(|(operation, _)| path.strip_prefix("/v1/") == Some(operation)));
    for path in paths.values_mut() {
        let responses = path["post"]["responses"].as_object_mut().expect("the generator writes responses");
        responses.insert("403".to_owned(), refused(FORBIDDEN));
        responses.insert("503".to_owned(), refused(UNAVAILABLE));
    }
    paths.insert("/v1/events".to_owned(), json!({"get": events()}));
    paths.insert("/v1/exec".to_owned(), json!({"get": exec()}));
    all.insert("Error".to_owned(), error());
    let named = closure(&paths, &all);
    all.retain(|name, _| named.contains(name));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Berth",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The operations of the Amazon ECS API that Berth offers, and those of CloudWatch Logs beside them. \
                            What SDKs send to / with the header X-Amz-Target has the same bodies.",
        },
        "paths": paths,
        // A server that is open to its machine asks nobody there for a signature.
        "security": [{"sigv4": []}, {}],
        "components": {"schemas": all, "securitySchemes": {"sigv4": signature()}},
    })
}

/// How requests are signed. OpenAPI has no words of its own for it; these are those that its tools know.
fn signature() -> Value {
    json!({
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "description": "AWS Signature Version 4 with an access key of Berth, for the service ecs (logs for CloudWatch Logs) \
                        and the server's region.",
        "x-amazon-apigateway-authtype": "awsSigv4",
    })
}

/// `GET /v1/events`
fn events() -> Value {
    let number = || json!({"type": "integer", "format": "int64", "minimum": 0});
    json!({
        "operationId": "StreamEvents",
        "parameters": [
            parameter("query", "after", &number(), "Goes on behind this event; without it, with what happens from now on."),
            parameter("header", "Last-Event-ID", &number(), "The same; goes before the parameter."),
            parameter("query", "cluster", &json!({"type": "string"}), "Name or ARN: only events of this cluster."),
            parameter(
                "query",
                "detail-type",
                &json!({"type": "string", "enum": ChangeKind::ALL.map(ChangeKind::as_str)}),
                "Only events of this kind.",
            ),
        ],
        "responses": {
            "200": {
                "description": "Server-sent events without end. The id of each is its number, its data an event in JSON.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            },
            "400": refused("Refused: InvalidParameterException, ThrottlingException, AccessDeniedException."),
            "403": refused(FORBIDDEN),
            "410": refused("The events that were asked for have been removed: ResourceNotFoundException."),
            "500": refused("Failed: ServerException."),
        },
    })
}

/// `GET /v1/exec`
fn exec() -> Value {
    let text = || json!({"type": "string"});
    let flag = || json!({"type": "boolean", "default": false});
    let required = |mut parameter: Value| {
        parameter["required"] = json!(true);
        parameter
    };
    json!({
        "operationId": "OpenCommand",
        "description": "Runs a command in a container, over a websocket whose frames docs/exec.md describes.",
        "parameters": [
            required(parameter("query", "task", &text(), "Id or ARN.")),
            required(parameter(
                "query",
                "command",
                &json!({"type": "array", "items": {"type": "string"}, "minItems": 1}),
                "The program, then again for each argument.",
            )),
            parameter("query", "cluster", &text(), "Name or ARN; `default` if it is left out."),
            parameter("query", "container", &text(), "May be left out for a task of one container."),
            parameter("query", "input", &flag(), "Whether the command has an input."),
            parameter("query", "terminal", &flag(), "Whether it has a terminal."),
        ],
        "responses": {
            "101": {"description": "The command is begun."},
            "400": refused(
                "Refused: InvalidParameterException, ClusterNotFoundException, TargetNotConnectedException, \
                 ThrottlingException, AccessDeniedException.",
            ),
            "403": refused(FORBIDDEN),
            "500": refused("Failed: ServerException."),
        },
    })
}

fn parameter(place: &str, name: &str, schema: &Value, text: &str) -> Value {
    json!({"in": place, "name": name, "schema": schema, "description": text})
}

/// An answer that is an error.
fn refused(text: &str) -> Value {
    let schema = json!({"$ref": format!("{SCHEMAS}Error")});
    json!({"description": text, "content": {"application/json": {"schema": schema}}})
}

/// The body of every refusal.
fn error() -> Value {
    json!({
        "type": "object",
        "properties": {
            "__type": {"type": "string", "description": "The name of the exception."},
            "message": {"type": "string"},
            "resourceIds": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["__type", "message"],
    })
}

/// The names of the schemas that the paths lead to.
fn closure(paths: &Map<String, Value>, schemas: &Map<String, Value>) -> BTreeSet<String> {
    let (mut seen, mut waiting) = (BTreeSet::new(), Vec::new());
    paths.values().for_each(|path| references(path, &mut waiting));
    while let Some(name) = waiting.pop() {
        if let Some(schema) = schemas.get(&name)
            && seen.insert(name)
        {
            references(schema, &mut waiting);
        }
    }
    seen
}

fn references(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            let reference = members.get("$ref").and_then(Value::as_str);
            names.extend(reference.and_then(|text| text.strip_prefix(SCHEMAS)).map(str::to_owned));
            members.values().for_each(|member| references(member, names));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_has_what_is_offered_and_all_that_it_refers_to() {
        let document = document();
        let paths = document["paths"].as_object().unwrap();
        assert_eq!(paths.len(), TABLES.len() + 2, "and the events, and commands");
        let schemes = document["components"]["securitySchemes"].as_object().unwrap();
        for scheme in document["security"].as_array().unwrap().iter().flat_map(|one| one.as_object().unwrap().keys()) {
            assert!(schemes.contains_key(scheme), "{scheme}");
        }
        let schemas = document["components"]["schemas"].as_object().unwrap();
        let mut named = Vec::new();
        references(&document, &mut named);
        assert!(named.len() > 100, "{}", named.len());
        for name in named {
            assert!(schemas.contains_key(&name), "{name}");
        }
        assert!(schemas.contains_key("RunTaskRequest") && !schemas.contains_key("CreateDaemonRequest"));
        let bounds = &schemas["KeyValuePair"]["properties"];
        assert_eq!(bounds["name"]["type"], "string");
    }
}
