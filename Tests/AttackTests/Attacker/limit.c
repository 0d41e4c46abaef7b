// Starts a program with a limit of the kernel's of its own: in a user namespace in which every uid is
// what it was, and which counts for itself.
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attacker.h"

static void write_text(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0 || write(file, text, strlen(text)) < 0) fail(path);
  close(file);
}

// Only a process outside may map more than its own uid, so a helper stays there.
static void enter(void) {
  pid_t inside = getpid();
  int entered[2];
  if (pipe2(entered, O_CLOEXEC) < 0) fail("pipe");
  pid_t helper = fork();
  if (helper < 0) fail("fork");
  if (helper == 0) {
    char byte;
    close(entered[1]);
    if (read(entered[0], &byte, 1) < 0) fail("read");
    write_text(path_of("/proc/%d/uid_map", inside), "0 0 65536");
    write_text(path_of("/proc/%d/gid_map", inside), "0 0 65536");
    _exit(0);
  }
  if (unshare(CLONE_NEWUSER) < 0) fail("unshare");
  close(entered[1]);
  close(entered[0]);
  int status;
  if (waitpid(helper, &status, 0) < 0 || status) fail("map uids");
}

// The rounds are the limit's value. Arguments: its name in /proc/sys/user, the command.
static void limited(long value, char **arguments) {
  enter();
  write_text(path_of("/proc/sys/user/%s", arguments[0]), path_of("%ld", value));
  alarm(0);
  signal(SIGPIPE, SIG_DFL);
  signal(SIGIO, SIG_DFL);
  execv(arguments[1], arguments + 1);
  fail(arguments[1]);
}

const struct attack limit_attacks[] = {{"limited", limited}, {NULL, NULL}};
