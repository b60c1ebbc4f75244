region      = "eu-central-1"
stage       = "try"
room_policy = "open"

# Nothing of it is meant to stay.
deletion_protection  = false
archive_mode         = "off"
event_granularity    = "none"
event_archive_days   = 1
log_retention_days   = 3
audio_retention_days = 1

load = { rooms = 5, speakers_per_room = 2, listeners_per_room = 5 }
throttles = {
  connects = { rate = 10, burst = 20 }
  audio    = { rate = 200, burst = 100 }
  messages = { rate = 50, burst = 50 }
}
