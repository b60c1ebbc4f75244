variable "name" {
  description = "Name of the voice stream."
  type        = string
}

variable "consumer_name" {
  description = "Name of the enhanced fan-out consumer."
  type        = string
}

variable "on_demand" {
  description = "Whether Kinesis chooses the number of shards."
  type        = bool
}

variable "shard_count" {
  description = "Shards of a provisioned stream; not read where it is on demand."
  type        = number
}

variable "retention_hours" {
  description = "How long records stay readable, in hours."
  type        = number
}

variable "writer_role_arns" {
  description = "Roles that put records: Kinesis encrypts in their name."
  type        = list(string)
}

variable "reader_role_arns" {
  description = "Roles that read records: Kinesis decrypts in their name."
  type        = list(string)
}
