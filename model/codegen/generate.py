#!/usr/bin/env python3
"""Writes the wire shapes of berth-model from the service models that botocore publishes.

Only names, types and limits are taken over, no documentation. See README.md beside this file.
"""

import argparse
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import openapi

BOTOCORE_VERSION = "1.44.5"


@dataclass(frozen=True)
class Service:
    """One service whose shapes are generated. `operations` is None for all of them."""

    name: str
    api_version: str
    operations: tuple[str, ...] | None = None


LOGS = (
    "CreateLogGroup",
    "CreateLogStream",
    "DeleteLogGroup",
    "DeleteLogStream",
    "DeleteRetentionPolicy",
    "DescribeLogGroups",
    "DescribeLogStreams",
    "FilterLogEvents",
    "GetLogEvents",
    "PutLogEvents",
    "PutRetentionPolicy",
)
SERVICES = (
    Service("ecs", "2014-11-13"),
    Service("logs", "2014-03-28", LOGS),
)

MODEL_CRATE = Path(__file__).resolve().parent.parent
SCALARS = {"boolean": "bool", "double": "f64", "float": "f32", "integer": "i32", "long": "i64", "string": "String"}
I32_MAX = 2**31 - 1
KEYWORDS = set(
    "abstract as async await become box break const continue do dyn else enum extern false final fn for gen if impl in"
    " let loop macro match mod move mut override priv pub ref return static struct trait true try type typeof unsafe"
    " unsized use virtual where while yield".split()
)
NOT_RAW = {"crate", "self", "super", "Self"}
TAKEN_TYPES = {"BTreeMap", "Box", "Deserialize", "EpochSeconds", "Option", "Sensitive", "Serialize", "String", "Value", "Vec"}


class Unsupported(Exception):
    """The model has something this generator does not know. It must learn it, not skip it."""


# --- names ---------------------------------------------------------------------------------------------------------


def words(name):
    """The words of a wire name: `enableECSManagedTags` is enable, ECS, Managed, Tags."""
    name = re.sub(r"([GMKT])iB", r"\1ib", name)
    found = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+[0-9]*|[0-9]+", name)
    if not found or "".join(found) != re.sub(r"[^A-Za-z0-9]", "", name):
        raise Unsupported(f"cannot split the name {name!r} into words")
    return found


def snake(name):
    """The Rust name of a member or a function."""
    result = "_".join(word.lower() for word in words(name))
    if result in NOT_RAW or result[0].isdigit():
        raise Unsupported(f"{name!r} is no Rust name")
    return result


def raw(name):
    return f"r#{name}" if name in KEYWORDS else name


def serde_camel(name):
    """What serde's rename_all = "camelCase" makes of a snake case name."""
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def variant(value, taken):
    """The Rust name of an enumeration's value. `Unknown` is the name of whatever is not listed."""
    result = ""
    for word in words(value):
        piece = word[0].upper() + word[1:].lower()
        # Two numbers side by side would read as one.
        result += "_" + piece if result and result[-1].isdigit() and piece[0].isdigit() else piece
    if result == "Unknown":
        result = "UnknownValue"
    if not re.fullmatch(r"[A-Z][A-Za-z0-9_]*", result) or result in taken or result in NOT_RAW:
        raise Unsupported(f"the value {value!r} has no variant name of its own")
    return result


# --- one service ---------------------------------------------------------------------------------------------------


class Generator:
    """Turns the model of one service into the text of its Rust files."""

    def __init__(self, service, model):
        self.service = service
        self.model = model
        self.shapes = model["shapes"]
        if model["metadata"]["protocol"] != "json":
            raise Unsupported(f"protocol {model['metadata']['protocol']!r} of {service.name}")
        chosen = service.operations or sorted(model["operations"])
        self.operations = {name: model["operations"][name] for name in chosen}
        self.inputs = [op["input"]["shape"] for op in self.operations.values() if "input" in op]
        outputs = [op["output"]["shape"] for op in self.operations.values() if "output" in op]
        self.empty = sorted(
            name + suffix
            for name, op in self.operations.items()
            for key, suffix in (("input", "Request"), ("output", "Response"))
            if key not in op
        )
        named = {error["shape"] for op in self.operations.values() for error in op.get("errors", [])}
        if service.operations is None:
            named |= {name for name, shape in self.shapes.items() if shape.get("exception")}
        self.errors = sorted(named)
        telling = [name for name in self.errors if set(self.shapes[name]["members"]) - {"message"}]
        self.used = self.closure(self.inputs + outputs + telling)
        self.checked = [name for name in self.closure(self.inputs) if name in self.inputs or self.has_checks(name)]
        clash = [name for name in self.empty if name in self.used]
        if clash:
            raise Unsupported(f"shapes with the names of empty ones: {clash}")

    def files(self):
        """The generated files by their path inside the model crate."""
        parts = {
            "shape": self.shape_file,
            "enumeration": self.enumeration_file,
            "check": self.check_file,
            "operation": self.operation_file,
        }
        head = (
            f"// Written by model/codegen/generate.py from the {self.service.name} {self.service.api_version} model of"
            f" botocore {BOTOCORE_VERSION}.\n// Do not edit: change the generator and run it again.\n\n"
        )
        files = {f"src/{self.service.name}/{part}.rs": rustfmt(head + write()) for part, write in parts.items()}
        document = openapi.Document(self.service.name, self.shapes, self.operations, self.used)
        files[f"src/{self.service.name}/openapi.json"] = json.dumps(document.parts(), indent=1) + "\n"
        return files

    # What a shape refers to

    def references(self, name):
        shape = self.shapes[name]
        if shape["type"] == "structure":
            return [member["shape"] for member in shape["members"].values()]
        return [shape[key]["shape"] for key in ("member", "key", "value") if key in shape]

    def closure(self, roots):
        seen, waiting = set(), list(roots)
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting += self.references(name)
        return sorted(seen)

    def holds_inline(self, name, target):
        """Whether a value of `name` has one of `target` in itself, not behind a list or map."""
        seen, waiting = set(), [name]
        while waiting:
            name = waiting.pop()
            if name == target:
                return True
            if name not in seen and self.shapes[name]["type"] == "structure":
                seen.add(name)
                waiting += self.references(name)
        return False

    def is_enum(self, name):
        return "enum" in self.shapes[name]

    def rust_type(self, name, structures="shape::"):
        """The type of a shape; `structures` is the way to the module that has the structures."""
        shape = self.shapes[name]
        kind = shape["type"]
        if shape.get("streaming") or shape.get("eventstream"):
            raise Unsupported(f"{name} is a stream")
        if shape.get("document"):
            result = "Value"
        elif self.is_enum(name):
            result = f"enumeration::{name}"
        elif kind == "structure":
            result = f"{structures}{name}"
        elif kind == "list":
            result = f"Vec<{self.rust_type(shape['member']['shape'], structures)}>"
        elif kind == "map":
            key = shape["key"]["shape"]
            if self.shapes[key]["type"] != "string" or self.shapes[key].get("sensitive"):
                raise Unsupported(f"the keys of {name} are no plain strings")
            result = f"BTreeMap<String, {self.rust_type(shape['value']['shape'], structures)}>"
        elif kind == "timestamp":
            if shape.get("timestampFormat", "unixTimestamp") != "unixTimestamp":
                raise Unsupported(f"timestamp format of {name}")
            result = "EpochSeconds"
        elif kind in SCALARS:
            result = SCALARS[kind]
        else:
            raise Unsupported(f"type {kind!r} of {name}")
        return f"Sensitive<{result}>" if shape.get("sensitive") else result

    # Structures and enumerations

    def structures(self):
        names = [
            name
            for name in self.used
            if self.shapes[name]["type"] == "structure" and not self.shapes[name].get("document")
        ]
        if taken := TAKEN_TYPES.intersection(names):
            raise Unsupported(f"shapes with the names of Rust types: {sorted(taken)}")
        return names

    def members(self, name):
        """(rust name, wire name, shape, is boxed) of every member, in the order of the model."""
        result = []
        for wire, member in self.shapes[name]["members"].items():
            extra = set(member) & {"location", "locationName", "streaming", "eventpayload", "jsonvalue"}
            if extra:
                raise Unsupported(f"{sorted(extra)} of {name}.{wire}")
            result.append((snake(wire), wire, member["shape"], self.holds_inline(member["shape"], name)))
        if len({rust for rust, *_ in result}) != len(result):
            raise Unsupported(f"two members of {name} have one Rust name")
        return result

    def shape_file(self):
        body = ""
        for name in sorted(self.structures() + self.empty):
            members = self.members(name) if name not in self.empty else []
            body += "#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]\n"
            if any("_" in rust for rust, *_ in members):
                body += '#[serde(rename_all = "camelCase")]\n'
            body += f"pub struct {name} {{\n"
            for rust, wire, target, is_boxed in members:
                kind = self.rust_type(target, structures="")
                kind = f"Box<{kind}>" if is_boxed else kind
                rename = "" if wire == serde_camel(rust) else f', rename = "{wire}"'
                body += f'#[serde(skip_serializing_if = "Option::is_none"{rename})]\n'
                body += f"pub {raw(rust)}: Option<{kind}>,\n"
            body += "}\n\n"
        imports = ["use serde::{Deserialize, Serialize};"]
        if "BTreeMap<" in body:
            imports.insert(0, "use std::collections::BTreeMap;\n")
        if re.search(r"\bValue\b", body):
            imports.append("use serde_json::Value;")
        imports.append("")
        if "EpochSeconds" in body:
            imports.append("use crate::epoch::EpochSeconds;")
        if "Sensitive<" in body:
            imports.append("use crate::sensitive::Sensitive;")
        if "enumeration::" in body:
            imports.append("use super::enumeration;")
        return "\n".join(imports) + "\n\n" + body

    def enumeration_file(self):
        body = "use crate::string_enum::string_enum;\n\nstring_enum! {\n"
        for name in self.used:
            if not self.is_enum(name):
                continue
            taken = set()
            body += f"    {name} {{\n"
            for value in self.shapes[name]["enum"]:
                rust = variant(value, taken)
                taken.add(rust)
                body += f'        {rust} = "{value}",\n'
            body += "    }\n\n"
        return body.rstrip("\n") + "\n}\n"

    # Checks

    def has_checks(self, name, above=()):
        """Whether any value of this shape, or in it, can break a limit."""
        shape = self.shapes[name]
        if shape.get("document") or name in above:
            return False
        own = shape.get("required") or shape.get("union") or self.is_enum(name) or self.own_limits(name)
        return bool(own) or any(self.has_checks(target, (*above, name)) for target in self.references(name))

    def own_limits(self, name):
        """The statements that check the value itself, without what is in it."""
        shape = self.shapes[name]
        kind = shape["type"]
        low, high = shape.get("min"), shape.get("max")
        if self.is_enum(name):
            return []
        if kind in ("integer", "long", "double", "float"):
            if kind == "integer" and high == I32_MAX:
                high = None
            call = "at.range(value, "
        elif kind in ("string", "list", "map"):
            low = low or None
            call = "at.characters(value, " if kind == "string" else "at.items(value.len(), "
        else:
            low = high = None
            call = ""
        result = []
        if low is not None or high is not None:
            result.append(f"{call}{limit(low)}, {limit(high)});")
        if "pattern" in shape:
            if fixed := re.fullmatch(r"\^\\d\{(\d+)\}\$", shape["pattern"]):
                if (low, high) != (int(fixed[1]), int(fixed[1])):
                    raise Unsupported(f"the number of digits of {name} is not its length")
                is_mandatory, text, accepts = True, shape["pattern"], "c.is_ascii_digit()"
            else:
                is_mandatory, text, accepts = pattern(name, shape["pattern"])
            if is_mandatory and not low:
                raise Unsupported(f"the pattern of {name} asks for a character, its length does not")
            result.append(f'at.pattern(value, r"{text}", |c| {accepts});')
        return result

    def check_of(self, name):
        """The function that checks a value of this shape."""
        shape = self.shapes[name]
        if (shape["type"] == "structure" or self.is_enum(name)) and not shape.get("sensitive"):
            return f"{'enumeration' if self.is_enum(name) else 'shape'}::{name}::validate"
        return snake(name)

    def check_file(self):
        body, functions = "", ""
        for name in sorted(self.checked + [name for name in self.empty if name.endswith("Request")]):
            if name in self.empty:
                body += f"impl Validate for shape::{name} {{ fn validate(&self, _: &mut Checker<'_>) {{}} }}\n\n"
            elif self.shapes[name]["type"] == "structure":
                body += self.structure_check(name)
                if self.shapes[name].get("sensitive"):
                    functions += function(snake(name), f"Sensitive<shape::{name}>", [f"at.sensitive(value, shape::{name}::validate);"])
            elif not self.is_enum(name):
                if self.shapes[name].get("sensitive"):
                    raise Unsupported(f"{name} is sensitive and has limits")
                functions += function(snake(name), self.rust_type(name), self.own_limits(name) + self.inner_checks(name))
        text = body + functions
        imports = "use std::collections::BTreeMap;\n\n" if "BTreeMap<" in text else ""
        imports += "use crate::check::{Checker, Validate};\n"
        imports += "use crate::sensitive::Sensitive;\n" if "Sensitive<" in text else ""
        imports += "use super::enumeration;\n" if "enumeration::" in text else ""
        imports += "use super::shape;\n\n"
        return imports + text

    def structure_check(self, name):
        shape = self.shapes[name]
        lines = []
        members = self.members(name)
        if shape.get("union"):
            names = ", ".join(f'"{wire}"' for _, wire, *_ in members)
            present = ", ".join(f"self.{raw(rust)}.is_some()" for rust, *_ in members)
            lines.append(f"at.exactly_one(&[{names}], &[{present}]);")
        for rust, wire, target, is_boxed in members:
            if wire in shape.get("required", []):
                lines.append(f'at.required("{wire}", self.{raw(rust)}.is_some());')
            if self.has_checks(target):
                reference = "as_deref" if is_boxed else "as_ref"
                lines.append(f'at.member("{wire}", self.{raw(rust)}.{reference}(), {self.check_of(target)});')
        at = "at" if lines else "_"
        body = "\n".join(lines)
        return f"impl Validate for shape::{name} {{ fn validate(&self, {at}: &mut Checker<'_>) {{\n{body}\n}} }}\n\n"

    def inner_checks(self, name):
        shape = self.shapes[name]
        inner = lambda key: self.check_of(shape[key]["shape"]) if self.has_checks(shape[key]["shape"]) else "|_, _| {}"
        if shape["type"] == "list" and self.has_checks(shape["member"]["shape"]):
            return [f"at.each(value, {inner('member')});"]
        if shape["type"] == "map" and any(self.has_checks(shape[key]["shape"]) for key in ("key", "value")):
            if self.is_enum(shape["key"]["shape"]):
                raise Unsupported(f"the keys of {name} are an enumeration")
            return [f"at.entries(value, {inner('key')}, {inner('value')});"]
        return []

    # Operations and errors

    def operation_file(self):
        operations = {
            name: (
                op["input"]["shape"] if "input" in op else f"{name}Request",
                op["output"]["shape"] if "output" in op else f"{name}Response",
            )
            for name, op in self.operations.items()
        }
        arms = lambda names, arm: "\n".join(arm(name) for name in names)
        alike = {}
        for name, op in self.operations.items():
            listed = sorted({error["shape"] for error in op.get("errors", [])})
            alike.setdefault(", ".join(f"ErrorShape::{error}" for error in listed), []).append(f"Self::{name}")
        errors = "\n".join(f"{' | '.join(names)} => &[{listed}]," for listed, names in alike.items())
        faults = [name for name in self.errors if self.shapes[name].get("fault")]
        impls = "\n\n".join(
            f"impl Request for shape::{request} {{ type Response = shape::{response}; const OPERATION: Operation = Operation::{name}; }}"
            for name, (request, response) in operations.items()
        )
        return f"""
use super::Request;
use super::shape;

/// What stands before the dot in the `X-Amz-Target` header.
pub const TARGET_PREFIX: &str = "{self.model["metadata"]["targetPrefix"]}";

/// The operations of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {{ {", ".join(operations)} }}

impl Operation {{
    /// Every operation, by name.
    pub const ALL: &'static [Self] = &[{", ".join(f"Self::{name}" for name in operations)}];

    /// The name as it stands in the `X-Amz-Target` header, after the dot.
    pub const fn name(self) -> &'static str {{
        match self {{ {arms(operations, lambda name: f'Self::{name} => "{name}",')} }}
    }}

    /// The operation of this name, spelled exactly so.
    pub fn from_name(name: &str) -> Option<Self> {{
        Some(match name {{ {arms(operations, lambda name: f'"{name}" => Self::{name},')} _ => return None }})
    }}

    /// The errors that the service model lists for the operation.
    pub const fn errors(self) -> &'static [ErrorShape] {{
        match self {{ {errors} }}
    }}
}}

/// The errors that the service model knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorShape {{ {", ".join(self.errors)} }}

impl ErrorShape {{
    /// Every error, by name.
    pub const ALL: &'static [Self] = &[{", ".join(f"Self::{name}" for name in self.errors)}];

    /// The name as it stands in the `__type` member of the answer.
    pub const fn name(self) -> &'static str {{
        match self {{ {arms(self.errors, lambda name: f'Self::{name} => "{name}",')} }}
    }}

    /// Whether the service is at fault (HTTP status 500) and not the client (400).
    pub const fn is_fault(self) -> bool {{
        {f"matches!(self, {' | '.join(f'Self::{name}' for name in faults)})" if faults else "false"}
    }}
}}

{impls}
"""


def limit(number):
    return "None" if number is None else f"Some({number:_})"


def function(name, kind, lines):
    body = "\n".join(lines)
    return f"fn {raw(name)}(value: &{kind}, at: &mut Checker<'_>) {{\n{body}\n}}\n\n"


# --- patterns ------------------------------------------------------------------------------------------------------

# \p{L}: Rust's Alphabetic also has vowel signs and enclosed letters, which does no harm; std knows no plain L.
# \p{Z}: white space that is not a control character is exactly that.
CLASSES = {
    r"\p{L}": "c.is_alphabetic()",
    r"\p{N}": "c.is_numeric()",
    r"\p{Z}": "(c.is_whitespace() && !c.is_control())",
    r"\w": "matches!(c, 'A'..='Z' | 'a'..='z' | '0'..='9' | '_')",
}


def pattern(name, text):
    """A pattern as (asks for at least one character, text, Rust expression over `c`).

    Every pattern so far is one set of characters, repeated, over the whole value: that needs no regular expressions.
    """
    whole = re.fullmatch(r"\^?\(?\[(\^?)((?:[^\]\[\\]|\\.)+)\]([+*])\)?\$?", text)
    if not whole or '"' in text or text.startswith("^") != text.endswith("$") or ("(" in text) != (")" in text):
        raise Unsupported(f"pattern {text!r} of {name} is more than one repeated set of characters")
    is_negated, inside, repeat = whole.groups()
    tokens = re.findall(r"\\p\{\w+\}|\\.|.", inside)
    classes, ranges = [], []
    while tokens:
        token = tokens.pop(0)
        if token in CLASSES:
            classes.append(CLASSES[token])
            continue
        first = character(name, token)
        if len(tokens) > 1 and tokens[0] == "-":
            tokens.pop(0)
            ranges.append(f"{first}..={character(name, tokens.pop(0))}")
        else:
            ranges.append(first)
    if ranges:
        classes.append(f"matches!(c, {' | '.join(ranges)})")
    accepts = " || ".join(classes)
    return repeat == "+", text, f"!({accepts})" if is_negated else accepts


def character(name, token):
    plain = token[1:] if token.startswith("\\") else token
    if len(plain) != 1 or (token.startswith("\\") and plain.isalnum()) or plain in "'&~":
        raise Unsupported(f"{token!r} in the pattern of {name}")
    return f"'{plain}'"


# --- files ---------------------------------------------------------------------------------------------------------


def rustfmt(text):
    done = subprocess.run(["rustfmt", "--edition", "2024"], input=text, capture_output=True, text=True, cwd=MODEL_CRATE)
    if done.returncode:
        sys.exit(f"rustfmt refuses the generated text:\n{done.stderr}")
    return done.stdout


def read_model(service, model_dir):
    inner = f"{service.name}/{service.api_version}/service-2.json.gz"
    if model_dir:
        return json.loads(gzip.decompress((model_dir / inner).read_bytes()))
    with zipfile.ZipFile(botocore_wheel()) as wheel:
        return json.loads(gzip.decompress(wheel.read(f"botocore/data/{inner}")))


def botocore_wheel():
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "berth-codegen"
    name = f"botocore-{BOTOCORE_VERSION}-py3-none-any.whl"
    if not (cache / name).exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as fresh:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", fresh]
            subprocess.run([*command, f"botocore=={BOTOCORE_VERSION}"], check=True)
            os.replace(Path(fresh) / name, cache / name)
    return cache / name


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the files in the tree differ")
    parser.add_argument("--model-dir", type=Path, help="a botocore/data directory to read instead of the pinned package")
    arguments = parser.parse_args()
    files = {}
    for service in SERVICES:
        try:
            files |= Generator(service, read_model(service, arguments.model_dir)).files()
        except Unsupported as problem:
            sys.exit(f"{service.name}: {problem}")
    differing = []
    for inner, text in files.items():
        path = MODEL_CRATE / inner
        old = path.read_text() if path.exists() else ""
        if old == text:
            continue
        differing.append(inner)
        if arguments.check:
            print(f"{inner}: {summary(old, text)}", file=sys.stderr)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            print(f"wrote model/{inner}: {summary(old, text)}")
    if arguments.check and differing:
        sys.exit("the generated files differ from the model; run model/codegen/generate.py")


def summary(old, new):
    """The size of a difference and its first lines."""
    import difflib

    lines = [line for line in difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0)][2:]
    changed = [line for line in lines if not line.startswith("@@")]
    added = sum(line.startswith("+") for line in changed)
    head = "".join(f"\n    {line}" for line in changed[:10]) if old else ""
    return f"{added} lines added, {len(changed) - added} removed{head}"


if __name__ == "__main__":
    main()
