// More events than anyone can read. Each storm ends with a tampered target: what came before it must
// not hide it.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attacker.h"

static void tamper(void) {
  make_way();
  make_file(ASIDE, tampered, 0644);
  rename(ASIDE, TARGET);
}

static void storm_renames(long rounds, char **arguments) {
  (void)arguments;
  const char *one = SETTINGS "/one", *other = SETTINGS "/other";
  make_file(one, "", 0600);
  for (long round = 0; round < rounds; round++) {
    rename(one, other);
    rename(other, one);
  }
  tamper();
}

static void storm_files(long rounds, char **arguments) {
  (void)arguments;
  for (long round = 0; round < rounds; round++) {
    const char *path = path_of("%s/file-%ld", round % 2 ? SETTINGS : KIRO, round % 97);
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file >= 0) close(file);
    unlink(path);
  }
  tamper();
}

static void storm_attributes(long rounds, char **arguments) {
  (void)arguments;
  const char *folders[] = {".", KIRO, SETTINGS};
  for (long round = 0; round < rounds; round++) {
    chmod(folders[round % 3], round % 2 ? 0700 : 0711);
  }
  tamper();
}

// The watched folder itself goes and comes, a new one each time.
static void storm_folders(long rounds, char **arguments) {
  (void)arguments;
  for (long round = 0; round < rounds; round++) {
    unlink(TARGET);
    if (rmdir(SETTINGS) < 0) remove_tree(SETTINGS);
    mkdir(SETTINGS, 0700);
  }
  tamper();
}

// The same two folders change places, each with its own target.
static void storm_exchanges(long rounds, char **arguments) {
  (void)arguments;
  for (long round = 0; round < rounds; round++) {
    if (access(ASIDE, F_OK) < 0) {
      mkdir(ASIDE, 0700);
      mkdir(ASIDE "/settings", 0700);
    }
    swap_names(ASIDE, KIRO);
  }
  remove_tree(ASIDE);
  tamper();
}

const struct attack storm_attacks[] = {
    {"storm-renames", storm_renames},       {"storm-files", storm_files},
    {"storm-attributes", storm_attributes}, {"storm-folders", storm_folders},
    {"storm-exchanges", storm_exchanges},   {NULL, NULL},
};
