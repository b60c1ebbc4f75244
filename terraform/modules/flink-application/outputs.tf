output "name" {
  description = "Name of the application."
  value       = aws_kinesisanalyticsv2_application.this.name
}

output "policy" {
  description = "What the role may do, as JSON."
  value       = data.aws_iam_policy_document.this.json
}

output "role_arn" {
  description = "ARN of the application's role."
  value       = aws_iam_role.this.arn
}
