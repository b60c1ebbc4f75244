variable "name" {
  description = "Name of the deployment, with which all names begin."
  type        = string
}

variable "log_retention_days" {
  description = "How long logs are kept, in days."
  type        = number
}

variable "api_id" {
  description = "Id of the WebSocket API."
  type        = string
}

variable "stage" {
  description = "Stage of the WebSocket API."
  type        = string
}

variable "function_names" {
  description = "Names of the functions, by what they are called in alarms and on the dashboard."
  type        = map(string)
}

variable "stream_name" {
  description = "Name of the voice stream."
  type        = string
}

variable "consumer_name" {
  description = "Name of the stream's enhanced fan-out consumer."
  type        = string
}

variable "application_name" {
  description = "Name of the Flink application."
  type        = string
}

variable "parallelism" {
  description = "Subtasks of the job's operators."
  type        = number
}

variable "table_name" {
  description = "Name of the table of connections and rooms."
  type        = string
}

variable "dead_letter_queue_name" {
  description = "Name of the queue of what could not be delivered."
  type        = string
}

variable "thresholds" {
  description = "Above what the alarms go off: sums are of a minute."
  type = object({
    lambda_errors      = number
    job_restarts       = number
    failed_checkpoints = number
    behind_ms          = number
    posts_dropped      = number
    archive_failures   = number
    gateway_errors     = number
  })
}

variable "alarm_emails" {
  description = "Who is told of alarms."
  type        = set(string)
}

variable "monthly_budget_usd" {
  description = "Of the whole account, in US dollars: who is told of alarms is told when it will be exceeded; 0: no budget."
  type        = number
}
