"""Kinesis: moto drops the tags that a stream is made with. KMS: it forgets how often a key is rotated."""

import json

from moto.kinesis.responses import KinesisResponse
from moto.kms.responses import KmsResponse

from parts.extension import extends

_create_stream = KinesisResponse.create_stream
_enable_key_rotation = KmsResponse.enable_key_rotation
_get_key_rotation_status = KmsResponse.get_key_rotation_status


@extends(KinesisResponse)
def create_stream(self):
    answer = _create_stream(self)
    self.kinesis_backend.add_tags_to_stream(None, self._get_param("StreamName"), self._get_param("Tags", {}))
    return answer


def _key(response):
    return response.kms_backend.describe_key(response._get_param("KeyId"))


@extends(KmsResponse)
def enable_key_rotation(self):
    answer = _enable_key_rotation(self)
    _key(self).rotation_days = self._get_param("RotationPeriodInDays") or 365
    return answer


@extends(KmsResponse)
def get_key_rotation_status(self):
    status = json.loads(_get_key_rotation_status(self))
    if status["KeyRotationEnabled"]:
        status["RotationPeriodInDays"] = _key(self).rotation_days
    return json.dumps(status)
