output "name" {
  description = "Name of the stream."
  value       = aws_kinesis_stream.this.name
}

output "arn" {
  description = "ARN of the stream."
  value       = aws_kinesis_stream.this.arn
}

output "consumer_arn" {
  description = "ARN of the enhanced fan-out consumer."
  value       = aws_kinesis_stream_consumer.this.arn
}

output "key_arn" {
  description = "ARN of the stream's KMS key: writers need GenerateDataKey, readers Decrypt."
  value       = aws_kms_key.this.arn
}
