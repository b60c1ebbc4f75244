"""IAM: moto compares the resources of most services with * alone, knows one operator of conditions, and refuses in XML.

Rights are enforced after POST /moto-api/reset-auth with the body 0, and no more after one with inf. What a policy says
of condition keys other than those below, of PassRole, of a service's trust, of the connections of an API and of the
rights behind an encryption is not looked at.
"""

import fnmatch
import json
from base64 import b64decode
from urllib.parse import parse_qs, quote, unquote, urlsplit

from moto.awslambda.responses import LambdaResponse
from moto.core.exceptions import JsonRESTError
from moto.dynamodb.responses import DynamoHandler
from moto.events.responses import EventsHandler
from moto.iam.access_control import IAMPolicyStatement, IAMRequest, PermissionResult, S3IAMRequest
from moto.kinesis.responses import KinesisResponse
from moto.kms.responses import KmsResponse
from moto.kms.utils import _deserialize_ciphertext_blob

from parts.extension import extends

_check_action_permitted = IAMRequest.check_action_permitted
_raise_denied = IAMRequest._raise_access_denied
_is_action_permitted = IAMPolicyStatement.is_action_permitted
_create_aws_request_of_s3 = S3IAMRequest._create_aws_request

# Of every request: on AWS they come over TLS, here never.
_CONTEXT = {"aws:securetransport": "true"}


def _matches(pattern, value):
    return fnmatch.fnmatchcase(value, pattern)


_OPERATORS = {
    "Bool": lambda wanted, value: str(wanted).lower() == value,
    "StringEquals": lambda wanted, value: wanted == value,
    "StringLike": _matches,
    "ArnEquals": _matches,
    "ArnLike": _matches,
}


def _holds(conditions, values):
    values = {**_CONTEXT, **{key.lower(): value for key, value in (values or {}).items()}}
    for operator, keys in conditions.items():
        if operator not in _OPERATORS:
            raise NotImplementedError(f"The emulator does not know the condition operator {operator}")
        for key, wanted in keys.items():
            value = values.get(key.lower())
            wanted = wanted if isinstance(wanted, list) else [wanted]
            if value is None or not any(_OPERATORS[operator](one, value) for one in wanted):
                return False
    return True


@extends(IAMPolicyStatement)
def is_action_permitted(self, action, resource="*", principal=None, incoming_condition_values=None):
    statement = dict(self._statement)
    if not _holds(statement.pop("Condition", {}), incoming_condition_values):
        return PermissionResult.NEUTRAL
    return _is_action_permitted(IAMPolicyStatement(statement), action, resource, principal)


@extends(IAMRequest)
def check_action_permitted(self, resource):
    """Also of several pairs of action and resource, all of which must be permitted."""
    for action, one in resource if isinstance(resource, list) else [(self._action, resource)]:
        self._action = action
        _check_action_permitted(self, one)


_JSON = ("dynamodb", "events", "kinesis", "kms", "lambda")


@extends(IAMRequest)
def _raise_access_denied(self):
    if self._service not in _JSON:
        _raise_denied(self)
    message = f"User: {self._access_key.arn} is not authorized to perform: {self._action}"
    raise JsonRESTError("AccessDeniedException", message)


def _arn(response, service, rest):
    return f"arn:aws:{service}:{response.region}:{response.current_account}:{rest}"


def _named(response, service, kind, name):
    return name if name.startswith("arn:") else _arn(response, service, kind + name)


def _body(response):
    return response.body if isinstance(response.body, dict) else json.loads(response.body or "{}")


def _needs(cls):
    """Makes the function below it say what a request of cls is about: an ARN, or pairs of action and ARN."""

    def put(function):
        cls._determine_resource = lambda self: function(self, _body(self))
        return function

    return put


@_needs(KinesisResponse)
def _of_kinesis(self, request):
    if "StreamName" in request:
        return _arn(self, "kinesis", "stream/" + request["StreamName"])
    return request.get("ConsumerARN") or request.get("StreamARN") or "*"


# A transaction has no right of its own: "IAM permissions for transactions" in the developer guide of DynamoDB.
_TRANSACTED = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
    "Get": "dynamodb:GetItem",
}


@_needs(DynamoHandler)
def _of_dynamodb(self, request):
    if "TransactItems" in request:
        return [
            (_TRANSACTED[kind], _named(self, "dynamodb", "table/", item["TableName"]))
            for entry in request["TransactItems"]
            for kind, item in entry.items()
        ]
    if "RequestItems" in request:
        action = "dynamodb:" + self._get_action()
        return [(action, _named(self, "dynamodb", "table/", table)) for table in request["RequestItems"]]
    if "TableName" not in request:
        return "*"
    index = "/index/" + request["IndexName"] if "IndexName" in request else ""
    return _named(self, "dynamodb", "table/", request["TableName"]) + index


@_needs(EventsHandler)
def _of_events(self, request):
    if "Entries" not in request:
        return "*"
    buses = {entry.get("EventBusName", "default") for entry in request["Entries"]}
    return [("events:PutEvents", _named(self, "events", "event-bus/", bus)) for bus in buses]


@_needs(KmsResponse)
def _of_kms(self, request):
    key = request.get("KeyId")
    if key is None and "CiphertextBlob" in request:
        key = _deserialize_ciphertext_blob(b64decode(request["CiphertextBlob"])).key_id
    if key is None:
        return "*"
    return _arn(self, "kms", "key/" + self.kms_backend.any_id_to_key_id(key))


@extends(LambdaResponse)
def _determine_resource(self):
    address = urlsplit(self.uri)
    parts = unquote(address.path).split("/")
    if "functions" not in parts[:-1]:
        return "*"
    function = _named(self, "lambda", "function:", parts[parts.index("functions") + 1])
    qualifier = parse_qs(address.query).get("Qualifier", [])
    action = "InvokeFunction" if self._get_action() == "Invoke" else self._get_action()
    return [("lambda:" + action, ":".join([function, *qualifier]))]


@extends(S3IAMRequest)
def _create_aws_request(self):
    """Of the address as it was signed; moto has it with the names of objects decoded."""
    path, mark, query = self._path.partition("?")
    pairs = ("=".join(quote(unquote(part), safe="~") for part in pair.split("=", 1)) for pair in query.split("&"))
    self._path = quote(unquote(path), safe="/~") + mark + "&".join(pairs)
    return _create_aws_request_of_s3(self)
