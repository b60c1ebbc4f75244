region      = "eu-central-1"
ticket_jwks = "https://game.example/jwks.json"

# As ./parley size --rooms 100 --people 10 --speakers 2 --archive segment --tfvars prints it.
load = { rooms = 100, speakers_per_room = 2, listeners_per_room = 10 }
throttles = {
  connects = { rate = 50, burst = 100 }
  audio    = { rate = 2500, burst = 2500 }
  messages = { rate = 200, burst = 200 }
}
shard_count  = 4
flink        = { parallelism = 2 }
broadcast    = { lanes = 17 }
archive_mode = "segment"

# AWS begins with 10,000: have it raised before you apply.
account_requests_per_second = 15000

alarm_emails       = ["voice-operations@game.example"]
monthly_budget_usd = 50000
