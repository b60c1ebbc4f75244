"""Lambda: moto forgets SnapStart and where a function logs, and names a place of its code that leads nowhere."""

from moto.awslambda.models import LambdaFunction

from parts.extension import extends

_KEPT = ("SnapStart", "LoggingConfig")

_init = LambdaFunction.__init__
_get_configuration = LambdaFunction.get_configuration
_update_configuration = LambdaFunction.update_configuration
_get_code = LambdaFunction.get_code


def _keep(function, request):
    # Never changed in place: published versions share it.
    function.kept = {**getattr(function, "kept", {}), **{name: request[name] for name in _KEPT if request.get(name)}}


@extends(LambdaFunction)
def __init__(self, account_id, spec, region, version=1):
    _keep(self, spec)
    _init(self, account_id, spec, region, version)
    # S3 has it, and nothing runs here: no copy for each function.
    self.code_bytes = b""


@extends(LambdaFunction)
def update_configuration(self, config_updates):
    _keep(self, config_updates)
    return _update_configuration(self, config_updates)


@extends(LambdaFunction)
def get_configuration(self, on_create=False):
    configuration = {**_get_configuration(self, on_create), **self.kept}
    apply_on = configuration["SnapStart"]["ApplyOn"]
    on = apply_on == "PublishedVersions" and str(self.version) != "$LATEST"
    return {**configuration, "SnapStart": {"ApplyOn": apply_on, "OptimizationStatus": "On" if on else "Off"}}


@extends(LambdaFunction)
def get_code(self):
    answer = _get_code(self)
    if "S3Bucket" in self.code:
        # A path of this server, which answers it without a signature while rights are not enforced.
        version = self.code.get("S3ObjectVersion")
        answer["Code"]["Location"] = f"/{self.code['S3Bucket']}/{self.code['S3Key']}" + (f"?versionId={version}" if version else "")
    return answer
