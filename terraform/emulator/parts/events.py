"""EventBridge: moto makes the grammar of JSONPath anew for every field of every event, which takes a second, and writes
events to a log group at fractions of a millisecond, which no SDK can read."""

from functools import cache

import jsonpath_ng.ext
from moto.logs.models import LogsBackend

from parts.extension import extends

_put_log_events = LogsBackend.put_log_events

jsonpath_ng.ext.parse = cache(jsonpath_ng.ext.parse)


@extends(LogsBackend)
def put_log_events(self, log_group_name, log_stream_name, log_events):
    whole = [{**event, "timestamp": int(event["timestamp"])} for event in log_events]
    return _put_log_events(self, log_group_name, log_stream_name, whole)
