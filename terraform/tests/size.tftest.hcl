# What parley size prints is what the module takes. Written by SizingPageTest: docs/sizing.md says how.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  region        = "eu-central-1"
  artifacts_dir = "./tests/artifacts"
  ticket_jwks   = "https://game.example/jwks.json"
}

run "takes_ten_rooms" {
  command = plan

  variables {
    load = { rooms = 10, speakers_per_room = 2, listeners_per_room = 10 }
    room = { chunk_ms = 100, tick_period_ms = 100 }
    throttles = {
      connects = { rate = 50, burst = 100 }
      audio    = { rate = 1000, burst = 1000 }
      messages = { rate = 200, burst = 200 }
    }
    shard_count = 1
    flink       = { parallelism = 1 }
  }
}

run "takes_a_hundred_rooms" {
  command = plan

  variables {
    load = { rooms = 100, speakers_per_room = 2, listeners_per_room = 10 }
    room = { chunk_ms = 100, tick_period_ms = 100 }
    throttles = {
      connects = { rate = 50, burst = 100 }
      audio    = { rate = 2500, burst = 2500 }
      messages = { rate = 200, burst = 200 }
    }
    shard_count                 = 4
    flink                       = { parallelism = 3 }
    account_requests_per_second = 15000
    archive_mode                = "segment"
  }
}

run "takes_large_rooms" {
  command = plan

  variables {
    load = { rooms = 20, speakers_per_room = 40, listeners_per_room = 400 }
    room = { chunk_ms = 200, tick_period_ms = 400, playout_hint_ms = 420, max_speakers = 40, rate = 3000 }
    throttles = {
      connects = { rate = 134, burst = 134 }
      audio    = { rate = 5000, burst = 5000 }
      messages = { rate = 268, burst = 268 }
    }
    shard_count                 = 8
    flink                       = { parallelism = 2 }
    broadcast                   = { lanes = 17 }
    ingest                      = { max_members = 400 }
    account_requests_per_second = 30000
    archive_mode                = "both"
  }
}

run "takes_ten_thousand_rooms" {
  command = plan

  variables {
    load = { rooms = 10000, speakers_per_room = 2, listeners_per_room = 10 }
    room = { chunk_ms = 60, tick_period_ms = 60 }
    throttles = {
      connects = { rate = 500, burst = 500 }
      audio    = { rate = 416667, burst = 416667 }
      messages = { rate = 1000, burst = 1000 }
    }
    stream_on_demand            = true
    flink                       = { parallelism = 414, max_parallelism = 828 }
    account_requests_per_second = 2500000
    archive_mode                = "off"
  }
}
