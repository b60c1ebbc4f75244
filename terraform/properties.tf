locals {
  # room.tick_period_ms is room.tick-period-ms in the job, and so on.
  property_groups = {
    "parley.source" = {
      "stream.name"                  = module.voice_stream.name
      "stream.reader"                = "efo"
      "stream.consumer-name"         = local.consumer
      "stream.consumer-registration" = "none"
      "stream.consumer-arn"          = module.voice_stream.consumer_arn
      "stream.initial-position"      = var.flink.initial_position
    }
    "parley.aws"   = { "aws.region" = var.region }
    "parley.rooms" = { for key, value in var.room : "room.${replace(key, "_", "-")}" => tostring(value) }
    "parley.broadcast" = {
      "broadcast.function"          = module.function["broadcast"].alias_arn
      "broadcast.lanes"             = tostring(var.broadcast.lanes)
      "broadcast.call-timeout-ms"   = tostring(var.broadcast.call_timeout_ms)
      "broadcast.max-waiting-ticks" = tostring(var.broadcast.max_waiting_ticks)
    }
    "parley.log" = {
      "ARCHIVE_MODE"          = var.archive_mode
      "AUDIO_BUCKET"          = module.audio_storage.bucket
      "AUDIO_KEY_ID"          = module.audio_storage.key_arn
      "log.max-segment-bytes" = tostring(var.segments.max_bytes)
      "log.uploads"           = tostring(var.segments.uploads)
      "log.max-spool-bytes"   = tostring(var.segments.max_spool_bytes)
    }
    "parley.events" = {
      "EVENT_GRANULARITY" = var.event_granularity
      "EVENT_BUS_NAME"    = module.event_bus.name
      "EVENT_SOURCE"      = var.event_source
      "EVENT_DETAIL_TYPE" = var.event_detail_type
    }
    "parley.job" = {
      "job.parallelism"            = tostring(var.flink.auto_scaling ? 0 : var.flink.parallelism)
      "job.max-parallelism"        = tostring(var.flink.max_parallelism)
      "job.checkpoint-interval-ms" = tostring(var.flink.checkpoint_interval_ms)
      "job.buffer-timeout-ms"      = tostring(var.flink.buffer_timeout_ms)
    }
  }
}
