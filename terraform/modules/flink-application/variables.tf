variable "name" {
  description = "Name of the application, and of its role."
  type        = string
}

variable "runtime" {
  description = "Flink's version: FLINK-1_20 or FLINK-1_19."
  type        = string
}

variable "code" {
  description = "The job's jar: its S3 object, with version."
  type = object({
    bucket_arn = string
    key        = string
    version    = string
  })
}

variable "policy" {
  description = "Policy document of the role, as JSON; the rights to read the jar and to write the log are added."
  type        = string
}

variable "property_groups" {
  description = "The job's property groups, see docs/tuning.md."
  type        = map(map(string))
}

variable "parallelism" {
  description = "Subtasks of each operator."
  type        = number
}

variable "parallelism_per_kpu" {
  description = "Subtasks that share a KPU, which is one processor and 4 GB."
  type        = number
}

variable "auto_scaling" {
  description = "Whether AWS changes the parallelism. Each change restarts the job: a gap in all rooms."
  type        = bool
}

variable "checkpoint_interval_ms" {
  description = "Between checkpoints, in ms."
  type        = number
}

variable "metrics_level" {
  description = "APPLICATION, TASK, OPERATOR or PARALLELISM: how finely metrics are told apart, and paid for."
  type        = string
  default     = "TASK"
}

variable "log_group" {
  description = "The log group of the application; the ARN without :* at its end."
  type = object({
    name = string
    arn  = string
  })
}
