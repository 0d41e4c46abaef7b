// A file system of the user's own that answers late or never, mounted where root lets it be.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attacker.h"

static void reply(int device, uint64_t unique, int error, const void *body, size_t size) {
  char message[4096];
  struct fuse_out_header head = {
      .len = (uint32_t)(sizeof head + size), .error = -error, .unique = unique};
  memcpy(message, &head, sizeof head);
  if (size) memcpy(message + sizeof head, body, size);
  // A request whose asker gave up is gone: nobody misses the answer.
  if (write(device, message, head.len) < 0 && errno != ENOENT) fail("fuse reply");
}

static void answer(int device, const struct fuse_in_header *request, uid_t uid) {
  if (request->opcode == FUSE_INIT) {
    struct fuse_init_out out = {.major = 7, .minor = 31, .max_write = 4096};
    reply(device, request->unique, 0, &out, sizeof out);
  } else if (request->opcode == FUSE_GETATTR) {
    struct fuse_attr_out out = {
        .attr = {.ino = 1, .mode = S_IFDIR | 0700, .nlink = 2, .uid = uid, .gid = uid}};
    reply(device, request->unique, 0, &out, sizeof out);
  } else if (request->opcode != FUSE_FORGET && request->opcode != FUSE_BATCH_FORGET) {
    reply(device, request->unique, ENOENT, NULL, 0);
  }
}

// Each round is a tenth of a second. Arguments: where it is mounted, whose it is, and "never" or how
// many microseconds each answer takes.
static void hang(long rounds, char **arguments) {
  const char *path = arguments[0];
  uid_t uid = (uid_t)strtoul(arguments[1], NULL, 10);
  int answers = strcmp(arguments[2], "never") != 0;
  int device = open("/dev/fuse", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device < 0) fail("/dev/fuse");
  struct stat place;
  if (lstat(path, &place) < 0) fail(path);
  const char *options = path_of("fd=%d,rootmode=%o,user_id=%u,group_id=%u,allow_other", device,
                                place.st_mode & S_IFMT, uid, uid);
  if (mount("attacker", path, "fuse", MS_NOSUID | MS_NODEV, options) < 0) fail("mount");
  puts("mounted");
  fflush(stdout);
  for (long elapsed = 0; elapsed < rounds * 100000;) {
    _Alignas(8) char request[1 << 16];
    long pause = 1000;
    if (answers && read(device, request, sizeof request) > 0) {
      pause = strtol(arguments[2], NULL, 10);
      rest(pause);
      answer(device, (const struct fuse_in_header *)request, uid);
    } else {
      rest(pause);
    }
    elapsed += pause;
  }
  umount2(path, MNT_DETACH);
}

const struct attack fuse_attacks[] = {{"fuse", hang}, {NULL, NULL}};
