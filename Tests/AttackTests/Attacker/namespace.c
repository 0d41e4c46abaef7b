// A user in a mount namespace of its own sees another file at the target's path; nobody else does.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "attacker.h"

static void write_text(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0 || write(file, text, strlen(text)) < 0) fail(path);
  close(file);
}

// Root in the new namespaces, and still the same user outside.
static void enter(void) {
  uid_t uid = geteuid();
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0) fail("unshare");
  write_text("/proc/self/setgroups", "deny");
  write_text("/proc/self/uid_map", path_of("0 %u 1", uid));
  write_text("/proc/self/gid_map", path_of("0 %u 1", uid));
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) fail("make private");
}

static void mount_privately(long rounds, char **arguments) {
  (void)arguments;
  enter();
  make_file("own", tampered, 0644);
  for (long round = 0; round < rounds; round++) {
    const char *over = round % 2 ? TARGET : KIRO;
    int is_mounted = round % 2 ? mount("own", TARGET, NULL, MS_BIND, NULL) == 0
                               : mount("none", KIRO, "tmpfs", 0, NULL) == 0;
    make_file(ASIDE, tampered, 0644);
    rename(ASIDE, TARGET);
    if (is_mounted && round + 1 < rounds) umount2(over, MNT_DETACH);
  }
  // As seen from outside.
  umount2(KIRO, MNT_DETACH);
  umount2(TARGET, MNT_DETACH);
  make_file(ASIDE, tampered, 0644);
  rename(ASIDE, TARGET);
}

const struct attack namespace_attacks[] = {{"mount-privately", mount_privately}, {NULL, NULL}};
