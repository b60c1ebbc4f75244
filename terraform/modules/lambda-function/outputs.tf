output "name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "alias_arn" {
  description = "ARN of the alias on the version that was published last."
  value       = aws_lambda_alias.this.arn
}

output "alias_name" {
  description = "Name of that alias."
  value       = aws_lambda_alias.this.name
}

output "invoke_arn" {
  description = "ARN by which API Gateway invokes the alias."
  value       = aws_lambda_alias.this.invoke_arn
}

output "role_arn" {
  description = "ARN of the role."
  value       = aws_iam_role.this.arn
}

output "policy" {
  description = "What the role may do, as JSON."
  value       = data.aws_iam_policy_document.this.json
}

output "log_group_name" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}
