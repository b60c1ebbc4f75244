"""CloudWatch Logs: what a rule of EventBridge writes there has fractions of milliseconds in moto, which no SDK can read."""

from moto.logs.models import LogsBackend

from parts.extension import extends

_put_log_events = LogsBackend.put_log_events


@extends(LogsBackend)
def put_log_events(self, log_group_name, log_stream_name, log_events):
    whole = [{**event, "timestamp": int(event["timestamp"])} for event in log_events]
    return _put_log_events(self, log_group_name, log_stream_name, whole)
