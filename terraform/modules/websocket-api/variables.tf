variable "name" {
  description = "Name of the API, its key and its usage plan."
  type        = string
}

variable "stage" {
  description = "Name of the stage, the last part of the URL."
  type        = string
}

variable "authorizer" {
  description = "The function that says who may connect."
  type = object({
    name       = string
    alias_name = string
    invoke_arn = string
  })
}

variable "functions" {
  description = "The functions that take messages, by a name for use in routes."
  type = map(object({
    name       = string
    alias_name = string
    invoke_arn = string
  }))
}

variable "routes" {
  description = "Which of the functions takes which route."
  type        = map(string)

  validation {
    condition     = alltrue([for route in ["$connect", "$disconnect", "$default"] : contains(keys(var.routes), route)])
    error_message = "routes must have $connect, $disconnect and $default."
  }
}

variable "throttles" {
  description = "Messages a second, and at once, of each route: $connect, the audio routes, and each of the others."
  type = object({
    connects = object({ rate = number, burst = number })
    audio    = object({ rate = number, burst = number })
    messages = object({ rate = number, burst = number })
  })
}

variable "access_log_group_arn" {
  description = "ARN of the log group of accesses, without :* at its end."
  type        = string
}

variable "parameter_prefix" {
  description = "What the names of the parameters begin with, such as /game-server/prod."
  type        = string
}

variable "manage_account_log_role" {
  description = "Whether to set the role by which API Gateway writes logs; there is one for the account and region."
  type        = bool
}
