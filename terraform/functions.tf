locals {
  shared_settings = {
    ARCHIVE_MODE      = var.archive_mode
    EVENT_GRANULARITY = var.event_granularity
    EVENT_BUS_NAME    = module.event_bus.name
    EVENT_SOURCE      = var.event_source
    EVENT_DETAIL_TYPE = var.event_detail_type
  }

  places = {
    CONNECTIONS_TABLE = module.connections_table.name
    VOICE_STREAM      = module.voice_stream.name
    CALLBACK_URL      = module.websocket_api.callback_url
  }

  ingest_settings = merge(local.shared_settings, local.places, {
    AUDIO_BUCKET            = module.audio_storage.bucket
    AUDIO_KEY_ID            = module.audio_storage.key_arn
    ROOM_POLICY             = var.room_policy
    SEED_CLIENTS            = var.seed_clients ? "on" : "off"
    SEED_ROOM               = var.ingest.seed_room
    SEED_BYTES_PER_SECOND   = var.ingest.seed_bytes_per_second
    MAX_MEMBERS             = var.ingest.max_members
    MAX_ROOMS               = var.ingest.max_rooms
    MAX_CONNECTIONS         = var.ingest.max_connections
    MAX_MESSAGES_PER_SECOND = var.ingest.max_messages_per_second
    ABUSE_SUSPEND_MINUTES   = var.ingest.abuse_suspend_minutes
    ALLOWED_ORIGINS         = length(var.allowed_origins) == 0 ? "none" : join(",", var.allowed_origins)
    TOKEN_ISSUER            = module.auth.issuer
    TOKEN_CLIENT_ID         = module.auth.client_id
    },
    var.room_policy == "ticket" ? {
      TICKET_AUDIENCE = coalesce(var.ticket_audience, local.name)
      TICKET_JWKS     = var.ticket_jwks
    } : {},
  )

  broadcast_settings = merge(local.places, {
    BROADCAST_CONCURRENCY          = var.broadcast.concurrency
    BROADCAST_RETRY_DELAY_MS       = var.broadcast.retry_delay_ms
    BROADCAST_POST_TIMEOUT_MS      = var.broadcast.post_timeout_ms
    BROADCAST_ROSTER_SECONDS       = var.broadcast.roster_seconds
    BROADCAST_ROSTER_STALE_SECONDS = var.broadcast.roster_stale_seconds
    BROADCAST_ROSTER_ROOMS         = var.broadcast.roster_rooms
  })

  # What each function may do, by the names of local.rights.
  functions = {
    authorizer = { handler = "io.parley.ingest.AuthorizerHandler", rights = ["read"], description = "Says who may connect" }
    connect    = { handler = "io.parley.ingest.ConnectHandler", rights = ["read", "write", "stream", "connections"], description = "Takes note of a connection" }
    disconnect = { handler = "io.parley.ingest.DisconnectHandler", rights = ["read", "write", "stream"], description = "Takes a connection out of its rooms" }
    message    = { handler = "io.parley.ingest.MessageHandler", rights = ["read", "write", "stream", "connections"], description = "Takes every message but audio" }
    audio = {
      handler     = "io.parley.ingest.AudioHandler"
      rights      = concat(["read", "write", "stream", "connections", "events"], local.keeps_chunks ? ["archive", "audio_key"] : [])
      description = "Takes chunks of speech"
    }
    operator  = { handler = "io.parley.ingest.OperatorHandler", rights = ["read", "write", "stream", "connections"], description = "Suspends users and takes tickets back" }
    broadcast = { handler = "io.parley.broadcast.BroadcastHandler", rights = ["read", "write", "stream", "connections"], description = "Posts ticks to listeners" }
  }

  integrations = {
    for key, function in module.function : key => {
      name       = function.name
      alias_name = function.alias_name
      invoke_arn = function.invoke_arn
    }
  }
}

module "function" {
  source   = "./modules/lambda-function"
  for_each = local.functions

  name                    = "${local.name}-${each.key}"
  description             = each.value.description
  handler                 = each.value.handler
  code                    = local.code[each.key == "broadcast" ? "broadcast-lambda" : "ingest-lambdas"]
  environment             = each.key == "broadcast" ? local.broadcast_settings : local.ingest_settings
  policy                  = data.aws_iam_policy_document.function[each.key].json
  memory_mb               = var.functions[each.key].memory_mb
  timeout_seconds         = var.functions[each.key].timeout_seconds
  reserved_concurrency    = var.functions[each.key].reserved_concurrency
  snap_start              = var.functions[each.key].snap_start
  provisioned_concurrency = var.functions[each.key].provisioned_concurrency
  log_retention_days      = var.log_retention_days
  log_key_arn             = module.observability.key_arn

  # The others are only called by those who wait for the answer.
  on_failure = each.key == "operator" ? { queue_arn = module.event_bus.dead_letter_queue_arn } : null
}
