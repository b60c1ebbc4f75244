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
