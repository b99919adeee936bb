/*
 * The floor under every search for owners by /proc/PID/fd: looks at the descriptors of all processes, on THREADS threads,
 * and does nothing with the sockets it finds but count them.
 *
 *     walk-fd PARENT THREADS
 *
 * A process's directory is opened once and its links are read by their numbers, 0, 1, 2 ..., until as many were found as
 * its size says there are (Linux 6.2; without it, and for tables with large holes, the directory is read). readlinkat is
 * the cheapest call that cannot hang: following the link would ask the file system behind it. Prints one line:
 *     {"rows":200000,"ms":512.3,"processes":61,"descriptors":200321,"sockets":200017}
 * `rows` are the descriptors of sockets that children of the process PARENT hold: all that a load holds, and no others.
 * `ms` runs from before /proc is opened until the last thread has ended.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "children.h"
#include "../clock.h"

enum { kMostThreads = 64, kMostHoles = 256 };

struct process {
  int pid;
  long descriptors, sockets;
};

static int proc;
static struct process *processes;
static long process_count;
static atomic_long next_process;
/* Whether the size of a descriptor directory is the number of descriptors. */
static int sizes_count;

static _Noreturn void die(const char *what) {
  fprintf(stderr, "walk-fd: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void list_processes(void) {
  DIR *listing = opendir("/proc");
  if (listing == NULL) die("/proc");
  long room = 0;
  for (struct dirent *entry; (entry = readdir(listing)) != NULL;) {
    int pid = atoi(entry->d_name);
    if (pid <= 0) continue;
    if (process_count == room) {
      room = room * 2 + 1024;
      processes = realloc(processes, (size_t)room * sizeof *processes);
      if (processes == NULL) die("realloc");
    }
    processes[process_count++] = (struct process){.pid = pid};
  }
  closedir(listing);
}

/* Returns 0 when there is no such descriptor. */
static int look(struct process *process, int directory, const char *name) {
  char target[64];
  ssize_t length = readlinkat(directory, name, target, sizeof target);
  if (length < 0) return 0;
  process->descriptors += 1;
  if (length > 8 && memcmp(target, "socket:[", 8) == 0) process->sockets += 1;
  return 1;
}

static void look_at_listed(struct process *process, int directory) {
  DIR *listing = fdopendir(dup(directory));
  if (listing == NULL) return;
  process->descriptors = process->sockets = 0;
  for (struct dirent *entry; (entry = readdir(listing)) != NULL;)
    if (entry->d_name[0] != '.') look(process, directory, entry->d_name);
  closedir(listing);
}

/* Returns 0 when the table has large holes: then it is to be listed. */
static int look_at_numbers(struct process *process, int directory, long size) {
  char name[12];
  for (unsigned fd = 0, holes = 0; process->descriptors < size; fd += 1) {
    char *digit = name + sizeof name - 1;
    *digit = '\0';
    unsigned rest = fd;
    do *--digit = (char)('0' + rest % 10);
    while ((rest /= 10) != 0);
    if (!look(process, directory, digit) && (holes += 1) > kMostHoles) return 0;
  }
  return 1;
}

static void walk(struct process *process) {
  char path[32];
  struct stat status;
  snprintf(path, sizeof path, "%d/fd", process->pid);
  int directory = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  if (!sizes_count || fstat(directory, &status) < 0 || !look_at_numbers(process, directory, status.st_size))
    look_at_listed(process, directory);
  close(directory);
}

static void *walk_some(void *unused) {
  for (long i; (i = atomic_fetch_add(&next_process, 1)) < process_count;) walk(&processes[i]);
  return unused;
}

int main(int argc, char **argv) {
  int parent = argc == 3 ? atoi(argv[1]) : 0, threads = argc == 3 ? atoi(argv[2]) : 0;
  if (parent <= 0 || threads < 1 || threads > kMostThreads) {
    fprintf(stderr, "usage: walk-fd PARENT THREADS\n");
    return 2;
  }
  double begun = now_ms();
  struct stat own;
  sizes_count = stat("/proc/self/fd", &own) == 0 && own.st_size > 0;
  proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (proc < 0) die("/proc");
  list_processes();
  pthread_t others[kMostThreads];
  for (int i = 1; i < threads; i += 1)
    if ((errno = pthread_create(&others[i], NULL, walk_some, NULL)) != 0) die("pthread_create");
  walk_some(NULL);
  for (int i = 1; i < threads; i += 1) pthread_join(others[i], NULL);
  double ended = now_ms();

  long rows = 0, descriptors = 0, sockets = 0;
  for (long i = 0; i < process_count; i += 1) {
    descriptors += processes[i].descriptors;
    sockets += processes[i].sockets;
    if (processes[i].sockets > 0 && parent_of(processes[i].pid) == parent) rows += processes[i].sockets;
  }
  printf("{\"rows\":%ld,\"ms\":%.3f,\"processes\":%ld,\"descriptors\":%ld,\"sockets\":%ld}\n", rows, ended - begun,
         process_count, descriptors, sockets);
  return 0;
}
