#include "rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const call_names[CALL_COUNT] = {
    "open",  "create",  "openat2",  "read",  "write", "fsync", "rename", "link",   "unlink",
    "mkdir", "symlink", "readlink", "chown", "chmod", "stat",  "dup",    "watch",  "accept",
    "sendmsg"};

static const uint32_t mutating = 1u << CALL_CREATE | 1u << CALL_WRITE | 1u << CALL_RENAME |
                                 1u << CALL_LINK | 1u << CALL_UNLINK | 1u << CALL_MKDIR |
                                 1u << CALL_SYMLINK | 1u << CALL_CHOWN | 1u << CALL_CHMOD;

static uint32_t calls_of(char *names) {
  uint32_t calls = 0;
  char *rest = NULL;
  for (char *name = strtok_r(names, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
    uint32_t found = !strcmp(name, "mutating") ? mutating : !strcmp(name, "any") ? UINT32_MAX : 0;
    for (int call = 0; call < CALL_COUNT; call++) {
      if (!strcmp(name, call_names[call])) found = 1u << call;
    }
    if (!found) {
      fprintf(stderr, "faults: no call \"%s\"\n", name);
      abort();
    }
    calls |= found;
  }
  return calls;
}

static const char *value(const char *word, const char *key) {
  size_t length = strlen(key);
  return strncmp(word, key, length) ? NULL : word + length;
}

static void parse_word(char *word, struct rule *rule, struct rules *rules) {
  const char *text;
  if ((text = value(word, "call="))) rule->calls = calls_of(word + strlen("call="));
  else if ((text = value(word, "path="))) snprintf(rule->path, sizeof rule->path, "%s", text);
  else if ((text = value(word, "but="))) snprintf(rule->but, sizeof rule->but, "%s", text);
  else if ((text = value(word, "thread="))) snprintf(rule->thread, sizeof rule->thread, "%s", text);
  else if ((text = value(word, "from="))) rule->from = atol(text);
  else if ((text = value(word, "count="))) rule->count = atol(text);
  else if ((text = value(word, "errno="))) rule->error = atoi(text);
  else if ((text = value(word, "clock="))) rules->clock = atoll(text);
  else if (!strcmp(word, "kill")) rule->act = ACT_KILL;
  else if (!strcmp(word, "hang")) rule->act = ACT_HANG;
  else if (!strcmp(word, "trace")) rule->act = ACT_TRACE;
  else {
    fprintf(stderr, "faults: no word \"%s\"\n", word);
    abort();
  }
}

void parse_rules(char *text, struct rules *rules) {
  memset(rules, 0, sizeof *rules);
  char *lines = NULL;
  for (char *line = strtok_r(text, "\n", &lines); line; line = strtok_r(NULL, "\n", &lines)) {
    struct rule rule = {.from = 1, .count = LONG_MAX};
    char *words = NULL;
    for (char *word = strtok_r(line, " ", &words); word; word = strtok_r(NULL, " ", &words)) {
      parse_word(word, &rule, rules);
    }
    if (!rule.calls) continue;
    if (rules->count == sizeof rules->all / sizeof *rules->all) abort();
    rules->all[rules->count++] = rule;
    rules->calls |= rule.calls;
  }
}

static bool meets(const struct rule *rule, enum fault_call call, const char *path,
                  const char *thread) {
  return rule->calls >> call & 1 && strstr(path, rule->path) &&
         (!*rule->but || !strstr(path, rule->but)) &&
         (!*rule->thread || !strcmp(rule->thread, thread));
}

struct rule *deciding(struct rules *rules, enum fault_call call, const char *path,
                      const char *thread) {
  struct rule *found = NULL;
  for (int index = 0; index < rules->count; index++) {
    struct rule *rule = &rules->all[index];
    if (!meets(rule, call, path, thread)) continue;
    rule->met++;
    if (!found && rule->met >= rule->from && rule->met - rule->from < rule->count) found = rule;
  }
  return found;
}
