// A peer of the control socket that means no good. The first argument is always the socket.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "attacker.h"

static int connect_to(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) fail("the socket's path is too long");
  strcpy(address.sun_path, path);
  int peer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (peer < 0) return -1;
  struct timeval timeout = {.tv_sec = 5};
  setsockopt(peer, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  if (connect(peer, (struct sockaddr *)&address, sizeof address) == 0) return peer;
  close(peer);
  return -1;
}

static const char status_call[] = "{\"method\":\"io.mcpolicyd.Status\"}";

// Many peers that say one byte at a time.
static void control_slow(long rounds, char **arguments) {
  enum { peers = 64 };
  int connected[peers];
  for (int index = 0; index < peers; index++) connected[index] = connect_to(arguments[0]);
  for (long round = 0; round < rounds; round++) {
    for (int index = 0; index < peers; index++) {
      const char *byte = &status_call[round % (long)(sizeof status_call - 1)];
      send(connected[index], byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
    }
    rest(100);
  }
}

static void control_half(long rounds, char **arguments) {
  for (long round = 0; round < rounds; round++) {
    int peer = connect_to(arguments[0]);
    size_t part = (size_t)round % sizeof status_call;
    if (part) send(peer, status_call, part, MSG_NOSIGNAL);
    if (round % 2) shutdown(peer, SHUT_WR);
    close(peer);
  }
}

// As many connections as this process may have, each held until its turn comes again.
static void control_flood(long rounds, char **arguments) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max < 20000 ? limit.rlim_max : 20000;
  setrlimit(RLIMIT_NOFILE, &limit);
  long room = (long)limit.rlim_cur - 32;
  int *peers = malloc((size_t)room * sizeof *peers);
  if (!peers) fail("malloc");
  for (long round = 0; round < rounds; round++) {
    if (round >= room) close(peers[round % room]);
    peers[round % room] = connect_to(arguments[0]);
  }
  free(peers);
}

// A message of 100 MiB without an end.
static void control_huge(long rounds, char **arguments) {
  static char block[1 << 16];
  memset(block, 'x', sizeof block);
  for (long round = 0; round < rounds; round++) {
    int peer = connect_to(arguments[0]);
    for (int count = 0; count < 1600; count++) {
      if (send(peer, block, sizeof block, MSG_NOSIGNAL) < 0) break;
    }
    close(peer);
  }
}

static void control_deep(long rounds, char **arguments) {
  static char text[60000];
  for (long round = 0; round < rounds; round++) {
    int peer = connect_to(arguments[0]);
    int start = snprintf(text, sizeof text, "{\"method\":\"io.mcpolicyd.Status\",\"parameters\":");
    memset(text + start, round % 2 ? '[' : '{', sizeof text - (size_t)start - 1);
    text[sizeof text - 1] = 0;
    send(peer, text, sizeof text, MSG_NOSIGNAL);
    close(peer);
  }
}

// Asks for everything and reads nothing.
static void control_deaf(long rounds, char **arguments) {
  const char *calls[] = {
      "{\"method\":\"io.mcpolicyd.ListIncidents\"}",
      "{\"method\":\"io.mcpolicyd.WatchIncidents\",\"more\":true}",
      "{\"method\":\"org.varlink.service.GetInterfaceDescription\","
      "\"parameters\":{\"interface\":\"io.mcpolicyd\"}}",
  };
  int peer = -1;
  for (long round = 0; round < rounds; round++) {
    const char *call = calls[round % 3];
    if (peer >= 0 && send(peer, call, strlen(call) + 1, MSG_NOSIGNAL | MSG_DONTWAIT) > 0) continue;
    close(peer);
    peer = connect_to(arguments[0]);
  }
}

static void control_noise(long rounds, char **arguments) {
  unsigned state = 1;
  char text[512];
  for (long round = 0; round < rounds; round++) {
    int peer = connect_to(arguments[0]);
    for (size_t index = 0; index < sizeof text; index++) {
      text[index] = (char)((state = state * 1103515245 + 12345) >> 16);
    }
    // Every other time something that starts as a call does.
    if (round % 2) memcpy(text, status_call, (size_t)(state >> 16) % sizeof status_call);
    send(peer, text, sizeof text, MSG_NOSIGNAL);
    close(peer);
  }
}

// One call, its replies printed one a line until the daemon hangs up or nothing more comes.
static void control_call(long rounds, char **arguments) {
  static char reply[1 << 16];
  for (long round = 0; round < rounds; round++) {
    int peer = connect_to(arguments[0]);
    if (peer < 0) fail("connect");
    if (send(peer, arguments[1], strlen(arguments[1]) + 1, MSG_NOSIGNAL) < 0) fail("send");
    for (int ended = 0; !ended;) {
      ssize_t count = recv(peer, reply, sizeof reply, 0);
      if (count <= 0) break;
      for (ssize_t index = 0; index < count; index++) {
        putchar(reply[index] ? reply[index] : '\n');
        ended = !reply[index];
      }
    }
    close(peer);
  }
  fflush(stdout);
}

const struct attack control_attacks[] = {
    {"control-slow", control_slow},   {"control-half", control_half},
    {"control-flood", control_flood}, {"control-huge", control_huge},
    {"control-deep", control_deep},   {"control-deaf", control_deaf},
    {"control-noise", control_noise}, {"control-call", control_call},
    {NULL, NULL},
};
