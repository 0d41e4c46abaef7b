// attacker --as UID|root HOME ATTACK ROUNDS [ARGUMENT...]
//
// Becomes that user, without any right of root's, and runs one attack in that home. "root" stays
// what it is, for what only root can arrange. Exit: 0 all rounds done, 1 not, 2 bad usage.
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attacker.h"

static const struct attack *const classes[] = {
    swap_attacks,  placement_attacks, writer_attacks,    folder_attacks,
    storm_attacks, control_attacks,   namespace_attacks, fuse_attacks,
    limit_attacks, flood_attacks,     lodger_attacks,
};

static attack_run *find(const char *name) {
  for (size_t class = 0; class < sizeof classes / sizeof *classes; class++) {
    for (const struct attack *attack = classes[class]; attack->name; attack++) {
      if (!strcmp(attack->name, name)) return attack->run;
    }
  }
  return NULL;
}

static void become(uid_t uid) {
  if (geteuid() == uid) return;
  if (setgroups(0, NULL) < 0 || setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0) {
    fail("become the user");
  }
  // Root's rights went with its uid; this keeps set-id programs from bringing any back.
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) fail("no_new_privs");
  if (setuid(0) == 0) fail("still root");
  // A process that changed its uid can't look into its own /proc; one that a shell starts can.
  prctl(PR_SET_DUMPABLE, 1);
}

int main(int count, char **arguments) {
  if (count < 6 || strcmp(arguments[1], "--as")) {
    fprintf(stderr, "usage: attacker --as UID|root HOME ATTACK ROUNDS [ARGUMENT...]\n");
    return 2;
  }
  attack_run *run = find(arguments[4]);
  if (!run) {
    fprintf(stderr, "attacker: no attack \"%s\"\n", arguments[4]);
    return 2;
  }
  // Whatever becomes of the test that started it, it doesn't go on for ever.
  alarm(3600);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGIO, SIG_IGN);
  if (strcmp(arguments[2], "root")) become((uid_t)strtoul(arguments[2], NULL, 10));
  // Another attack may have its name away for a moment.
  int tries = 0;
  while (chdir(arguments[3]) < 0) {
    if (errno != ENOENT || ++tries > 10000) fail(arguments[3]);
    usleep(100);
  }
  umask(022);
  run(strtol(arguments[5], NULL, 10), arguments + 6);
  return 0;
}
