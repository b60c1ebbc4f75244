"""API Gateway v2: moto has neither deployments nor changes of a stage, and gives an https address to a WebSocket API."""

import json
import uuid
from datetime import datetime, timezone
from urllib.parse import unquote

from moto.apigatewayv2 import urls
from moto.apigatewayv2.exceptions import APIGatewayV2Error
from moto.apigatewayv2.models import Api, Stage
from moto.apigatewayv2.responses import ApiGatewayV2Response

from parts.extension import extends

_stage = Stage.to_json
_api = Api.to_json

for _path in ("deployments$", "deployments/(?P<deployment_id>[^/]+)$"):
    urls.url_paths["{0}/v2/apis/(?P<api_id>[^/]+)/" + _path] = ApiGatewayV2Response.dispatch


class DeploymentNotFound(APIGatewayV2Error):
    code = 404

    def __init__(self):
        super().__init__("NotFoundException", "Invalid deployment identifier specified")


def _place(response):
    """The API that the path names, and the last part of the path."""
    parts = response.path.split("/")
    return response.apigatewayv2_backend.get_api(parts[parts.index("apis") + 1]), unquote(parts[-1])


def _deployments(response):
    return _place(response)[0].__dict__.setdefault("deployments", {})


@extends(ApiGatewayV2Response)
def create_deployment(self):
    deployment = {
        "deploymentId": uuid.uuid4().hex[:6],
        "deploymentStatus": "DEPLOYED",
        "description": self._get_param("description"),
        "autoDeployed": False,
        "createdDate": datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    _deployments(self)[deployment["deploymentId"]] = deployment
    return 201, {}, json.dumps(deployment)


@extends(ApiGatewayV2Response)
def get_deployment(self):
    deployment = _deployments(self).get(_place(self)[1])
    if deployment is None:
        raise DeploymentNotFound()
    return 200, {}, json.dumps(deployment)


@extends(ApiGatewayV2Response)
def get_deployments(self):
    return 200, {}, json.dumps({"items": list(_deployments(self).values())})


@extends(ApiGatewayV2Response)
def delete_deployment(self):
    _deployments(self).pop(_place(self)[1], None)
    return 204, {}, ""


@extends(ApiGatewayV2Response)
def update_stage(self):
    api, name = _place(self)
    api.stages[name].__init__(api, {**api.stages[name].config, **json.loads(self.body)})
    return self.get_stage()


@extends(Stage)
def to_json(self):
    return {**_stage(self), "deploymentId": self.config.get("deploymentId")}


@extends(Api)
def to_json(self):  # noqa: F811
    answer = _api(self)
    if self.protocol_type == "WEBSOCKET":
        answer["apiEndpoint"] = self.api_endpoint.replace("https:", "wss:")
    return answer
