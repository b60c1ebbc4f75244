# Bad input is refused at plan, by the variable that has it.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  region        = "eu-central-1"
  artifacts_dir = "./tests/artifacts"
  ticket_jwks   = "https://game.example/jwks.json"
}

run "refuses_a_missing_jar" {
  command = plan

  variables {
    artifacts_dir = "./tests"
  }

  expect_failures = [var.artifacts_dir]
}

run "refuses_what_is_no_region" {
  command = plan

  variables {
    region = "Frankfurt"
  }

  expect_failures = [var.region]
}

run "refuses_a_region_that_aws_does_not_have" {
  command = plan

  variables {
    region = "eu-central-7"
  }

  expect_failures = [var.region]
}

run "takes_a_region_that_is_newer_than_the_list" {
  command = plan

  variables {
    region          = "eu-central-7"
    further_regions = ["eu-central-7"]
  }
}

run "refuses_snap_start_with_provisioned_concurrency" {
  command = plan

  variables {
    functions = { audio = { snap_start = true, provisioned_concurrency = 5 } }
  }

  expect_failures = [var.functions]
}

run "refuses_parallelism_above_max_parallelism" {
  command = plan

  variables {
    flink = { parallelism = 200 }
  }

  expect_failures = [var.flink]
}

run "refuses_a_flink_that_there_is_not" {
  command = plan

  variables {
    flink = { runtime = "FLINK-2_0" }
  }

  expect_failures = [var.flink]
}

run "refuses_open_rooms_with_self_registration" {
  command = plan

  variables {
    room_policy       = "open"
    self_registration = true
  }

  expect_failures = [var.room_policy]
}

run "refuses_ticket_rooms_without_keys" {
  command = plan

  variables {
    ticket_jwks = ""
  }

  expect_failures = [var.ticket_jwks]
}

run "refuses_a_private_ticket_key" {
  command = plan

  variables {
    ticket_jwks = "{\"keys\":[{\"kty\":\"EC\",\"d\":\"AA\"}]}"
  }

  expect_failures = [var.ticket_jwks]
}

run "refuses_audio_throttled_below_what_speakers_send" {
  command = plan

  variables {
    throttles = { audio = { rate = 50, burst = 100 } }
  }

  expect_failures = [var.throttles]
}

run "refuses_too_few_audio_messages_at_once" {
  command = plan

  variables {
    throttles = { audio = { rate = 1000, burst = 10 } }
  }

  expect_failures = [var.throttles]
}

run "refuses_more_posts_than_the_account_may_make" {
  command = plan

  variables {
    load      = { rooms = 50, listeners_per_room = 50 }
    throttles = { audio = { rate = 2000, burst = 1000 } }
  }

  expect_failures = [var.account_requests_per_second]
}

run "refuses_too_few_shards" {
  command = plan

  variables {
    load      = { rooms = 80 }
    throttles = { audio = { rate = 2000, burst = 1000 } }
  }

  expect_failures = [var.shard_count]
}

run "refuses_ticks_that_are_no_multiple_of_chunks" {
  command = plan

  variables {
    room = { tick_period_ms = 150 }
  }

  expect_failures = [var.room]
}

run "refuses_a_hold_over_the_playout_deadline" {
  command = plan

  variables {
    room = { max_hold_ms = 1200 }
  }

  expect_failures = [var.room]
}

run "refuses_calls_that_end_after_the_playout_deadline" {
  command = plan

  variables {
    broadcast = { call_timeout_ms = 1000 }
  }

  expect_failures = [var.broadcast]
}

run "refuses_a_broadcast_lambda_that_stops_before_its_calls" {
  command = plan

  variables {
    functions = { broadcast = { timeout_seconds = 1 } }
  }

  expect_failures = [var.functions]
}

run "refuses_fewer_broadcasts_at_a_time_than_lanes" {
  command = plan

  variables {
    functions = { broadcast = { reserved_concurrency = 4 } }
  }

  expect_failures = [var.functions]
}

run "refuses_an_archive_mode_that_there_is_not" {
  command = plan

  variables {
    archive_mode = "all"
  }

  expect_failures = [var.archive_mode]
}

run "refuses_an_origin_with_a_path" {
  command = plan

  variables {
    allowed_origins = ["https://play.example/game"]
  }

  expect_failures = [var.allowed_origins]
}

run "refuses_a_budget_that_nobody_hears_of" {
  command = plan

  variables {
    monthly_budget_usd = 100
  }

  expect_failures = [var.monthly_budget_usd]
}
