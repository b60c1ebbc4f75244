variable "name" {
  description = "Name of the bus."
  type        = string
}

variable "event_source" {
  description = "Source of the SendAudioEvents."
  type        = string
}

variable "event_detail_type" {
  description = "Detail type of the SendAudioEvents."
  type        = string
}

variable "archive_days" {
  description = "How long the bus keeps events for a replay, in days; 0: for ever."
  type        = number
}

variable "log_group_arn" {
  description = "ARN of the log group that gets every SendAudioEvent, without :* at its end; the name must begin with /aws/events/."
  type        = string
}
