#ifndef CBENCH_H
#define CBENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What a target has to be to count as approved.
struct bench_approved {
  const void *bytes;
  size_t length;
  uid_t owner;
  mode_t mode;
};

/// What a look at a target found; `BENCH_APPROVED` only if all of it is right at once.
enum bench_finding {
  BENCH_APPROVED = 0,
  BENCH_MISSING,
  BENCH_WRONG_TYPE,
  BENCH_WRONG_OWNER,
  BENCH_WRONG_MODE,
  BENCH_HARD_LINKED,
  BENCH_WRONG_BYTES,
  BENCH_PATH_REPLACED,
};

/// Looks at `path` below the folder `root`; a symlink anywhere on the way is `PATH_REPLACED`.
enum bench_finding bench_look(int root, const char *path, const struct bench_approved *approved);

/// Nanoseconds of the monotonic clock.
uint64_t bench_now(void);

/// Swaps two names in one step. 0, or -1 with errno.
int bench_exchange(const char *one, const char *other);

/// Removes a file or a whole tree. 0, or -1 with errno.
int bench_remove_tree(const char *path);

/// Starts a program that dies with this one, its output going to `log`, and which doesn't run on
/// the processor `avoided` unless that is -1. The pid, or -1.
pid_t bench_spawn(char *const arguments[], const char *log, int avoided);

/// Waits for the end of a child: its exit status, 128 + signal, or -1 after the timeout.
int bench_wait_exit(pid_t child, unsigned timeout_milliseconds);

/// Whether a child hasn't ended yet.
bool bench_running(pid_t child);

/// The last processor that may be used, or -1 if there is only one.
int bench_last_processor(void);

/// Keeps the calling thread on this processor.
void bench_pin(int processor);

/// From now on an interrupt only sets a flag, so that the run can tidy up.
void bench_catch_interrupts(void);
bool bench_interrupted(void);

#endif
