#pragma once

#include <stddef.h>
#include <sys/types.h>

// The extended attributes of a name itself, never of what a symlink of that name leads to. Each
// returns -1 where the system call does.
ssize_t attribute_names(const char *path, char *names, size_t size);
ssize_t attribute_value(const char *path, const char *name, void *value, size_t size);
int attribute_set(const char *path, const char *name, const void *value, size_t size);
