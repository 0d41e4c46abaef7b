// A writer puts a file of its own in the target's place and keeps hold of it: by a mapping, by an
// open descriptor, by a lease or by a lock. It goes on once the file was taken away.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attacker.h"

enum moment { prepared, placed, replaced };
typedef void hold(int file, enum moment moment);

// How many files are held at the same time.
enum { held_files = 64 };

static int stands_at_target(int file) {
  struct stat own, there;
  return fstat(file, &own) == 0 && lstat(TARGET, &there) == 0 && own.st_ino == there.st_ino;
}

static void write_while_held(long rounds, hold *hold) {
  int files[held_files];
  memset(files, -1, sizeof files);
  for (long round = 0; round < rounds; round++) {
    int *file = &files[round % held_files];
    if (*file >= 0) close(*file);
    make_file(ASIDE, tampered, 0644);
    *file = open(ASIDE, O_RDWR | O_CLOEXEC);
    if (*file < 0) fail(ASIDE);
    hold(*file, prepared);
    rename(ASIDE, TARGET);
    hold(*file, placed);
    for (int look = 0; look < 20 && stands_at_target(*file); look++) rest(50);
    hold(*file, replaced);
  }
  for (int index = 0; index < held_files; index++) {
    if (files[index] >= 0) close(files[index]);
  }
}

static void hold_open(int file, enum moment moment) {
  if (moment == prepared) return;
  if (pwrite(file, tampered, strlen(tampered), 0) < 0) fail("write");
}

static void hold_mapped(int file, enum moment moment) {
  static char *mapped;
  if (moment == prepared) {
    if (ftruncate(file, 4096) < 0) fail("truncate");
    mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) fail("mmap");
    return;
  }
  memset(mapped, ' ', 4096);
  memcpy(mapped, tampered, strlen(tampered));
  if (moment == replaced) munmap(mapped, 4096);
}

// Whoever opens a leased file waits until its holder lets go, unless it asks not to.
static void hold_lease(int file, enum moment moment) {
  if (moment == prepared && fcntl(file, F_SETLEASE, F_WRLCK) < 0) fail("lease");
}

static void hold_lock(int file, enum moment moment) {
  if (moment != prepared) return;
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (flock(file, LOCK_EX | LOCK_NB) < 0 || fcntl(file, F_SETLK, &whole) < 0) fail("lock");
  // The approved file too, as far as its readers may.
  static int approved = -1;
  if (approved >= 0) close(approved);
  approved = open(TARGET, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (approved >= 0) flock(approved, LOCK_EX | LOCK_NB);
}

// Grows past every limit while it is read, and shrinks again.
static void hold_growing(int file, enum moment moment) {
  static char block[1 << 16];
  if (moment == prepared) memset(block, ' ', sizeof block);
  if (moment != placed) return;
  for (int count = 0; count < 24; count++) {
    if (write(file, block, sizeof block) < 0) fail("write");
  }
  if (ftruncate(file, 100) < 0) fail("truncate");
}

// Empties the file and fills it again, over and over, and never closes it.
static void hold_emptied(int file, enum moment moment) {
  if (moment == prepared) return;
  for (int count = 0; count < 16; count++) {
    if (ftruncate(file, 0) < 0) fail("truncate");
    if (pwrite(file, tampered, strlen(tampered), 0) < 0) fail("write");
  }
}

#define WRITER(name, hold)                                                                         \
  static void name(long rounds, char **arguments) {                                                \
    (void)arguments;                                                                               \
    write_while_held(rounds, hold);                                                                \
  }
WRITER(write_open, hold_open)
WRITER(write_mapped, hold_mapped)
WRITER(write_leased, hold_lease)
WRITER(write_locked, hold_lock)
WRITER(write_growing, hold_growing)
WRITER(write_emptied, hold_emptied)

// Changes a writable target by a page that is dirty already: no event, and no new time of change.
static void write_dirty_page(long rounds, char **arguments) {
  (void)arguments;
  int file = open(TARGET, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  if (file < 0) fail(TARGET);
  char *mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (mapped == MAP_FAILED) fail("mmap");
  *(volatile char *)mapped = mapped[0];
  // Until whoever looks has seen that nothing changed.
  rest(2500000);
  char *command = memmem(mapped, 4096, "uvx", 3);
  if (command) memcpy(command, "sh ", 3);
  rest(rounds * 100000);
}

const struct attack writer_attacks[] = {
    {"write-open", write_open},       {"write-mapped", write_mapped},
    {"write-leased", write_leased},   {"write-locked", write_locked},
    {"write-growing", write_growing}, {"write-emptied", write_emptied},
    {"write-dirty-page", write_dirty_page},
    {NULL, NULL},
};
