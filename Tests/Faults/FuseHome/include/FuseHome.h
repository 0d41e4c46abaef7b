// A home on a file system of a user's own process, which can stop answering: what a dead NFS server
// does, without one. Read-only: one file below two folders.
#ifndef FUSE_HOME_H
#define FUSE_HOME_H

#include <stddef.h>
#include <stdint.h>

struct fuse_home;

// Mounts it at `path`; NULL where that isn't possible. Each `.kiro/settings/*.json` holds the bytes
// and belongs to root, all folders to `uid`.
struct fuse_home *fuse_home_mount(const char *path, uint32_t uid, const void *bytes, size_t size);
// From now on no request is answered.
void fuse_home_stall(struct fuse_home *home);
// Answers again, first what waited.
void fuse_home_resume(struct fuse_home *home);
// Whether a request waits for its answer.
int fuse_home_is_waited_for(struct fuse_home *home);
// Unmounts it; who waits gets an error.
void fuse_home_end(struct fuse_home *home);

#endif
