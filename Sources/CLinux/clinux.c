#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <link.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <unistd.h>

#define RESULT(call)                                                                               \
  do {                                                                                             \
    __typeof__(call) result = (call);                                                              \
    return result < 0 ? -errno : result;                                                           \
  } while (0)

const int32_t CL_O_PATH = O_PATH, CL_O_TMPFILE = O_TMPFILE, CL_O_NOFOLLOW = O_NOFOLLOW,
              CL_O_DIRECTORY = O_DIRECTORY;
const uint64_t CL_RESOLVE_BENEATH = RESOLVE_BENEATH, CL_RESOLVE_NO_SYMLINKS = RESOLVE_NO_SYMLINKS,
               CL_RESOLVE_NO_MAGICLINKS = RESOLVE_NO_MAGICLINKS,
               CL_RESOLVE_NO_XDEV = RESOLVE_NO_XDEV;
const uint32_t CL_RENAME_EXCHANGE = RENAME_EXCHANGE, CL_RENAME_NOREPLACE = RENAME_NOREPLACE;
const uint32_t CL_EPOLLIN = EPOLLIN, CL_EPOLLOUT = EPOLLOUT, CL_EPOLLHUP = EPOLLHUP,
               CL_EPOLLERR = EPOLLERR;

int cl_openat(int directory, const char *path, int flags, uint32_t mode) {
  RESULT(openat(directory, path, flags | O_CLOEXEC, mode));
}

int cl_openat2(int directory, const char *path, int flags, uint32_t mode, uint64_t resolve) {
  struct open_how how = {.flags = (uint64_t)(uint32_t)(flags | O_CLOEXEC),
                         .mode = mode,
                         .resolve = resolve};
  RESULT((int)syscall(SYS_openat2, directory, path, &how, sizeof how));
}

static int64_t nanoseconds(struct statx_timestamp time) {
  return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

int cl_status(int directory, const char *path, struct cl_status *status) {
  struct statx found;
  int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (*path ? 0 : AT_EMPTY_PATH);
  if (statx(directory, path, flags, STATX_BASIC_STATS | STATX_MNT_ID, &found) < 0) return -errno;
  *status = (struct cl_status){
      .device = makedev(found.stx_dev_major, found.stx_dev_minor),
      .inode = found.stx_ino,
      .size = found.stx_size,
      .mount = found.stx_mnt_id,
      .mode = found.stx_mode,
      .uid = found.stx_uid,
      .gid = found.stx_gid,
      .links = found.stx_nlink,
      .modified = nanoseconds(found.stx_mtime),
      .changed = nanoseconds(found.stx_ctime),
  };
  return 0;
}

int cl_file_system(int descriptor, int64_t *magic) {
  struct statfs found;
  if (fstatfs(descriptor, &found) < 0) return -errno;
  *magic = found.f_type;
  return 0;
}

int cl_renameat2(int from, const char *old, int to, const char *new_name, uint32_t flags) {
  RESULT(renameat2(from, old, to, new_name, flags));
}

int cl_epoll_create(void) { RESULT(epoll_create1(EPOLL_CLOEXEC)); }

static int epoll_control(int epoll, int operation, int descriptor, uint32_t events,
                         uint64_t token) {
  struct epoll_event event = {.events = events, .data.u64 = token};
  RESULT(epoll_ctl(epoll, operation, descriptor, &event));
}

int cl_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t token) {
  return epoll_control(epoll, EPOLL_CTL_ADD, descriptor, events, token);
}

int cl_epoll_modify(int epoll, int descriptor, uint32_t events, uint64_t token) {
  return epoll_control(epoll, EPOLL_CTL_MOD, descriptor, events, token);
}

int cl_epoll_remove(int epoll, int descriptor) {
  return epoll_control(epoll, EPOLL_CTL_DEL, descriptor, 0, 0);
}

int cl_epoll_wait(int epoll, struct cl_event *events, int capacity, int timeout_ms) {
  struct epoll_event found[64];
  int count = epoll_wait(epoll, found, capacity < 64 ? capacity : 64, timeout_ms);
  if (count < 0) return -errno;
  for (int index = 0; index < count; index++) {
    events[index] = (struct cl_event){found[index].events, found[index].data.u64};
  }
  return count;
}

static int unix_address(const char *path, struct sockaddr_un *address) {
  *address = (struct sockaddr_un){.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address->sun_path) return -ENAMETOOLONG;
  strcpy(address->sun_path, path);
  return 0;
}

static int closing(int descriptor) {
  int error = errno;
  close(descriptor);
  return -error;
}

int cl_unix_listen(const char *path, int backlog) {
  struct sockaddr_un address;
  int error = unix_address(path, &address);
  if (error) return error;
  int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener < 0) return -errno;
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) return closing(listener);
  // Everyone may connect; what each may do is decided by SO_PEERCRED.
  if (chmod(path, 0666) < 0 || listen(listener, backlog) < 0) return closing(listener);
  return listener;
}

static int set_timeouts(int socket, int64_t timeout_us) {
  if (timeout_us <= 0) return 0;
  struct timeval timeout = {.tv_sec = timeout_us / 1000000, .tv_usec = timeout_us % 1000000};
  int error = setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
  return error ? error : setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
}

int cl_unix_connect(const char *path, int64_t timeout_us) {
  struct sockaddr_un address;
  int error = unix_address(path, &address);
  if (error) return error;
  int peer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (peer < 0) return -errno;
  // Before the connect, which waits as long when the listener's backlog is full.
  if (set_timeouts(peer, timeout_us) < 0) return closing(peer);
  if (connect(peer, (struct sockaddr *)&address, sizeof address) < 0) return closing(peer);
  return peer;
}

int cl_accept(int listener) { RESULT(accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)); }

int cl_peer_credentials(int socket, struct cl_peer *peer) {
  struct ucred found;
  socklen_t size = sizeof found;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &found, &size) < 0) return -errno;
  *peer = (struct cl_peer){found.pid, found.uid, found.gid};
  return 0;
}

int cl_peer_groups(int socket, uint32_t *groups, int capacity) {
  socklen_t size = (socklen_t)capacity * sizeof *groups;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups, &size) < 0) return -errno;
  return (int)(size / sizeof *groups);
}

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77
#endif

int cl_peer_pidfd(int socket) {
  int pidfd = -1;
  socklen_t size = sizeof pidfd;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &size) < 0) return -errno;
  // The kernel sets close-on-exec on every pidfd.
  return pidfd;
}

int cl_pidfd_open(int32_t pid) { RESULT((int)syscall(SYS_pidfd_open, pid, 0)); }

int cl_pidfd_send_signal(int pidfd, int signal) {
  RESULT((int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

ssize_t cl_send(int socket, const void *bytes, size_t count) {
  RESULT(send(socket, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT));
}

ssize_t cl_send_waiting(int socket, const void *bytes, size_t count) {
  RESULT(send(socket, bytes, count, MSG_NOSIGNAL));
}

int cl_set_close_on_exec_and_nonblocking(int descriptor) {
  int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0) return -errno;
  RESULT(fcntl(descriptor, F_SETFD, FD_CLOEXEC));
}

int cl_name_thread(const char *name) {
  return -pthread_setname_np(pthread_self(), name);
}

long cl_blocks_read(void) {
  struct rusage used;
  return getrusage(RUSAGE_THREAD, &used) < 0 ? 0 : used.ru_inblock;
}

void cl_share_heap(void) { mallopt(M_ARENA_MAX, 1); }

/* Only what no write ever changed: relocated pages can't be had from the file again. */
static int give_code_back(struct dl_phdr_info *object, size_t size, void *none) {
  (void)size, (void)none;
  unsigned long page = (unsigned long)sysconf(_SC_PAGESIZE);
  for (int index = 0; index < object->dlpi_phnum; index++) {
    const ElfW(Phdr) *part = &object->dlpi_phdr[index];
    if (part->p_type != PT_LOAD || part->p_flags & PF_W) continue;
    unsigned long start = (object->dlpi_addr + part->p_vaddr) / page * page;
    unsigned long end = object->dlpi_addr + part->p_vaddr + part->p_filesz;
    madvise((void *)start, end - start, MADV_DONTNEED);
  }
  return 0;
}

void cl_give_memory_back(void) {
  malloc_trim(0);
  dl_iterate_phdr(give_code_back, NULL);
}

int cl_forbid_dumps(void) { RESULT(prctl(PR_SET_DUMPABLE, 0)); }

int cl_may_give_files_away(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
  if (syscall(SYS_capget, &header, sets) < 0) return 0;
  return (sets[CAP_TO_INDEX(CAP_CHOWN)].effective & CAP_TO_MASK(CAP_CHOWN)) != 0;
}

int cl_lock(int descriptor) { RESULT(flock(descriptor, LOCK_EX | LOCK_NB)); }

int cl_clock_is_kept(void) {
  struct timex found = {0};
  int state = adjtimex(&found);
  if (state < 0) return -errno;
  return state != TIME_ERROR && !(found.status & STA_UNSYNC);
}
