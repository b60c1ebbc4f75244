mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  region        = "eu-central-1"
  artifacts_dir = "./tests/artifacts"
  ticket_jwks   = "https://game.example/jwks.json"
}

run "the_defaults_make_a_deployment" {
  assert {
    condition     = output.websocket_url == "wss://mockapi.execute-api.eu-central-1.amazonaws.com/prod"
    error_message = "websocket_url is not the stage's"
  }

  assert {
    condition     = module.websocket_api.callback_url == "https://mockapi.execute-api.eu-central-1.amazonaws.com/prod"
    error_message = "callback_url is not the stage's https address"
  }

  assert {
    condition     = length(output.log_groups) == 10
    error_message = "a log group is missing among the outputs"
  }

  assert {
    condition     = output.login_command == "./parley login --user NAME --client-id ${output.user_pool_client_id} --region eu-central-1"
    error_message = "login_command does not name the client and region"
  }
}

run "settings_are_ones_that_the_programs_know" {
  command = plan

  assert {
    condition = alltrue([
      for key in concat(keys(local.ingest_settings), keys(local.broadcast_settings), flatten([for group in values(local.property_groups) : keys(group)])) :
      strcontains(file("../docs/tuning.md"), "| `${key}` |")
    ])
    error_message = "a Lambda or the job is given a setting that docs/tuning.md does not have"
  }

  assert {
    condition     = alltrue([for group in keys(local.property_groups) : strcontains(file("../docs/tuning.md"), "\n### ${group}\n") || group == "parley.rooms"])
    error_message = "the job is given a property group that docs/tuning.md does not have"
  }
}

run "defaults_are_those_of_the_programs" {
  command = plan

  assert {
    condition = alltrue([
      for key, value in merge(local.property_groups["parley.rooms"], local.property_groups["parley.job"], local.property_groups["parley.broadcast"], local.property_groups["parley.log"], local.broadcast_settings, local.ingest_settings) :
      strcontains(file("../docs/tuning.md"), "| `${key}` | `${value}` |")
      if !contains(["broadcast.function", "AUDIO_BUCKET", "AUDIO_KEY_ID", "job.parallelism", "CONNECTIONS_TABLE", "VOICE_STREAM", "CALLBACK_URL", "EVENT_BUS_NAME", "TOKEN_ISSUER", "TOKEN_CLIENT_ID", "TICKET_AUDIENCE", "TICKET_JWKS"], key)
    ])
    error_message = "a variable has another default than the program"
  }
}

run "settings_reach_the_job_under_its_names" {
  command = plan

  variables {
    room  = { tick_period_ms = 200, max_hold_ms = 300 }
    flink = { parallelism = 4, max_parallelism = 256 }
  }

  assert {
    condition     = local.property_groups["parley.rooms"]["room.tick-period-ms"] == "200" && local.property_groups["parley.rooms"]["room.max-hold-ms"] == "300"
    error_message = "the room's settings do not reach the job"
  }

  assert {
    condition     = local.property_groups["parley.job"]["job.parallelism"] == "4" && local.property_groups["parley.job"]["job.max-parallelism"] == "256"
    error_message = "the parallelism does not reach the job"
  }
}

run "open_rooms_need_no_ticket_keys" {
  command = plan

  variables {
    room_policy = "open"
    ticket_jwks = ""
  }

  assert {
    condition     = !contains(keys(local.ingest_settings), "TICKET_JWKS")
    error_message = "an open deployment is given ticket keys"
  }
}

run "the_page_has_every_variable_with_its_default" {
  command = plan

  assert {
    condition     = alltrue([for names in regexall("(?m)^variable \"(\\w+)\"", file("variables.tf")) : var.name != "" && strcontains(file("README.md"), "\n| `${names[0]}` | ")])
    error_message = "README.md lacks a variable"
  }

  assert {
    condition     = alltrue([for member, value in merge(var.load, var.ingest, var.room, var.broadcast, var.segments, var.flink, var.alarm_thresholds) : strcontains(file("README.md"), "`${member}` ${value}")])
    error_message = "README.md lacks a member of an object, or has another default"
  }
}
