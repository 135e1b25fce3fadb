"""What OpenAPI says of the operations of one service: their paths below /v1 and the schemas these name.

Like the rest of the generator it takes names, types and limits, and no documentation.
"""

STRING_LIMITS = {"min": "minLength", "max": "maxLength"}
NUMBER_LIMITS = {"min": "minimum", "max": "maximum"}
LIST_LIMITS = {"min": "minItems", "max": "maxItems"}
SCALARS = {
    "boolean": {"type": "boolean"},
    "double": {"type": "number", "format": "double"},
    "float": {"type": "number", "format": "float"},
    "integer": {"type": "integer", "format": "int32"},
    "long": {"type": "integer", "format": "int64"},
}


class Document:
    """Paths and schemas of one service. Services share the document, so each but ECS has a prefix for its schemas."""

    def __init__(self, service, shapes, operations, used):
        self.shapes = shapes
        self.operations = operations
        self.used = used
        self.prefix = "" if service == "ecs" else f"{service}."

    def parts(self):
        named = [name for name in self.used if self.is_named(name)]
        return {
            "paths": {f"/v1/{name}": {"post": self.operation(name)} for name in self.operations},
            "schemas": {self.prefix + name: self.content(name) for name in named},
        }

    def operation(self, name):
        operation = self.operations[name]
        errors = sorted(error["shape"] for error in operation.get("errors", []))
        faults = [error for error in errors if self.shapes[error].get("fault")]
        refusals = [error for error in errors if error not in faults]
        return {
            "operationId": name,
            "requestBody": {"required": True, **body(self.body(operation, "input"))},
            "responses": {
                "200": {"description": "The answer.", **body(self.body(operation, "output"))},
                "400": {"description": f"Refused, nothing has changed: {', '.join(refusals)}.", **failure()},
                "500": {"description": f"Failed: {', '.join(faults) or 'ServerException'}.", **failure()},
            },
        }

    def body(self, operation, key):
        return self.schema(operation[key]["shape"]) if key in operation else {"type": "object"}

    def is_named(self, name):
        shape = self.shapes[name]
        return shape["type"] == "structure" and not shape.get("document") or "enum" in shape

    def schema(self, name):
        if self.is_named(name):
            return {"$ref": f"#/components/schemas/{self.prefix}{name}"}
        return self.content(name)

    def content(self, name):
        shape = self.shapes[name]
        kind = shape["type"]
        if shape.get("document"):
            return {}
        if kind == "structure":
            members = {member: self.schema(inner["shape"]) for member, inner in shape["members"].items()}
            required = {"required": shape["required"]} if shape.get("required") else {}
            return {"type": "object", "properties": members, **required}
        if kind == "string":
            values = {"enum": shape["enum"]} if "enum" in shape else {}
            return {"type": "string", **values, **pattern(shape), **limits(shape, STRING_LIMITS)}
        if kind == "list":
            items = self.schema(shape["member"]["shape"])
            return {"type": "array", "items": items, **limits(shape, LIST_LIMITS)}
        if kind == "map":
            return {"type": "object", "additionalProperties": self.schema(shape["value"]["shape"])}
        if kind == "timestamp":
            return {"type": "number", "description": "Seconds since 1970-01-01T00:00:00Z."}
        return {**SCALARS[kind], **limits(shape, NUMBER_LIMITS)}


def limits(shape, names):
    return {names[key]: shape[key] for key in names if key in shape}


def pattern(shape):
    """The pattern for whole texts. Classes of Unicode are left out: few tools read them, and the server checks anyway."""
    text = shape.get("pattern", "")
    return {"pattern": f"^(?:{text})$"} if text and "\\p{" not in text else {}


def body(schema):
    return {"content": {"application/json": {"schema": schema}}}


def failure():
    return body({"$ref": "#/components/schemas/Error"})
