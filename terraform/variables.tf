variable "region" {
  description = "AWS region of everything."
  type        = string

  # "AWS service endpoints" in the AWS general reference, in copies of 2026. A list, since a plan may have no way to ask.
  validation {
    condition = contains(concat(tolist(var.further_regions), [
      "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
      "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-7", "ca-central-1",
      "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3",
      "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2",
    ]), var.region)
    error_message = "region is '${var.region}', which is no AWS region that this module knows: write the code of one, such as eu-central-1, or name it in further_regions if AWS has it."
  }
}

variable "further_regions" {
  description = "Regions that AWS has and this module does not know, such as new ones; region is then taken as it is."
  type        = set(string)
  default     = []
}

variable "name" {
  description = "With what the names of everything begin; the stage follows."
  type        = string
  default     = "parley"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,15}$", var.name))
    error_message = "name must be 1 to 16 of a-z, 0-9 and -, beginning with a letter: buckets are named by it."
  }

  validation {
    condition     = !can(regex("aws|amazon|cognito", var.name))
    error_message = "name must not have aws, amazon or cognito in it: Cognito refuses a domain with these."
  }
}

variable "stage" {
  description = "Stage of the API, the last part of its URL, and part of all names."
  type        = string
  default     = "prod"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,11}$", var.stage))
    error_message = "stage must be 1 to 12 of a-z, 0-9 and -, beginning with a letter: buckets are named by it."
  }
}

variable "artifacts_dir" {
  description = "Folder of ingest-lambdas.jar, broadcast-lambda.jar and flink-job.jar."
  type        = string
  default     = "../dist"

  validation {
    condition = alltrue([
      for jar in ["ingest-lambdas", "broadcast-lambda", "flink-job"] : fileexists("${var.artifacts_dir}/${jar}.jar")
    ])
    error_message = "artifacts_dir is '${var.artifacts_dir}', where ingest-lambdas.jar, broadcast-lambda.jar or flink-job.jar is missing: run ./parley build, or name the folder that has them."
  }
}

variable "deletion_protection" {
  description = "Whether table, users and recorded voice are kept from destroy."
  type        = bool
  default     = true
}

variable "room_policy" {
  description = "Who may join a room: ticket or open."
  type        = string
  default     = "ticket"

  validation {
    condition     = contains(["ticket", "open"], var.room_policy)
    error_message = "room_policy is '${var.room_policy}', but must be ticket or open."
  }

  validation {
    condition     = !(var.room_policy == "open" && var.self_registration)
    error_message = "room_policy is open and self_registration is true, so anybody at all could listen to any room: set room_policy = \"ticket\", or self_registration = false."
  }
}

variable "self_registration" {
  description = "Whether anybody may make themselves a user; else an administrator makes users."
  type        = bool
  default     = false
}

variable "ticket_jwks" {
  description = "Public keys of room tickets: a JWK set as JSON, or its https address; needed with room_policy = \"ticket\"."
  type        = string
  default     = ""

  validation {
    condition     = var.room_policy != "ticket" || startswith(var.ticket_jwks, "https://") || can(jsondecode(var.ticket_jwks).keys)
    error_message = "ticket_jwks must be a JWK set as JSON or its https address where room_policy is ticket: name the public keys of the game's backend (docs/tickets.md), or set room_policy = \"open\"."
  }

  validation {
    condition     = !can(regex("\"d\"\\s*:", var.ticket_jwks))
    error_message = "ticket_jwks has a private key (the member d): name the public keys only."
  }
}

variable "ticket_audience" {
  description = "This deployment's name in the claim aud of room tickets; empty: name and stage, such as parley-prod."
  type        = string
  default     = ""
}

variable "allowed_origins" {
  description = "Origins of web pages that may connect, such as https://play.example."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for origin in var.allowed_origins : can(regex("^https?://[^/?#@,\\s]+$", origin))])
    error_message = "allowed_origins must be like https://play.example or http://a:8080, with nothing behind."
  }
}

variable "seed_clients" {
  description = "Whether clients of the original protocol are admitted with the API key alone: anybody who has it is let into one room."
  type        = bool
  default     = false
}

variable "archive_mode" {
  description = "What is kept of the audio in S3: chunk, segment, both or off."
  type        = string
  default     = "chunk"

  validation {
    condition     = contains(["chunk", "segment", "both", "off"], var.archive_mode)
    error_message = "archive_mode is '${var.archive_mode}', but must be chunk, segment, both or off."
  }
}

variable "event_granularity" {
  description = "For which chunks SendAudioEvents are published: utterance, chunk or none."
  type        = string
  default     = "utterance"

  validation {
    condition     = contains(["utterance", "chunk", "none"], var.event_granularity)
    error_message = "event_granularity is '${var.event_granularity}', but must be utterance, chunk or none."
  }
}

variable "event_source" {
  description = "Source of the SendAudioEvents."
  type        = string
  default     = "voice-chat"
}

variable "event_detail_type" {
  description = "Detail type of the SendAudioEvents."
  type        = string
  default     = "SendAudioEvent"
}

variable "event_archive_days" {
  description = "How long the bus keeps events for a replay, in days; 0: for ever."
  type        = number
  default     = 7
}

variable "audio_retention_days" {
  description = "After how many days recorded voice is deleted."
  type        = number
  default     = 30

  validation {
    condition     = var.audio_retention_days >= 1
    error_message = "audio_retention_days must be at least 1; to keep nothing set archive_mode = \"off\"."
  }
}

variable "audio_reader_arns" {
  description = "ARNs of IAM roles or users who may open recorded voice, such as with ./parley verify. They need s3:GetObject and s3:ListBucket on the bucket, and kms:Decrypt, in their own policies too."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for arn in var.audio_reader_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/", arn))])
    error_message = "audio_reader_arns must be ARNs of IAM roles or users, such as arn:aws:iam::111122223333:role/moderation."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept, in days."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827], var.log_retention_days)
    error_message = "log_retention_days must be one that CloudWatch takes, such as 1, 3, 7, 14, 30, 90 or 365."
  }
}

variable "stream_on_demand" {
  description = "Whether Kinesis chooses the number of shards."
  type        = bool
  default     = false
}

variable "shard_count" {
  description = "Shards of the stream where it is not on demand; a shard takes 1,000 records a second."
  type        = number
  default     = 1

  validation {
    condition     = var.shard_count >= 1 && var.shard_count <= 500
    error_message = "shard_count must be between 1 and 500."
  }

  validation {
    condition     = var.stream_on_demand || var.shard_count * 1000 >= var.load.rooms * var.load.speakers_per_room * 1000 / var.room.chunk_ms
    error_message = "shard_count is ${var.shard_count}, but the speakers of load send ${ceil(var.load.rooms * var.load.speakers_per_room * 1000 / var.room.chunk_ms)} records a second and a shard takes 1,000: raise shard_count, or set stream_on_demand = true."
  }
}

variable "stream_retention_hours" {
  description = "How long records stay readable, in hours."
  type        = number
  default     = 24

  validation {
    condition     = var.stream_retention_hours >= 24 && var.stream_retention_hours <= 8760
    error_message = "stream_retention_hours must be between 24 and 8760."
  }
}

variable "load" {
  description = "What the deployment is for, to check throttles and shards against: rooms that talk at once, and in each who speaks at once and who listens."
  type = object({
    rooms              = optional(number, 20)
    speakers_per_room  = optional(number, 2)
    listeners_per_room = optional(number, 10)
  })
  default = {}
}

variable "throttles" {
  description = "Messages a second, and at once, of each route: $connect, the two audio routes, and each of the others."
  type = object({
    connects = optional(object({ rate = number, burst = number }), { rate = 50, burst = 100 })
    audio    = optional(object({ rate = number, burst = number }), { rate = 1000, burst = 500 })
    messages = optional(object({ rate = number, burst = number }), { rate = 200, burst = 200 })
  })
  default = {}

  validation {
    condition     = var.throttles.audio.rate >= var.load.rooms * var.load.speakers_per_room * 1000 / var.room.chunk_ms
    error_message = "throttles.audio.rate is ${var.throttles.audio.rate} a second, but the speakers of load send ${ceil(var.load.rooms * var.load.speakers_per_room * 1000 / var.room.chunk_ms)}: raise it, or room.chunk_ms."
  }

  validation {
    condition     = var.throttles.audio.burst >= var.load.rooms * var.load.speakers_per_room
    error_message = "throttles.audio.burst is ${var.throttles.audio.burst}, but ${var.load.rooms * var.load.speakers_per_room} speakers of load may send in the same moment: raise it."
  }
}

variable "account_requests_per_second" {
  description = "The account's limit of API Gateway requests in the region, which messages and posts share. AWS begins with 10,000, in some regions with 2,500."
  type        = number
  default     = 10000

  validation {
    condition     = var.load.rooms * (var.load.speakers_per_room * 1000 / var.room.chunk_ms + var.load.listeners_per_room * 1000 / var.room.tick_period_ms) <= var.account_requests_per_second
    error_message = "load makes ${ceil(var.load.rooms * (var.load.speakers_per_room * 1000 / var.room.chunk_ms + var.load.listeners_per_room * 1000 / var.room.tick_period_ms))} messages and posts a second, but account_requests_per_second is ${var.account_requests_per_second}: raise room.tick_period_ms, or have AWS raise the account's limit and name it here."
  }
}

variable "manage_account_log_role" {
  description = "Whether to set the role by which API Gateway writes logs. There is one for the account and region: false where another one is set already."
  type        = bool
  default     = true
}

variable "functions" {
  description = "Of each Lambda: memory in MB, timeout, reserved concurrency (-1: shares the account's), and SnapStart or how many environments are kept warm."
  type = object({
    authorizer = optional(object({ memory_mb = optional(number, 1024), timeout_seconds = optional(number, 10), reserved_concurrency = optional(number, -1), snap_start = optional(bool, true), provisioned_concurrency = optional(number, 0) }), {})
    connect    = optional(object({ memory_mb = optional(number, 1024), timeout_seconds = optional(number, 10), reserved_concurrency = optional(number, -1), snap_start = optional(bool, true), provisioned_concurrency = optional(number, 0) }), {})
    disconnect = optional(object({ memory_mb = optional(number, 1024), timeout_seconds = optional(number, 29), reserved_concurrency = optional(number, -1), snap_start = optional(bool, true), provisioned_concurrency = optional(number, 0) }), {})
    message    = optional(object({ memory_mb = optional(number, 1024), timeout_seconds = optional(number, 29), reserved_concurrency = optional(number, -1), snap_start = optional(bool, true), provisioned_concurrency = optional(number, 0) }), {})
    audio      = optional(object({ memory_mb = optional(number, 1024), timeout_seconds = optional(number, 10), reserved_concurrency = optional(number, -1), snap_start = optional(bool, true), provisioned_concurrency = optional(number, 0) }), {})
    operator   = optional(object({ memory_mb = optional(number, 1024), timeout_seconds = optional(number, 60), reserved_concurrency = optional(number, -1), snap_start = optional(bool, false), provisioned_concurrency = optional(number, 0) }), {})
    broadcast  = optional(object({ memory_mb = optional(number, 1769), timeout_seconds = optional(number, 10), reserved_concurrency = optional(number, -1), snap_start = optional(bool, true), provisioned_concurrency = optional(number, 0) }), {})
  })
  default = {}

  validation {
    condition     = alltrue([for function in values(var.functions) : !(function.snap_start && function.provisioned_concurrency > 0)])
    error_message = "functions has one with snap_start and provisioned_concurrency, which cannot be had together: set its snap_start = false, or its provisioned_concurrency = 0."
  }

  validation {
    condition     = var.functions.broadcast.timeout_seconds * 1000 > var.room.playout_deadline_ms && var.functions.broadcast.timeout_seconds * 1000 > var.broadcast.call_timeout_ms
    error_message = "functions.broadcast.timeout_seconds is ${var.functions.broadcast.timeout_seconds}, but must be over room.playout_deadline_ms and broadcast.call_timeout_ms: raise it."
  }

  validation {
    condition     = var.functions.broadcast.reserved_concurrency == -1 || var.functions.broadcast.reserved_concurrency >= var.flink.parallelism * var.broadcast.lanes
    error_message = "functions.broadcast.reserved_concurrency is ${var.functions.broadcast.reserved_concurrency}, but the job makes up to ${var.flink.parallelism * var.broadcast.lanes} calls at a time (flink.parallelism times broadcast.lanes): raise it, or set -1."
  }
}

variable "ingest" {
  description = "Settings of the ingest Lambdas, see docs/tuning.md."
  type = object({
    max_members             = optional(number, 100)
    max_rooms               = optional(number, 4)
    max_connections         = optional(number, 4)
    max_messages_per_second = optional(number, 60)
    abuse_suspend_minutes   = optional(number, 10)
    seed_room               = optional(string, "lobby")
    seed_bytes_per_second   = optional(number, 48000)
  })
  default = {}
}

variable "room" {
  description = "Settings of rooms, property group parley.rooms: tick_period_ms is room.tick-period-ms, and so on; see docs/tuning.md."
  type = object({
    tick_period_ms         = optional(number, 100)
    chunk_ms               = optional(number, 100)
    min_hold_ms            = optional(number, 40)
    max_hold_ms            = optional(number, 200)
    max_held_frames        = optional(number, 50)
    playout_deadline_ms    = optional(number, 1000)
    speaker_timeout_ms     = optional(number, 5000)
    rate_frames_per_second = optional(number, 75)
    rate_burst_frames      = optional(number, 100)
    loudest                = optional(number, 8)
    max_speakers           = optional(number, 32)
    rate                   = optional(number, 2400)
    max_tick_bytes         = optional(number, 98304)
    playout_hint_ms        = optional(number, 120)
    evict_idle_ms          = optional(number, 60000)
  })
  default = {}

  validation {
    condition     = var.room.tick_period_ms >= 20 && var.room.tick_period_ms <= 1000
    error_message = "room.tick_period_ms must be between 20 and 1000."
  }

  validation {
    condition     = var.room.chunk_ms >= 20 && var.room.chunk_ms <= 200
    error_message = "room.chunk_ms must be between 20 and 200."
  }

  validation {
    condition     = var.room.tick_period_ms % var.room.chunk_ms == 0
    error_message = "room.tick_period_ms is ${var.room.tick_period_ms}, but must be a multiple of room.chunk_ms, which is ${var.room.chunk_ms}: some ticks would go out empty."
  }

  validation {
    condition     = var.room.min_hold_ms <= var.room.max_hold_ms && var.room.max_hold_ms < var.room.playout_deadline_ms
    error_message = "room.min_hold_ms must not be over room.max_hold_ms, and that must be under room.playout_deadline_ms: raise the deadline, or hold less."
  }
}

variable "broadcast" {
  description = "Settings of the broadcast, of the job's side and of the Lambda's, see docs/tuning.md."
  type = object({
    lanes                = optional(number, 16)
    call_timeout_ms      = optional(number, 800)
    max_waiting_ticks    = optional(number, 200)
    concurrency          = optional(number, 64)
    retry_delay_ms       = optional(number, 25)
    post_timeout_ms      = optional(number, 800)
    roster_seconds       = optional(number, 30)
    roster_stale_seconds = optional(number, 300)
    roster_rooms         = optional(number, 1000)
  })
  default = {}

  validation {
    condition     = var.broadcast.call_timeout_ms < var.room.playout_deadline_ms
    error_message = "broadcast.call_timeout_ms is ${var.broadcast.call_timeout_ms}, but must be under room.playout_deadline_ms, which is ${var.room.playout_deadline_ms}."
  }
}

variable "segments" {
  description = "Settings of the tick log, see docs/tuning.md."
  type = object({
    max_bytes       = optional(number, 1048576)
    uploads         = optional(number, 16)
    max_spool_bytes = optional(number, 67108864)
  })
  default = {}
}

variable "flink" {
  description = "The Flink application. auto_scaling restarts the job whenever it scales, a gap in all rooms; max_parallelism never changes in a job's life."
  type = object({
    runtime                = optional(string, "FLINK-1_20")
    parallelism            = optional(number, 1)
    parallelism_per_kpu    = optional(number, 1)
    max_parallelism        = optional(number, 128)
    auto_scaling           = optional(bool, false)
    checkpoint_interval_ms = optional(number, 10000)
    buffer_timeout_ms      = optional(number, 2)
    initial_position       = optional(string, "latest")
    metrics_level          = optional(string, "TASK")
  })
  default = {}

  validation {
    condition     = contains(["FLINK-1_20", "FLINK-1_19"], var.flink.runtime)
    error_message = "flink.runtime is '${var.flink.runtime}', but must be FLINK-1_20 or FLINK-1_19."
  }

  validation {
    condition     = var.flink.parallelism >= 1 && var.flink.parallelism <= var.flink.max_parallelism
    error_message = "flink.parallelism is ${var.flink.parallelism}, but must be between 1 and flink.max_parallelism, which is ${var.flink.max_parallelism}: lower it. (A higher max_parallelism gives up the state of a running job.)"
  }

  validation {
    condition     = var.flink.parallelism_per_kpu >= 1 && var.flink.parallelism_per_kpu <= 8
    error_message = "flink.parallelism_per_kpu must be between 1 and 8."
  }

  validation {
    condition     = contains(["latest", "trim-horizon"], var.flink.initial_position)
    error_message = "flink.initial_position must be latest or trim-horizon."
  }

  validation {
    condition     = contains(["APPLICATION", "TASK", "OPERATOR", "PARALLELISM"], var.flink.metrics_level)
    error_message = "flink.metrics_level must be APPLICATION, TASK, OPERATOR or PARALLELISM."
  }
}

variable "alarm_emails" {
  description = "Who is told of alarms; AWS asks each to confirm."
  type        = set(string)
  default     = []
}

variable "alarm_thresholds" {
  description = "Above what the alarms go off: sums are of a minute; of job_restarts and failed_checkpoints of five."
  type = object({
    lambda_errors      = optional(number, 5)
    job_restarts       = optional(number, 2)
    failed_checkpoints = optional(number, 3)
    behind_ms          = optional(number, 1000)
    posts_dropped      = optional(number, 50)
    archive_failures   = optional(number, 5)
    gateway_errors     = optional(number, 5)
  })
  default = {}
}

variable "monthly_budget_usd" {
  description = "Of the whole account, in US dollars: alarm_emails are told when it will be exceeded; 0: no budget."
  type        = number
  default     = 0

  validation {
    condition     = var.monthly_budget_usd == 0 || length(var.alarm_emails) > 0
    error_message = "monthly_budget_usd needs somebody to tell: name alarm_emails."
  }
}
