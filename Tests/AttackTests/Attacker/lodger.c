// Another user's folder is moved into a rejected one after that was looked through, and before it is
// cleared away.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attacker.h"

enum { rooms = 40, crowd = 50000 };

static int is_touched(int folder, const struct stat *before) {
  struct stat now;
  if (fstat(folder, &now) < 0) fail("fstat");
  return now.st_mtim.tv_nsec != before->st_mtim.tv_nsec;
}

static int is_there(int folder) {
  struct stat now;
  return fstat(folder, &now) == 0 && now.st_nlink > 0;
}

static void reject_full_folder(void) {
  remove_tree(ASIDE);
  mkdir(ASIDE, 0700);
  make_file(ASIDE "/entry", tampered, 0600);
  swap_names(ASIDE, TARGET);
}

// Each round rejects one more folder, until the first is cleared away. Argument: the folder of the
// user's own that holds another's.
static void move_in_late(long rounds, char **arguments) {
  int room[rooms];
  mkdir(ASIDE, 0700);
  for (int index = 0; index < rooms; index++) {
    const char *path = path_of("%s/room-%d", ASIDE, index);
    mkdir(path, 0700);
    room[index] = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  }
  // Clearing this one takes a while, and shows when it starts.
  mkdir(ASIDE "/crowd", 0700);
  make_file(ASIDE "/crowd/0", "", 0600);
  for (int entry = 1; entry < crowd; entry++) {
    if (link(ASIDE "/crowd/0", path_of("%s/crowd/%d", ASIDE, entry)) < 0) fail("link");
  }
  int crowded = open(ASIDE "/crowd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  struct stat before;
  if (crowded < 0 || fstat(crowded, &before) < 0) fail("crowd");
  swap_names(ASIDE, TARGET);
  for (long round = 0; round < rounds && !is_touched(crowded, &before); round++) {
    rest(100000);
    reject_full_folder();
    for (int look = 0; look < 3000 && !is_touched(crowded, &before); look++) rest(100);
  }
  for (int index = 0; index < rooms; index++) {
    if (!is_there(room[index])) continue;
    if (renameat(AT_FDCWD, arguments[0], room[index], "lodger") == 0) break;
  }
}

const struct attack lodger_attacks[] = {{"move-in-late", move_in_late}, {NULL, NULL}};
