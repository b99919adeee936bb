#pragma once

#include <stdio.h>
#include <string.h>

/* The process that a process is a child of; 0 when it has gone. Kernel: field 4 of /proc/PID/stat. */
static inline int parent_of(int pid) {
  char path[32], text[512];
  int parent = 0;
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE *file = fopen(path, "re");
  if (file == NULL) return 0;
  size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[length] = '\0';
  /* The name before it may hold anything, parentheses included. */
  char *name_end = strrchr(text, ')');
  if (name_end == NULL || sscanf(name_end + 1, " %*c %d", &parent) != 1) return 0;
  return parent;
}
