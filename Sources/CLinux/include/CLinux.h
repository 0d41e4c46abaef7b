// Syscalls that Swift can't call by itself: variadic ones, those behind _GNU_SOURCE, and those whose
// structs differ between C libraries. Each returns what the kernel does, or -errno.
#ifndef CLINUX_H
#define CLINUX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <sys/xattr.h>

// Opening and walking
extern const int32_t CL_O_PATH, CL_O_TMPFILE, CL_O_NOFOLLOW, CL_O_DIRECTORY;
extern const uint64_t CL_RESOLVE_BENEATH, CL_RESOLVE_NO_SYMLINKS, CL_RESOLVE_NO_MAGICLINKS,
    CL_RESOLVE_NO_XDEV;
int cl_openat(int directory, const char *path, int flags, uint32_t mode);
int cl_openat2(int directory, const char *path, int flags, uint32_t mode, uint64_t resolve);

// Status. Times are nanoseconds since the epoch.
struct cl_status {
  uint64_t device, inode, size, mount;
  uint32_t mode, uid, gid, links;
  int64_t modified, changed;
};
// An empty path asks for the descriptor itself; a symlink is never followed.
int cl_status(int directory, const char *path, struct cl_status *status);
// The kernel's magic number of the file system that holds the descriptor.
int cl_file_system(int descriptor, int64_t *magic);

// Renaming
extern const uint32_t CL_RENAME_EXCHANGE, CL_RENAME_NOREPLACE;
int cl_renameat2(int from, const char *old, int to, const char *new_name, uint32_t flags);

// Waiting
struct cl_event {
  uint32_t events;
  uint64_t token;
};
extern const uint32_t CL_EPOLLIN, CL_EPOLLOUT, CL_EPOLLHUP, CL_EPOLLERR;
int cl_epoll_create(void);
int cl_epoll_add(int epoll, int descriptor, uint32_t events, uint64_t token);
int cl_epoll_modify(int epoll, int descriptor, uint32_t events, uint64_t token);
int cl_epoll_remove(int epoll, int descriptor);
int cl_epoll_wait(int epoll, struct cl_event *events, int capacity, int timeout_ms);

// Sockets
struct cl_peer {
  int32_t pid;
  uint32_t uid, gid;
};
int cl_unix_listen(const char *path, int backlog);
// A timeout above zero bounds the connect and each later send and receive.
int cl_unix_connect(const char *path, int64_t timeout_us);
int cl_accept(int listener);
int cl_peer_credentials(int socket, struct cl_peer *peer);
// The groups the peer was in at its connect; -ERANGE when there are more than `capacity`.
int cl_peer_groups(int socket, uint32_t *groups, int capacity);
// A pidfd of the peer's process; -ENOPROTOOPT before Linux 6.5.
int cl_peer_pidfd(int socket);
// MSG_NOSIGNAL | MSG_DONTWAIT
ssize_t cl_send(int socket, const void *bytes, size_t count);
// MSG_NOSIGNAL
ssize_t cl_send_waiting(int socket, const void *bytes, size_t count);

// Descriptors and processes
int cl_pidfd_open(int32_t pid);
int cl_pidfd_send_signal(int pidfd, int signal);
int cl_set_close_on_exec_and_nonblocking(int descriptor);
int cl_name_thread(const char *name);
// How many blocks this thread has had read from a disk.
long cl_blocks_read(void);
// One heap for all threads: what one gives back another may use.
void cl_share_heap(void);
// Gives back the free pages of the heap, and those of programs and libraries that were mapped to run
// what only a start needs: the kernel maps them anew if they are needed.
void cl_give_memory_back(void);
// No core dump and no ptrace by the same uid: memory holds users' files.
int cl_forbid_dumps(void);
// 1 if the process may give files to other users (CAP_CHOWN), else 0.
int cl_may_give_files_away(void);
// A signal that ends a program by its own fault leaves one line on the standard error, which begins with
// this text, and then ends it as before.
void cl_tell_crashes(const char *program);
// Takes an exclusive lock, or returns -EWOULDBLOCK.
int cl_lock(int descriptor);
// 1 if something keeps the clock right, 0 if not, or -errno.
int cl_clock_is_kept(void);

#endif
