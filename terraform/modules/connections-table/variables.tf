variable "name" {
  description = "Name of the table of connections and rooms."
  type        = string
}

variable "deletion_protection" {
  description = "Whether the table refuses to be destroyed."
  type        = bool
  default     = false
}
