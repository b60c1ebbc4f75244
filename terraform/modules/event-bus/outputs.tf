output "name" {
  description = "Name of the bus."
  value       = aws_cloudwatch_event_bus.this.name
}

output "arn" {
  description = "ARN of the bus."
  value       = aws_cloudwatch_event_bus.this.arn
}

output "dead_letter_queue_arn" {
  description = "ARN of the queue of what could not be delivered."
  value       = aws_sqs_queue.dead_letters.arn
}

output "dead_letter_queue_name" {
  description = "Name of the queue of what could not be delivered."
  value       = aws_sqs_queue.dead_letters.name
}
