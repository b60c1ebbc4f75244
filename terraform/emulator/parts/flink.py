"""Managed Flink: moto makes and describes an application, but does not start, change or delete it. No job runs."""

import copy
import json
import time

from moto.core.exceptions import JsonRESTError
from moto.kinesisanalyticsv2 import models
from moto.kinesisanalyticsv2.responses import KinesisAnalyticsV2Response

from parts.extension import extends


class Application(models.Application):
    """An application that remembers what it was asked for, from which moto makes the description."""

    def __init__(self, **request):
        super().__init__(**request)
        self.configuration = copy.deepcopy(request["application_configuration"])
        self.run = {}
        self.application_status = "READY"
        self.creation_date_time = self.last_updated_date_time = int(time.time())

    def update(self, changes, run):
        environment = changes.pop("EnvironmentPropertyUpdates", None)
        if environment:
            self.configuration["EnvironmentProperties"] = environment
        _merge(self.configuration, changes)
        _merge(self.run, run)
        self.app_config_description = self._generate_app_config_description(copy.deepcopy(self.configuration))
        self.application_version_id += 1


models.Application = Application


def _merge(settings, changes):
    """Takes in what an update request asks for: its names are those of the settings, and Update."""
    for name, change in changes.items():
        name = name.removesuffix("Update")
        if isinstance(change, dict):
            _merge(settings.setdefault(name, {}), change)
        else:
            settings[name] = change


def _application(response):
    name = response._get_param("ApplicationName")
    application = response.kinesisanalyticsv2_backend.applications.get(name)
    if application is None:
        raise JsonRESTError("ResourceNotFoundException", f"There is no application {name}")
    return application


_create = KinesisAnalyticsV2Response.create_application
_describe = KinesisAnalyticsV2Response.describe_application


@extends(KinesisAnalyticsV2Response)
def create_application(self):
    name = self._get_param("ApplicationName")
    if name in self.kinesisanalyticsv2_backend.applications:
        raise JsonRESTError("ResourceInUseException", f"There is an application {name}")
    _create(self)
    return self.describe_application()


@extends(KinesisAnalyticsV2Response)
def describe_application(self):
    application = _application(self)
    answer = json.loads(_describe(self))
    detail = answer["ApplicationDetail"]
    detail["ApplicationName"] = application.application_name
    # moto writes a text where the protocol has a number.
    detail["ApplicationVersionCreateTimestamp"] = application.creation_date_time
    detail["ApplicationConfigurationDescription"]["RunConfigurationDescription"] = {
        name + "Description": setting for name, setting in application.run.items()
    }
    return json.dumps(answer)


@extends(KinesisAnalyticsV2Response)
def start_application(self):
    application = _application(self)
    application.run = self._get_param("RunConfiguration", {})
    application.application_status = "RUNNING"
    return "{}"


@extends(KinesisAnalyticsV2Response)
def update_application(self):
    _application(self).update(
        self._get_param("ApplicationConfigurationUpdate", {}), self._get_param("RunConfigurationUpdate", {})
    )
    return self.describe_application()


@extends(KinesisAnalyticsV2Response)
def delete_application(self):
    self.kinesisanalyticsv2_backend.applications.pop(_application(self).application_name)
    return "{}"
