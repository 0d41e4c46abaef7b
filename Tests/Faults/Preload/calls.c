// The calls of the C library that the daemon makes, each looked at before it is made.
#define _GNU_SOURCE
#include "Faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define REAL(name)                                                                                 \
  static __typeof__(name) *real;                                                                   \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

#define LOOK(call, directory, path)                                                                \
  do {                                                                                             \
    int error = fault_before(call, directory, path);                                               \
    if (error) return errno = error, -1;                                                           \
  } while (0)

static mode_t mode_of(int flags, va_list list) {
  return flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, mode_t) : 0;
}

static enum fault_call opening(int flags) {
  return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? CALL_CREATE : CALL_OPEN;
}

int openat(int directory, const char *path, int flags, ...) {
  REAL(openat);
  va_list list;
  va_start(list, flags);
  mode_t mode = mode_of(flags, list);
  va_end(list);
  LOOK(opening(flags), directory, path);
  return real(directory, path, flags, mode);
}

int open(const char *path, int flags, ...) {
  REAL(open);
  va_list list;
  va_start(list, flags);
  mode_t mode = mode_of(flags, list);
  va_end(list);
  LOOK(opening(flags), AT_FDCWD, path);
  return real(path, flags, mode);
}

long syscall(long number, ...) {
  REAL(syscall);
  long a[6];
  va_list list;
  va_start(list, number);
  for (int index = 0; index < 6; index++) a[index] = va_arg(list, long);
  va_end(list);
  if (number == SYS_openat2) LOOK(CALL_OPENAT2, (int)a[0], (const char *)a[1]);
  return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

ssize_t read(int file, void *buffer, size_t size) {
  REAL(read);
  LOOK(CALL_READ, file, NULL);
  return real(file, buffer, size);
}

ssize_t write(int file, const void *buffer, size_t size) {
  REAL(write);
  LOOK(CALL_WRITE, file, NULL);
  return real(file, buffer, size);
}

ssize_t pread(int file, void *buffer, size_t size, off_t offset) {
  REAL(pread);
  LOOK(CALL_READ, file, NULL);
  return real(file, buffer, size, offset);
}

ssize_t pwrite(int file, const void *buffer, size_t size, off_t offset) {
  REAL(pwrite);
  LOOK(CALL_WRITE, file, NULL);
  return real(file, buffer, size, offset);
}

int ftruncate(int file, off_t size) {
  REAL(ftruncate);
  LOOK(CALL_WRITE, file, NULL);
  return real(file, size);
}

int fsync(int file) {
  REAL(fsync);
  LOOK(CALL_FSYNC, file, NULL);
  return real(file);
}

int fdatasync(int file) {
  REAL(fdatasync);
  LOOK(CALL_FSYNC, file, NULL);
  return real(file);
}

int renameat2(int from, const char *old, int to, const char *new_name, unsigned flags) {
  REAL(renameat2);
  LOOK(CALL_RENAME, to, new_name);
  return real(from, old, to, new_name, flags);
}

int linkat(int from, const char *old, int to, const char *new_name, int flags) {
  REAL(linkat);
  LOOK(CALL_LINK, to, new_name);
  return real(from, old, to, new_name, flags);
}

int unlinkat(int directory, const char *path, int flags) {
  REAL(unlinkat);
  LOOK(CALL_UNLINK, directory, path);
  return real(directory, path, flags);
}

int unlink(const char *path) {
  REAL(unlink);
  LOOK(CALL_UNLINK, AT_FDCWD, path);
  return real(path);
}

int mkdirat(int directory, const char *path, mode_t mode) {
  REAL(mkdirat);
  LOOK(CALL_MKDIR, directory, path);
  return real(directory, path, mode);
}

int mkdir(const char *path, mode_t mode) {
  REAL(mkdir);
  LOOK(CALL_MKDIR, AT_FDCWD, path);
  return real(path, mode);
}

int symlinkat(const char *text, int directory, const char *path) {
  REAL(symlinkat);
  LOOK(CALL_SYMLINK, directory, path);
  return real(text, directory, path);
}

ssize_t readlinkat(int directory, const char *path, char *buffer, size_t size) {
  REAL(readlinkat);
  LOOK(CALL_READLINK, directory, path);
  return real(directory, path, buffer, size);
}

int fchown(int file, uid_t uid, gid_t gid) {
  REAL(fchown);
  LOOK(CALL_CHOWN, file, NULL);
  return real(file, uid, gid);
}

int fchownat(int directory, const char *path, uid_t uid, gid_t gid, int flags) {
  REAL(fchownat);
  LOOK(CALL_CHOWN, directory, path);
  return real(directory, path, uid, gid, flags);
}

int fchmod(int file, mode_t mode) {
  REAL(fchmod);
  LOOK(CALL_CHMOD, file, NULL);
  return real(file, mode);
}

int statx(int directory, const char *path, int flags, unsigned mask, struct statx *found) {
  REAL(statx);
  LOOK(CALL_STAT, directory, path);
  return real(directory, path, flags, mask, found);
}

int fcntl(int file, int command, ...) {
  REAL(fcntl);
  va_list list;
  va_start(list, command);
  void *argument = va_arg(list, void *);
  va_end(list);
  if (command == F_DUPFD || command == F_DUPFD_CLOEXEC) LOOK(CALL_DUP, file, NULL);
  return real(file, command, argument);
}

int inotify_add_watch(int queue, const char *path, uint32_t mask) {
  REAL(inotify_add_watch);
  // The path is one of /proc/self/fd, which tells more when it is resolved.
  const char *number = strrchr(path, '/');
  if (!strncmp(path, "/proc/self/fd/", 14)) LOOK(CALL_WATCH, atoi(number + 1), NULL);
  else LOOK(CALL_WATCH, AT_FDCWD, path);
  return real(queue, path, mask);
}

int accept4(int listener, struct sockaddr *address, socklen_t *size, int flags) {
  REAL(accept4);
  LOOK(CALL_ACCEPT, listener, NULL);
  return real(listener, address, size, flags);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  REAL(clock_gettime);
  int result = real(clock, time);
  if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec += fault_clock();
  return result;
}

static const char journal[] = "/run/systemd/journal/socket";

int access(const char *path, int mode) {
  REAL(access);
  const char *stand_in = getenv("FAULTS_JOURNAL");
  return real(stand_in && !strcmp(path, journal) ? stand_in : path, mode);
}

ssize_t sendmsg(int socket, const struct msghdr *message, int flags) {
  REAL(sendmsg);
  const struct sockaddr_un *to = message->msg_name;
  const char *stand_in = getenv("FAULTS_JOURNAL");
  if (!to || to->sun_family != AF_UNIX || strcmp(to->sun_path, journal) || !stand_in) {
    return real(socket, message, flags);
  }
  LOOK(CALL_SENDMSG, AT_FDCWD, stand_in);
  struct sockaddr_un other = {.sun_family = AF_UNIX};
  strncpy(other.sun_path, stand_in, sizeof other.sun_path - 1);
  struct msghdr redirected = *message;
  redirected.msg_name = &other;
  redirected.msg_namelen = sizeof other;
  return real(socket, &redirected, flags);
}
