// What a hostile user with a shell can do to the daemon, one attack at a time.
//
// Each attack runs in the user's home, as that user, for a bounded number of rounds, and leaves the
// target tampered with where it can: that it is approved again afterwards is the daemon's doing.
#pragma once

#include <stddef.h>
#include <sys/types.h>

// The arguments after the rounds; what they mean is said at each attack.
typedef void attack_run(long rounds, char **arguments);

struct attack {
  const char *name;
  attack_run *run;
};

extern const struct attack swap_attacks[], placement_attacks[], writer_attacks[], folder_attacks[],
    storm_attacks[], control_attacks[], namespace_attacks[], fuse_attacks[],
    limit_attacks[], flood_attacks[], lodger_attacks[];

#define KIRO ".kiro"
#define SETTINGS KIRO "/settings"
#define TARGET SETTINGS "/mcp.json"
// Where the next thing is made ready, in the same file system as the target.
#define ASIDE "aside"

// A server that no one approved.
extern const char tampered[];

// Ends the program: an attack that doesn't happen must not look like one that failed.
void fail(const char *what) __attribute__((noreturn));

// The path of the text, made as by printf; it lives until the next four.
const char *path_of(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Writes a file of the user's own, in place of what has the name.
void make_file(const char *path, const char *text, mode_t mode);
// Removes whatever has the name, a folder with everything in it that the user may remove.
void remove_tree(const char *path);
// Lets both names change places, or takes the free one if one is missing. False if neither went.
int swap_names(const char *one, const char *other);
// Makes the folders down to the target where they are missing.
void make_way(void);
// Sleeps without an end in between.
void rest(long microseconds);
