output "key_arn" {
  description = "ARN of the KMS key of logs."
  value       = aws_kms_key.this.arn
}

output "log_groups" {
  description = "The log groups of accesses, events and job: name and ARN of each."
  value       = { for key, group in aws_cloudwatch_log_group.this : key => { name = group.name, arn = group.arn } }
}

output "topic_arn" {
  description = "ARN of the topic of alarms."
  value       = aws_sns_topic.alarms.arn
}

output "metrics" {
  description = "Every metric that an alarm or a widget names, as namespace and name."
  value = distinct(concat(
    [for alarm in local.alarms : "${alarm.namespace} ${alarm.metric}"],
    flatten([for widget in local.widgets : [for name in widget.metrics : "${widget.namespace} ${name}"]]),
  ))
}
