/* The floor: what a careful C programmer reaches in an afternoon. It watches the folder of each
   home's mcp.json, and when something happens there to that name, reads the file, digests it, and
   puts the approved copy in its place by a temporary file and rename.

   cc -O2 -o floor floor.c -lcrypto; floor ROOT */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "mcp.json"
#define TEMPORARY ".mcp.json.new"
#define LARGEST (1 << 20)

static unsigned char approved[LARGEST], approved_digest[SHA256_DIGEST_LENGTH];
static size_t approved_size;
static char **folders; /* by watch */
static int watches;

static void die(const char *what) {
  perror(what);
  exit(1);
}

/* Bytes read, or -1 for what is no readable regular file of a sensible size. */
static ssize_t read_file(const char *path, unsigned char *bytes) {
  struct stat status;
  int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return -1;
  ssize_t size = -1;
  if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
      (status.st_mode & 07777) == 0444 && status.st_nlink == 1)
    size = read(file, bytes, LARGEST);
  close(file);
  return size;
}

static int is_approved(const char *path) {
  static unsigned char bytes[LARGEST];
  unsigned char digest[SHA256_DIGEST_LENGTH];
  ssize_t size = read_file(path, bytes);
  if (size < 0) return 0;
  SHA256(bytes, (size_t)size, digest);
  return memcmp(digest, approved_digest, sizeof digest) == 0;
}

static void restore(const char *folder) {
  char path[4096], temporary[4096];
  snprintf(path, sizeof path, "%s/" NAME, folder);
  if (is_approved(path)) return;
  snprintf(temporary, sizeof temporary, "%s/" TEMPORARY, folder);
  unlink(temporary);
  int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
  if (file < 0) return;
  int whole = write(file, approved, approved_size) == (ssize_t)approved_size && fchmod(file, 0444) == 0;
  close(file);
  if (!whole || rename(temporary, path) != 0) unlink(temporary);
}

static void watch(int notify, const char *folder) {
  int number = inotify_add_watch(notify, folder,
      IN_MODIFY | IN_ATTRIB | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_ONLYDIR);
  if (number < 0) return;
  if (number >= watches) {
    folders = realloc(folders, sizeof *folders * (size_t)(number + 1));
    if (!folders) die("realloc");
    memset(folders + watches, 0, sizeof *folders * (size_t)(number + 1 - watches));
    watches = number + 1;
  }
  free(folders[number]);
  folders[number] = strdup(folder);
  restore(folder);
}

int main(int count, char **arguments) {
  char path[4096];
  if (count != 2) return 2;
  snprintf(path, sizeof path, "%s/etc/mcpolicyd/mcp.json", arguments[1]);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) die(path);
  ssize_t size = read(file, approved, sizeof approved);
  if (size < 0) die(path);
  approved_size = (size_t)size;
  SHA256(approved, approved_size, approved_digest);

  int notify = inotify_init1(IN_CLOEXEC);
  if (notify < 0) die("inotify_init1");
  snprintf(path, sizeof path, "%s/home", arguments[1]);
  DIR *homes = opendir(path);
  if (!homes) die(path);
  for (struct dirent *entry; (entry = readdir(homes));) {
    if (entry->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "%s/home/%s/.kiro/settings", arguments[1], entry->d_name);
    watch(notify, path);
  }
  closedir(homes);
  snprintf(path, sizeof path, "%s/etc/kiro", arguments[1]);
  watch(notify, path);
  puts("ready");
  fflush(stdout);

  static char events[64 * 1024] __attribute__((aligned(__alignof__(struct inotify_event))));
  for (;;) {
    ssize_t length = read(notify, events, sizeof events);
    if (length < 0 && errno != EINTR) die("read");
    for (char *next = events; next < events + length;) {
      const struct inotify_event *event = (const struct inotify_event *)next;
      next += sizeof *event + event->len;
      if (event->wd < 0 || event->wd >= watches || !folders[event->wd]) continue;
      if (event->len && strcmp(event->name, NAME) == 0) restore(folders[event->wd]);
    }
  }
}
