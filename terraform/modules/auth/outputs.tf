output "user_pool_id" {
  description = "Id of the user pool."
  value       = aws_cognito_user_pool.this.id
}

output "client_id" {
  description = "Id of the app client."
  value       = aws_cognito_user_pool_client.this.id
}

output "issuer" {
  description = "Issuer of user tokens, as in their claim iss."
  value       = "https://${aws_cognito_user_pool.this.endpoint}"
}
