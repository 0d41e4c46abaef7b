// A library for LD_PRELOAD that makes chosen calls of the daemon fail, hang or kill it. For tests.
//
// FAULTS names the control file, which is read anew whenever it is another one: replace it by rename.
// Each of its lines is a rule, words apart by one space:
//
//   call=NAME[,NAME…]  which calls; `mutating` stands for all that change a file system, `any` for all
//   path=TEXT          only where the path, resolved from descriptors, contains it
//   but=TEXT           not where the path contains it
//   thread=NAME        only on the thread of that name
//   from=N count=M     from the N-th such call on, M times; from the first and always if left out
//   errno=N            the call isn't made and fails so
//   kill               SIGKILL in place of the call
//   hang               the call is made once the control file is another one
//   trace              the call is only written down
//   clock=SECONDS      alone on its line: what CLOCK_REALTIME is moved by
//
// The first rule that applies decides. What was done is appended to the control file's name and
// `.log`, one call a line: what was done, the call's name, the path.
// FAULTS_JOURNAL names a socket that stands in for journald's.
#ifndef FAULTS_H
#define FAULTS_H

#include <stdint.h>

// In the order of the names in rules.c.
enum fault_call {
  CALL_OPEN, // for reading
  CALL_CREATE, // open with O_CREAT or O_TMPFILE
  CALL_OPENAT2,
  CALL_READ,
  CALL_WRITE,
  CALL_FSYNC,
  CALL_RENAME,
  CALL_LINK,
  CALL_UNLINK,
  CALL_MKDIR,
  CALL_SYMLINK,
  CALL_READLINK,
  CALL_CHOWN,
  CALL_CHMOD,
  CALL_STAT,
  CALL_DUP,
  CALL_WATCH,
  CALL_ACCEPT,
  CALL_SENDMSG,
  CALL_COUNT
};

// Applies the rules to a call that is about to be made: 0 to make it, else the errno to fail with.
int fault_before(enum fault_call call, int directory, const char *path);
// How far CLOCK_REALTIME is moved, in seconds.
int64_t fault_clock(void);

#endif
