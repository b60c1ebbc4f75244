variable "bucket" {
  description = "Name of the bucket of recorded voice; also the alias of its key."
  type        = string
}

variable "retention_days" {
  description = "After how many days recorded voice is deleted."
  type        = number
}

variable "force_destroy" {
  description = "Whether destroy deletes the bucket with what is in it."
  type        = bool
  default     = false
}

variable "writer_role_arns" {
  description = "Roles that seal and store chunks."
  type        = list(string)
}

variable "log_role_arns" {
  description = "Roles that seal and store segments, and compare them with what is there."
  type        = list(string)
}

variable "reader_arns" {
  description = "Roles or users that may open what is stored."
  type        = set(string)
}
