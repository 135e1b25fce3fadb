"""The OpenAPI document: whether it is one, and whether Berth keeps to it."""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from harness.plane import ControlPlane, shell


def test_the_document_is_valid_and_answers_keep_to_it(simulated: ControlPlane) -> None:
    answer = simulated.http.send("GET", "/v1/openapi.json")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    document = json.loads(answer.text)
    validate(document)
    # Beside the operations: what is streamed, and how requests are signed.
    [query, header] = [
        {one["name"] for one in document["paths"]["/v1/events"]["get"]["parameters"] if one["in"] == place}
        for place in ("query", "header")
    ]
    assert (query, header) == ({"after", "cluster", "detail-type"}, {"Last-Event-ID"})
    assert simulated.http.send("GET", "/v1/events?after=-1").status == 400
    exec_parameters = {one["name"] for one in document["paths"]["/v1/exec"]["get"]["parameters"]}
    assert exec_parameters == {"task", "command", "cluster", "container", "input", "terminal"}
    assert simulated.http.send("GET", "/v1/exec?task=x&command=true").status == 400
    [scheme] = document["components"]["securitySchemes"].values()
    assert (scheme["in"], scheme["name"]) == ("header", "Authorization")
    assert [list(one) for one in document["security"]] == [["sigv4"], []]

    def call(operation: str, status: int = 200, **body: Any) -> Any:
        described = document["paths"][f"/v1/{operation}"]["post"]
        check(described["requestBody"], body)
        answer = simulated.http.post(operation, body)
        assert answer.status == status, answer
        check(described["responses"][str(status)], answer.json)
        return answer.json

    def check(described: Any, value: Any) -> None:
        schema = described["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": document["components"]}).validate(value)

    definition = shell("true", memory=128, environment=[{"name": "SIMULATED_SECONDS", "value": "600"}])
    call("RegisterTaskDefinition", family="described", containerDefinitions=[definition])
    started = call("RunTask", taskDefinition="described")
    task = started["tasks"][0]["taskArn"]
    call("DescribeTasks", tasks=[task])
    call("ListTasks")
    call("DescribeClusters", clusters=["default"])
    call("StopTask", task=task)
    refused = call("StopTask", 400, task="0" * 32)
    assert refused["__type"] == "InvalidParameterException"
    answer = simulated.http.send("POST", "/v1/ListTasks", "{}", Origin="http://evil.example")
    assert answer.status == 403
    check(document["paths"]["/v1/ListTasks"]["post"]["responses"]["403"], answer.json)
    assert call("RunTask", 400, taskDefinition="described", count=11)["__type"] == "InvalidParameterException"
