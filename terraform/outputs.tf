output "websocket_url" {
  description = "Where clients connect."
  value       = module.websocket_api.url
}

output "api_key" {
  description = "The deployment's API key."
  value       = module.websocket_api.api_key
  sensitive   = true
}

output "audio_bucket" {
  description = "Bucket of recorded voice, encrypted."
  value       = module.audio_storage.bucket
}

output "event_bus" {
  description = "Name of the event bus."
  value       = module.event_bus.name
}

output "log_groups" {
  description = "Names of the log groups: of the gateway, the events, the job, and each Lambda."
  value = merge(
    { for key, group in module.observability.log_groups : key => group.name },
    { for key, function in module.function : key => function.log_group_name },
  )
}

output "voice_stream" {
  description = "Name of the Kinesis stream."
  value       = module.voice_stream.name
}

output "flink_application" {
  description = "Name of the Flink application."
  value       = module.flink.name
}

output "user_pool_id" {
  description = "Id of the Cognito user pool."
  value       = module.auth.user_pool_id
}

output "user_pool_client_id" {
  description = "Id of the pool's app client."
  value       = module.auth.client_id
}

output "operator_function" {
  description = "Name of the operator's Lambda, for --function."
  value       = module.function["operator"].name
}

output "alarm_topic" {
  description = "ARN of the topic of alarms."
  value       = module.observability.topic_arn
}

output "login_command" {
  description = "Signs a user in from a shell."
  value       = "./parley login --user NAME --client-id ${module.auth.client_id} --region ${var.region}"
}

output "talk_command" {
  description = "Talks from a shell, after login."
  value       = "./parley talk --url ${module.websocket_api.url} --api-key \"$(terraform -chdir=terraform output -raw api_key)\" --room lobby"
}
