"""What the suite has to know of an operation. The cases are in `cases_*.py`; `test_operations.py` drives them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from conformance.world import World

INVALID = "InvalidParameterException"
CLIENT = "ClientException"
NO_CLUSTER = "ClusterNotFoundException"

ID = "0" * 32


@dataclass(frozen=True)
class Refusal:
    """A request that is refused: the whole body, or a function that makes what it names and then the body."""

    body: Any
    code: str
    # What the message has to say.
    named: str = ""


@dataclass(frozen=True)
class Listing:
    """A list that comes in pages: how to make at least three entries, and the rest of the request that lists them."""

    # The member of the answer.
    member: str
    # Makes the entries, and gives the request without paging, and the same with another meaning (or None, if the
    # operation takes no other arguments).
    prepare: Callable[[World], tuple[dict[str, Any], dict[str, Any] | None]]


@dataclass(frozen=True)
class Case:
    """One operation."""

    # Drives the good path. Has to call the operation; answers are held against the model by the way.
    good: Callable[[World], None]
    # What is refused, and how. Every error that the model has for the operation must be among them or in `never`.
    refused: list[Refusal] = field(default_factory=list)
    # Errors of the model that cannot happen here, and why.
    never: dict[str, str] = field(default_factory=dict)
    # If the operation answers in pages.
    listing: Listing | None = None


# Errors of the model that no operation has here, and why.
NEVER = {
    "AccessDeniedException": "an open server takes every caller; test_auth.py is about the others",
    "NamespaceNotFoundException": "there are no namespaces: what names one is refused by the member's name",
    "ServerException": "never on purpose",
    "ServiceUnavailableException": "never on purpose",
    "ClientException": "which of the two generic errors an operation gives is its own affair",
    "InvalidParameterException": "which of the two generic errors an operation gives is its own affair",
    "UnsupportedFeatureException": "members that cannot be honoured are refused by name",
    "ClusterContainsServicesException": "there are no services yet",
    "ServiceNotFoundException": "there are no services yet",
    "UpdateInProgressException": "every update is over when it is answered",
    "BlockedException": "no account is ever blocked",
}
