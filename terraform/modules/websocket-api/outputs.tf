output "id" {
  description = "Id of the API."
  value       = aws_apigatewayv2_api.this.id
}

output "url" {
  description = "Where clients connect."
  value       = aws_apigatewayv2_stage.this.invoke_url
}

# Of the API, not of the stage: the functions behind the routes need it, and the stage needs the routes.
output "callback_url" {
  description = "HTTPS address of the stage, under which @connections is."
  value       = "https://${replace(aws_apigatewayv2_api.this.api_endpoint, "wss://", "")}/${var.stage}"
}

output "connections_arns" {
  description = "What execute-api:ManageConnections is allowed on: to post to connections of this stage, and to end them."
  value       = [for method in ["POST", "DELETE"] : "${aws_apigatewayv2_api.this.execution_arn}/${var.stage}/${method}/@connections/*"]
}

output "api_key" {
  description = "The deployment's API key."
  value       = aws_api_gateway_api_key.this.value
  sensitive   = true
}
