#ifndef RULES_H
#define RULES_H

#include "Faults.h"

#include <limits.h>
#include <stdbool.h>

enum act { ACT_FAIL, ACT_KILL, ACT_HANG, ACT_TRACE };

struct rule {
  uint32_t calls;
  char path[PATH_MAX], but[PATH_MAX], thread[16];
  long from, count, met;
  enum act act;
  int error;
};

struct rules {
  struct rule all[16];
  int count;
  uint32_t calls; // of all rules
  int64_t clock;
};

extern const char *const call_names[CALL_COUNT];

void parse_rules(char *text, struct rules *rules);
// Which rule decides over the call; NULL for none. Counts the call for each rule that it meets.
struct rule *deciding(struct rules *rules, enum fault_call call, const char *path,
                      const char *thread);

#endif
