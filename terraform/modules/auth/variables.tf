variable "name" {
  description = "Name of the user pool."
  type        = string
}

variable "domain" {
  description = "Prefix of the pool's domain; unique among all pools of the region, of any account."
  type        = string
}

variable "self_registration" {
  description = "Whether anybody may make themselves a user; else an administrator makes users."
  type        = bool
}

variable "deletion_protection" {
  description = "Whether the pool refuses to be destroyed."
  type        = bool
  default     = false
}

variable "parameter_prefix" {
  description = "What the names of the parameters begin with, such as /game-server/prod."
  type        = string
}
