#include "CAttributes.h"

#include <sys/xattr.h>

ssize_t attribute_names(const char *path, char *names, size_t size) {
  return llistxattr(path, names, size);
}

ssize_t attribute_value(const char *path, const char *name, void *value, size_t size) {
  return lgetxattr(path, name, value, size);
}

int attribute_set(const char *path, const char *name, const void *value, size_t size) {
  return lsetxattr(path, name, value, size, 0);
}
