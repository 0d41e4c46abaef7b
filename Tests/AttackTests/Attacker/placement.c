// Something that isn't a plain file, or that no reader should take in, is put in the target's place
// again and again.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "attacker.h"

static void put(long rounds, char **arguments, void (*make)(char **arguments)) {
  for (long round = 0; round < rounds; round++) {
    remove_tree(ASIDE);
    make(arguments);
    // A folder takes no file's place, and the other way round: then both change places.
    if (rename(ASIDE, TARGET) < 0) swap_names(ASIDE, TARGET);
  }
  remove_tree(ASIDE);
}

static void make_tampered(char **arguments) {
  (void)arguments;
  make_file(ASIDE, tampered, 0644);
}

static void make_fifo(char **arguments) {
  (void)arguments;
  mkfifo(ASIDE, 0666);
}

static void make_socket(char **arguments) {
  (void)arguments;
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = ASIDE};
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) fail("bind");
  close(listener);
}

// Argument: the file of another user's.
static void make_hard_link(char **arguments) {
  if (link(arguments[0], ASIDE) < 0) fail("link");
}

// Argument: where it leads.
static void make_symlink(char **arguments) {
  if (symlink(arguments[0], ASIDE) < 0) fail("symlink");
}

static void make_sparse(char **arguments) {
  make_tampered(arguments);
  if (truncate(ASIDE, (off_t)1 << 40) < 0) fail("truncate");
}

static void make_unreadable(char **arguments) {
  (void)arguments;
  make_file(ASIDE, tampered, 0);
}

static void make_set_id(char **arguments) {
  (void)arguments;
  make_file(ASIDE, tampered, 06777);
}

static void make_deep(char **arguments) {
  (void)arguments;
  enum { depth = 500000 };
  static char text[depth + 1];
  memset(text, '[', depth);
  make_file(ASIDE, text, 0644);
}

// Names that would start a new line, move the cursor or end a JSON string where they are shown.
static void make_escapes(char **arguments) {
  (void)arguments;
  make_file(ASIDE,
            "{\"mcpServers\":{\"a\\n<2>forged: root\\u001b[2J\\u0000\\u202e\":"
            "{\"command\":\"x\\\"}\\nMESSAGE=forged\"}}}",
            0644);
}

static void make_full_folder(char **arguments) {
  (void)arguments;
  mkdir(ASIDE, 0700);
  for (int entry = 0; entry < 4; entry++) {
    make_file(path_of("%s/entry-%d", ASIDE, entry), tampered, 0600);
  }
}

// Longer than any path may be, so that only a walk from descriptor to descriptor gets to its end.
static void make_deep_folder(char **arguments) {
  (void)arguments;
  char name[201] = {0};
  memset(name, 'd', 200);
  int home = open(".", O_PATH | O_CLOEXEC);
  mkdir(ASIDE, 0700);
  if (chdir(ASIDE) < 0) fail(ASIDE);
  for (int level = 0; level < 64; level++) {
    if (mkdir(name, 0700) < 0 || chdir(name) < 0) break;
  }
  make_file("bottom", tampered, 0600);
  if (fchdir(home) < 0) fail("fchdir");
  close(home);
}

// An access list that lets everyone write: version 2, then tag, rights and id of each entry.
static void make_acl(char **arguments) {
  make_tampered(arguments);
  static const unsigned short list[] = {
      2, 0, 1, 6, 0xFFFF, 0xFFFF, 2, 7, 65534, 0, 4, 6, 0xFFFF, 0xFFFF, 16, 7, 0xFFFF, 0xFFFF,
      32, 6, 0xFFFF, 0xFFFF,
  };
  if (setxattr(ASIDE, "system.posix_acl_access", list, sizeof list, 0) < 0 && errno != ENOTSUP) {
    fail("acl");
  }
}

#define PUT(name, make)                                                                            \
  static void name(long rounds, char **arguments) { put(rounds, arguments, make); }
PUT(put_tampered, make_tampered)
PUT(put_fifo, make_fifo)
PUT(put_socket, make_socket)
PUT(put_hard_link, make_hard_link)
PUT(put_symlink, make_symlink)
PUT(put_sparse, make_sparse)
PUT(put_unreadable, make_unreadable)
PUT(put_set_id, make_set_id)
PUT(put_deep, make_deep)
PUT(put_escapes, make_escapes)
PUT(put_full_folder, make_full_folder)
PUT(put_deep_folder, make_deep_folder)
PUT(put_acl, make_acl)

// Something that exists already changes places with the target. Argument: its path.
static void put_found(long rounds, char **arguments) {
  for (long round = 0; round < rounds; round++) swap_names(arguments[0], TARGET);
}

const struct attack placement_attacks[] = {
    {"tampered", put_tampered},       {"fifo", put_fifo},
    {"socket", put_socket},           {"hard-link", put_hard_link},
    {"symlink", put_symlink},         {"sparse", put_sparse},
    {"unreadable", put_unreadable},   {"set-id", put_set_id},
    {"deep-json", put_deep},          {"escapes", put_escapes},
    {"full-folder", put_full_folder}, {"deep-folder", put_deep_folder},
    {"acl", put_acl},                 {"found", put_found},
    {NULL, NULL},
};
