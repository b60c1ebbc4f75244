provider "aws" {
  region = var.region

  default_tags {
    tags = { project = "parley", deployment = local.name }
  }
}

data "aws_caller_identity" "current" {}

locals {
  name             = "${var.name}-${var.stage}"
  account          = data.aws_caller_identity.current.account_id
  parameter_prefix = "/game-server/${var.stage}"
  consumer         = "parley-job"
  keeps_chunks     = contains(["chunk", "both"], var.archive_mode)
  keeps_segments   = contains(["segment", "both"], var.archive_mode)
}

module "connections_table" {
  source = "./modules/connections-table"

  name                = "${local.name}-connections"
  deletion_protection = var.deletion_protection
}

module "audio_storage" {
  source = "./modules/audio-storage"

  bucket         = "${local.name}-audio-${local.account}"
  retention_days = var.audio_retention_days
  force_destroy  = !var.deletion_protection

  writer_role_arns = [for key in local.chunk_writers : module.function[key].role_arn]
  log_role_arns    = local.keeps_segments ? [module.flink.role_arn] : []
  reader_arns      = var.audio_reader_arns
}

module "voice_stream" {
  source = "./modules/voice-stream"

  name            = "${local.name}-voice"
  consumer_name   = local.consumer
  on_demand       = var.stream_on_demand
  shard_count     = var.shard_count
  retention_hours = var.stream_retention_hours

  writer_role_arns = [for key in local.stream_writers : module.function[key].role_arn]
  reader_role_arns = [module.flink.role_arn]
}

module "event_bus" {
  source = "./modules/event-bus"

  name              = local.name
  event_source      = var.event_source
  event_detail_type = var.event_detail_type
  archive_days      = var.event_archive_days
  log_group_arn     = module.observability.log_groups["events"].arn
}

module "auth" {
  source = "./modules/auth"

  name                = local.name
  domain              = "${local.name}-${local.account}"
  self_registration   = var.self_registration
  deletion_protection = var.deletion_protection
  parameter_prefix    = local.parameter_prefix
}

module "websocket_api" {
  source = "./modules/websocket-api"

  name       = local.name
  stage      = var.stage
  authorizer = local.integrations["authorizer"]
  functions  = { for key in ["connect", "disconnect", "message", "audio"] : key => local.integrations[key] }

  # Every other action of the protocol comes by $default, to the same function.
  routes = {
    "$connect"    = "connect"
    "$disconnect" = "disconnect"
    "$default"    = "message"
    join          = "message"
    leave         = "message"
    ping          = "message"
    probe         = "message"
    sendaudio     = "audio"
    audio         = "audio"
  }

  throttles               = var.throttles
  access_log_group_arn    = module.observability.log_groups["access"].arn
  parameter_prefix        = local.parameter_prefix
  manage_account_log_role = var.manage_account_log_role
}

module "flink" {
  source = "./modules/flink-application"

  name                   = local.name
  runtime                = var.flink.runtime
  policy                 = data.aws_iam_policy_document.job.json
  parallelism            = var.flink.parallelism
  parallelism_per_kpu    = var.flink.parallelism_per_kpu
  auto_scaling           = var.flink.auto_scaling
  checkpoint_interval_ms = var.flink.checkpoint_interval_ms
  metrics_level          = var.flink.metrics_level
  log_group              = module.observability.log_groups["job"]
  property_groups        = local.property_groups

  code = {
    bucket_arn = aws_s3_bucket.code.arn
    key        = aws_s3_object.jar["flink-job"].key
    version    = aws_s3_object.jar["flink-job"].version_id
  }
}

module "observability" {
  source = "./modules/observability"

  name                   = local.name
  log_retention_days     = var.log_retention_days
  api_id                 = module.websocket_api.id
  stage                  = var.stage
  function_names         = { for key, function in module.function : key => function.name }
  stream_name            = module.voice_stream.name
  consumer_name          = local.consumer
  application_name       = module.flink.name
  parallelism            = var.flink.parallelism
  table_name             = module.connections_table.name
  dead_letter_queue_name = module.event_bus.dead_letter_queue_name
  thresholds             = var.alarm_thresholds
  alarm_emails           = var.alarm_emails
  monthly_budget_usd     = var.monthly_budget_usd
}
