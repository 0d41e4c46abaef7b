// What a crash leaves: one line, written with nothing but what a signal handler may call.
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <ucontext.h>
#include <unistd.h>

// Where the linker put this program, so that its debug symbols can say what stands at an offset.
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char etext[];

static const char *program;
// "<2>" where the journal reads the line: it is a critical one.
static const char *level = "";

struct line {
  char text[512];
  size_t length;
};

static void add(struct line *line, const char *text) {
  for (; *text && line->length < sizeof line->text; text++) line->text[line->length++] = *text;
}

static void add_number(struct line *line, uint64_t value, unsigned base) {
  char digits[24], *start = digits + sizeof digits - 1;
  *start = 0;
  do *--start = "0123456789abcdef"[value % base];
  while (value /= base);
  add(line, start);
}

static const char *name_of(int signal) {
  switch (signal) {
  case SIGSEGV: return "SIGSEGV (memory that isn't there)";
  case SIGBUS: return "SIGBUS (memory that can't be had)";
  case SIGILL: return "SIGILL (a check of the program failed)";
  case SIGTRAP: return "SIGTRAP (a check of the program failed)";
  case SIGFPE: return "SIGFPE (a division failed)";
  default: return "SIGABRT (the program gave up)";
  }
}

static uintptr_t place(const void *context) {
  const ucontext_t *user = context;
#if defined(__x86_64__)
  return (uintptr_t)user->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
  return (uintptr_t)user->uc_mcontext.pc;
#else
  return 0;
#endif
}

static void tell(int signal, siginfo_t *info, void *context) {
  struct line line = {.length = 0};
  add(&line, level);
  add(&line, program);
  add(&line, " crashed: ");
  add(&line, name_of(signal));
  uintptr_t at = place(context), start = (uintptr_t)__ehdr_start;
  if (info->si_code <= 0 && info->si_pid != getpid()) {
    add(&line, ", sent by process ");
    add_number(&line, (uint64_t)info->si_pid, 10);
    add(&line, " of uid ");
    add_number(&line, info->si_uid, 10);
  } else if (at >= start && at < (uintptr_t)etext) {
    add(&line, " at mcpolicyd+0x");
    add_number(&line, at - start, 16);
  } else {
    add(&line, " in a library");
  }
  char thread[16] = "";
  prctl(PR_GET_NAME, thread);
  add(&line, ", thread ");
  add(&line, thread);
  add(&line, "\n");
  // A journal that takes nothing must not hold up the end, and with it the restart.
  if (send(STDERR_FILENO, line.text, line.length, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 &&
      errno == ENOTSOCK) {
    ssize_t written = write(STDERR_FILENO, line.text, line.length);
    (void)written;
  }
  // The default action stands again: a fault happens anew at once, one that was sent is sent anew.
  if (info->si_code <= 0) raise(signal);
}

void cl_tell_crashes(const char *text) {
  static char stack[32 << 10];
  program = strdup(text);
  if (!program) return;
  if (getenv("JOURNAL_STREAM")) level = "<2>";
  // The loop's thread tells of its own overflow, too; in another thread that ends without a line.
  stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&other, NULL);
  struct sigaction action = {.sa_sigaction = tell, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND};
  sigemptyset(&action.sa_mask);
  static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};
  for (size_t index = 0; index < sizeof signals / sizeof *signals; index++) {
    struct sigaction present;
    // A sanitizer, or Swift's backtraces where they are wanted, say more.
    if (sigaction(signals[index], NULL, &present) == 0 && present.sa_handler == SIG_DFL) {
      sigaction(signals[index], &action, NULL);
    }
  }
}
