#define _GNU_SOURCE
#include "FuseHome.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { ROOT = 1, KIRO, SETTINGS, FILE_NODE };

struct fuse_home {
  char path[4096];
  int device;
  uint32_t uid;
  size_t size;
  void *bytes;
  pthread_t thread;
  atomic_bool stalled, ended, waited_for;
};

static void fill(const struct fuse_home *home, uint64_t node, struct fuse_attr *attr) {
  int is_file = node == FILE_NODE;
  *attr = (struct fuse_attr){.ino = node,
                             .mode = is_file ? S_IFREG | 0444 : S_IFDIR | 0700,
                             .nlink = is_file ? 1 : 2,
                             .size = is_file ? home->size : 0,
                             .mtime = 1000000000,
                             .ctime = 1000000000,
                             .uid = is_file ? 0 : home->uid,
                             .blksize = 4096};
}

static void answer(struct fuse_home *home, uint64_t unique, int error, const void *body,
                   size_t size) {
  char buffer[1 << 17];
  struct fuse_out_header header = {
      .len = (uint32_t)(sizeof header + size), .error = -error, .unique = unique};
  memcpy(buffer, &header, sizeof header);
  if (size) memcpy(buffer + sizeof header, body, size);
  (void)!write(home->device, buffer, header.len);
}

static void look_up(struct fuse_home *home, const struct fuse_in_header *in, const char *name) {
  static const char *const names[] = {[ROOT] = ".kiro", [KIRO] = "settings"};
  const char *dot = strrchr(name, '.');
  int is_there = in->nodeid < SETTINGS ? !strcmp(name, names[in->nodeid])
                                       : in->nodeid == SETTINGS && dot && !strcmp(dot, ".json");
  if (!is_there) return answer(home, in->unique, ENOENT, NULL, 0);
  // Nothing is kept, so that each look at it asks.
  struct fuse_entry_out out = {.nodeid = in->nodeid + 1};
  fill(home, out.nodeid, &out.attr);
  answer(home, in->unique, 0, &out, sizeof out);
}

static void serve(struct fuse_home *home, const char *request) {
  const struct fuse_in_header *in = (const struct fuse_in_header *)request;
  const void *body = request + sizeof *in;
  switch (in->opcode) {
  case FUSE_INIT: {
    struct fuse_init_out out = {.major = 7, .minor = 31, .max_write = 4096};
    return answer(home, in->unique, 0, &out, sizeof out);
  }
  case FUSE_GETATTR: {
    struct fuse_attr_out out = {0};
    fill(home, in->nodeid, &out.attr);
    return answer(home, in->unique, 0, &out, sizeof out);
  }
  case FUSE_LOOKUP: return look_up(home, in, body);
  case FUSE_OPEN:
  case FUSE_OPENDIR: {
    struct fuse_open_out out = {.open_flags = in->opcode == FUSE_OPEN ? FOPEN_DIRECT_IO : 0};
    return answer(home, in->unique, 0, &out, sizeof out);
  }
  case FUSE_READ: {
    const struct fuse_read_in *read = body;
    size_t offset = read->offset < home->size ? read->offset : home->size;
    size_t size = home->size - offset < read->size ? home->size - offset : read->size;
    return answer(home, in->unique, 0, (char *)home->bytes + offset, size);
  }
  case FUSE_READDIR: return answer(home, in->unique, 0, NULL, 0);
  case FUSE_FLUSH:
  case FUSE_RELEASE:
  case FUSE_RELEASEDIR: return answer(home, in->unique, 0, NULL, 0);
  case FUSE_FORGET:
  case FUSE_BATCH_FORGET:
  case FUSE_INTERRUPT: return;
  case FUSE_MKDIR:
  case FUSE_CREATE:
  case FUSE_UNLINK:
  case FUSE_RENAME2: return answer(home, in->unique, EROFS, NULL, 0);
  default: return answer(home, in->unique, ENOSYS, NULL, 0);
  }
}

static void *run(void *argument) {
  struct fuse_home *home = argument;
  static const int buffer_size = 1 << 17;
  char *buffer = malloc(buffer_size);
  while (!home->ended) {
    struct pollfd waiting = {.fd = home->device, .events = POLLIN};
    if (poll(&waiting, 1, 50) < 1) continue;
    if (waiting.revents & (POLLERR | POLLHUP)) break;
    if (home->stalled) {
      home->waited_for = 1;
      usleep(1000);
      continue;
    }
    ssize_t size = read(home->device, buffer, buffer_size);
    if (size < 0 && errno != EINTR && errno != EAGAIN && errno != ENOENT) break;
    if (size > 0) serve(home, buffer);
  }
  free(buffer);
  return NULL;
}

struct fuse_home *fuse_home_mount(const char *path, uint32_t uid, const void *bytes, size_t size) {
  int device = open("/dev/fuse", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (device < 0) return NULL;
  char options[128];
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other",
           device);
  if (mount("home", path, "fuse", MS_NOSUID | MS_NODEV, options) < 0) {
    close(device);
    return NULL;
  }
  struct fuse_home *home = calloc(1, sizeof *home);
  snprintf(home->path, sizeof home->path, "%s", path);
  home->device = device;
  home->uid = uid;
  home->size = size;
  home->bytes = malloc(size);
  memcpy(home->bytes, bytes, size);
  pthread_create(&home->thread, NULL, run, home);
  return home;
}

void fuse_home_stall(struct fuse_home *home) {
  home->waited_for = 0;
  home->stalled = 1;
}

void fuse_home_resume(struct fuse_home *home) { home->stalled = 0; }

int fuse_home_is_waited_for(struct fuse_home *home) { return home->waited_for; }

void fuse_home_end(struct fuse_home *home) {
  home->ended = 1;
  pthread_join(home->thread, NULL);
  umount2(home->path, MNT_DETACH);
  close(home->device);
  free(home->bytes);
  free(home);
}
