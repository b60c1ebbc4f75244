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
  description = "Every metric that an alarm or a widget names, as namespace and name; job for the job's own."
  value = distinct(concat(
    [for alarm in local.alarms : "${alarm.namespace} ${alarm.metric}"],
    flatten([for widget in local.widgets : [for line in widget.lines : [for name in line.names : "${line.namespace} ${name}"]]]),
  ))
}

output "alarms" {
  description = "What each alarm means, by its name without the deployment's."
  value       = { for key, alarm in local.alarms : key => alarm.description }
}

output "plain_alarm_metrics" {
  description = "Metrics that alarms compare as they are."
  value       = [for alarm in local.alarms : alarm.metric if alarm.expression == ""]
}

output "alarm_metrics" {
  description = "How many metrics the alarms watch: what CloudWatch charges for them."
  value       = length(local.alarms)
}
