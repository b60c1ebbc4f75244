variable "name" {
  description = "Name of the function, and of its role."
  type        = string
}

variable "description" {
  description = "What the function does."
  type        = string
}

variable "handler" {
  description = "Handler class."
  type        = string
}

variable "code" {
  description = "The jar: its S3 object, with version, and the base64 SHA-256 of its content."
  type = object({
    bucket  = string
    key     = string
    version = string
    hash    = string
  })
}

variable "environment" {
  description = "Environment variables. Never secrets."
  type        = map(string)
}

variable "policy" {
  description = "Policy document of the role, as JSON; the rights to write the log are added."
  type        = string
}

variable "memory_mb" {
  description = "Memory, in MB; the share of a processor grows with it."
  type        = number

  validation {
    condition     = var.memory_mb >= 128 && var.memory_mb <= 10240
    error_message = "memory_mb must be between 128 and 10240."
  }
}

variable "timeout_seconds" {
  description = "When an invocation is given up, in seconds."
  type        = number

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 900
    error_message = "timeout_seconds must be between 1 and 900."
  }
}

variable "reserved_concurrency" {
  description = "Concurrent executions kept for the function, and its bound; -1: shares the account's."
  type        = number
  default     = -1
}

variable "snap_start" {
  description = "Whether published versions start from a snapshot."
  type        = bool
  default     = false

  validation {
    condition     = !var.snap_start || var.provisioned_concurrency == 0
    error_message = "snap_start and provisioned_concurrency cannot be had together: set snap_start = false, or provisioned_concurrency = 0."
  }
}

variable "provisioned_concurrency" {
  description = "Execution environments that are kept warm; 0: none."
  type        = number
  default     = 0
}

variable "log_retention_days" {
  description = "How long the log is kept, in days."
  type        = number
}

variable "log_key_arn" {
  description = "ARN of the KMS key that encrypts the log."
  type        = string
}

variable "on_failure" {
  description = "Queue for asynchronous invocations that failed; null: they are lost."
  type        = object({ queue_arn = string })
  default     = null
}
