package io.parley.local.system;

/** One frame of a speaker who has one connection only. */
record FrameId(String room, String participant, int sequence) {}
