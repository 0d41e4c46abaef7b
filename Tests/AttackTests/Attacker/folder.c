// The folders on the way are the user's: they are closed, removed, moved, and shared with names that
// are hard to handle.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "attacker.h"

static void tamper(void) {
  make_file(ASIDE, tampered, 0644);
  rename(ASIDE, TARGET);
}

static void close_folders(long rounds, char **arguments) {
  (void)arguments;
  for (long round = 0; round < rounds; round++) {
    chmod(KIRO, 0700);
    chmod(SETTINGS, 0700);
    tamper();
    chmod(SETTINGS, 0);
    chmod(KIRO, 0);
  }
}

static void remake_folders(long rounds, char **arguments) {
  (void)arguments;
  for (long round = 0; round < rounds; round++) {
    if (round % 2) {
      remove_tree(KIRO);
      make_way();
      make_file(TARGET, tampered, 0644);
    } else {
      remove_tree(SETTINGS);
      mkdir(SETTINGS, 0500);
    }
  }
}

static void move_folders(long rounds, char **arguments) {
  (void)arguments;
  for (long round = 0; round < rounds; round++) {
    const char *moved = path_of("moved-%ld", round % 4);
    remove_tree(moved);
    rename(round % 2 ? KIRO : SETTINGS, moved);
    if (round % 3) {
      make_way();
      make_file(TARGET, tampered, 0644);
    }
  }
}

static void name_oddly(long rounds, char **arguments) {
  (void)arguments;
  char longest[256] = {0};
  memset(longest, 'n', 255);
  const char *names[] = {
      longest, "\xff\xfe\xc0\xaf", "line\nMCPOLICY_KIND=forged", "\033[2J\033]0;x\007", "mcp.json ",
      "MCP.JSON", "mcp.json\xcc\x81", "-rf", "..mcp.json",
  };
  const char *folders[] = {SETTINGS, KIRO, "."};
  for (long round = 0; round < rounds; round++) {
    for (size_t index = 0; index < sizeof names / sizeof *names; index++) {
      const char *path = path_of("%s/%s", folders[round % 3], names[index]);
      if (round % 2) mkdir(path, 0700);
      else make_file(path, tampered, 0644);
      if (round + 3 < rounds) remove_tree(path);
    }
    tamper();
  }
}

// A default access list gives its entries to whatever is made in the folder.
static void share_folders(long rounds, char **arguments) {
  (void)arguments;
  static const unsigned short list[] = {
      2, 0, 1, 7, 0xFFFF, 0xFFFF, 2, 7, 65534, 0, 4, 7, 0xFFFF, 0xFFFF, 16, 7, 0xFFFF, 0xFFFF,
      32, 7, 0xFFFF, 0xFFFF,
  };
  for (long round = 0; round < rounds; round++) {
    setxattr(KIRO, "system.posix_acl_default", list, sizeof list, 0);
    setxattr(SETTINGS, "system.posix_acl_default", list, sizeof list, 0);
    if (round % 2) tamper();
    else remove_tree(SETTINGS);
  }
}

// What a restore without a stage makes beside the target is made first, as something else.
// Arguments: file, folder or link, and where a link leads.
static void plant_stage(long rounds, char **arguments) {
  const char *folders[] = {SETTINGS, KIRO, "."};
  for (long round = 0; round < rounds; round++) {
    for (int index = 0; index < 3; index++) {
      const char *path = path_of("%s/.mcpolicyd", folders[index]);
      remove_tree(path);
      if (!strcmp(arguments[0], "file")) make_file(path, tampered, 0644);
      else if (!strcmp(arguments[0], "folder")) mkdir(path, 0700);
      else if (symlink(arguments[1], path) < 0 && errno != EEXIST && errno != ENOENT) fail(path);
    }
    tamper();
  }
}

const struct attack folder_attacks[] = {
    {"close-folders", close_folders}, {"remake-folders", remake_folders},
    {"move-folders", move_folders},   {"odd-names", name_oddly},
    {"share-folders", share_folders}, {"plant-stage", plant_stage},
    {NULL, NULL},
};
